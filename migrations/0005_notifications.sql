-- The bell, what each member wants to be told, and the digest by mail.

-- Numbers what a team's members are told, in the order of the commits: the row is held until the commit, so that
-- nothing appears later below a number that somebody has seen.
CREATE TABLE notification_counters (
    team_id uuid NOT NULL,
    last_number bigint NOT NULL,
    CONSTRAINT notification_counters_pkey PRIMARY KEY (team_id),
    CONSTRAINT notification_counters_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id)
);

-- A change tells a person of one thing once, however many tasks it was done with; a comment mentions a person
-- once, however often it is edited; a due date is told of once to each holder of its task.
CREATE TABLE notifications (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    task_id uuid NOT NULL,
    further_tasks integer NOT NULL DEFAULT 0,
    actor_id uuid,
    change_id uuid,
    comment_id uuid,
    due_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    CONSTRAINT notifications_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT notifications_number_key UNIQUE (team_id, person_id, number),
    CONSTRAINT notifications_change_key UNIQUE (team_id, person_id, kind, change_id),
    CONSTRAINT notifications_comment_key UNIQUE (team_id, person_id, kind, comment_id),
    CONSTRAINT notifications_due_key UNIQUE (team_id, person_id, kind, task_id, due_on),
    CONSTRAINT notifications_kind CHECK (
        kind IN ('assigned', 'mentioned', 'commented', 'contested', 'due_soon', 'late')
    ),
    CONSTRAINT notifications_reason CHECK (
        CASE WHEN kind IN ('due_soon', 'late') THEN due_on IS NOT NULL AND actor_id IS NULL AND change_id IS NULL
             ELSE due_on IS NULL AND actor_id IS NOT NULL AND change_id IS NOT NULL END
    ),
    CONSTRAINT notifications_further_tasks_range CHECK (further_tasks >= 0),
    CONSTRAINT notifications_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id),
    CONSTRAINT notifications_actor_fkey FOREIGN KEY (team_id, actor_id) REFERENCES memberships (team_id, person_id),
    CONSTRAINT notifications_task_fkey FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id),
    CONSTRAINT notifications_comment_fkey FOREIGN KEY (team_id, comment_id) REFERENCES comments (team_id, id)
);
CREATE INDEX notifications_unread ON notifications (team_id, person_id, number) WHERE read_at IS NULL;
CREATE INDEX notifications_task ON notifications (team_id, task_id);
CREATE INDEX notifications_comment ON notifications (team_id, comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX notifications_created_at ON notifications (created_at);

-- Who wants what. A member without a row wants everything.
CREATE TABLE notification_settings (
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    muted text[] NOT NULL DEFAULT '{}',
    digest boolean NOT NULL DEFAULT true,
    CONSTRAINT notification_settings_pkey PRIMARY KEY (team_id, person_id),
    CONSTRAINT notification_settings_muted CHECK (
        muted <@ '{assigned,mentioned,commented,contested,due_soon,late}'::text[]
    ),
    CONSTRAINT notification_settings_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);

-- One row a person and day. Whoever makes or renews it may make the digest until due_again_at, and hands it to the
-- mail server only after handed_over_at is written. From then on nobody else does, whatever becomes of the process.
CREATE TABLE digests (
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    day date NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    due_again_at timestamptz NOT NULL,
    handed_over_at timestamptz,
    outcome text,
    settled_at timestamptz,
    CONSTRAINT digests_pkey PRIMARY KEY (team_id, person_id, day),
    CONSTRAINT digests_outcome CHECK (outcome IN ('sent', 'nothing', 'refused', 'unknown')),
    CONSTRAINT digests_settled CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CONSTRAINT digests_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX digests_day ON digests (day);

-- The links in the mails by which their receivers end them. They do nothing else.
CREATE TABLE digest_links (
    team_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT digest_links_pkey PRIMARY KEY (team_id, token_hash),
    CONSTRAINT digest_links_token_hash_key UNIQUE (token_hash),
    CONSTRAINT digest_links_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX digest_links_created_at ON digest_links (created_at);
