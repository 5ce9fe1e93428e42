//! What becomes of the fields when nothing can be saved any more: somebody deletes the task, archives its board, or takes
//! the right to write. Whoever is typing goes on; whoever comes later finds what they had typed.

use leptos::{context::Provider, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

use super::{data::TaskPageData, state::TaskState};
use crate::{
    forms::unsaid::{Typed, WhatWasTyped},
    tasks::{outbox::use_unsent, requests::restore_task},
    ui::{
        dom::{find, find_in, focus, scroll_near},
        focus::when_focus_is_lost,
    },
};

/// What keeps anything from being saved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    Deleted { may_restore: bool },
    Archived,
    ReadOnly,
}

fn why_closed(page: &TaskPageData) -> Option<Closed> {
    if page.task.deleted_at.is_some() {
        let may_restore = page.may_write;
        Some(Closed::Deleted { may_restore })
    } else if page.may_write {
        None
    } else if page.task.board_archived {
        Some(Closed::Archived)
    } else {
        Some(Closed::ReadOnly)
    }
}

/// Whether what is typed can be saved.
pub fn is_editable(page: &TaskPageData) -> bool {
    why_closed(page).is_none()
}

/// Whether the fields around something can be used no more.
#[derive(Clone, Copy)]
struct AreClosed(RwSignal<bool>);

/// Fields that can be used no more from the moment that nothing can be saved, unless somebody is at them or has typed
/// something: those stay as they are. Otherwise a word would end in the middle, and the rest of it would be shortcuts.
#[component]
pub fn ClosableFields(
    state: TaskState,
    editable: Memo<bool>,
    class: &'static str,
    /// Whether they hold something that is not saved.
    is_typed: fn(TaskState, &Element) -> bool,
    children: Children,
) -> impl IntoView {
    let fields = NodeRef::<html::Fieldset>::new();
    let is_closed = RwSignal::new(false);
    let unsent = use_unsent();
    let task = state.page.with_untracked(|page| page.task.id);
    Effect::new(move |before: Option<bool>| {
        let now = editable.get();
        // What was on the way when they were closed comes back into them when it is refused.
        state.changed.track();
        let _ = unsent.concerns(task);
        let is_used = || {
            let fields = fields.get_untracked();
            fields.is_some_and(|fields| holds_cursor(&fields) || is_typed(state, &fields))
        };
        if now || is_used() {
            is_closed.set(false);
            if before == Some(true) && !now {
                keep_in_sight(fields);
            }
        } else if before == Some(true) {
            is_closed.set(true);
        }
        now
    });
    view! {
        <fieldset class=class disabled=move || is_closed.get() node_ref=fields>
            <Provider value=AreClosed(is_closed)>{children()}</Provider>
        </fieldset>
    }
}

/// Keeps the field that has the focus in sight, with what is said beside it: what is said above has moved both.
fn keep_in_sight(fields: NodeRef<html::Fieldset>) {
    request_animation_frame(move || {
        let fields = fields.try_get_untracked().flatten();
        if let Some(fields) = fields.filter(|fields| holds_cursor(fields)) {
            scroll_near(&fields);
            if let Some(field) = document().active_element() {
                scroll_near(&field);
            }
        }
    });
}

/// Whether the focus is where one types or chooses.
fn holds_cursor(fields: &Element) -> bool {
    document().active_element().is_some_and(|active| {
        fields.contains(Some(&active)) && active.matches("input, textarea, select").unwrap_or(false)
    })
}

/// Whether a field of the task holds something unsaved.
pub fn has_changes(state: TaskState, _: &Element) -> bool {
    state.changed.with_untracked(|fields| !fields.is_empty())
}

/// Whether a comment is begun.
pub fn has_comment(_: TaskState, fields: &Element) -> bool {
    let field = find_in(fields, "textarea");
    let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    field.is_some_and(|field| !field.value().is_empty())
}

/// Says beside a field that can still be used why nothing can be saved any more, because what is said above the page may
/// be out of sight. It is not read out: what stands above is.
#[component]
pub fn WhyClosed(
    state: TaskState,
    /// What finds the field, for the focus that the button loses.
    field: &'static str,
) -> impl IntoView {
    let why = Memo::new(move |_| state.page.with(why_closed));
    let around = use_context::<AreClosed>();
    let restore = move |_| {
        let (team, key) = (state.team.get_value(), state.key.get_value());
        let announcer = state.announcer;
        spawn_local(async move {
            if let Err(error) = restore_task(team, key.clone(), None).await {
                return announcer.failure(error.message);
            }
            announcer.success(format!("{key} restored."));
            if state.page.is_disposed() {
                return;
            }
            if state.refresh_all().await.is_err() {
                state.refresh();
            }
            when_focus_is_lost(move || {
                if let Some(field) = find(field) {
                    focus(&field);
                }
            });
        });
    };
    move || {
        let why = why.get()?;
        if around.is_some_and(|fields| fields.0.get()) {
            return None;
        }
        let key = state.key.get_value();
        let words = match why {
            Closed::Deleted { .. } => format!(
                "{key} was deleted meanwhile. What you type stays here, and can be saved when the task is restored."
            ),
            Closed::Archived => {
                "The board was archived meanwhile. What you type stays here, and can be saved when the board is back."
                    .to_owned()
            }
            Closed::ReadOnly => {
                "You may only read now. What you type stays here, but cannot be saved.".to_owned()
            }
        };
        let may_restore = why == Closed::Deleted { may_restore: true };
        Some(view! {
            <div class="notice warning">
                <p>{words}</p>
                {may_restore
                    .then(|| {
                        view! {
                            <p class="actions">
                                <button type="button" on:click=restore>
                                    "Restore it"
                                </button>
                            </p>
                        }
                    })}
            </div>
        })
    }
}

/// What somebody typed before the page had no fields for it any more, to be copied.
#[component]
pub fn KeptTexts(state: TaskState, has_fields: Memo<bool>) -> impl IntoView {
    let kept = RwSignal::new(Vec::<Typed>::new());
    Effect::new(move |_| {
        let texts = if has_fields.get() {
            Vec::new()
        } else {
            state.kept_texts()
        };
        kept.set(texts);
    });
    move || {
        let texts = kept.get();
        (!texts.is_empty()).then(|| {
            view! {
                <div class="task-said">
                    <div class="refusal">
                        <WhatWasTyped
                            fields=texts
                            hint="It is not saved. This tab keeps it until the task can be changed again; copy it if you need it elsewhere."
                        />
                    </div>
                </div>
            }
        })
    }
}
