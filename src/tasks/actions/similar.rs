//! No work is written down twice: what may be the same work as a title that is being typed.

use std::time::Duration;

use crate::{
    accounts::limits::Limit,
    error::Result,
    people::access::Access,
    tasks::{
        model::{SHORTEST_SIMILAR, SimilarTask, TaskKey, TaskTitle},
        store,
    },
};

/// Questions of one person: somebody who types and pauses asks about once a second.
const QUESTIONS: Limit = Limit::new("similar_per_person", 240, Duration::from_secs(60));

/// The open tasks, and those finished in the last 60 days, that may be the same work: five at most, the
/// likeliest first. Of archived boards there is none, and none of a title of fewer than three letters.
///
/// # Errors
/// A field error on `title` when it cannot be a title, and 429 after too many.
pub async fn similar_tasks(
    access: &Access,
    title: &str,
    except: Option<&TaskKey>,
) -> Result<Vec<SimilarTask>> {
    if title.trim().is_empty() {
        return Ok(Vec::new());
    }
    let title = TaskTitle::parse(title)?;
    let letters = title.as_str().chars().filter(|sign| sign.is_alphanumeric());
    if letters.count() < SHORTEST_SIMILAR {
        return Ok(Vec::new());
    }
    QUESTIONS
        .count(access.db(), &access.person().id.to_string())
        .await?;
    store::similar(access.db(), access.team(), title.as_str(), except).await
}
