-- What became of a warning of similar tasks. The words of the titles come from the titles.

INSERT INTO usage (team_id, id, kind, person_id, at, detail) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000071', 'similar.taken', '01900000-0000-7000-8000-0000000000b1', now(), '{"tasks": 2, "typed_at": "new_task"}');
