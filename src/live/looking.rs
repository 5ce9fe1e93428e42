//! What this tab shows, told to the team every few seconds, and who else looks at the same.

use std::{cell::RefCell, time::Duration};

use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use uuid::Uuid;
use web_sys::UrlSearchParams;

use super::{
    listener::{self, use_live},
    model::Present,
    requests::{BePresent, be_present},
    tabs::at_window,
};
use crate::{
    error::Code,
    ids::{BoardId, PersonId, TaskId},
    people::{model::PersonName, shell::use_team},
    ui::avatar::Avatar,
};

/// What is on its way for so long, in milliseconds, is not waited for.
const LOST: f64 = 10_000.0;

/// How often a tab says that it is there.
const AGAIN: Duration = Duration::from_secs(5);

/// What can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Board(BoardId),
    Task(TaskId),
}

struct Looking {
    team: String,
    tab: String,
    place: Option<Place>,
    field: Option<&'static str>,
    /// When what is on its way was sent, in milliseconds since 1970, and whether there is news since.
    sent_at: Option<f64>,
    again: bool,
}

thread_local! {
    static LOOKING: RefCell<Option<Looking>> = const { RefCell::new(None) };
}

/// Begins to tell what this tab shows.
pub fn start(team: &str) {
    let is_new = LOOKING.with_borrow_mut(|looking| {
        let is_new = looking
            .as_ref()
            .is_none_or(|looking| looking.team.is_empty());
        let looking = looking.get_or_insert_with(Looking::new);
        team.clone_into(&mut looking.team);
        is_new
    });
    if is_new {
        tell();
        let _ = set_interval_with_handle(tell, AGAIN);
        at_window("pagehide", leave);
    }
}

/// Says what the page shows, until it is left. To be called from an effect.
pub fn look_at(place: Place) {
    change(|looking| looking.place = Some(place));
    on_cleanup(move || {
        change(|looking| {
            // What is shown next may have said so already.
            if looking.place == Some(place) {
                looking.place = None;
                looking.field = None;
            }
        });
    });
}

/// Says which field of the task is being edited.
pub fn edit(field: Option<&'static str>) {
    change(|looking| looking.field = field);
}

fn change(change: impl FnOnce(&mut Looking)) {
    let is_news = LOOKING.with_borrow_mut(|looking| {
        let looking = looking.get_or_insert_with(Looking::new);
        let before = (looking.place, looking.field);
        change(looking);
        before != (looking.place, looking.field) && !looking.team.is_empty()
    });
    if is_news {
        tell();
    }
}

/// Tells it, unless nobody sees this tab: then it falls silent, which says that one is gone. One after the
/// other, so that what one did last is what arrives last.
fn tell() {
    if document().hidden() {
        return;
    }
    let now = js_sys::Date::now();
    let request = LOOKING.with_borrow_mut(|looking| {
        let looking = looking
            .as_mut()
            .filter(|looking| !looking.team.is_empty())?;
        if looking.sent_at.is_some_and(|sent_at| now - sent_at < LOST) {
            looking.again = true;
            return None;
        }
        looking.sent_at = Some(now);
        let (board, task) = match looking.place {
            Some(Place::Board(board)) => (Some(board.to_string()), None),
            Some(Place::Task(task)) => (None, Some(task.to_string())),
            None => (None, None),
        };
        Some(be_present(
            looking.team.clone(),
            looking.tab.clone(),
            board,
            task,
            looking.field.map(str::to_owned),
            None,
        ))
    });
    if let Some(request) = request {
        spawn_local(async move {
            match request.await {
                Ok(()) => listener::shut(None),
                Err(error) if matches!(error.code, Code::Unauthenticated | Code::NotFound) => {
                    listener::shut(Some(error.code));
                }
                // It is told again soon.
                Err(_) => {}
            }
            let again = LOOKING.with_borrow_mut(|looking| {
                let looking = looking.as_mut()?;
                looking.sent_at = None;
                Some(std::mem::take(&mut looking.again))
            });
            if again == Some(true) {
                tell();
            }
        });
    }
}

/// A request that outlives the page.
fn leave() {
    LOOKING.with_borrow(|looking| {
        let Some(looking) = looking else {
            return;
        };
        if let Ok(fields) = UrlSearchParams::new() {
            fields.append("team", &looking.team);
            fields.append("tab", &looking.tab);
            fields.append("gone", "1");
            // Whoever is not told notices the silence.
            let _ = window()
                .navigator()
                .send_beacon_with_opt_url_search_params(BePresent::url(), Some(&fields));
        }
    });
}

impl Looking {
    fn new() -> Self {
        Self {
            team: String::new(),
            tab: Uuid::now_v7().to_string(),
            place: None,
            field: None,
            sent_at: None,
            again: false,
        }
    }
}

/// The others who look at a place, once each, with the fields that they edit.
fn others(present: &[Present], me: PersonId, place: Place) -> Vec<(PersonName, Option<String>)> {
    let mut others: Vec<(PersonName, Option<String>)> = Vec::new();
    for who in present.iter().filter(|who| who.person.id != me) {
        let is_here = match place {
            Place::Board(board) => who.board == Some(board),
            Place::Task(task) => who.task == Some(task),
        };
        match others
            .iter_mut()
            .find(|(person, _)| person.id == who.person.id)
        {
            _ if !is_here => {}
            Some((_, field)) => *field = field.take().or_else(|| who.field.clone()),
            None => others.push((who.person.clone(), who.field.clone())),
        }
    }
    others
}

/// Who else looks at a board or a task.
#[component]
pub fn AlsoHere(place: Place) -> impl IntoView {
    let live = use_live();
    let me = use_team().me.id;
    let others = Memo::new(move |_| live.present.with(|present| others(present, me, place)));
    view! {
        <ul class="also-here" aria-label="Also here">
            <For each=move || others.get() key=|(person, _)| person.clone() let:other>
                <li title=format!("{} is here, too", other.0.name)>
                    <Avatar name=other.0.name.clone() />
                    <span class="visually-hidden">{other.0.name.clone()}</span>
                </li>
            </For>
        </ul>
    }
}

/// Who else is editing a field of a task, such as "Ana is editing the description".
#[component]
pub fn Editing(task: TaskId, field: &'static str, words: &'static str) -> impl IntoView {
    let live = use_live();
    let me = use_team().me.id;
    let editors = Memo::new(move |_| {
        let others = live
            .present
            .with(|present| others(present, me, Place::Task(task)));
        let editors = others
            .into_iter()
            .filter(|(_, edited)| edited.as_deref() == Some(field));
        editors.map(|(person, _)| person.name).collect::<Vec<_>>()
    });
    view! {
        <p class="editing" aria-live="polite">
            {move || {
                editors
                    .with(|editors| match editors.as_slice() {
                        [] => None,
                        [one] => Some(format!("{one} is editing the {words}")),
                        more => Some(format!("{} are editing the {words}", more.join(" and "))),
                    })
            }}
        </p>
    }
}
