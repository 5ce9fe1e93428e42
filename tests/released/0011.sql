-- What somebody said, and when somebody was asked.

INSERT INTO feedback (team_id, id, person_id, occasion, most_useful, in_the_way, missing, page, version, tags, task_id, created_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d4', '01900000-0000-7000-8000-0000000000b1', 'tenth_task', 'The first page.', '', 'Attachments', 'boards/WEB', '0.1.0', '{later}', '01900000-0000-7000-8000-0000000000d5', '2026-05-04 09:00Z');

INSERT INTO feedback_prompts (team_id, person_id, occasion, shown_at, dismissed_at, answered_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000b1', 'tenth_task', '2026-05-04 08:59Z', NULL, '2026-05-04 09:00Z');
