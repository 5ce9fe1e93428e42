//! Recording what is counted. Nobody's deed waits for it.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;

use super::{
    model::{TypedAt, Warning},
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
