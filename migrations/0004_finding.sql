-- Who wants to know how a task goes on without holding it. It is theirs alone and no event.
CREATE TABLE watchers (
    team_id uuid NOT NULL,
    task_id uuid NOT NULL,
    person_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT watchers_pkey PRIMARY KEY (team_id, task_id, person_id),
    CONSTRAINT watchers_task_fkey FOREIGN KEY (team_id, task_id) REFERENCES tasks (team_id, id),
    CONSTRAINT watchers_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX watchers_person ON watchers (team_id, person_id, task_id);

-- Search narrows by team inside the index. The extension is trusted: whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Words and labels of tasks. `tasks_words` serves the version before this one, and may go after it.
CREATE INDEX tasks_search ON tasks USING gin (
    team_id,
    to_tsvector('simple', translate(title || ' ' || description, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           ')),
    labels
) WHERE deleted_at IS NULL;
CREATE INDEX comments_search ON comments USING gin (
    team_id,
    to_tsvector('simple', translate(body, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))
) WHERE deleted_at IS NULL;

-- The order of what is found: what is open, then what is done, and what changed last first. The others find
-- the few by which a filter alone asks.
CREATE INDEX tasks_latest ON tasks (team_id, (CASE WHEN kind = 'done' THEN 0 ELSE 1 END), updated_at, id)
WHERE deleted_at IS NULL;
CREATE INDEX tasks_held ON tasks (team_id, assignee_id, (CASE WHEN kind = 'done' THEN 0 ELSE 1 END), updated_at, id)
WHERE deleted_at IS NULL AND assignee_id IS NOT NULL;
CREATE INDEX tasks_due_or_done ON tasks (team_id, due_on) WHERE deleted_at IS NULL AND due_on IS NOT NULL;
CREATE INDEX tasks_priority ON tasks (team_id, priority) WHERE deleted_at IS NULL AND priority <> 'normal';
