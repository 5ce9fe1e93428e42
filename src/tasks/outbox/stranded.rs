//! What is not sent because its person is not in the team any more, or signed out: shown with its words, to be copied
//! or discarded. Nothing else may show it: the pages of the team are closed to them.

use leptos::{prelude::*, task::spawn_local};

use super::{Deed, TaskRef, drop_all, kept, use_unsent};
use crate::{
    accounts::account_page::load_account,
    error::Code,
    forms::unsaid::{Typed, WhatWasTyped, label_of},
    ids::PersonId,
    live::listener::use_live,
    tasks::task_page::draft,
};

/// What is shown of it.
#[derive(Clone, Default, PartialEq, Eq)]
struct Words {
    /// The texts that wait to be sent.
    texts: Vec<Typed>,
    /// In words what has no text.
    wordless: Vec<String>,
    /// The texts of what was being written, which only this tab keeps.
    drafts: Vec<Typed>,
}

/// Stands below the word that it is not sent, while a page of the team is still open.
#[component]
pub fn StrandedHere() -> impl IntoView {
    let (live, unsent) = (use_live(), use_unsent());
    let is_shut = Memo::new(move |_| {
        let is_refused = live.held.with(|held| {
            held.as_ref()
                .is_some_and(|error| error.code == Code::Unauthenticated)
        });
        is_refused || live.shut.get().is_some()
    });
    let stranded = Memo::new(move |_| {
        if is_shut.get() {
            words(&unsent.all())
        } else {
            Words::default()
        }
    });
    let discard = Callback::new(|()| drop_all());
    view! { <Stranded words=stranded is_open=false discard=discard /> }
}

/// Stands on the page that says that there is no such team, or none for its reader. What this tab keeps of what
/// was being written is there as well.
#[component]
pub fn StrandedFor(team: String) -> impl IntoView {
    let stranded = RwSignal::new(Words::default());
    let me = StoredValue::new(None::<PersonId>);
    let team = StoredValue::new(team);
    Effect::new(move |_| {
        let slug = team.get_value();
        if !kept::is_anything_kept_for(&slug) && !draft::is_anything_kept_for(&slug) {
            return;
        }
        spawn_local(async move {
            // Whoever is not signed in is not told what somebody has typed here.
            let Ok(account) = load_account().await else {
                return;
            };
            if stranded.is_disposed() {
                return;
            }
            let places = kept::places(account.id, &slug);
            let deeds: Vec<_> = places
                .iter()
                .flat_map(|place| kept::read(place).0)
                .collect();
            stranded.set(Words {
                drafts: draft::texts_of_team(account.id, &slug),
                ..words(&deeds)
            });
            me.set_value(Some(account.id));
        });
    });
    let discard = Callback::new(move |()| {
        let (Some(me), slug) = (me.get_value(), team.get_value()) else {
            return;
        };
        for place in kept::places(me, &slug) {
            let (_, unreadable) = kept::read(&place);
            kept::leave(&place, &unreadable);
        }
        draft::forget_team(me, &slug);
        stranded.set(Words::default());
    });
    view! { <Stranded words=stranded is_open=true discard=discard /> }
}

/// The list stays on the page while there is anything in it: it does not close on whoever has opened it to copy a text.
#[component]
fn Stranded(
    #[prop(into)] words: Signal<Words>,
    is_open: bool,
    discard: Callback<()>,
) -> impl IntoView {
    let is_any = Memo::new(move |_| words.with(|words| *words != Words::default()));
    let texts = move || {
        let texts = words.with(|words| words.texts.clone());
        (!texts.is_empty()).then(|| {
            view! {
                <WhatWasTyped
                    fields=texts
                    hint="It is not sent. This browser keeps it; copy it if you need it elsewhere."
                />
            }
        })
    };
    let wordless = move || {
        let wordless = words.with(|words| words.wordless.clone());
        let lines = wordless.into_iter();
        lines.map(|words| view! { <p>{words}</p> }).collect_view()
    };
    let drafts = move || {
        let drafts = words.with(|words| words.drafts.clone());
        (!drafts.is_empty()).then(|| {
            view! {
                <WhatWasTyped
                    fields=drafts
                    label="Drafts"
                    hint="It is not saved. Only this tab keeps it; copy it if you need it."
                />
            }
        })
    };
    let ask = move |_| {
        let is_meant = window().confirm_with_message("Discard what is not sent?");
        if is_meant.unwrap_or(false) {
            discard.run(());
        }
    };
    view! {
        <Show when=move || is_any.get()>
            <section class="refusal" aria-label="What is not sent">
                <details class="opens" open=is_open>
                    <summary>"What is not sent"</summary>
                    {texts}
                    {wordless}
                    {drafts}
                    <p class="actions">
                        <button type="button" class="quiet danger" on:click=ask>
                            "Discard"
                        </button>
                    </p>
                </details>
            </section>
        </Show>
    }
}

fn words(deeds: &[Deed]) -> Words {
    let mut words = Words::default();
    for (number, deed) in deeds.iter().enumerate() {
        let typed = typed(number, deed);
        if typed.is_empty() {
            words.wordless.push(deed.refusal().0);
        }
        words.texts.extend(typed);
    }
    words
}

/// The texts of a deed. Its number tells them from those of others.
fn typed(number: usize, deed: &Deed) -> Vec<Typed> {
    let name_of = |task: &TaskRef| task.key().unwrap_or_else(|_| "a new task".to_owned());
    let text = |field: &str, label: String, text: &str| Typed {
        name: format!("unsent-{number}-{field}"),
        label,
        text: text.to_owned(),
    };
    let texts = match deed {
        Deed::Create { title, .. } => vec![text("title", "New task".to_owned(), title)],
        Deed::Comment { task, body, .. } => {
            vec![text("body", format!("Comment on {}", name_of(task)), body)]
        }
        Deed::Edit { task, fields, .. } => {
            let texts = fields.iter().filter_map(|(field, (_, typed))| {
                let label = format!("{} of {}", label_of(field)?, name_of(task));
                Some(text(field, label, typed))
            });
            texts.collect()
        }
        Deed::Move { .. }
        | Deed::Claim { .. }
        | Deed::Assign { .. }
        | Deed::Many { .. }
        | Deed::Undo { .. } => Vec::new(),
    };
    let with_words = texts.into_iter();
    with_words
        .filter(|typed| !typed.text.trim().is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CommentId, TaskId};

    #[test]
    fn what_was_typed_is_shown_and_what_was_chosen_is_not() {
        let task = TaskRef {
            id: TaskId::new(),
            board: "WEB".to_owned(),
            number: 7,
        };
        let field = |name: &str, text: &str| (name.to_owned(), (String::new(), text.to_owned()));
        let deeds = [
            Deed::Comment {
                task: task.clone(),
                id: CommentId::new(),
                body: "Words".to_owned(),
            },
            Deed::Edit {
                task: task.clone(),
                version: 1,
                fields: [field("title", "Named anew"), field("priority", "high")].into(),
            },
            Deed::Claim { task },
        ];
        let words = words(&deeds);
        assert_eq!(words.wordless, ["WEB-7 was not claimed."]);
        let shown: Vec<_> = words
            .texts
            .iter()
            .map(|typed| (typed.label.as_str(), typed.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("Comment on WEB-7", "Words"),
                ("Title of WEB-7", "Named anew")
            ]
        );
    }
}
