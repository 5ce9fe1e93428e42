//! A part of the board: by who holds a task, by label, by when it is due.
//!
//! It stands in the address, so it can be shared and works without JavaScript. Only which cards are drawn
//! follows it; the columns keep all of them, with their order and their limits.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Url,
    params::ParamsMap,
};

use super::state::{BoardState, CardState, ColumnState, Step, use_board};
use crate::{
    columns::model::ColumnKind, ids::TaskId, people::model::PersonName, tasks::model::CardView,
    ui::words::counted,
};

/// Which cards are shown. What is `None` is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// `me`, `none`, or a person's id.
    assignee: Option<String>,
    label: Option<String>,
    due: Option<Due>,
}

/// What stands in the address.
const NAMES: [&str; 3] = ["assignee", "label", "due"];

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Late,
    Week,
    Never,
}

impl Due {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Late, "late", "Late"),
        (Self::Week, "week", "Next 7 days"),
        (Self::Never, "none", "No date"),
    ];
}

/// The dates of the team that a filter goes by, each `YYYY-MM-DD`.
#[derive(Clone, Copy)]
struct Dates<'a> {
    today: &'a str,
    last_of_seven: &'a str,
}

impl Filter {
    /// Reads the address. What it names that no filter knows is not asked for.
    pub fn of(query: &ParamsMap) -> Self {
        let given = |name: &str| query.get(name).filter(|value| !value.is_empty());
        let due = given("due");
        Self {
            assignee: given("assignee"),
            label: given("label"),
            due: Due::ALL
                .into_iter()
                .find(|(_, name, _)| due.as_deref() == Some(name))
                .map(|(due, ..)| due),
        }
    }

    /// Follows the address of the board, and stays as it is while another page has the address.
    pub fn follow() -> Memo<Self> {
        let location = use_location();
        Memo::new(move |before: Option<&Self>| {
            if location.pathname.with(|path| path.contains("/boards/")) {
                location.query.with(Self::of)
            } else {
                before.cloned().unwrap_or_default()
            }
        })
    }

    pub fn is_on(&self) -> bool {
        *self != Self::default()
    }

    /// The parts of the address that say it: `&label=bug`.
    pub fn in_address(&self) -> String {
        let due = self.due.map(name_of);
        let parts = [
            ("assignee", self.assignee.as_deref()),
            ("label", self.label.as_deref()),
            ("due", due),
        ];
        parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("&{name}={}", Url::escape(value?))))
            .collect()
    }

    fn value(&self, name: &str) -> String {
        let value = match name {
            "assignee" => self.assignee.as_deref(),
            "label" => self.label.as_deref(),
            _ => self.due.map(name_of),
        };
        value.unwrap_or_default().to_owned()
    }

    fn with(&self, name: &'static str, value: String) -> Self {
        let mut query = ParamsMap::new();
        for other in NAMES {
            query.insert(other, self.value(other));
        }
        query.replace(name, value);
        Self::of(&query)
    }

    fn fits(&self, card: &CardView, is_finished: bool, me: &PersonName, dates: Dates) -> bool {
        let holder = card.assignee.as_ref();
        let by_holder = match self.assignee.as_deref() {
            None => true,
            Some("none") => holder.is_none(),
            Some("me") => holder.is_some_and(|holder| holder.id == me.id),
            Some(id) => holder.is_some_and(|holder| holder.id.to_string() == id),
        };
        let by_label = self
            .label
            .as_ref()
            .is_none_or(|label| card.labels.contains(label));
        // Dates are ordered as text. What is finished is not late.
        let by_due = match (self.due, card.due_on.as_deref()) {
            (None, _) | (Some(Due::Never), None) => true,
            (Some(Due::Late), Some(due)) => due < dates.today && !is_finished,
            (Some(Due::Week), Some(due)) => dates.today <= due && due <= dates.last_of_seven,
            (Some(_), _) => false,
        };
        by_holder && by_label && by_due
    }
}

fn name_of(due: Due) -> &'static str {
    Due::ALL
        .into_iter()
        .find(|(other, ..)| *other == due)
        .map_or("", |(_, name, _)| name)
}

impl BoardState {
    /// The cards of a column that are shown, in their order.
    pub fn shown(&self, column: &ColumnState) -> Vec<CardState> {
        let mut cards = column.cards.get();
        self.filter.with(|filter| {
            if filter.is_on() {
                cards.retain(|card| self.keeps(card) || self.fits(filter, column, card));
            }
        });
        cards
    }

    fn fits(&self, filter: &Filter, column: &ColumnState, card: &CardState) -> bool {
        let dates = Dates {
            today: &self.today,
            last_of_seven: &self.last_of_seven,
        };
        let now = self.columns.find(column.view.id);
        let kind = now.map_or(column.view.kind, |(_, view)| view.kind);
        let is_finished = kind == ColumnKind::Done;
        card.view
            .with(|view| filter.fits(view, is_finished, &self.me, dates))
    }

