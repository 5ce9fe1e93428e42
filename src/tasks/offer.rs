//! A claim that came second: it is said who has the task, and another that nobody has can be taken on the spot.

use super::{
    outbox::{Deed, TaskRef, send},
    task_page::lasting,
};
use crate::{error::Error, ids::TaskId, ui::announce::Announcer};

/// Takes the offered task on the page that is shown, and tells whether it is there.
pub type TakeHere = Box<dyn Fn(TaskId) -> bool + Send + Sync>;

/// Says why something was refused, and offers what the server offers instead.
pub fn offer(
    announcer: Announcer,
    team: &str,
    words: String,
    error: &Error,
    here: Option<TakeHere>,
) {
    let Some(free) = error.offer.as_deref() else {
        return announcer.failure(words);
    };
    let address = format!("/teams/{team}/tasks/{}", free.key);
    let words = format!("{words} Nobody has {} “{}”.", free.key, free.title);
    let claim = format!("Claim {}", free.key);
    let (team, free) = (team.to_owned(), free.clone());
    let take = lasting(move || {
        if here.as_ref().is_some_and(|here| here(free.id)) {
            return;
        }
        let Some((board, number)) = free.key.rsplit_once('-') else {
            return;
        };
        let task = TaskRef {
            id: free.id,
            board: board.to_owned(),
            number: number.parse().unwrap_or_default(),
        };
        let (team, key) = (team.clone(), free.key.clone());
        send(Deed::Claim { task }, move |answer| match answer {
            Ok(_) => announcer.success(format!("{key} is yours.")),
            Err(error) => offer(announcer, &team, error.message.clone(), &error, None),
        });
    });
    announcer.failure_or(words, (address, "Open it"), (claim, take));
}
