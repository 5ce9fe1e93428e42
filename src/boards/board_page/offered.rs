//! What the palette offers on a board: for the card that has the focus, and otherwise a new task.

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    keys::{begin_new_task, edit, focused_card},
    move_menu::focus_card,
    state::{BoardState, Step},
};
use crate::{
    ids::TaskId,
    palette::{Offer, Visit, choice::Choice, use_palette, visited},
    tasks::{
        offered::{self, Doing, Facts, copy_link},
        task_page::{arrival, watch},
    },
};

/// Offers it as long as the board stands, and remembers that one was here. `open` leads to a task's page.
pub fn offer(state: &BoardState, open: impl Fn(&str) + Clone + 'static) {
    let (board, palette) = (state.clone(), use_palette());
    Effect::new(move |_| {
        let (board, open) = (board.clone(), SendWrapper::new(open.clone()));
        palette.offer(move || {
            if board.covered.try_get_untracked()? {
                return None;
            }
            let card = focused_card().and_then(|id| Some((id, facts(&board, id)?)));
            let Some((id, facts)) = card else {
                return board.may_write.then(|| for_board(&board));
            };
            let (board, open) = (board.clone(), open.clone());
            Some(offered::offer(&facts, true, move |doing| {
                act(&board, id, doing, &*open);
            }))
        });
    });
    let (team, key, name) = (state.team.clone(), state.key.clone(), state.name);
    visited(move || Visit {
        href: format!("/teams/{team}/boards/{key}"),
        words: name.get(),
        beside: key.clone(),
    });
}

fn for_board(board: &BoardState) -> Offer {
    let state = board.clone();
    let new_task = Choice::does("New task", move || {
        begin_new_task(&state);
    });
    Offer {
        about: board.name.get_untracked(),
        choices: vec![new_task],
    }
}

/// Nothing for a card that has no number yet: it has no key to ask for.
fn facts(board: &BoardState, id: TaskId) -> Option<Facts> {
    let view = board.card(id)?.view.get_untracked();
    let columns: Vec<_> = board.columns.iter().collect();
    (view.number > 0).then(|| Facts {
        key: board.task_key(&view),
        column: Some(view.column),
        columns: columns.into_iter().map(|column| column.view).collect(),
        holder: view.assignee,
        people: board.people.get_untracked(),
        me: board.me.clone(),
        due_on: view.due_on,
        today: board.today.clone(),
        priority: view.priority,
        labels: view.labels,
        known_labels: untrack(|| board.labels()),
        may_write: board.may_write,
        watched: None,
    })
}

fn act(board: &BoardState, id: TaskId, doing: Doing, open: &impl Fn(&str)) {
    // The palette may stay open longer than the board.
    if !board.is_shown() {
        return;
    }
    let view = board.card(id).map(|card| card.view.get_untracked());
    let Some(view) = view else {
        return;
    };
    let (team, key) = (board.team.clone(), board.task_key(&view));
    match doing {
        Doing::Open => {
            arrival::opened(id);
            open(&board.link(&view));
        }
        Doing::Claim => board.claim(id),
        Doing::Assign(person) => board.assign(id, person),
        Doing::Move(column) => board.shift(id, column, Step::End),
        Doing::Change(field, value) => board.edit(id, field, &value),
        Doing::Edit(field) => edit(board, id, field, open),
        Doing::Watch(wanted) => {
            let announcer = board.announcer;
            spawn_local(async move {
                watch::ask(announcer, team, key, wanted).await;
            });
        }
        Doing::CopyLink => copy_link(board.announcer, &team, &key),
        Doing::Delete => board.delete(id),
    }
    focus_card(id);
}
