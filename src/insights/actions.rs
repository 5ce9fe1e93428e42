//! Recording what is counted, for which nobody's deed waits, and reading it.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use time::{Date, Month};

use super::{
    model::{FiguresView, Preset, TypedAt, Warning},
    period::Period,
    store,
};
use crate::{accounts::limits::Limit, error::Result, people::access::Access};

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
    store::record(access.db(), access.team(), person, warning.kind(), &detail).await
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
    let clock = store::clock(access.db(), access.team()).await?;
    let period = match (from, to) {
        (None, None) => Period::last_weeks(clock.today, 8),
        (from, to) => Period::parse(from.unwrap_or_default(), to.unwrap_or_default())?,
    };
    Ok(FiguresView {
        from: period.from.to_string(),
        to: period.to.to_string(),
        time_zone: clock.time_zone,
        presets: presets(clock.today),
        usage: Vec::new(),
        promises: Vec::new(),
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
