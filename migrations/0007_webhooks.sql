-- A webhook calls an address of the team's own with what happened in the team.

-- The secret is not hashed, because every request is signed with it. Whoever holds the lease delivers.
CREATE TABLE webhooks (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    topics text[] NOT NULL,
    secret text,
    last_seq bigint NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    lease uuid,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    disabled_reason text,
    removed_at timestamptz,
    CONSTRAINT webhooks_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT webhooks_url_length CHECK (char_length(url) BETWEEN 1 AND 500),
    CONSTRAINT webhooks_topics CHECK (
        topics <@ '{created,changed,moved,deleted,comments,boards,people,team}'::text[] AND cardinality(topics) >= 1
    ),
    CONSTRAINT webhooks_secret CHECK ((removed_at IS NULL) = (secret IS NOT NULL)),
    CONSTRAINT webhooks_disabled CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
    CONSTRAINT webhooks_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id),
    CONSTRAINT webhooks_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id)
);

-- One event for one webhook, or a test, which has no event. Its body is made from the log when it is sent.
-- What a person asked for has asked_at and goes first.
CREATE TABLE webhook_deliveries (
    team_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    id uuid NOT NULL,
    seq bigint,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'waiting',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    asked_at timestamptz,
    response_status smallint,
    duration_ms integer,
    error text,
    answer text,
    created_at timestamptz NOT NULL DEFAULT now(),
    tried_at timestamptz,
    delivered_at timestamptz,
    CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (team_id, webhook_id, id),
    CONSTRAINT webhook_deliveries_seq_key UNIQUE (team_id, webhook_id, seq),
    CONSTRAINT webhook_deliveries_status CHECK (status IN ('waiting', 'delivered', 'failed')),
    CONSTRAINT webhook_deliveries_webhook_fkey FOREIGN KEY (team_id, webhook_id) REFERENCES webhooks (team_id, id)
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (team_id, webhook_id, asked_at, seq)
    WHERE status = 'waiting';
CREATE INDEX webhook_deliveries_latest ON webhook_deliveries (team_id, webhook_id, created_at DESC, seq DESC);
CREATE INDEX webhook_deliveries_tried ON webhook_deliveries (team_id, webhook_id, tried_at DESC)
    WHERE tried_at IS NOT NULL;
CREATE INDEX webhook_deliveries_created_at ON webhook_deliveries (created_at);
