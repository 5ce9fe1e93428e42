-- An hour of answers.

INSERT INTO answers (team_id, hour, answers, errors, fast, buckets) VALUES
    ('01900000-0000-7000-8000-000000000001', '2026-05-01 09:00Z', 12, 1, 10, '{0,0,1,2,3,2,1,1,1,0,0,0,0,1}');
