//! The toggles on the owners' page of insights.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    model::{Mode, ToggleView, ToggledPerson, TogglesView},
    requests::{ChangeToggle, load_toggles},
};
use crate::{
    forms::view::{Choices, FormState, PlainForm, TextField},
    people::shell::use_team,
    ui::{data::PageData, page::Loaded, time::Ago},
};

/// What can be turned on, and who has it.
#[component]
pub fn Toggles() -> impl IntoView {
    let team = use_team().slug;
    let slug = team.clone();
    let toggles = PageData::new(move || slug.clone(), load_toggles);
    view! {
        <section class="insight toggles" id="toggles" aria-labelledby="toggles-heading">
            <h2 id="toggles-heading">"Toggles"</h2>
            <p class="muted">
                "What is tried out before it is everybody’s. Whoever has it keeps it until you change it here, and a hypothesis can compare those with and those without."
            </p>
            <Loaded
                data=toggles
                view=move |TogglesView { toggles, now }| {
                    toggles
                        .into_iter()
                        .map(|toggle| view! { <OneToggle team=team.clone() toggle=toggle now=now /> })
                        .collect_view()
                }
            />
        </section>
    }
}

#[component]
fn OneToggle(team: String, toggle: ToggleView, now: i64) -> impl IntoView {
    let ToggleView {
        toggle,
        mode,
        share,
        people,
        changed,
    } = toggle;
    let heading = format!("toggle-{toggle}");
    let labelled = heading.clone();
    let who = who_has_it(&people);
    let changed = changed.map(|changed| {
        view! {
            " Changed by "
            {changed.by.name}
            " "
            <Ago at=changed.at now=now />
            "."
        }
    });
    view! {
        <article class="toggle" aria-labelledby=labelled>
            <h3 id=heading>{toggle.title()}</h3>
            <p>{toggle.sentence()}</p>
            <p class="muted small">{who} {changed}</p>
            <PlainForm action=ChangeToggle::url() key=("toggle".to_owned(), toggle.to_string())>
                <input type="hidden" name="team" value=team />
                <ModeField mode=mode />
                <TextField
                    label="Share in percent"
                    name="share"
                    kind="number"
                    inputmode="numeric"
                    autocomplete="off"
                    value=share.to_string()
                    required=true
                    hint="Counts for “On for a share”. Who it is was decided by chance, once: raise it, and those who had it keep it. With 0 only those below have it."
                />
                <PeopleField people=people />
                <button type="submit" class="primary">
                    "Save toggle"
                </button>
            </PlainForm>
        </article>
    }
}

/// How many of those who could have it have it now, and who.
fn who_has_it(people: &[ToggledPerson]) -> String {
    let with: Vec<&str> = people
        .iter()
        .filter(|person| person.has_it)
        .map(|person| person.person.name.as_str())
        .collect();
    let all = people.len();
    match with.len() {
        0 => "Nobody has it now.".to_owned(),
        1 if all == 1 => "The one person who could use it has it now.".to_owned(),
        count if count == all => format!("All {all} who could use it have it now."),
        1 => format!("1 of {all} people has it now: {}.", with.concat()),
        count => format!("{count} of {all} people have it now: {}.", with.join(", ")),
    }
}

#[component]
fn ModeField(mode: Mode) -> impl IntoView {
    let chosen = expect_context::<FormState>().value("mode", mode.as_str());
    view! {
        <Choices
            legend="Who has it"
            name="mode"
            hint="Off is off for everybody, also for those below."
        >
            {Mode::ALL
                .into_iter()
                .map(|mode| {
                    view! {
                        <label class="choice">
                            <input
                                type="radio"
                                name="mode"
                                value=mode.as_str()
                                checked=mode.as_str() == chosen
                            />
                            <span>{mode.in_words()}</span>
                        </label>
                    }
                })
                .collect_view()}
        </Choices>
    }
}

/// A checkbox for each. After a refusal they stand as they were sent: an unchecked one sends nothing.
#[component]
fn PeopleField(people: Vec<ToggledPerson>) -> impl IntoView {
    let typed = expect_context::<FormState>().typed;
    let was_sent = typed.with_value(|typed| !typed.is_empty());
    view! {
        <Choices legend="Always with" name="people">
            {people
                .into_iter()
                .enumerate()
                .map(|(index, ToggledPerson { person, always, .. })| {
                    let id = person.id.to_string();
                    let is_sent = typed.with_value(|typed| {
                        let mut fields = typed.iter();
                        fields.any(|(field, value)| field.starts_with("people[") && *value == id)
                    });
                    let checked = if was_sent { is_sent } else { always };
                    view! {
                        <label class="choice">
                            <input
                                type="checkbox"
                                name=format!("people[p{index}]")
                                value=id
                                checked=checked
                            />
                            <span>{person.name}</span>
                        </label>
                    }
                })
                .collect_view()}
        </Choices>
    }
}
