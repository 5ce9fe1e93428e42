-- A webhook, and what was sent to it.

INSERT INTO webhooks (team_id, id, url, topics, secret, last_seq, failures, lease, leased_until, created_by, created_at, disabled_at, disabled_reason, removed_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d1', 'https://hooks.released.test/', '{created,team}', 'a secret', 3, 0, NULL, '-infinity', '01900000-0000-7000-8000-0000000000a1', now(), NULL, NULL, NULL);

INSERT INTO webhook_deliveries (team_id, webhook_id, id, seq, kind, status, attempts, next_attempt_at, asked_at, response_status, duration_ms, error, answer, created_at, tried_at, delivered_at) VALUES
    ('01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-0000000000d2', 1, 'team.created', 'delivered', 1, now(), NULL, 200, 12, NULL, NULL, now(), now(), now());
