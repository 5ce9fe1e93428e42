-- What members were told, want to be told, and got by mail.

INSERT INTO notification_counters (team_id, last_number) VALUES ('01900000-0000-7000-8000-000000000001', 2);

INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, further_tasks, actor_id, change_id, comment_id, due_on, created_at, read_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000081', 1, '01900000-0000-7000-8000-0000000000a1', 'commented', '01900000-0000-7000-8000-000000000031', 0, '01900000-0000-7000-8000-0000000000b1', '01900000-0000-7000-8000-000000000055', '01900000-0000-7000-8000-000000000041', NULL, now(), NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000082', 2, '01900000-0000-7000-8000-0000000000b1', 'late', '01900000-0000-7000-8000-000000000033', 0, NULL, NULL, NULL, '2026-01-10', now(), now());

INSERT INTO notification_settings (team_id, person_id, muted, digest) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000b1', '{commented}', false);

INSERT INTO digests (team_id, person_id, day, attempts, due_again_at, handed_over_at, outcome, settled_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000a1', '2026-03-02', 1, '2026-03-02 09:00Z', '2026-03-02 08:00Z', 'sent', '2026-03-02 08:00Z');

INSERT INTO digest_links (team_id, token_hash, person_id, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '\x06', '01900000-0000-7000-8000-0000000000a1', now());
