-- A token by which a program acts as its person. It belongs to no team, as sessions do; the team that it may be limited
-- to is named, not referred to. One that is over stays for a while, so that its person sees why a program was refused.
CREATE TABLE api_tokens (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL,
    hint text NOT NULL,
    scope text NOT NULL,
    only_team_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT api_tokens_token_hash_key UNIQUE (token_hash),
    CONSTRAINT api_tokens_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT api_tokens_scope CHECK (scope IN ('read', 'write')),
    CONSTRAINT api_tokens_person_fkey FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX api_tokens_person ON api_tokens (person_id, created_at DESC);
CREATE INDEX api_tokens_over ON api_tokens (least(expires_at, revoked_at));
