-- A program of Ana's. Its token is `skb_` and 43 times an `r`.

INSERT INTO api_tokens (id, person_id, name, token_hash, hint, scope, only_team_id, created_at, expires_at, last_used_at, revoked_at) VALUES
    ('01900000-0000-7000-8000-000000000091', '01900000-0000-7000-8000-0000000000a1', 'Nightly export', sha256(('skb_' || repeat('r', 43))::bytea), 'skb_rrrr', 'read', '01900000-0000-7000-8000-000000000001', now(), now() + interval '90 days', NULL, NULL);
