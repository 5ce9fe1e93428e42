-- An account that is deleted leaves a row without anything that says whose it was, so that what was done keeps an
-- author. The address is free again. Other tables have deleted_at, and queries that join them name it alone.
ALTER TABLE people ADD COLUMN forgotten_at timestamptz;
ALTER TABLE people ADD CONSTRAINT people_deleted CHECK (
    forgotten_at IS NULL
    OR email = 'deleted:' || id::text AND password_hash IS NULL AND email_confirmed_at IS NULL
       AND disabled_at IS NOT NULL
);

-- A team that nobody is in any more goes with everything in it. Whatever table a team has, now or later, is emptied
-- of it: a table comes before those that it points at.
CREATE FUNCTION remove_team(gone uuid) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    of_teams regclass;
BEGIN
    FOR of_teams IN
        WITH RECURSIVE team_tables AS (
            SELECT attrelid AS id FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
            WHERE attname = 'team_id' AND NOT attisdropped AND relkind IN ('r', 'p')
              AND relnamespace = 'public'::regnamespace
        ),
        pointed_at (id, depth) AS (
            SELECT id, 0 FROM team_tables
            UNION
            SELECT confrelid, depth + 1 FROM pointed_at
            JOIN pg_constraint ON conrelid = pointed_at.id AND contype = 'f' AND confrelid <> conrelid
            WHERE depth < 50
        )
        SELECT id::regclass FROM pointed_at JOIN team_tables USING (id)
        GROUP BY id ORDER BY max(depth), id
    LOOP
        EXECUTE format('DELETE FROM %s WHERE team_id = $1', of_teams) USING gone;
    END LOOP;
END
$$;
