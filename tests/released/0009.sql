-- A feature that half of the team has, one of them by name.

INSERT INTO toggles (team_id, name, mode, share, changed_by, changed_at) VALUES
    ('01900000-0000-7000-8000-000000000001', 'drag_and_drop', 'share', 50, '01900000-0000-7000-8000-0000000000a1', '2026-05-01 09:00Z');

INSERT INTO toggle_people (team_id, name, person_id) VALUES
    ('01900000-0000-7000-8000-000000000001', 'drag_and_drop', '01900000-0000-7000-8000-0000000000b1');

INSERT INTO toggle_arms (team_id, name, person_id, is_on, since, until) VALUES
    ('01900000-0000-7000-8000-000000000001', 'drag_and_drop', '01900000-0000-7000-8000-0000000000b1', false, '2026-05-01 10:00Z', '2026-05-02 10:00Z'),
    ('01900000-0000-7000-8000-000000000001', 'drag_and_drop', '01900000-0000-7000-8000-0000000000b1', true, '2026-05-02 10:00Z', NULL);
