//! A card: key, title, who, when it is due if that matters, and how urgent if it is not normal.

use leptos::prelude::*;

use super::{
    move_menu::focus_card,
    state::{CardState, Menu, use_board},
};
use crate::{
    live::listener::use_live,
    tasks::{due, model::Priority, outbox::use_unsent},
    ui::{avatar::Avatar, derived::derived},
};

#[component]
pub fn Card(card: CardState, can_move_inside: Signal<bool>) -> impl IntoView {
    let state = use_board();
    let may_write = state.may_write;
    let id = card.id;
    let view = card.view;
    let key = {
        let state = state.clone();
        Signal::derive(move || view.with(|view| state.task_key(view)))
    };
    // The number is the server's to give.
    let shown_key = move || {
        if view.with(|view| view.number == 0) {
            "Adding…".to_owned()
        } else {
            key.get()
        }
    };
    let link = {
        let state = state.clone();
        Signal::derive(move || view.with(|view| state.link(view)))
    };
    let unassigned = derived(move || view.with(|view| view.assignee.is_none()));
    let (live, unsent) = (use_live(), use_unsent());
    let pending = card.pending;
    // What an earlier page has asked for is on the way as well.
    let waits = derived(move || {
        let is_on_the_way = pending.get() || unsent.concerns(id);
        is_on_the_way && live.is_waiting()
    });
    view! {
        <li
            class="card"
            class:pending=pending
            class:touched=card.touched
            data-task=id.to_string()
        >
            <a class="card-title" href=link>
                {move || view.with(|view| view.title.clone())}
            </a>
            <p class="card-facts">
                <span class="task-key">{shown_key}</span>
                {move || waits.get().then(|| view! { <span class="unsent">"Not sent yet"</span> })}
                <Facts card=card.clone() open=can_move_inside />
            </p>
            {may_write
                .then(|| {
                    let (claims, moves) = (state.clone(), state.clone());
                    view! {
                        <div class="card-actions">
                            {move || {
                                let claims = claims.clone();
                                (may_write && can_move_inside.get() && unassigned.get())
                                    .then(|| {
                                        view! {
                                            <button
                                                class="quiet claim"
                                                form="claim"
                                                name="task"
                                                value=key
                                                on:click=move |event| {
                                                    event.prevent_default();
                                                    claims.claim(id);
                                                    focus_card(id);
                                                }
                                            >
                                                "Claim"
                                            </button>
                                        }
                                    })
                            }}
                            <button
                                class="quiet move"
                                form="open"
                                formaction=link
                                aria-haspopup="menu"
                                on:click=move |event| {
                                    event.prevent_default();
                                    moves.menu.set(Some((id, Menu::Place)));
                                }
                            >
                                "Move"
                            </button>
                            // The board obeys a click on it.
                            <input
                                type="checkbox"
                                class="choose only-scripts"
                                aria-label="Select"
                                autocomplete="off"
                                prop:checked=card.chosen
                            />
                        </div>
                    }
                })}
        </li>
    }
}

/// What is worth knowing about a task beside its title.
#[component]
fn Facts(card: CardState, open: Signal<bool>) -> impl IntoView {
    let state = use_board();
    let view = card.view;
    move || {
        view.with(|view| {
            let due = view.due_on.as_ref().filter(|_| open.get()).map(|due| {
                let class = due::Nearness::of(due, &state.today).class();
                view! {
                    <time class=class datetime=due.clone()>
                        {due::words(due, &state.today)}
                    </time>
                }
            });
            let priority = (view.priority != Priority::Normal).then(|| {
                let class = format!("priority {}", view.priority.as_str());
                view! { <span class=class>{view.priority.label()}</span> }
            });
            let assignee = view.assignee.as_ref().map(|person| {
                let words = person.as_holder(view.assignee_left);
                view! { <span class="assignee"><Avatar name=person.name.clone() />{words}</span> }
            });
            view! {
                {due}
                {priority}
                {assignee}
            }
        })
    }
}
