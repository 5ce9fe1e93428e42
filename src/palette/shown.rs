//! What is in the open palette: what is typed, what fits it, and which choice is the active one.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{
    Palette,
    choice::{Choice, Group, Step, in_one_step},
    matching::{MOST, fitting},
    places::{Known, pages, search_for, tasks, visit},
    recent::visits,
};
use crate::{
    people::{model::TeamView, shell::use_team},
    search::{model::FoundTask, search_page::load_search},
};

/// How long nothing is typed before tasks are searched for.
const PAUSE: Duration = Duration::from_millis(200);

/// The last group: what is left when nothing else fits.
const SEARCH: &str = "Search";

/// What one looks at in the open palette. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Shown {
    team: StoredValue<TeamView>,
    known: Known,
    pub typed: RwSignal<String>,
    /// The second choices that one has come to, with the words that led there.
    pub steps: RwSignal<Vec<(String, Step)>>,
    /// What the keys have led to. Until then it is the first.
    chosen: RwSignal<Option<(String, String)>>,
    /// How often it was opened.
    opening: RwSignal<usize>,
    pub groups: Memo<Vec<Group>>,
    /// The place of the active choice in the list.
    pub at: Memo<Option<usize>>,
    clock: StoredValue<Option<TimeoutHandle>>,
    asking: Action<(String, String), ()>,
    asked: StoredValue<Option<ActionAbortHandle>>,
}

impl Shown {
    pub fn new(palette: Palette) -> Self {
        let team = StoredValue::new(use_team());
        let known = Known::nothing();
        let (typed, steps) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
        let found = RwSignal::new((String::new(), Vec::new()));
        let chosen = RwSignal::new(None);
        let list = move |_: Option<&Vec<Group>>| {
            if !palette.is_open.get() {
                return Vec::new();
            }
            let typed = typed.get().trim().to_owned();
            let step = steps.with(|steps: &Vec<(String, Step)>| steps.last().cloned());
            match step {
                Some((name, step)) => of_step(&name, step, &typed),
                None => team.with_value(|team| first(palette, team, known, &found.get(), &typed)),
            }
        };
        let groups = Memo::new_with_compare(list, |_, _| true);
        let opening = RwSignal::new(0);
        let active = Memo::new(move |before: Option<&(usize, Active)>| {
            let (opening, typed, chosen) = (opening.get(), typed.get(), chosen.get());
            // Each time it is opened it begins with the first.
            let before = before.filter(|(before, _)| *before == opening);
            let active = groups.with(|groups| {
                Active::among(groups, typed, chosen, before.map(|(_, active)| active))
            });
            (opening, active)
        });
        let at = Memo::new(move |_| active.with(|(_, active)| active.index));
        let ask = move |(team, text): &(String, String)| {
            let (team, text) = (team.clone(), text.clone());
            async move {
                // It is a help: what cannot be searched here can be on the search page.
                if let Ok(search) = load_search(team, text.clone(), None).await {
                    let _ = found.try_set((text, search.found));
                }
            }
        };
        Self {
            team,
            known,
            typed,
            steps,
            chosen,
            opening,
            groups,
            at,
            clock: StoredValue::new(None),
            asking: Action::new(ask),
            asked: StoredValue::new(None),
        }
    }

    pub fn begin(self) {
        self.typed.set(String::new());
        self.steps.set(Vec::new());
        self.chosen.set(None);
        self.opening.update(|opening| *opening += 1);
        self.known
            .read(&self.team.with_value(|team| team.slug.clone()));
    }

    /// The field holds another text.
    pub fn type_in(self, text: String) {
        self.ask_no_more();
        self.chosen.set(None);
        let asks = self.steps.with_untracked(Vec::is_empty) && text.trim().chars().count() > 1;
        if asks {
            let (team, text) = (
                self.team.with_value(|team| team.slug.clone()),
                text.trim().to_owned(),
            );
            let ask = move || {
                if !self.asked.is_disposed() {
                    self.asked
                        .set_value(Some(self.asking.dispatch((team.clone(), text.clone()))));
                }
            };
            self.clock
                .set_value(set_timeout_with_handle(ask, PAUSE).ok());
        }
        self.typed.set(text);
    }

