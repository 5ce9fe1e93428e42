-- Two people in a team, with a board, tasks in each column, one deleted, a comment and their log; and a second team.

INSERT INTO people (id, name, email, password_hash, email_confirmed_at, created_at, disabled_at) VALUES
    ('01900000-0000-7000-8000-0000000000a1', 'Ana', 'ana@released.test', NULL, '2026-01-05 09:00Z', '2026-01-05 09:00Z', NULL),
    ('01900000-0000-7000-8000-0000000000b1', 'Ben Übermut', 'ben@released.test', NULL, NULL, '2026-01-05 10:00Z', NULL),
    ('01900000-0000-7000-8000-0000000000c1', 'Carl', 'carl@released.test', NULL, NULL, '2026-01-05 10:00Z', '2026-02-01 10:00Z');

-- The token of Ana's session is the text `released`.
INSERT INTO sessions (id, token_hash, person_id, user_agent, created_at, last_seen_at, expires_at, last_team_id) VALUES
    ('01900000-0000-7000-8000-0000000000a2', sha256('released'), '01900000-0000-7000-8000-0000000000a1', 'Firefox', now(), now(), now() + interval '90 days', '01900000-0000-7000-8000-000000000001');

INSERT INTO account_links (token_hash, purpose, person_id, email, registration, created_at, expires_at, used_at) VALUES
    ('\x01', 'reset_password', '01900000-0000-7000-8000-0000000000a1', NULL, NULL, now(), now() + interval '1 hour', NULL),
    ('\x02', 'register', NULL, 'dora@released.test', '{"name": "Dora"}', now(), now() + interval '1 hour', NULL);

INSERT INTO rate_limits (bucket, window_start, attempts) VALUES ('sign_ins_per_client 192.0.2.1', now(), 3);

INSERT INTO refused_forms (id, author_hash, action, fields, error, created_at) VALUES
    ('01900000-0000-7000-8000-0000000000f1', '\x03', '/actions/skateboard/tasks/requests/create_task', '[["title", "Kept"]]',
     '{"code": "unavailable", "message": "The database was away."}', now());

INSERT INTO teams (team_id, slug, name, time_zone, working_days, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', 'released', 'Released', 'Europe/Lisbon', '{1,2,3,4}', '2026-01-05 09:00Z'),
    ('01900000-0000-7000-8000-000000000002', 'elsewhere', 'Elsewhere', 'UTC', '{1,2,3,4,5}', '2026-01-06 09:00Z');

INSERT INTO memberships (team_id, person_id, role, joined_at, removed_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000a1', 'owner', '2026-01-05 09:00Z', NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000b1', 'member', '2026-01-05 10:00Z', NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000c1', 'viewer', '2026-01-05 10:00Z', '2026-02-01 10:00Z'),
    ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-0000000000b1', 'owner', '2026-01-06 09:00Z', NULL);

INSERT INTO invitations (team_id, id, token_hash, role, created_by, created_at, expires_at, revoked_at, used_at, used_by) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000e1', '\x04', 'member', '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:30Z', '2026-01-12 09:30Z', NULL, '2026-01-05 10:00Z', '01900000-0000-7000-8000-0000000000b1'),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000e2', '\x05', 'viewer', '01900000-0000-7000-8000-0000000000a1', now(), now() + interval '7 days', NULL, NULL, NULL);

INSERT INTO boards (team_id, id, key, name, version, created_as, created_by, created_at, archived_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011', 'WEB', 'Website', 1, '{}', '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:01Z', NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000012', 'OLD', 'Old one', 2, '{}', '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:02Z', '2026-01-20 09:00Z');

INSERT INTO columns (team_id, board_id, id, name, kind, position, wip_limit, version, created_as, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000021', 'To do', 'todo', '\x80', NULL, 1, '{}', '2026-01-05 09:01Z'),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000022', 'In progress', 'doing', '\x8180', 3, 1, '{}', '2026-01-05 09:01Z'),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000023', 'Done', 'done', '\x8280', NULL, 1, '{}', '2026-01-05 09:01Z');

INSERT INTO task_numbers (team_id, board_id, last_number) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011', 4),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000012', 0);

INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, description, assignee_id, assigned_at, due_on,
                   priority, labels, version, field_versions, created_as, created_by, created_at, started_at, completed_at,
                   updated_at, deleted_at, deleted_by) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000011', 1,
     '01900000-0000-7000-8000-000000000021', 'todo', '\x80', 'Choose a colour', 'Blue, or **red**?', NULL, NULL, '2026-12-24',
     'urgent', '{ui,"two words"}', 3, '{"title": 3}', '{}', '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:03Z', NULL, NULL,
     '2026-01-07 09:00Z', NULL, NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000032', '01900000-0000-7000-8000-000000000011', 2,
     '01900000-0000-7000-8000-000000000022', 'doing', '\x80', 'Zeichne das Schild, 看板', '', '01900000-0000-7000-8000-0000000000b1',
     '2026-01-06 09:00Z', NULL, 'normal', '{}', 2, '{}', '{}', '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:04Z',
     '2026-01-06 09:00Z', NULL, '2026-01-06 09:00Z', NULL, NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000033', '01900000-0000-7000-8000-000000000011', 3,
     '01900000-0000-7000-8000-000000000023', 'done', '\x80', 'Buy a lantern', '', '01900000-0000-7000-8000-0000000000b1',
     '2026-01-06 09:00Z', '2026-01-10', 'low', '{}', 3, '{}', '{}', '01900000-0000-7000-8000-0000000000b1', '2026-01-05 09:05Z',
     '2026-01-06 09:00Z', '2026-01-09 16:00Z', '2026-01-09 16:00Z', NULL, NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000034', '01900000-0000-7000-8000-000000000011', 4,
     NULL, 'todo', '\x8180', 'Buy a kite', '', NULL, NULL, NULL, 'high', '{}', 2, '{}', '{}',
     '01900000-0000-7000-8000-0000000000a1', '2026-01-05 09:06Z', NULL, NULL, now(), now(),
     '01900000-0000-7000-8000-0000000000a1');

INSERT INTO comments (team_id, task_id, id, author_id, body, created_as, created_at, edited_at, deleted_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000041', '01900000-0000-7000-8000-0000000000b1', 'Blue, I think.', '{}', '2026-01-07 10:00Z', '2026-01-07 10:05Z', NULL),
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000042', '01900000-0000-7000-8000-0000000000b1', 'Or red.', '{}', '2026-01-07 10:10Z', NULL, '2026-01-07 10:11Z');

INSERT INTO event_counters (team_id, last_seq) VALUES
    ('01900000-0000-7000-8000-000000000001', 3),
    ('01900000-0000-7000-8000-000000000002', 1);

INSERT INTO events (team_id, seq, change_id, kind, at, actor_id, board_id, task_id, changes) VALUES
    ('01900000-0000-7000-8000-000000000001', 1, '01900000-0000-7000-8000-000000000051', 'team.created', '2026-01-05 09:00Z', '01900000-0000-7000-8000-0000000000a1', NULL, NULL, '[{"field": "name", "to": "Released"}]'),
    ('01900000-0000-7000-8000-000000000001', 2, '01900000-0000-7000-8000-000000000052', 'task.created', '2026-01-05 09:03Z', '01900000-0000-7000-8000-0000000000a1', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000031', '[{"field": "title", "to": "Choose a color"}]'),
    ('01900000-0000-7000-8000-000000000001', 3, '01900000-0000-7000-8000-000000000053', 'task.edited', '2026-01-07 09:00Z', '01900000-0000-7000-8000-0000000000b1', '01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000031', '[{"field": "title", "from": "Choose a color", "to": "Choose a colour"}]'),
    ('01900000-0000-7000-8000-000000000002', 1, '01900000-0000-7000-8000-000000000054', 'team.created', '2026-01-06 09:00Z', '01900000-0000-7000-8000-0000000000b1', NULL, NULL, '[{"field": "name", "to": "Elsewhere"}]');
