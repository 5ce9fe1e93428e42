//! The owners' page: name, time zone, working days and limits of the team, the links of its displays, and its
//! webhooks.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{
    model::{SettingsView, TeamView, WorkingDays},
    requests::{ChangeSettings, load_settings},
    shell::use_team,
    wall_links::WallLinks,
};
use crate::{
    forms::view::{Choices, FormState, PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
    webhooks::{model::WebhooksView, requests::load_webhooks, section::Webhooks},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let settings = PageData::new(
        move || slug.clone(),
        |slug| async move {
            Ok((
                load_settings(slug.clone()).await?,
                load_webhooks(slug).await?,
            ))
        },
    );
    view! {
        <Loaded
            data=settings
            view=move |(settings, webhooks)| {
                view! { <Settings team=team.clone() settings=settings webhooks=webhooks /> }
            }
        />
    }
}

#[component]
fn Settings(team: TeamView, settings: SettingsView, webhooks: WebhooksView) -> impl IntoView {
    let SettingsView {
        settings,
        time_zones,
        wall_links,
        next_wall_link,
        now,
    } = settings;
    let title = format!("Settings · {}", team.name);
    let slug = team.slug.clone();
    let export = format!("/teams/{slug}/export");
    let table = format!("{export}?format=csv");
    view! {
        <Title text=title />
        <div class="settings-page">
            <h1>"Settings"</h1>
            <section>
            <PlainForm action=ChangeSettings::url()>
                <input type="hidden" name="team" value=team.slug />
                <TextField
                    label="Team name"
                    name="team_name"
                    value=settings.name
                    required=true
                    maxlength=80
                    hint="The address of the team stays the same, so that links keep working."
                />
                <TextField
                    label="Time zone"
                    name="time_zone"
                    value=settings.time_zone
                    list="time-zones"
                    required=true
                    autocomplete="off"
                    hint="Decides when a due date is over. Type a city, such as Berlin."
                />
                <datalist id="time-zones">
                    {time_zones
                        .into_iter()
                        .map(|zone| view! { <option value=zone></option> })
                        .collect_view()}
                </datalist>
                <WorkingDaysField days=settings.working_days />
                <TextField
                    label="In progress per person"
                    name="in_progress_limit"
                    kind="number"
                    inputmode="numeric"
                    value=settings.in_progress_limit.to_string()
                    required=true
                    hint="More than this is shown as too much, and giving somebody more warns. It is never forbidden."
                />
                <TextField
                    label="Days without a change"
                    name="stale_after_days"
                    kind="number"
                    inputmode="numeric"
                    value=settings.stale_after_days.to_string()
                    required=true
                    hint="After so many a task in progress is shown as stale, and whoever holds it is asked."
                />
                <button type="submit" class="primary">
                    "Save settings"
                </button>
            </PlainForm>
            </section>
            <WallLinks team=slug.clone() links=wall_links next=next_wall_link now=now />
            <Webhooks team=slug webhooks=webhooks />
            <section aria-labelledby="export-heading">
                <h2 id="export-heading">"Export"</h2>
                <p class="muted">
                    "Everything that is the team's, as one JSON file, out of which it can be brought back; what is each person's own stays theirs. Or its tasks as a table for spreadsheets, which everybody in the team can take."
                </p>
                <div class="actions">
                    <a class="button" href=export rel="external" download="">
                        "Download the team"
                    </a>
                    <a class="button quiet" href=table rel="external" download="">
                        "Download tasks as CSV"
                    </a>
                </div>
            </section>
        </div>
    }
}

/// Seven checkboxes. After a refusal they stand as they were sent: an unchecked one sends nothing.
#[component]
fn WorkingDaysField(days: WorkingDays) -> impl IntoView {
    let typed = expect_context::<FormState>().typed;
    let was_sent = typed.with_value(|typed| !typed.is_empty());
    view! {
        <Choices legend="Working days" name="working_days" class="choices days">
            {WorkingDays::FIELDS
                .into_iter()
                .enumerate()
                .map(|(day, field)| {
                    let checked = if was_sent {
                        typed.with_value(|typed| typed.contains_key(field))
                    } else {
                        days.includes(day)
                    };
                    let name = WorkingDays::NAMES.get(day).copied().unwrap_or_default();
                    view! {
                        <label class="choice">
                            <input type="checkbox" name=field value="on" checked=checked />
                            <span aria-hidden="true">{name.get(..3)}</span>
                            <span class="visually-hidden">{name}</span>
                        </label>
                    }
                })
                .collect_view()}
        </Choices>
    }
}
