//! The tables `hypotheses` and `decisions`.

use sqlx::{PgConnection, PgExecutor, types::Json};
use time::Date;

use super::{
    draft::Draft,
    evidence::Evidence,
    model::{Reason, Standing, Statement, Verdict},
    words,
};
use crate::{
    error::{Error, Result},
    ids::{HypothesisId, PersonId},
    insights::metric::Metric,
    people::access::TeamId,
    toggles::model::Toggle,
};

/// A hypothesis as it was written down, and what became of it.
#[derive(Clone, Debug)]
pub struct Hypothesis {
    pub id: HypothesisId,
    pub statement: Statement,
    pub metric: Metric,
    /// In percent, days or a number a week, as the metric has it.
    pub target: f64,
    pub starts_on: Date,
    pub ends_on: Date,
    /// The name of the toggle whose two sides are compared.
    pub toggle: Option<String>,
    pub sample: i32,
    /// The name of whoever wrote it down.
    pub created_by: String,
    /// In the team's time zone.
    pub created_on: Date,
    pub is_withdrawn: bool,
    pub decision: Option<Decision>,
}

/// What was decided, and what was known then.
#[derive(Clone, Debug)]
pub struct Decision {
    pub verdict: Verdict,
    pub reason: String,
    pub evidence: Evidence,
    /// The name of whoever decided.
    pub by: String,
    /// In the team's time zone.
    pub on: Date,
}

impl Hypothesis {
    /// What has to be said beside the day on which it was written down: nothing, when nothing was known yet.
    pub fn was_late(&self) -> &'static str {
        match self.created_on > self.starts_on {
            true => ", after its period had begun",
            false => "",
        }
    }

    /// What has to be said beside the day of its decision: nothing, when its period was over.
    pub fn was_early(&self, decision: &Decision) -> &'static str {
        match decision.on <= self.ends_on {
            true => ", before its period had ended",
            false => "",
        }
    }

    /// Where it stands on a day.
    pub fn standing(&self, today: Date) -> Standing {
        match &self.decision {
            Some(_) => Standing::Decided,
            None if self.is_withdrawn => Standing::Withdrawn,
            None if today < self.starts_on => Standing::Upcoming,
            None if today <= self.ends_on => Standing::Running,
            None => Standing::Ended,
        }
    }

    /// What is to be reached: `at least 80 %`.
    pub fn target_in_words(&self) -> String {
        words::target(self.metric, self.target, self.toggle.is_some())
    }
}

/// Which hypotheses are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Neither decided nor withdrawn; what ends first comes first.
    Open,
    /// What was decided last comes first.
    Decided,
    Withdrawn,
    /// One of them, whatever became of it.
    One(HypothesisId),
}

impl Which {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::Open => Some("open"),
            Self::Decided => Some("decided"),
            Self::Withdrawn => Some("withdrawn"),
            Self::One(_) => None,
        }
    }
}

/// Lets nobody else count or add hypotheses of the team until the transaction ends.
pub async fn hold_all(connection: &mut PgConnection, team: TeamId) -> Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('hypotheses ' || $1::text, 0))",
        team.uuid().to_string(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many hypotheses are neither decided nor withdrawn.
pub async fn count_open(db: impl PgExecutor<'_>, team: TeamId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "count!" FROM hypotheses
        WHERE team_id = $1 AND withdrawn_at IS NULL AND NOT EXISTS (
            SELECT FROM decisions WHERE decisions.team_id = hypotheses.team_id AND hypothesis_id = hypotheses.id
        )
        "#,
        team as _,
    )
    .fetch_one(db)
    .await?)
}

