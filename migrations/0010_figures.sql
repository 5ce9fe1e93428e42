-- What the figures of a team are made from: counts of what is no change, tasks that were seen at risk, and the
-- steps that tasks went through.

ALTER TABLE usage
    DROP CONSTRAINT usage_kind,
    ADD CONSTRAINT usage_kind CHECK (kind IN (
        'similar.shown', 'similar.taken', 'similar.ignored', 'now.opened', 'claim.refused', 'conflict.caught'
    ));

-- A task that was seen at risk of missing a due date, once for each date. The reason is in words, as the Now
-- page said it when it was seen first.
CREATE TABLE risks (
    team_id uuid NOT NULL,
    task_id uuid NOT NULL,
    due_on date NOT NULL,
    reason text NOT NULL,
    first_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT risks_pkey PRIMARY KEY (team_id, task_id, due_on),
    CONSTRAINT risks_task_fkey FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id) ON DELETE CASCADE
);
CREATE INDEX risks_due ON risks (team_id, due_on);

-- What happened in a period, and to whom nothing else has to be read.
CREATE INDEX events_at ON events (team_id, at) INCLUDE (actor_id, kind);
-- Tasks that came into another column, or whose column came to mean something else.
CREATE INDEX events_steps ON events (team_id, at)
WHERE task_id IS NOT NULL AND (kind = 'task.rekinded' OR changes @> '[{"field": "column"}]');
-- Tasks that got another due date.
CREATE INDEX events_due ON events (team_id, at) WHERE task_id IS NOT NULL AND changes @> '[{"field": "due_on"}]';
CREATE INDEX events_columns ON events (team_id, seq)
WHERE task_id IS NULL AND kind IN ('column.created', 'column.changed');
CREATE INDEX tasks_due_on ON tasks (team_id, due_on) WHERE deleted_at IS NULL AND due_on IS NOT NULL;

-- The steps of a team's tasks from `since` on until before `before`: each time that a task came to be of another
-- kind (todo, doing, done), by whatever deed. The creation is a step from nothing. Tasks that are deleted now are
-- left out with all their past: most are deleted because they should not have been.
CREATE FUNCTION task_steps(team uuid, since timestamptz, before timestamptz)
RETURNS TABLE (task_id uuid, seq bigint, at timestamptz, from_kind text, to_kind text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5000
AS $$
    -- What kind each column was, also one that is gone: from one number of the log on until before another. Where
    -- the log says nothing, a column always was what it is.
    WITH column_kind AS MATERIALIZED (
        SELECT said.column_id, said.kind, said.seq AS from_seq,
               coalesce(lead(said.seq) OVER (PARTITION BY said.column_id ORDER BY said.seq), 9223372036854775807)
                   AS before_seq
        FROM (
            SELECT columns.id AS column_id, columns.kind, 0::bigint AS seq
            FROM public.columns WHERE columns.team_id = $1
            UNION ALL
            SELECT (which.change->>'to_id')::uuid, became.change->>'to', events.seq
            FROM public.events
            CROSS JOIN LATERAL (
                SELECT jsonb_path_query_first(events.changes, '$[*] ? (@.field == "column")')
            ) AS which (change)
            CROSS JOIN LATERAL (
                SELECT jsonb_path_query_first(events.changes, '$[*] ? (@.field == "kind")')
            ) AS became (change)
            WHERE events.team_id = $1 AND events.task_id IS NULL
              AND events.kind IN ('column.created', 'column.changed') AND became.change IS NOT NULL
        ) AS said
    ),
    step AS (
        SELECT events.task_id, events.seq, events.at,
               CASE events.kind WHEN 'task.created' THEN NULL
                                WHEN 'task.rekinded' THEN moved.change->>'from'
                                ELSE coalesce(was.kind, 'todo') END AS from_kind,
               CASE events.kind WHEN 'task.rekinded' THEN moved.change->>'to' ELSE became.kind END AS to_kind
        FROM public.events
        JOIN public.tasks ON tasks.team_id = events.team_id AND tasks.id = events.task_id AND tasks.deleted_at IS NULL
        CROSS JOIN LATERAL (
            SELECT jsonb_path_query_first(events.changes, '$[*] ? (@.field == "column" || @.field == "kind")')
        ) AS moved (change)
        LEFT JOIN column_kind AS was ON was.column_id = (moved.change->>'from_id')::uuid
                                    AND events.seq >= was.from_seq AND events.seq < was.before_seq
        LEFT JOIN column_kind AS became ON became.column_id = (moved.change->>'to_id')::uuid
                                       AND events.seq >= became.from_seq AND events.seq < became.before_seq
        WHERE events.team_id = $1 AND events.at >= $2 AND events.at < $3
          AND events.task_id IS NOT NULL
          AND (events.kind = 'task.rekinded' OR events.changes @> '[{"field": "column"}]')
          -- It comes back as what it was.
          AND events.kind <> 'task.restored'
    )
    SELECT step.task_id, step.seq, step.at, step.from_kind, step.to_kind FROM step
    WHERE step.to_kind IS NOT NULL AND step.from_kind IS DISTINCT FROM step.to_kind
$$;

-- The moment at which a day begins in a time zone, also where the clock is put forward or back.
CREATE FUNCTION day_begins(day date, time_zone text) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN day::timestamp AT TIME ZONE time_zone;
