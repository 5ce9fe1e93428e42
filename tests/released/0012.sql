-- A hypothesis, and what was decided.

INSERT INTO hypotheses (team_id, id, if_we, then_it, because, metric, target, starts_on, ends_on, toggle, sample, created_by, created_at, withdrawn_by, withdrawn_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d6', 'let cards be dragged', 'more tasks are finished', 'it takes less', 'finished', 60, '2026-05-01', '2026-05-31', 'drag_and_drop', 30, '01900000-0000-7000-8000-0000000000a1', '2026-05-01 09:00Z', NULL, NULL);

INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by, decided_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d6', 'persevere', 'It helps.', '{}', '01900000-0000-7000-8000-0000000000a1', '2026-06-01 09:00Z');
