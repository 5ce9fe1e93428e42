-- A hypothesis says what a team expects of something, and how it will be told, before it is known. It stays as it was
-- written; one that was a mistake is withdrawn. The target is in the unit of the metric: percent, days, a number a week.
-- With a toggle it is about the difference between those with it and those without.
CREATE TABLE hypotheses (
    team_id uuid NOT NULL,
    id uuid NOT NULL,
    if_we text NOT NULL,
    then_it text NOT NULL,
    because text NOT NULL,
    metric text NOT NULL,
    target double precision NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    toggle text,
    sample integer NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    CONSTRAINT hypotheses_pkey PRIMARY KEY (team_id, id),
    CONSTRAINT hypotheses_if_we_length CHECK (char_length(if_we) BETWEEN 1 AND 200),
    CONSTRAINT hypotheses_then_it_length CHECK (char_length(then_it) BETWEEN 1 AND 200),
    CONSTRAINT hypotheses_because_length CHECK (char_length(because) BETWEEN 1 AND 200),
    CONSTRAINT hypotheses_target_range CHECK (target BETWEEN 0 AND 10000),
    CONSTRAINT hypotheses_period CHECK (ends_on >= starts_on AND ends_on - starts_on < 366),
    CONSTRAINT hypotheses_sample_range CHECK (sample BETWEEN 6 AND 100000),
    CONSTRAINT hypotheses_withdrawn CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CONSTRAINT hypotheses_team_fkey FOREIGN KEY (team_id) REFERENCES teams (team_id),
    CONSTRAINT hypotheses_created_by_fkey
        FOREIGN KEY (team_id, created_by) REFERENCES memberships (team_id, person_id),
    CONSTRAINT hypotheses_withdrawn_by_fkey
        FOREIGN KEY (team_id, withdrawn_by) REFERENCES memberships (team_id, person_id)
);

-- What a team made of a hypothesis, with what was measured at that moment. Whatever becomes of the data it was measured
-- from, the evidence stays.
CREATE TABLE decisions (
    team_id uuid NOT NULL,
    hypothesis_id uuid NOT NULL,
    verdict text NOT NULL,
    reason text NOT NULL,
    evidence jsonb NOT NULL,
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT decisions_pkey PRIMARY KEY (team_id, hypothesis_id),
    CONSTRAINT decisions_verdict CHECK (verdict IN ('pivot', 'persevere')),
    CONSTRAINT decisions_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT decisions_hypothesis_fkey FOREIGN KEY (team_id, hypothesis_id) REFERENCES hypotheses (team_id, id),
    CONSTRAINT decisions_decided_by_fkey
        FOREIGN KEY (team_id, decided_by) REFERENCES memberships (team_id, person_id)
);
CREATE INDEX decisions_latest ON decisions (team_id, decided_at DESC);
