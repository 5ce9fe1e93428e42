//! Tasks that an earlier page has added and that are not sent yet stand on the board all the same.

use std::collections::HashMap;

use leptos::prelude::*;

use super::state::{BoardState, CardState, Step};
use crate::{
    ids::TaskId,
    tasks::outbox::{Deed, use_unsent},
};

/// Shows what waits to be added, and what became of it when it waits no more.
pub fn show_unsent(state: &BoardState) {
    let (state, unsent) = (state.clone(), use_unsent());
    Effect::new(move |shown: Option<HashMap<TaskId, CardState>>| {
        let deeds = unsent.all();
        let shown = shown.unwrap_or_default();
        untrack(|| state.show_added(&deeds, shown))
    });
}

impl BoardState {
    /// Gives the cards that are shown only because they wait to be added.
    fn show_added(
        &self,
        deeds: &[Deed],
        mut shown: HashMap<TaskId, CardState>,
    ) -> HashMap<TaskId, CardState> {
        let added = |id: TaskId| {
            let is = |deed: &Deed| matches!(deed, Deed::Create { id: other, .. } if *other == id);
            deeds.iter().any(is)
        };
        let answered: Vec<_> = shown.extract_if(|id, _| !added(*id)).collect();
        for (_, card) in &answered {
            self.catch_up(card);
        }
        // The feed may not have told of it yet, and of what was refused it never does.
        if !answered.is_empty() {
            self.read_again();
        }
        for deed in deeds {
            if let Deed::Create {
                board,
                column,
                id,
                title,
            } = deed
                && *board == self.board
                && self.card(*id).is_none()
                && let Some(target) = self.column(*column)
            {
                let card = self.standing(|| CardState::unsent(*id, *column, title.clone()));
                target.insert(&card, Step::End);
                shown.insert(*id, card);
            }
        }
        shown
    }
}