    /// What was asked for another text is not waited for.
    pub fn ask_no_more(self) {
        if let Some(clock) = self.clock.try_update_value(Option::take).flatten() {
            clock.clear();
        }
        if let Some(asked) = self.asked.try_update_value(Option::take).flatten() {
            asked.abort();
        }
    }

    pub fn count(self) -> usize {
        let count = |groups: &Vec<Group>| groups.iter().map(|group| group.choices.len()).sum();
        self.groups.with(count)
    }

    pub fn choice(self, index: usize) -> Option<Choice> {
        self.groups.with_untracked(|groups| {
            let mut choices = groups.iter().flat_map(|group| &group.choices);
            choices.nth(index).cloned()
        })
    }

    pub fn go_to(self, index: usize) {
        if let Some(choice) = self.choice(index) {
            let (words, beside) = choice.id();
            self.chosen.set(Some((words.to_owned(), beside.to_owned())));
        }
    }

    pub fn go_on(self, name: String, step: Step) {
        self.steps.update(|steps| steps.push((name, step)));
        self.type_in(String::new());
    }

    /// Back to the choice before. Says whether there was one.
    pub fn step_back(self) -> bool {
        let was_there = self.steps.try_update(|steps| steps.pop().is_some());
        if was_there == Some(true) {
            self.type_in(String::new());
        }
        was_there == Some(true)
    }
}

/// The active choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Active {
    typed: String,
    index: Option<usize>,
    /// What tells it from others, unless it is only what is left when nothing fits.
    id: Option<(String, String)>,
}

impl Active {
    /// What the keys have led to. Without that it is the first, and stays the active one when more is found:
    /// nothing comes between a person who sees it and Enter.
    fn among(
        groups: &[Group],
        typed: String,
        chosen: Option<(String, String)>,
        before: Option<&Self>,
    ) -> Self {
        let all: Vec<_> = groups.iter().flat_map(|group| &group.choices).collect();
        let before = before.filter(|before| before.typed == typed);
        let wanted = chosen.or_else(|| before.and_then(|before| before.id.clone()));
        let found = wanted.and_then(|(words, beside)| {
            let mut all = all.iter();
            all.position(|choice| choice.id() == (&words, &beside))
        });
        let index = found.or_else(|| (!all.is_empty()).then_some(0));
        let is_last_resort = groups.last().is_some_and(|group| group.name == SEARCH)
            && index.is_some_and(|index| index + 1 == all.len());
        let active = index.filter(|_| !is_last_resort).map(|index| all[index]);
        Self {
            id: active.map(|active| (active.words.clone(), active.beside.clone())),
            typed,
            index,
        }
    }
}

/// What there is to choose from at first: with nothing typed what one most likely wants. What is found later
/// comes behind what is known at once.
fn first(
    palette: Palette,
    team: &TeamView,
    known: Known,
    found: &(String, Vec<FoundTask>),
    typed: &str,
) -> Vec<Group> {
    let home = format!("/teams/{}", team.slug);
    let offered = palette.offer.with(|offer| {
        let offer = offer.as_ref()?;
        Some(group(&offer.about, offer.choices.clone()))
    });
    let recent: Vec<_> = visits(team).into_iter().map(visit).collect();
    let boards = without(known.boards(&home), &recent);
    let pages = pages(team, &home);
    if typed.is_empty() {
        let groups = [
            group("Recent", recent),
            group("Pages", pages),
            group("Boards", boards),
        ];
        let groups = offered.into_iter().chain(groups);
        return groups.filter(|group| !group.choices.is_empty()).collect();
    }
    let found = without(tasks(&home, found, typed), &recent);
    let by_key = known.by_key(&home, typed).into_iter().collect();
    let by_key = without(by_key, &recent).into_iter().map(|by_key| {
        let named = found.iter().find(|task| task.leads_as(&by_key));
        named.cloned().unwrap_or(by_key)
    });
    let by_key: Vec<_> = by_key.collect();
    let mut found = without(found, &by_key);
    found.truncate(MOST);
    let offered = offered.map(|offered| Group {
        choices: in_one_step(&offered.choices),
        ..offered
    });
    let groups = [
        group("Recent", recent),
        group("By its key", by_key),
        group("Boards", boards),
        group("People", known.people(&home)),
        group("Pages", pages),
    ];
    let mut shown = fitting(typed, offered.into_iter().chain(groups).collect());
    if !found.is_empty() {
        shown.push(group("Tasks", found));
    }
    shown.push(group(SEARCH, vec![search_for(&home, typed)]));
    shown
}

