-- What Now goes by: the limits of a team, the indexes of its page, and the links of its displays.

ALTER TABLE teams
    ADD COLUMN in_progress_limit smallint NOT NULL DEFAULT 3,
    ADD COLUMN stale_after_days smallint NOT NULL DEFAULT 5,
    ADD CONSTRAINT teams_in_progress_limit_range CHECK (in_progress_limit BETWEEN 1 AND 20),
    ADD CONSTRAINT teams_stale_after_days_range CHECK (stale_after_days BETWEEN 1 AND 60);

-- The last of so many working days from `today` on, which counts itself when it is one. The days are those
-- of the calendar, so no clock is ever put forward or back in between.
CREATE FUNCTION nth_working_day(today date, working_days smallint[], days integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT today + ahead
    FROM generate_series(0, 7 * days - 1) AS ahead
    WHERE extract(isodow FROM today + ahead)::smallint = ANY (working_days)
    ORDER BY ahead OFFSET days - 1 LIMIT 1
);

CREATE INDEX tasks_due ON tasks (team_id, due_on) WHERE deleted_at IS NULL AND kind <> 'done' AND due_on IS NOT NULL;
CREATE INDEX tasks_finished ON tasks (team_id, board_id, completed_at DESC) WHERE deleted_at IS NULL AND kind = 'done';

-- A wall link opens the Now page to whoever holds it, until it is revoked.
CREATE TABLE wall_links (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_opened_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT wall_links_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT wall_links_token_hash_key UNIQUE (token_hash),
    CONSTRAINT wall_links_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id)
);
