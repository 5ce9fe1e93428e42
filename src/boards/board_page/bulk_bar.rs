//! What can be done with the selected cards, below the board as long as there are any.

use std::sync::Arc;

use leptos::{ev::SubmitEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    bulk::tasks,
    state::{BoardState, Menu, use_board},
};
use crate::{
    tasks::{
        bulk::{self, BulkDeed},
        model::Labels,
    },
    ui::confirm::{Answers, Confirm},
};

#[component]
pub fn BulkBar() -> impl IntoView {
    let state = use_board();
    let count = {
        let state = state.clone();
        Memo::new(move |_| state.chosen().len())
    };
    let said = {
        let state = state.clone();
        move || state.how_many_are_chosen()
    };
    view! {
        <p class="visually-hidden" aria-live="polite">{said}</p>
        <Show when=move || count.get() != 0>
            {
                let (state, cleared) = (state.clone(), state.clone());
                view! {
                    <section class="bulk-bar" aria-label="Selected tasks">
                        <p class="bulk-count">{move || format!("{} selected", count.get())}</p>
                        <Opener id="bulk-move" words="Move" menu=Menu::PlaceOfMany />
                        <Opener id="bulk-assign" words="Assign" menu=Menu::PersonOfMany />
                        <LabelQuestion state=state.clone() />
                        <DueQuestion state=state.clone() />
                        <DeleteQuestion state=state count=count />
                        <button type="button" class="quiet" on:click=move |_| cleared.choose_nothing()>
                            "Clear"
                        </button>
                    </section>
                }
            }
        </Show>
    }
}

#[component]
fn Opener(id: &'static str, words: &'static str, menu: Menu) -> impl IntoView {
    let state = use_board();
    let open = move |_| {
        state.open_for_chosen(menu);
    };
    view! {
        <button type="button" class="quiet" id=id aria-haspopup="menu" on:click=open>
            {words}
        </button>
    }
}

const LABEL: &str = "bulk-label";
const DUE: &str = "bulk-due";
const DELETE: &str = "bulk-delete";

/// Puts a label on the tasks, or takes one off.
#[component]
fn LabelQuestion(state: Arc<BoardState>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let refused = RwSignal::new(None);
    let (all, theirs) = (state.clone(), state.clone());
    let known = move || {
        let labels = all.labels().into_iter();
        labels
            .map(|label| view! { <option value=label></option> })
            .collect_view()
    };
    let add = {
        let state = state.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.get_untracked() else {
                return;
            };
            match bulk::label(&field.value()) {
                Ok(label) => {
                    refused.set(None);
                    field.set_value("");
                    close(LABEL);
                    state.do_with_chosen(BulkDeed::AddLabel(label));
                }
                Err(error) => refused.set(Some(error.message)),
            }
        }
    };
    let takes = move || {
        let mut labels = Vec::new();
        for card in theirs.chosen() {
            card.view
                .with(|view| labels.extend_from_slice(&view.labels));
        }
        labels.sort_unstable();
        labels.dedup();
        let take = |label: String| {
            let (state, words) = (theirs.clone(), format!("Remove {label}"));
            let deed = BulkDeed::RemoveLabel(label);
            let take = move |_| state.do_with_chosen(deed.clone());
            view! {
                <button
                    type="button"
                    popovertarget=LABEL
                    popovertargetaction="hide"
                    on:click=take
                >
                    {words}
                </button>
            }
        };
        labels.into_iter().map(take).collect_view()
    };
    view! {
        <Confirm id=LABEL opener="Label" title="Label the selected tasks">
            <form on:submit=add class="inline-form">
                <div class="field">
                    <label for="bulk-label-field">"Label"</label>
                    <input
                        id="bulk-label-field"
                        node_ref=field
                        list="bulk-labels"
                        maxlength=Labels::MAX_LENGTH.to_string()
                        autocomplete="off"
                        autofocus
                        required
                    />
                    <datalist id="bulk-labels">{known}</datalist>
                </div>
                <button type="submit" class="primary">
                    "Add label"
                </button>
                {move || refused.get().map(|words| view! { <p class="form-error" role="alert">{words}</p> })}
            </form>
            <div class="actions">{takes}</div>
            <Answers>""</Answers>
        </Confirm>
    }
}

/// Gives the tasks a due date, or takes it away.
#[component]
fn DueQuestion(state: Arc<BoardState>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let set = {
        let state = state.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                close(DUE);
                state.do_with_chosen(BulkDeed::Due(Some(field.value())));
            }
        }
    };
    view! {
        <Confirm id=DUE opener="Due" title="When the selected tasks are due">
            <form on:submit=set class="inline-form">
                <div class="field">
                    <label for="bulk-due-field">"Due date"</label>
                    <input
                        id="bulk-due-field"
                        node_ref=field
                        type="date"
                        min="2000-01-01"
                        max="2199-12-31"
                        autofocus
                        required
                    />
                </div>
                <button type="submit" class="primary">
                    "Set date"
                </button>
            </form>
            <Answers>
                <button
                    type="button"
                    popovertarget=DUE
                    popovertargetaction="hide"
                    on:click=move |_| state.do_with_chosen(BulkDeed::Due(None))
                >
                    "No date"
                </button>
            </Answers>
        </Confirm>
    }
}

#[component]
fn DeleteQuestion(state: Arc<BoardState>, count: Memo<usize>) -> impl IntoView {
    view! {
        <Confirm id=DELETE opener="Delete" title="Delete the selected tasks?" danger=true>
            <p>{move || format!("{}. They can be restored for 30 days.", tasks(count.get()))}</p>
            <Answers>
                <button
                    type="button"
                    class="danger"
                    popovertarget=DELETE
                    popovertargetaction="hide"
                    on:click=move |_| state.do_with_chosen(BulkDeed::Delete)
                >
                    "Delete"
                </button>
            </Answers>
        </Confirm>
    }
}

/// Closes a question that is open.
fn close(id: &str) {
    let question = document().get_element_by_id(id);
    if let Some(question) = question.and_then(|question| question.dyn_into::<HtmlElement>().ok()) {
        // It can fail only while it is closed or not in the document.
        let _ = question.hide_popover();
    }
}
