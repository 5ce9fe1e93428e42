-- What a team has turned on, for whom, and who had it when.

-- A feature that a team has decided about. One without a row is off and not tried yet.
CREATE TABLE toggles (
    team_id uuid NOT NULL,
    name text NOT NULL,
    mode text NOT NULL DEFAULT 'off',
    share smallint NOT NULL DEFAULT 50,
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT toggles_pkey PRIMARY KEY (team_id, name),
    CONSTRAINT toggles_mode CHECK (mode IN ('off', 'on', 'share')),
    CONSTRAINT toggles_share_range CHECK (share BETWEEN 0 AND 100),
    CONSTRAINT toggles_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id),
    CONSTRAINT toggles_changed_by_fkey FOREIGN KEY (team_id, changed_by) REFERENCES memberships (team_id, person_id)
);

-- Who has a feature whatever the share is.
CREATE TABLE toggle_people (
    team_id uuid NOT NULL,
    name text NOT NULL,
    person_id uuid NOT NULL,
    CONSTRAINT toggle_people_pkey PRIMARY KEY (team_id, name, person_id),
    CONSTRAINT toggle_people_toggle_fkey FOREIGN KEY (team_id, name) REFERENCES toggles (team_id, name),
    CONSTRAINT toggle_people_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX toggle_people_person ON toggle_people (team_id, person_id);

-- The answers that people got: from when until when somebody had a feature, or had it not.
CREATE TABLE toggle_arms (
    team_id uuid NOT NULL,
    name text NOT NULL,
    person_id uuid NOT NULL,
    is_on boolean NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    until timestamptz,
    CONSTRAINT toggle_arms_pkey PRIMARY KEY (team_id, name, person_id, since),
    CONSTRAINT toggle_arms_order CHECK (until >= since),
    CONSTRAINT toggle_arms_toggle_fkey FOREIGN KEY (team_id, name) REFERENCES toggles (team_id, name),
    CONSTRAINT toggle_arms_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE UNIQUE INDEX toggle_arms_open ON toggle_arms (team_id, name, person_id) WHERE until IS NULL;
CREATE INDEX toggle_arms_person ON toggle_arms (team_id, person_id);
