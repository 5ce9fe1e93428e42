//! Deleting a task, from its page or from its board.

use leptos::task::spawn_local;

use super::undo::lasting;
use crate::{
    tasks::requests::{delete_task, restore_task},
    ui::announce::Announcer,
};

/// Asks for it, and says why when it is refused.
pub async fn ask(announcer: Announcer, team: &str, key: &str) -> bool {
    let answer = delete_task(team.to_owned(), key.to_owned(), None).await;
    if let Err(error) = &answer {
        announcer.failure(format!("{key} was not deleted. {}", error.message));
    }
    answer.is_ok()
}

/// Says that it is done, with the way back.
pub fn say(announcer: Announcer, team: String, key: String) {
    let words = format!("{key} deleted.");
    let undo = move || {
        let (team, key) = (team.clone(), key.clone());
        spawn_local(async move {
            match restore_task(team, key.clone(), None).await {
                Ok(()) => announcer.success(format!("{key} restored.")),
                Err(error) => announcer.failure(error.message),
            }
        });
    };
    announcer.undoable(words, lasting(undo));
}
