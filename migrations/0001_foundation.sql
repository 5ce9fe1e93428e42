-- The tenant leads: every table of a team has team_id first in its primary key and in every foreign
-- key to another team table. Constraints have names, and a named constraint maps to a field error.

-- People, sessions and one-time links belong to no team.

CREATE TABLE people (
    id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    password_hash text,
    email_confirmed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    CONSTRAINT people_pkey PRIMARY KEY (id),
    CONSTRAINT people_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT people_email_length CHECK (char_length(email) BETWEEN 3 AND 254)
);
CREATE UNIQUE INDEX people_email_key ON people (lower(email));

CREATE TABLE sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_team_id uuid,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_person_fkey FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- A one-time link: to reset the password, to confirm a changed address, or to complete a registration,
-- of which there is no person yet.
CREATE TABLE account_links (
    token_hash bytea NOT NULL,
    purpose text NOT NULL,
    person_id uuid,
    email text,
    registration jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT account_links_pkey PRIMARY KEY (token_hash),
    CONSTRAINT account_links_person_fkey FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE,
    CONSTRAINT account_links_purpose CHECK (purpose IN ('reset_password', 'confirm_email', 'register')),
    CONSTRAINT account_links_whose CHECK ((purpose = 'register') = (person_id IS NULL)),
    CONSTRAINT account_links_registration CHECK ((purpose = 'register') = (registration IS NOT NULL))
);
CREATE INDEX account_links_expires_at ON account_links (expires_at);
CREATE INDEX account_links_person ON account_links (person_id, purpose);

-- Attempts in a window of time. Kept outside the transaction of the request they limit.
CREATE TABLE rate_limits (
    bucket text NOT NULL,
    window_start timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    CONSTRAINT rate_limits_pkey PRIMARY KEY (bucket, window_start)
);
CREATE INDEX rate_limits_window_start ON rate_limits (window_start);

-- What was typed into a form that was refused, for its author alone, for 24 hours.
CREATE TABLE refused_forms (
    id uuid NOT NULL,
    author_hash bytea NOT NULL,
    action text NOT NULL,
    fields jsonb NOT NULL,
    error jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refused_forms_pkey PRIMARY KEY (id)
);
CREATE INDEX refused_forms_created_at ON refused_forms (created_at);
CREATE INDEX refused_forms_author ON refused_forms (author_hash, created_at);

-- Teams and who is in them.

CREATE TABLE teams (
    team_id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    working_days smallint[] NOT NULL DEFAULT '{1,2,3,4,5}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT teams_pkey PRIMARY KEY (team_id),
    CONSTRAINT teams_slug_key UNIQUE (slug),
    CONSTRAINT teams_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 60),
    CONSTRAINT teams_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT teams_working_days_range CHECK (
        working_days <@ '{1,2,3,4,5,6,7}'::smallint[] AND cardinality(working_days) BETWEEN 1 AND 7
    )
);

CREATE TABLE memberships (
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    joined_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    CONSTRAINT memberships_pkey PRIMARY KEY (team_id, person_id),
    CONSTRAINT memberships_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id),
    CONSTRAINT memberships_person_fkey FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT memberships_role CHECK (role IN ('owner', 'member', 'viewer'))
);
CREATE INDEX memberships_person ON memberships (person_id) WHERE removed_at IS NULL;

CREATE TABLE invitations (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    role text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at timestamptz,
    used_by uuid,
    CONSTRAINT invitations_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_role CHECK (role IN ('owner', 'member', 'viewer')),
    CONSTRAINT invitations_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id),
    CONSTRAINT invitations_used_by_fkey FOREIGN KEY (team_id, used_by) REFERENCES memberships (team_id, person_id)
);

-- Boards and their columns.

CREATE TABLE boards (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_as jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    CONSTRAINT boards_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT boards_key_key UNIQUE (team_id, key),
    CONSTRAINT boards_key_form CHECK (key ~ '^[A-Z][A-Z0-9]{0,9}$'),
    CONSTRAINT boards_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT boards_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id)
);

CREATE TABLE columns (
    team_id uuid NOT NULL,
    board_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    position bytea NOT NULL,
    wip_limit integer,
    version bigint NOT NULL DEFAULT 1,
    created_as jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT columns_pkey PRIMARY KEY (team_id, board_id, id),
    CONSTRAINT columns_name_length CHECK (char_length(name) BETWEEN 1 AND 40),
    CONSTRAINT columns_kind CHECK (kind IN ('todo', 'doing', 'done')),
    CONSTRAINT columns_wip_limit_range CHECK (wip_limit BETWEEN 1 AND 999),
    CONSTRAINT columns_board_fkey FOREIGN KEY (team_id, board_id) REFERENCES boards (team_id, id)
);
CREATE UNIQUE INDEX columns_name_key ON columns (team_id, board_id, lower(name));

-- Tasks. A task that was deleted keeps the column it was in as long as the column exists.

