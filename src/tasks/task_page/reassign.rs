//! Another person for a task, on the ground of who is seen to hold it.

use super::data::load_task;
use crate::{
    error::{Code, Error, Result},
    forms::given::Given,
    ids::PersonId,
    people::model::PersonName,
    tasks::requests::edit_task,
};

/// Gives a task to somebody, or to nobody, and says what is to be remarked on.
///
/// # Errors
/// 409 when it is not in the hands of `from` any more.
pub async fn reassign(
    team: &str,
    key: &str,
    from: Option<PersonId>,
    to: Option<PersonId>,
) -> Result<Option<String>> {
    let task = load_task(team.to_owned(), key.to_owned()).await?.task;
    let holder = task.assignee.as_ref().map(|person| person.id);
    // It was asked for before, and the answer was lost.
    if holder == to {
        return Ok(None);
    }
    if holder != from {
        return Err(changed_hands(task.assignee.as_ref()));
    }
    edit_task(
        team.to_owned(),
        key.to_owned(),
        task.version.to_string(),
        Given(None),
        Given(None),
        Given(Some(
            to.map(|person| person.to_string()).unwrap_or_default(),
        )),
        Given(None),
        Given(None),
        Given(None),
        Given(None),
    )
    .await
}

fn changed_hands(holder: Option<&PersonName>) -> Error {
    let words = match holder {
        Some(holder) => format!("{} has this task now.", holder.name),
        None => "Nobody has this task any more.".to_owned(),
    };
    Error::new(Code::Conflict, words)
}
