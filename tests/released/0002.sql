-- Limits of the team's own, and a wall link whose token is the text `released`.

UPDATE teams SET in_progress_limit = 2, stale_after_days = 9 WHERE team_id = '01900000-0000-7000-8000-000000000001';

INSERT INTO wall_links (team_id, id, token_hash, created_by, created_at, last_opened_at, revoked_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000061', sha256('released'), '01900000-0000-7000-8000-0000000000a1', '2026-02-01 09:00Z', NULL, NULL);
