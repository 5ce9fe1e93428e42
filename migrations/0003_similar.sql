-- Tasks that say the same in other words are found by their words. All three extensions are trusted: the
-- owner of the database may create them.

CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- The words of a title, each once, without case, accents and signs, in whatever language it is. Chinese and
-- Japanese are not parted by spaces: there each sign is a word. useEffect is `useeffect`, `use` and `effect`;
-- two short words in a row are also one, as log in is login. It repeats nothing that depends on the locale of
-- the database, so a restored database agrees with its indexes.
CREATE FUNCTION words_of_title(title text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    WITH parted AS (
        SELECT lower(public.unaccent('public.unaccent'::regdictionary, word)) AS word, row_number() OVER () AS place
        FROM regexp_split_to_table(
            regexp_replace(title, '([\u3040-\u30ff\u3400-\u9fff])', ' \1 ', 'g'),
            '[\u0001-/:-@[-`{-\u00bf\u2000-\u206f\u3000-\u303f]+'
        ) AS word
        WHERE word <> ''
    ),
    humps AS (
        SELECT lower(public.unaccent('public.unaccent'::regdictionary, part[1])) AS word
        FROM regexp_matches(title, '([A-Z]?[a-z]+|[0-9]+|[A-Z]+)(?=[A-Z0-9][A-Za-z0-9]|[^A-Za-z0-9]|$)', 'g') AS part
        WHERE title ~ '[a-z0-9][A-Z]'
    ),
    joined AS (
        SELECT word || lead(word) OVER (ORDER BY place) AS word,
               length(word) BETWEEN 2 AND 4 AND length(lead(word) OVER (ORDER BY place)) BETWEEN 2 AND 4 AS short
        FROM parted
    )
    SELECT coalesce(array_agg(DISTINCT word), '{}')
    FROM (SELECT word FROM parted UNION ALL SELECT word FROM humps UNION ALL SELECT word FROM joined WHERE short) AS every
    WHERE octet_length(word) BETWEEN 2 AND 200 OR word ~ '[0-9]'
$$;

ALTER TABLE tasks ADD COLUMN words text[] COLLATE "C" GENERATED ALWAYS AS (words_of_title(title)) STORED;

-- Team and state are in the index. What is open is most of what is looked for; of what is done only what
-- was finished lately.
CREATE INDEX tasks_words_open ON tasks USING gin (team_id, words) WITH (fastupdate = off)
WHERE deleted_at IS NULL AND kind <> 'done';
CREATE INDEX tasks_words_done ON tasks USING gin (team_id, ((completed_at AT TIME ZONE 'UTC')::date), words) WITH (fastupdate = off)
WHERE deleted_at IS NULL AND kind = 'done';

-- The words of a team's titles and about how often each was used: what is rare says more than what is
-- everywhere. A word that begins like another is found by the key.
CREATE TABLE title_words (
    team_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    uses integer NOT NULL DEFAULT 1,
    CONSTRAINT title_words_pkey PRIMARY KEY (team_id, word),
    CONSTRAINT title_words_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id)
);

-- An index that Postgres does not have: kept by the table itself, whoever writes a title. Only the order of
-- magnitude matters, so a word that is used often is counted in steps, by chance: then two people who add
-- tasks seldom wait for one row of a common word.
CREATE FUNCTION count_title_words() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    used text;
    known integer;
BEGIN
    -- In one order, so that two titles never wait for each other in a circle; each word by the key, whatever
    -- the planner knew of the table when it first saw this.
    FOR used IN
        SELECT word COLLATE "C" FROM unnest(NEW.words) AS word
        WHERE TG_OP = 'INSERT' OR word <> ALL (OLD.words)
        ORDER BY 1
    LOOP
        SELECT uses INTO known FROM title_words WHERE team_id = NEW.team_id AND word = used;
        IF known IS NULL THEN
            INSERT INTO title_words (team_id, word) VALUES (NEW.team_id, used) ON CONFLICT (team_id, word) DO NOTHING;
        ELSIF random() * (known / 16) < 1 THEN
            UPDATE title_words SET uses = uses + greatest(1, known / 16) WHERE team_id = NEW.team_id AND word = used;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

INSERT INTO title_words (team_id, word, uses)
SELECT team_id, word, count(*) FROM tasks, unnest(words) AS word GROUP BY team_id, word;

CREATE TRIGGER tasks_title_words AFTER INSERT OR UPDATE OF title ON tasks
FOR EACH ROW EXECUTE FUNCTION count_title_words();

-- What is counted and is no change: not numbered, and deleted after a while.
CREATE TABLE usage (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    person_id uuid,
    at timestamptz NOT NULL DEFAULT now(),
    detail jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT usage_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT usage_kind CHECK (kind IN ('similar.shown', 'similar.taken', 'similar.ignored')),
    CONSTRAINT usage_person_fkey FOREIGN KEY (team_id, person_id) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX usage_kind_at ON usage (team_id, kind, at);
CREATE INDEX usage_at ON usage (at);
