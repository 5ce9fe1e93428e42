-- What people say about working with the product, and when they were asked for it.

-- One answer to the three questions. `version` is that of the page it was written on. `task_id` is the id of the task
-- that is made of it, or would be: as it is known beforehand, whoever asks for the task again finds the one there is.
CREATE TABLE feedback (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    occasion text NOT NULL,
    most_useful text NOT NULL DEFAULT '',
    in_the_way text NOT NULL DEFAULT '',
    missing text NOT NULL DEFAULT '',
    page text NOT NULL,
    version text NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    task_id uuid NOT NULL DEFAULT gen_random_uuid(),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT feedback_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT feedback_occasion CHECK (occasion IN ('button', 'tenth_task', 'first_week')),
    CONSTRAINT feedback_most_useful_length CHECK (char_length(most_useful) <= 2000),
    CONSTRAINT feedback_in_the_way_length CHECK (char_length(in_the_way) <= 2000),
    CONSTRAINT feedback_missing_length CHECK (char_length(missing) <= 2000),
    CONSTRAINT feedback_words CHECK (most_useful <> '' OR in_the_way <> '' OR missing <> ''),
    CONSTRAINT feedback_page_length CHECK (char_length(page) BETWEEN 1 AND 300),
    CONSTRAINT feedback_version_length CHECK (char_length(version) BETWEEN 1 AND 40),
    CONSTRAINT feedback_tags_count CHECK (cardinality(tags) <= 10),
    CONSTRAINT feedback_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX feedback_newest ON feedback (team_id, created_at DESC, id DESC);
CREATE INDEX feedback_person ON feedback (person_id, created_at);

-- Who was asked at which moment, and what came of it. Whoever dismissed or answered it is asked at that moment no more.
CREATE TABLE feedback_prompts (
    team_id uuid NOT NULL,
    person_id uuid NOT NULL,
    occasion text NOT NULL,
    shown_at timestamptz,
    dismissed_at timestamptz,
    answered_at timestamptz,
    CONSTRAINT feedback_prompts_pkey PRIMARY KEY (team_id, person_id, occasion),
    CONSTRAINT feedback_prompts_occasion CHECK (occasion IN ('tenth_task', 'first_week')),
    CONSTRAINT feedback_prompts_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX feedback_prompts_person ON feedback_prompts (person_id, shown_at);

-- The tasks that somebody has finished, of which the first ten are counted.
CREATE INDEX tasks_finished_by ON tasks (team_id, assignee_id, completed_at)
    WHERE deleted_at IS NULL AND kind = 'done' AND assignee_id IS NOT NULL;
