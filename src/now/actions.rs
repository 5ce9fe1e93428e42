//! What is remarked on when work is given away. It warns, and forbids nothing.

use super::store::{self, Overload};
use crate::{ids::ChangeId, people::access::Access};

/// Who has too much in progress after a change that gave them a task, in words. The change lasts already, so
/// nothing is said when it cannot be found out.
pub async fn remark_on(access: &Access, change: ChangeId) -> Option<String> {
    let overloaded = store::overloaded_by(access.db(), access.team(), change)
        .await
        .unwrap_or_default();
    let words: Vec<String> = overloaded.iter().map(words).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn words(person: &Overload) -> String {
    let Overload {
        name,
        in_progress,
        limit,
        is_new,
    } = person;
    let now = if *is_new { " now" } else { "" };
    format!("{name}{now} has {in_progress} in progress; the team’s limit is {limit}.")
}
