//! The tasks that may be the same work as the one whose title is being typed, below the field. They come a
//! moment after the last key, are in nobody's way, and what became of them is counted.

use std::time::Duration;

use leptos::{
    ev::KeyboardEvent, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    model::{SHORTEST_SIMILAR, SimilarTask},
    requests::similar_tasks,
};
use crate::{
    insights::{
        model::{TypedAt, Warning},
        requests::record_warning,
    },
    people::shell::keys::table::{Typing, WHILE_TYPING},
    ui::{
        dom::{closest, find_in, focus, target_of},
        keys::pressed,
        words::counted,
    },
};

/// How long nothing is typed before it is asked for.
const PAUSE: Duration = Duration::from_millis(250);

/// What one field knows of similar tasks. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Similar {
    team: StoredValue<String>,
    /// The key of the task that has the title already.
    except: Option<StoredValue<String>>,
    typed_at: TypedAt,
    found: RwSignal<Vec<SimilarTask>>,
    /// Whether something was typed: before that there is nothing to be read out.
    begun: RwSignal<bool>,
    clock: StoredValue<Option<TimeoutHandle>>,
    /// Counts the questions, so that an answer that comes late is not shown.
    asked: StoredValue<u32>,
    /// Whether it was counted that they are shown, once for a title.
    counted: StoredValue<bool>,
}

impl Similar {
    pub fn to_new_task(team: &str) -> Self {
        Self::new(team, None, TypedAt::NewTask)
    }

    pub fn to_renamed(team: &str, key: &str) -> Self {
        Self::new(team, Some(key), TypedAt::Rename)
    }

    fn new(team: &str, except: Option<&str>, typed_at: TypedAt) -> Self {
        Self {
            team: StoredValue::new(team.to_owned()),
            except: except.map(|key| StoredValue::new(key.to_owned())),
            typed_at,
            found: RwSignal::new(Vec::new()),
            begun: RwSignal::new(false),
            clock: StoredValue::new(None),
            asked: StoredValue::new(0),
            counted: StoredValue::new(false),
        }
    }

    /// The field holds another text.
    pub fn typed(self, title: String) {
        self.wait_no_more();
        self.begun.set(true);
        if title.trim().chars().count() < SHORTEST_SIMILAR {
            return self.hide();
        }
        let ask = move || self.ask(title.clone());
        self.clock
            .set_value(set_timeout_with_handle(ask, PAUSE).ok());
    }

    fn ask(self, title: String) {
        if self.found.is_disposed() {
            return;
        }
        self.asked.update_value(|asked| *asked += 1);
        let number = self.asked.get_value();
        let team = self.team.get_value();
        let except = self.except.map(|key| key.get_value());
        spawn_local(async move {
            // It is a courtesy: when it cannot be asked, nothing is said.
            let Ok(found) = similar_tasks(team, title, except).await else {
                return;
            };
            if self.asked.try_get_value() != Some(number) {
                return;
            }
            if !found.is_empty() && !self.counted.get_value() {
                self.counted.set_value(true);
                self.count(Warning::Shown, found.len());
            }
            if self.found.with_untracked(|shown| *shown != found) {
                self.found.set(found);
            }
        });
    }

    /// Takes the list away, and what is still to come with it.
    pub fn hide(self) {
        self.wait_no_more();
        self.asked.update_value(|asked| *asked += 1);
        if self.is_shown() {
            self.found.set(Vec::new());
        }
    }

    /// The title was kept. If similar tasks stood below it, they were ignored.
    pub fn kept(self) {
        let shown = self.found.with_untracked(Vec::len);
        if shown > 0 {
            self.count(Warning::Ignored, shown);
        }
        self.hide();
        self.counted.set_value(false);
    }

    pub fn is_shown(self) -> bool {
        self.found.with_untracked(|found| !found.is_empty())
    }

    fn wait_no_more(self) {
        if let Some(clock) = self.clock.try_update_value(Option::take).flatten() {
            clock.clear();
        }
    }

    fn count(self, warning: Warning, tasks: usize) {
        let team = self.team.get_value();
        let (warning, typed_at) = (
            warning.as_str().to_owned(),
            self.typed_at.as_str().to_owned(),
        );
        spawn_local(async move {
            // What is counted is nobody's deed: without it nothing is lost to the person.
            let _ = record_warning(team, warning, typed_at, tasks.to_string()).await;
        });
    }

    /// Keys in the field and in the list: Escape takes the list away, arrows lead into it and through it.
    /// Tells whether the key was for the list.
    pub fn on_key(self, event: &KeyboardEvent) -> bool {
        if !self.is_shown() {
            return false;
        }
        let around = event
            .current_target()
            .and_then(|around| around.dyn_into::<Element>().ok());
        let (Some(target), Some(around)) = (target_of::<Element>(event), around) else {
            return false;
        };
        let link = closest(&target, ".similar a");
        let handled = match (pressed(WHILE_TYPING, event), link) {
            (Some(Typing::Leave), link) => {
                self.hide();
                link.is_none() || focus_in(&around, FIELD)
            }
            (Some(Typing::IntoSimilar), None) => focus_in(&around, ".similar a"),
            // The last one keeps the focus.
            (Some(Typing::IntoSimilar), Some(link)) => {
                let next = link.next_element_sibling();
                next.is_none_or(|next| focus(&next))
            }
            // Above the first one is the field.
            (Some(Typing::OutOfSimilar), Some(link)) => {
                let before = link.previous_element_sibling();
                match before.filter(|before| before.tag_name() == "A") {
                    Some(before) => focus(&before),
                    None => focus_in(&around, FIELD),
                }
            }
            _ => false,
        };
        if handled {
            event.prevent_default();
            event.stop_propagation();
        }
        handled
    }
}

/// The field whose title is typed.
const FIELD: &str = ":is(input, textarea):not([type=hidden])";

fn focus_in(around: &Element, selector: &str) -> bool {
    find_in(around, selector).is_some_and(|found| focus(&found))
}

/// The list, in which only the links count: the list of a column is that of its cards. `id` is one of its own
/// on the page.
#[component]
pub fn SimilarTasks(similar: Similar, #[prop(into)] id: String) -> impl IntoView {
    let said = move || {
        similar.found.with(|found| match found.len() {
            0 => String::new(),
            count => counted(count, "similar task", "similar tasks"),
        })
    };
    let link = move |task: SimilarTask| {
        let href = format!("/teams/{}/tasks/{}", similar.team.get_value(), task.key);
        let holder = task.assignee.map_or_else(
            || "nobody".to_owned(),
            |person| person.as_holder(task.assignee_left),
        );
        view! {
            <a href=href on:click=move |_| similar.count(Warning::Taken, similar.found.with_untracked(Vec::len))>
                <span class="task-key">{task.key}</span>
                " "
                {task.title}
                <span class="similar-facts">{format!(" {}, {holder}", task.column)}</span>
            </a>
        }
    };
    move || {
        let id = id.clone();
        similar.begun.get().then(|| {
            let list = move || {
                let found = similar.found.get();
                (!found.is_empty()).then(|| {
                    view! {
                        <section class="similar" aria-labelledby=id.clone()>
                            <p id=id.clone()>"Similar tasks"</p>
                            {found.into_iter().map(link).collect_view()}
                        </section>
                    }
                })
            };
            view! {
                <p class="visually-hidden" aria-live="polite">
                    {said}
                </p>
                {list}
            }
        })
    }
}