    /// Whether a card was added here under the filter that is on. What one has just typed does not vanish.
    fn keeps(&self, card: &CardState) -> bool {
        self.kept.with(|(filter, kept)| {
            kept.contains(&card.id) && self.filter.with(|current| current == filter)
        })
    }

    /// Keeps a card that is added in sight as long as the filter stays.
    pub fn keep(&self, card: TaskId) {
        let filter = self.filter.get_untracked();
        self.kept.update(|(kept_under, kept)| {
            if *kept_under != filter {
                *kept_under = filter;
                kept.clear();
            }
            kept.push(card);
        });
    }

    /// What is to be said of a card that is only shown because it was added here.
    pub fn kept_in_spite(&self, column: &ColumnState, card: &CardState) -> &'static str {
        let is_left_out = untrack(|| {
            self.filter
                .with(|filter| filter.is_on() && !self.fits(filter, column, card))
        });
        if is_left_out {
            " The filter leaves it out as soon as it changes."
        } else {
            ""
        }
    }

    /// How many cards of a column there are, and of how many those are that are shown.
    pub fn count(&self, column: &ColumnState) -> String {
        let all = column.count();
        if !self.filter.with(Filter::is_on) {
            return all.to_string();
        }
        let shown = self.shown(column).len();
        match column.hidden.get() {
            0 => format!("{shown} of {all}"),
            // Of what is finished long ago it is not known here whether it fits.
            hidden => format!("{shown} of the latest {}", all.saturating_sub(hidden)),
        }
    }

    /// A step among the cards that are shown, as a step among all of the column. None where there is no
    /// card to step over.
    pub fn among_shown(&self, column: &ColumnState, id: TaskId, step: Step) -> Option<Step> {
        if !self.filter.with_untracked(Filter::is_on) {
            return Some(step);
        }
        let shown = untrack(|| self.shown(column));
        let index = || shown.iter().position(|card| card.id == id);
        match step {
            Step::Up => shown
                .get(index()?.checked_sub(1)?)
                .map(|over| column.spot(over.id)),
            Step::Down => shown.get(index()? + 1).map(|over| Step::After(over.id)),
            step => Some(step),
        }
    }

    fn filtered_address(&self, filter: &Filter) -> String {
        let query = filter.in_address();
        let path = format!("/teams/{}/boards/{}", self.team, self.key);
        match query.strip_prefix('&') {
            Some(query) => format!("{path}?{query}"),
            None => path,
        }
    }

    /// The labels of the tasks on the board, and the one that is asked for.
    pub fn labels(&self) -> Vec<String> {
        let mut labels = Vec::new();
        for column in self.columns.all() {
            column.cards.with(|cards| {
                for card in cards {
                    card.view
                        .with(|view| labels.extend_from_slice(&view.labels));
                }
            });
        }
        labels.extend(self.filter.with(|filter| filter.label.clone()));
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    /// The filter in words.
    fn filter_in_words(&self, filter: &Filter) -> String {
        let holder = filter.assignee.as_deref().map(|assignee| match assignee {
            "me" => "held by me".to_owned(),
            "none" => "held by nobody".to_owned(),
            id => {
                let person = self.people.with(|people| {
                    let person = people.iter().find(|person| person.id.to_string() == id);
                    person.map(|person| person.name.clone())
                });
                let name = person.unwrap_or_else(|| "somebody who left".to_owned());
                format!("held by {name}")
            }
        });
        let label = filter
            .label
            .as_ref()
            .map(|label| format!("labelled {label}"));
        let due = filter.due.map(|due| match due {
            Due::Late => "late".to_owned(),
            Due::Week => "due in the next 7 days".to_owned(),
            Due::Never => "without a due date".to_owned(),
        });
        let parts: Vec<_> = [holder, label, due].into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// The choices. With JavaScript each is obeyed at once.
#[component]
pub fn BoardFilter() -> impl IntoView {
    let state = use_board();
    let (people, me) = (state.people, state.me.clone());
    let holders = Memo::new(move |_| {
        let mut holders = vec![
            ("me".to_owned(), "Me".to_owned()),
            ("none".to_owned(), "Nobody".to_owned()),
        ];
        people.with(|people| {
            let others = people.iter().filter(|person| **person != me);
            holders.extend(others.map(|person| (person.id.to_string(), person.name.clone())));
        });
        holders
    });
    let dues = Due::ALL.map(|(_, name, words)| (name.to_owned(), words.to_owned()));
    let labels = {
        let state = state.clone();
        Memo::new(move |_| {
            let labels = state.labels().into_iter();
            labels
                .map(|label| (label.clone(), label))
                .collect::<Vec<_>>()
        })
    };
    let filter = state.filter;
    view! {
        <details class="menu board-filter" class:chosen=move || filter.with(Filter::is_on)>
            <summary>"Filter"</summary>
            <form class="menu-list" method="get" action=state.filtered_address(&Filter::default())>
                <Choice name="assignee" words="Held by" any="Anybody" options=holders.into() />
                <Show when=move || labels.with(|labels| !labels.is_empty())>
                    <Choice name="label" words="With the label" any="Any or none" options=labels.into() />
                </Show>
                <Choice name="due" words="Due" any="Whenever" options=Signal::stored(dues.to_vec()) />
                <button type="submit" class="only-plain">
                    "Show"
                </button>
            </form>
        </details>
    }
}

#[component]
fn Choice(
    name: &'static str,
    words: &'static str,
    any: &'static str,
    options: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let state = use_board();
    let filter = state.filter;
    let current = Memo::new(move |_| filter.with(|filter| filter.value(name)));
    let navigate = use_navigate();
    let choose = move |event| {
        let wanted = filter.with_untracked(|filter| filter.with(name, event_target_value(&event)));
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&state.filtered_address(&wanted), options);
    };
    let id = format!("filter-{name}");
    let option = move |(value, words): (String, String)| {
        let is_chosen = current.with_untracked(|current| *current == value);
        view! {
            <option value=value selected=is_chosen>
                {words}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{words}</label>
            <select
                id=id
                name=name
                prop:value=move || current.get()
                on:change=choose
            >
                <option value="">{any}</option>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// Says that not everything is shown, and leads back to all.
#[component]
pub fn FilterNotice() -> impl IntoView {
    let state = use_board();
    let filter = state.filter;
    let all = state.filtered_address(&Filter::default());
    let said = move || {
        let (shown, of) = state
            .columns
            .all()
            .iter()
            .fold((0, 0), |(shown, of), column| {
                (
                    shown + state.shown(column).len(),
                    of + column.cards.with(Vec::len),
                )
            });
        let words = filter.with(|filter| state.filter_in_words(filter));
        format!("{shown} of {}: {words}.", counted(of, "task", "tasks"))
    };
    view! {
        <p class="filter-notice" aria-live="polite">
            {move || {
                let all = all.clone();
                let said = said.clone();
                filter
                    .with(Filter::is_on)
                    .then(|| {
                        view! {
                            {said}
                            " "
                            <a href=all>"Clear filters"</a>
                        }
                    })
            }}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::{ColumnId, PersonId},
        tasks::model::Priority,
    };

    fn filter(query: &[(&'static str, &str)]) -> Filter {
        let mut map = ParamsMap::new();
        for (name, value) in query {
            map.insert(*name, (*value).to_owned());
        }
        Filter::of(&map)
    }

    #[test]
    fn a_card_fits_when_all_that_is_asked_for_is_so() {
        let person = |name: &str| PersonName {
            id: PersonId::new(),
            name: name.to_owned(),
        };
        let (me, other) = (person("Ana"), person("Ben"));
        let card = CardView {
            id: TaskId::new(),
            number: 1,
            column: ColumnId::new(),
            order: String::new(),
            title: "Paint".to_owned(),
            assignee: Some(me.clone()),
            assignee_left: false,
            due_on: Some("2026-11-23".to_owned()),
            priority: Priority::Normal,
            labels: vec!["bug".to_owned()],
            version: 1,
        };
        let dates = Dates {
            today: "2026-11-24",
            last_of_seven: "2026-11-30",
        };
        let ids = (me.id.to_string(), other.id.to_string());
        for (query, fits) in [
            (vec![], true),
            (vec![("assignee", "me")], true),
            (vec![("assignee", ids.0.as_str())], true),
            (vec![("assignee", ids.1.as_str())], false),
            (vec![("assignee", "none")], false),
            (vec![("label", "bug"), ("due", "late")], true),
            (vec![("label", "design"), ("due", "late")], false),
            (vec![("due", "week")], false),
            (vec![("due", "none")], false),
            (vec![("due", "some day")], true),
        ] {
            let filter = filter(&query);
            assert_eq!(filter.fits(&card, false, &me, dates), fits, "{query:?}");
        }
        let week = filter(&[("due", "week")]);
        for (due, fits) in [
            ("2026-11-24", true),
            ("2026-11-30", true),
            ("2026-12-01", false),
        ] {
            let card = CardView {
                due_on: Some(due.to_owned()),
                ..card.clone()
            };
            assert_eq!(week.fits(&card, false, &me, dates), fits, "{due}");
        }
        let late = filter(&[("due", "late")]);
        assert!(
            !late.fits(&card, true, &me, dates),
            "what is finished is not late"
        );
    }

    #[test]
    fn the_address_says_the_filter() {
        let filter = filter(&[("label", "to do"), ("due", "late"), ("assignee", "")]);
        assert_eq!(filter.in_address(), "&label=to%20do&due=late");
        assert!(filter.is_on());
        let off = filter
            .with("label", String::new())
            .with("due", String::new());
        assert!(!off.is_on());
    }
}
