-- A board that came out of a file.

INSERT INTO imports (team_id, id, source, source_id, file_hash, board_id, tasks, comments, created_by, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d3', 'trello', 'abc', '\x07', '01900000-0000-7000-8000-000000000011', 3, 1, '01900000-0000-7000-8000-0000000000a1', '2026-04-01 09:00Z');