fn group(name: &str, choices: Vec<Choice>) -> Group {
    Group {
        name: name.to_owned(),
        choices,
    }
}

/// Each page is there once.
fn without(mut choices: Vec<Choice>, others: &[Choice]) -> Vec<Choice> {
    choices.retain(|choice| !others.iter().any(|other| other.leads_as(choice)));
    choices
}

/// What there is to choose from in a second step.
fn of_step(name: &str, step: Step, typed: &str) -> Vec<Group> {
    let group = |choices| group(name, choices);
    if typed.is_empty() {
        return vec![group(step.choices)];
    }
    let from_text = step.typed.and_then(|from_text| from_text(typed));
    let mut fitting = fitting(typed, vec![group(step.choices)]);
    let is_new = |choice: &Choice| {
        let mut known = fitting.iter().flat_map(|group| &group.choices);
        !known.any(|known| known.id() == choice.id())
    };
    if let Some(choice) = from_text.filter(is_new) {
        match fitting.first_mut() {
            Some(first) => first.choices.push(choice),
            None => fitting.push(group(vec![choice])),
        }
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(groups: &[(&str, &[&str])]) -> Vec<Group> {
        let choices = |words: &[&str]| {
            let choice = |words: &&str| Choice::to(*words, "", String::new());
            words.iter().map(choice).collect()
        };
        groups
            .iter()
            .map(|(name, words)| group(name, choices(words)))
            .collect()
    }

    fn then(before: Option<&Active>, typed: &str, groups: &[(&str, &[&str])]) -> Active {
        Active::among(&list(groups), typed.to_owned(), None, before)
    }

    #[test]
    fn what_is_found_later_does_not_come_between_what_is_seen_and_enter() {
        let seen = then(None, "due", &[("Pages", &["Due"]), (SEARCH, &["Search"])]);
        assert_eq!(seen.index, Some(0));
        let more: &[(&str, &[&str])] = &[
            ("Boards", &["Due dates"]),
            ("Pages", &["Due"]),
            (SEARCH, &["Search"]),
        ];
        assert_eq!(then(Some(&seen), "due", more).index, Some(1));
        assert_eq!(then(Some(&seen), "due d", more).index, Some(0));
    }

    #[test]
    fn what_is_left_when_nothing_fits_makes_room_for_what_does() {
        let seen = then(None, "oar", &[(SEARCH, &["Search"])]);
        assert_eq!(seen.index, Some(0));
        let found = then(
            Some(&seen),
            "oar",
            &[("Tasks", &["Varnish the oar"]), (SEARCH, &["Search"])],
        );
        assert_eq!(found.index, Some(0));
        assert_eq!(
            found.id,
            Some(("Varnish the oar".to_owned(), String::new()))
        );
    }

    #[test]
    fn what_the_keys_have_led_to_stays_the_active_one() {
        let groups = list(&[("Pages", &["Now", "Boards"]), (SEARCH, &["Search"])]);
        let chosen = Some(("Boards".to_owned(), String::new()));
        let active = Active::among(&groups, "o".to_owned(), chosen, None);
        assert_eq!(active.index, Some(1));
        assert_eq!(
            Active::among(&[], String::new(), None, Some(&active)).index,
            None
        );
    }
}
