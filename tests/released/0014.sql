-- Somebody whose account was deleted.

INSERT INTO people (id, name, email, password_hash, email_confirmed_at, created_at, disabled_at, deleted_at) VALUES
    ('01900000-0000-7000-8000-0000000000d7', 'Former member', 'deleted:01900000-0000-7000-8000-0000000000d7', NULL, NULL, '2026-01-05 09:00Z', '2026-06-01 09:00Z', '2026-06-01 09:00Z');
