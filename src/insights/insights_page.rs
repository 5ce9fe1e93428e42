//! The owners' page of what was learned: figures of a period, and what else tells whether the promises are kept.

use std::collections::BTreeMap;

use leptos::{context::Provider, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    figure::FigureSection,
    model::{FiguresView, Preset},
    requests::load_figures,
};
use crate::{
    error::Error,
    feedback::FeedbackSection,
    forms::view::{FormError, FormState, ShownFields, TextField},
    hypotheses::section::{DecisionsSection, HypothesesSection},
    people::shell::use_team,
    toggles::section::Toggles,
    ui::{
        data::PageData,
        page::{ErrorPage, Loaded, answer_with},
    },
};

/// The sections of the page in their order: id and words.
const SECTIONS: &[(&str, &str)] = &[
    ("usage", "Usage"),
    ("promises", "Promises"),
    ("feedback", "Feedback"),
    ("hypotheses", "Hypotheses"),
    ("decisions", "Decisions"),
    ("toggles", "Toggles"),
];

#[component]
pub fn InsightsPage() -> impl IntoView {
    let team = use_team();
    if !team.role.may_govern() {
        let refused = Error::forbidden("Only an owner of the team can do this.");
        return view! { <ErrorPage error=refused /> }.into_any();
    }
    view! {
        <Title text=format!("Insights · {}", team.name) />
        <div class="insights-page">
            <header class="page-header">
                <h1>"Insights"</h1>
                <nav class="insights-nav" aria-label="Insights">
                    <ul>
                        {SECTIONS
                            .iter()
                            .map(|(id, words)| {
                                view! {
                                    <li>
                                        <a href=format!("#{id}")>{*words}</a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </nav>
            </header>
            <Figures team=team.slug.clone() />
            <FeedbackSection />
            <HypothesesSection team=team.slug.clone() />
            <DecisionsSection team=team.slug />
            <Toggles />
        </div>
    }
    .into_any()
}

/// Usage and promises over the period that the address names.
#[component]
fn Figures(team: String) -> impl IntoView {
    let query = use_query_map();
    let period = Memo::new(move |_| query.with(|query| (query.get("from"), query.get("to"))));
    let figures = PageData::new(
        move || (team.clone(), period.get()),
        |(team, (from, to))| load_figures(team, from, to),
    );
    view! {
        <Loaded data=figures refused=refused view=|figures: FiguresView| {
            view! {
                <PeriodForm
                    from=figures.from
                    to=figures.to
                    note=format!("Days in {} time, both included.", figures.time_zone)
                    presets=figures.presets
                />
                <FigureSection
                    id="usage"
                    title="Usage"
                    about="How the team uses its boards. Nobody is ranked: no figure names a person."
                    groups=figures.usage
                />
                <FigureSection
                    id="promises"
                    title="Promises"
                    about="Whether no work is done twice, and no deadline is missed in silence."
                    groups=figures.promises
                />
            }
        } />
    }
}

/// A period that is none: what was asked for, and why it cannot be.
fn refused(error: Error) -> AnyView {
    if error.on("from").is_none() && error.on("to").is_none() {
        return view! { <ErrorPage error=error /> }.into_any();
    }
    answer_with(&error);
    let typed =
        |field: &str| use_query_map().with_untracked(|query| query.get(field).unwrap_or_default());
    view! { <PeriodForm from=typed("from") to=typed("to") problem=error /> }.into_any()
}

/// From which day to which day. The browser asks for the page again, with and without JavaScript.
#[component]
fn PeriodForm(
    from: String,
    to: String,
    #[prop(optional, into)] note: String,
    #[prop(optional)] presets: Vec<Preset>,
    #[prop(optional)] problem: Option<Error>,
) -> impl IntoView {
    let action = format!("/teams/{}/insights", use_team().slug);
    let is_chosen = {
        let (from, to) = (from.clone(), to.clone());
        move |preset: &Preset| preset.from == from && preset.to == to
    };
    let href = action.clone();
    let links = presets
        .into_iter()
        .map(|preset| {
            let current = is_chosen(&preset).then_some("true");
            view! {
                <li>
                    <a
                        href=format!("{href}?from={}&to={}", preset.from, preset.to)
                        aria-current=current
                    >
                        {preset.words}
                    </a>
                </li>
            }
        })
        .collect_view();
    let form = FormState {
        error: Signal::stored(problem),
        typed: StoredValue::new(BTreeMap::new()),
        prefix: StoredValue::new("period".to_owned()),
    };
    view! {
        <Provider value=form>
            <Provider value=ShownFields::begin()>
                <form class="period inline-form" method="get" action=action aria-label="Period">
                    <FormError />
                    <DayField label="From" name="from" value=from />
                    <DayField label="To" name="to" value=to />
                    <button type="submit">"Show"</button>
                </form>
            </Provider>
        </Provider>
        <ul class="presets">{links}</ul>
        <p class="muted small">{note}</p>
    }
}

#[component]
fn DayField(label: &'static str, name: &'static str, value: String) -> impl IntoView {
    view! {
        <TextField
            label=label
            name=name
            kind="date"
            value=value
            required=true
            min="2000-01-01"
            max="2199-12-31"
        />
    }
}
