-- The statements of one request that creates a task, in their order, as the server sends them: who asks,
-- whether they may, and the change. Run by script/measure live, which says for whom.
--
-- The server computes the place in the column itself. Here the clock gives one that is further down.

\set number random(0, 1)
SELECT sessions.id, people.id AS person_id, people.name, people.email,
       sessions.last_seen_at < now() - interval '1 hour' AS seen_long_ago, teams.slug AS last_team
FROM sessions
JOIN people ON people.id = sessions.person_id
LEFT JOIN teams ON teams.team_id = sessions.last_team_id
WHERE sessions.token_hash = decode(:session, 'hex') AND people.disabled_at IS NULL
  AND sessions.expires_at > now() AND sessions.last_seen_at > now() - interval '30 days';

SELECT team_id, role FROM memberships JOIN teams USING (team_id)
WHERE teams.slug = 'measure' AND person_id = :person AND removed_at IS NULL;

BEGIN;

SELECT role FROM memberships
WHERE team_id = :team AND person_id = :person AND removed_at IS NULL
FOR SHARE;

SELECT archived_at FROM boards WHERE team_id = :team AND id = :board FOR SHARE;

\if :number
SELECT id AS column, name, kind, wip_limit, version FROM columns
WHERE team_id = :team AND board_id = :board AND id = :doing FOR NO KEY UPDATE \gset
\else
SELECT id AS column, name, kind, wip_limit, version FROM columns
WHERE team_id = :team AND board_id = :board AND id = :todo FOR NO KEY UPDATE \gset
\endif

WITH others AS NOT MATERIALIZED (
    SELECT id, position FROM tasks
    WHERE team_id = :team AND board_id = :board AND column_id = :column AND deleted_at IS NULL
      AND kind <> 'done'
),
before AS (
    SELECT id, position FROM others ORDER BY position DESC, id DESC LIMIT 1
)
SELECT (SELECT position FROM before) AS before,
       (SELECT others.position FROM others, before
        WHERE (others.position, others.id) > (before.position, before.id)
        ORDER BY others.position, others.id LIMIT 1) AS after;

WITH next AS (
    INSERT INTO task_numbers AS numbers (team_id, board_id, last_number) VALUES (:team, :board, 1)
    ON CONFLICT (team_id, board_id) DO UPDATE SET last_number = numbers.last_number + 1
    RETURNING last_number
)
INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title,
                   created_by, created_as, started_at, completed_at)
SELECT :team,
       -- A UUIDv7, whose beginning is the time.
       overlay(replace(gen_random_uuid()::text, '-', '')
               PLACING lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
               FROM 1 FOR 12)::uuid,
       :board, next.last_number, :column, :kind,
       int8send((extract(epoch FROM clock_timestamp()) * 1000000)::bigint),
       'Task number 1000 with a title of the usual length', :person,
       jsonb_build_object('column', :column::text, 'title', 'Task number 1000 with a title of the usual length'),
       CASE WHEN :kind <> 'todo' THEN now() END, CASE WHEN :kind = 'done' THEN now() END
FROM next
ON CONFLICT (team_id, id) DO NOTHING
RETURNING id AS task \gset

WITH counter AS (
    UPDATE event_counters SET last_seq = last_seq + 1
    WHERE team_id = :team RETURNING last_seq
),
appended AS (
    INSERT INTO events (team_id, seq, change_id, kind, actor_id, board_id, task_id, changes)
    SELECT :team, counter.last_seq - 1 + event.place, gen_random_uuid(), event.kind, :person,
           event.board_id, event.task_id, event.changes
    FROM counter,
         unnest(ARRAY['task.created'], ARRAY[:board::uuid], ARRAY[:task::uuid], ARRAY[jsonb_build_array(
             jsonb_build_object('field', 'title', 'to', 'Task number 1000 with a title of the usual length'),
             jsonb_build_object('field', 'column', 'to', :name::text, 'to_id', :column::text),
             jsonb_build_object('field', 'version', 'to', '1'))])
             WITH ORDINALITY AS event (kind, board_id, task_id, changes, place)
    RETURNING seq
)
SELECT pg_notify('skateboard_events', :team::text) FROM appended LIMIT 1;

COMMIT;
