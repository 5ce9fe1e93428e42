-- A refused claim, and a task that was seen at risk.

INSERT INTO usage (team_id, id, kind, person_id, at, detail) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000072', 'claim.refused', '01900000-0000-7000-8000-0000000000b1', now(), '{}');

INSERT INTO risks (team_id, task_id, due_on, reason, first_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000031', '2026-12-24', 'nobody has it', '2026-05-03 09:00Z');