CREATE TABLE task_numbers (
    team_id uuid NOT NULL,
    board_id uuid NOT NULL,
    last_number integer NOT NULL DEFAULT 0,
    CONSTRAINT task_numbers_pkey PRIMARY KEY (team_id, board_id),
    CONSTRAINT task_numbers_board_fkey FOREIGN KEY (team_id, board_id) REFERENCES boards (team_id, id)
);

CREATE TABLE tasks (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    board_id uuid NOT NULL,
    number integer NOT NULL,
    column_id uuid,
    kind text NOT NULL,
    position bytea NOT NULL,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    assignee_id uuid,
    assigned_at timestamptz,
    due_on date,
    priority text NOT NULL DEFAULT 'normal',
    labels text[] NOT NULL DEFAULT '{}',
    version bigint NOT NULL DEFAULT 1,
    field_versions jsonb NOT NULL DEFAULT '{}',
    created_as jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    deleted_by uuid,
    CONSTRAINT tasks_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT tasks_number_key UNIQUE (team_id, board_id, number),
    CONSTRAINT tasks_number_range CHECK (number >= 1),
    CONSTRAINT tasks_kind CHECK (kind IN ('todo', 'doing', 'done')),
    CONSTRAINT tasks_column_present CHECK (column_id IS NOT NULL OR deleted_at IS NOT NULL),
    CONSTRAINT tasks_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT tasks_description_length CHECK (char_length(description) <= 50000),
    CONSTRAINT tasks_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    CONSTRAINT tasks_due_on_range CHECK (due_on BETWEEN DATE '2000-01-01' AND DATE '2199-12-31'),
    CONSTRAINT tasks_labels_count CHECK (cardinality(labels) <= 20),
    CONSTRAINT tasks_position_length CHECK (octet_length(position) <= 1024),
    CONSTRAINT tasks_board_fkey FOREIGN KEY (team_id, board_id) REFERENCES boards (team_id, id),
    CONSTRAINT tasks_column_fkey FOREIGN KEY (team_id, board_id, column_id) REFERENCES columns (team_id, board_id, id),
    CONSTRAINT tasks_assignee_fkey FOREIGN KEY (team_id, assignee_id) REFERENCES memberships (team_id, person_id),
    CONSTRAINT tasks_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id),
    CONSTRAINT tasks_deleted_by_fkey FOREIGN KEY (team_id, deleted_by) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX tasks_open ON tasks (team_id, board_id, column_id, position, id) WHERE deleted_at IS NULL AND kind <> 'done';
CREATE INDEX tasks_done ON tasks (team_id, board_id, column_id, completed_at DESC, id) WHERE deleted_at IS NULL AND kind = 'done';
CREATE INDEX tasks_column ON tasks (team_id, board_id, column_id);
CREATE INDEX tasks_assignee ON tasks (team_id, assignee_id) WHERE deleted_at IS NULL AND kind <> 'done';
CREATE INDEX tasks_doing ON tasks (team_id) WHERE deleted_at IS NULL AND kind = 'doing';
CREATE INDEX tasks_words ON tasks USING gin (
    to_tsvector('simple', translate(title || ' ' || description, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))
) WHERE deleted_at IS NULL;
CREATE INDEX tasks_deleted ON tasks (team_id, deleted_at DESC) WHERE deleted_at IS NOT NULL;

CREATE TABLE comments (
    team_id uuid NOT NULL,
    task_id uuid NOT NULL,
    id uuid NOT NULL,
    author_id uuid NOT NULL,
    body text NOT NULL,
    created_as jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    edited_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT comments_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT comments_body_length CHECK (char_length(body) BETWEEN 1 AND 20000),
    CONSTRAINT comments_task_fkey FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id),
    CONSTRAINT comments_author_fkey FOREIGN KEY (team_id, author_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX comments_task ON comments (team_id, task_id, id);

-- One log: history, live feed, undo and insights. The counter row is what makes seq gap-free and
-- ordered by commit; a sequence would be neither.

CREATE TABLE event_counters (
    team_id uuid NOT NULL,
    last_seq bigint NOT NULL DEFAULT 0,
    CONSTRAINT event_counters_pkey PRIMARY KEY (team_id),
    CONSTRAINT event_counters_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id)
);

CREATE TABLE events (
    team_id uuid NOT NULL,
    seq bigint NOT NULL,
    change_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    actor_id uuid NOT NULL,
    board_id uuid,
    task_id uuid,
    changes jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT events_pkey PRIMARY KEY (team_id, seq),
    CONSTRAINT events_seq_range CHECK (seq >= 1),
    CONSTRAINT events_actor_fkey FOREIGN KEY (team_id, actor_id) REFERENCES memberships (team_id, person_id),
    CONSTRAINT events_board_fkey FOREIGN KEY (team_id, board_id) REFERENCES boards (team_id, id),
    CONSTRAINT events_task_fkey FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id)
);
CREATE INDEX events_board ON events (team_id, board_id, seq) WHERE task_id IS NULL;
CREATE INDEX events_task ON events (team_id, task_id, seq) WHERE task_id IS NOT NULL;
CREATE INDEX events_change ON events (team_id, change_id);
