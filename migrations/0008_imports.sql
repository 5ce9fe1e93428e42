-- What came in from elsewhere, so that the same file makes no second copy, and a later file of the same board is
-- known as such.
CREATE TABLE imports (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    source_id text,
    file_hash bytea NOT NULL,
    board_id uuid NOT NULL,
    tasks integer NOT NULL,
    comments integer NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT imports_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT imports_file_key UNIQUE (team_id, file_hash),
    CONSTRAINT imports_source CHECK (source IN ('trello', 'csv')),
    CONSTRAINT imports_board_fkey FOREIGN KEY (team_id, board_id) REFERENCES boards (team_id, id),
    CONSTRAINT imports_created_by_fkey FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX imports_source_id ON imports (team_id, source, source_id);