/// Stores a new hypothesis. Tells whether it is new: `false` when the id is taken.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    id: HypothesisId,
    draft: &Draft,
    created_by: PersonId,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO hypotheses (team_id, id, if_we, then_it, because, metric, target, starts_on, ends_on, toggle, sample,
                                created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT ON CONSTRAINT hypotheses_pkey DO NOTHING
        "#,
        team as _,
        id as _,
        draft.if_we,
        draft.then_it,
        draft.because,
        draft.metric.as_str(),
        draft.target,
        draft.period.from,
        draft.period.to,
        draft.toggle.map(Toggle::as_str),
        draft.sample,
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Whether the hypothesis of this id is the same. It stays as it was written, so that is how it was created, too.
pub async fn is_same(
    db: impl PgExecutor<'_>,
    team: TeamId,
    id: HypothesisId,
    draft: &Draft,
    created_by: PersonId,
) -> Result<bool> {
    let same = sqlx::query_scalar!(
        r#"
        SELECT (if_we, then_it, because, metric, target, starts_on, ends_on, sample, created_by)
             = ($3, $4, $5, $6, $7::double precision, $8::date, $9::date, $11::integer, $12::uuid)
           AND toggle IS NOT DISTINCT FROM $10 AS "same!"
        FROM hypotheses WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        id as _,
        draft.if_we,
        draft.then_it,
        draft.because,
        draft.metric.as_str(),
        draft.target,
        draft.period.from,
        draft.period.to,
        draft.toggle.map(Toggle::as_str),
        draft.sample,
        created_by as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(same.unwrap_or_default())
}

/// Holds a hypothesis still until the transaction ends.
///
/// # Errors
/// 404 when the team has no such hypothesis.
pub async fn hold(connection: &mut PgConnection, team: TeamId, id: HypothesisId) -> Result<()> {
    let held = sqlx::query!(
        "SELECT id FROM hypotheses WHERE team_id = $1 AND id = $2 FOR UPDATE",
        team as _,
        id as _,
    )
    .fetch_optional(connection)
    .await?;
    held.map(drop).ok_or_else(Error::not_found)
}

/// Takes a hypothesis back.
pub async fn withdraw(
    connection: &mut PgConnection,
    team: TeamId,
    id: HypothesisId,
    by: PersonId,
) -> Result<()> {
    sqlx::query!(
        "UPDATE hypotheses SET withdrawn_by = $3, withdrawn_at = now() WHERE team_id = $1 AND id = $2",
        team as _,
        id as _,
        by as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores what was decided, with what is known.
pub async fn decide(
    connection: &mut PgConnection,
    team: TeamId,
    id: HypothesisId,
    verdict: Verdict,
    reason: &Reason,
    evidence: &Evidence,
    by: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        "#,
        team as _,
        id as _,
        verdict.as_str(),
        reason.as_str(),
        Json(evidence) as _,
        by as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Some hypotheses of a team.
pub async fn some(
    db: impl PgExecutor<'_>,
    team: TeamId,
    which: Which,
    limit: i64,
) -> Result<Vec<Hypothesis>> {
    let id = match which {
        Which::One(id) => Some(id),
        _ => None,
    };
    let rows = sqlx::query!(
        r#"
        SELECT hypotheses.id, if_we, then_it, because, metric, target, starts_on, ends_on, toggle, sample,
               creator.name AS created_by,
               (hypotheses.created_at AT TIME ZONE time_zone)::date AS "created_on!",
               withdrawn_at IS NOT NULL AS "is_withdrawn!",
               verdict AS "verdict?", reason AS "reason?", evidence AS "evidence?: Json<Evidence>",
               decider.name AS "decided_by?", (decided_at AT TIME ZONE time_zone)::date AS decided_on
        FROM hypotheses JOIN teams USING (team_id) JOIN people AS creator ON creator.id = created_by
        LEFT JOIN decisions ON decisions.team_id = hypotheses.team_id AND hypothesis_id = hypotheses.id
        LEFT JOIN people AS decider ON decider.id = decided_by
        WHERE hypotheses.team_id = $1 AND ($2::uuid IS NULL OR hypotheses.id = $2)
          AND coalesce($3 = CASE
                  WHEN hypothesis_id IS NOT NULL THEN 'decided'
                  WHEN withdrawn_at IS NOT NULL THEN 'withdrawn'
                  ELSE 'open'
              END, true)
        ORDER BY decided_at DESC, ends_on, hypotheses.id LIMIT $4
        "#,
        team as _,
        id as _,
        which.word(),
        limit,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let decision = match (row.verdict, row.reason, row.evidence, row.decided_on) {
                (Some(verdict), Some(reason), Some(evidence), Some(on)) => Some(Decision {
                    verdict: verdict.parse()?,
                    reason,
                    evidence: evidence.0,
                    by: row.decided_by.unwrap_or_default(),
                    on,
                }),
                _ => None,
            };
            Ok(Hypothesis {
                id: row.id.into(),
                statement: Statement {
                    if_we: row.if_we,
                    then_it: row.then_it,
                    because: row.because,
                },
                metric: row.metric.parse()?,
                target: row.target,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
                toggle: row.toggle,
                sample: row.sample,
                created_by: row.created_by,
                created_on: row.created_on,
                is_withdrawn: row.is_withdrawn,
                decision,
            })
        })
        .collect()
}

/// One hypothesis.
///
/// # Errors
/// 404 when the team has no such hypothesis.
pub async fn one(db: impl PgExecutor<'_>, team: TeamId, id: HypothesisId) -> Result<Hypothesis> {
    let found = some(db, team, Which::One(id), 1).await?;
    found.into_iter().next().ok_or_else(Error::not_found)
}

/// What the team is called.
pub async fn team_name(db: impl PgExecutor<'_>, team: TeamId) -> Result<String> {
    Ok(
        sqlx::query_scalar!("SELECT name FROM teams WHERE team_id = $1", team as _)
            .fetch_one(db)
            .await?,
    )
}
