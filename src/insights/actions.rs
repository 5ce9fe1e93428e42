//! Recording what is counted, for which nobody's deed waits, and reading it.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use time::{Date, Month};
use tokio::time::timeout;

use super::{
    figures::{self, Figures},
    model::{FiguresView, Happened, Preset, TypedAt, Warning},
    period::Period,
    store::{
        self,
        risks::{self, AtRisk},
    },
};
use crate::{
    accounts::limits::Limit,
    error::{Code, Result},
    now::{
        self,
        model::{AT_RISK, NowView},
    },
    people::{
        self,
        access::{Access, Permission},
    },
    tasks::model::TaskKey,
};

/// What one person's browser may tell: more than anybody types.
const TOLD: Limit = Limit::new("usage_per_person", 240, Duration::from_secs(60));

/// Records what became of a warning of similar tasks, of which so many were shown.
///
/// # Errors
/// 429 after too many.
pub async fn record_warning(
    access: &Access,
    warning: Warning,
    typed_at: TypedAt,
    tasks: u8,
) -> Result<()> {
    let person = access.person().id;
    TOLD.count(access.db(), &person.to_string()).await?;
    metrics::counter!("similar_tasks_total", "warning" => warning.as_str()).increment(1);
    let detail = json!({ "typed_at": typed_at, "tasks": tasks });
    store::record(
        access.db(),
        access.team(),
        Some(person),
        warning.kind(),
        &detail,
    )
    .await
}

/// How long a deed waits for its being counted; in tests, which look whether it was, as long as it takes.
const PATIENCE: Duration = Duration::from_millis(if cfg!(test) { 30_000 } else { 250 });

/// Counts something that happened. Whoever did it is told nothing when that fails, and waits for it a moment at
/// most.
pub async fn count(access: &Access, what: Happened) {
    let person = what.is_of_a_person().then_some(access.person().id);
    let nothing = json!({});
    let recorded = store::record(access.db(), access.team(), person, what.kind(), &nothing);
    let kind = what.kind();
    match timeout(PATIENCE, recorded).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(kind, error = %error, "{kind} was not counted"),
        Err(_) => tracing::warn!(kind, "{kind} was not counted in time"),
    }
}

/// Does a deed, and counts it when it was kept from overwriting what somebody else has changed.
///
/// # Errors
/// Those of the deed.
pub async fn counting_conflicts<T>(
    access: &Access,
    deed: impl Future<Output = Result<T>>,
) -> Result<T> {
    let done = deed.await;
    if done.as_ref().is_err_and(|error| error.conflict.is_some()) {
        count(access, Happened::ConflictCaught).await;
    }
    done
}

/// Writes down, in every team, which tasks are at risk by the rules of the Now page, and tells how many were not
/// known to be. A team that has failed does not keep the others from it.
pub async fn note_risks(db: &PgPool) -> Result<u64> {
    let (mut noted, mut failed) = (0, None);
    for slug in risks::teams(db).await? {
        match note_risks_of(db, &slug).await {
            Ok(count) => noted += count,
            // It was dissolved a moment ago.
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(noted), Err)
}

/// Reads the team's Now page as its first owner does.
async fn note_risks_of(db: &PgPool, slug: &str) -> Result<u64> {
    let Some(owner) = people::store::first_owner(db, slug).await? else {
        return Ok(0);
    };
    let access = Access::enter(db, &owner, slug, Permission::Read).await?;
    let now = now::store::now(db, access.team(), None).await?;
    let tasks = at_risk(&now);
    match tasks.is_empty() {
        true => Ok(0),
        false => risks::insert(db, access.team(), &tasks).await,
    }
}

/// The tasks of a Now page that are at risk, and why.
fn at_risk(now: &NowView) -> Vec<AtRisk> {
    let held = now.people.iter().chain(&now.former);
    held.flat_map(|row| &row.tasks)
        .chain(&now.unheld)
        .filter_map(|task| {
            let key: TaskKey = task.key.parse().ok()?;
            let reason = task.risk()?.trim_start_matches(AT_RISK);
            Some(AtRisk {
                board: key.board,
                number: key.number,
                reason: reason.to_owned(),
            })
        })
        .collect()
}

/// Deletes what was counted more than 400 days ago, and tells how much that was.
pub async fn forget_old(db: &PgPool) -> Result<u64> {
    let mut forgotten = 0;
    loop {
        match store::forget_old(db).await? {
            0 => return Ok(forgotten),
            some => forgotten += some,
        }
    }
}

/// The figures of a period; of the last eight weeks when none is named.
///
/// # Errors
/// A field error on `from` or `to` when they are no period.
pub async fn figures(access: &Access, from: Option<&str>, to: Option<&str>) -> Result<FiguresView> {
    let calendar = people::store::calendar(access.db(), access.team()).await?;
    let period = match (from, to) {
        (None, None) => Period::last_weeks(calendar.today, 8),
        (from, to) => Period::parse(from.unwrap_or_default(), to.unwrap_or_default())?,
    };
    let Figures { usage, promises } = figures::read(access, period).await?;
    Ok(FiguresView {
        from: period.from.to_string(),
        to: period.to.to_string(),
        time_zone: calendar.time_zone,
        presets: presets(calendar.today),
        usage,
        promises,
    })
}

/// The periods that are asked for most.
fn presets(today: Date) -> Vec<Preset> {
    let quarter = u8::from(today.month()).div_ceil(3);
    let first = Month::try_from(3 * (quarter - 1) + 1)
        .ok()
        .and_then(|month| Date::from_calendar_date(today.year(), month, 1).ok());
    let quarter = Period {
        from: first.unwrap_or(today),
        to: today,
    };
    [
        ("Last 4 weeks", Period::last_weeks(today, 4)),
        ("Last 8 weeks", Period::last_weeks(today, 8)),
        ("This quarter", quarter),
        ("Last year", Period::last_weeks(today, 52)),
    ]
    .map(|(words, period)| Preset {
        words: words.to_owned(),
        from: period.from.to_string(),
        to: period.to.to_string(),
    })
    .into()
}
