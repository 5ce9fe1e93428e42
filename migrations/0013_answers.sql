-- How the server answered the people of a team, by the hour. Every instance adds what it counted in memory.

-- Whose answers they were is not kept. A row of buckets is how many answers took at most 1, 2.5, 5, 10, 25, 50, 100,
-- 250, 500, 1,000, 2,500, 5,000 and 10,000 ms, and longer, each counted in one bucket only.
CREATE TABLE answers (
    team_id uuid NOT NULL,
    hour timestamptz NOT NULL,
    answers bigint NOT NULL,
    errors bigint NOT NULL,
    fast bigint NOT NULL,
    buckets bigint[] NOT NULL,
    CONSTRAINT answers_pkey PRIMARY KEY (team_id, hour),
    CONSTRAINT answers_buckets CHECK (cardinality(buckets) = 14),
    CONSTRAINT answers_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id)
);
CREATE INDEX answers_hour ON answers (hour);
