//! The form by which an owner writes a hypothesis down.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::{
    model::{LONGEST_PART, NewHypothesisView, USUAL_SAMPLE},
    requests::{CreateHypothesis, load_blank_hypothesis},
};
use crate::{
    forms::view::{PlainForm, SelectField, TextField},
    people::{model::TeamView, shell::use_team},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn NewHypothesisPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let blank = PageData::new(move || slug.clone(), load_blank_hypothesis);
    view! { <Loaded data=blank view=move |blank| view! { <NewHypothesis team=team.clone() blank=blank /> } /> }
}

#[component]
fn NewHypothesis(team: TeamView, blank: NewHypothesisView) -> impl IntoView {
    let insights = format!("/teams/{}/insights#hypotheses", team.slug);
    let part = LONGEST_PART as u32;
    view! {
        <Title text=format!("New hypothesis · {}", team.name) />
        <div class="hypothesis-page">
            <p class="way-back">
                <a href=insights>"Insights"</a>
            </p>
            <h1>"New hypothesis"</h1>
            <p class="muted">
                "It stays as it is written: whoever moves the target afterwards learns nothing. A mistake can be withdrawn."
            </p>
            <PlainForm action=CreateHypothesis::url() class="hypothesis-form">
                <input type="hidden" name="team" value=team.slug />
                <input type="hidden" name="id" value=blank.id.to_string() />
                <TextField
                    label="If we"
                    name="if_we"
                    required=true
                    maxlength=part
                    autocomplete="off"
                    hint="Such as: let people drag cards"
                />
                <TextField
                    label="Then"
                    name="then_it"
                    required=true
                    maxlength=part
                    autocomplete="off"
                    hint="Such as: tasks are finished sooner after they were started"
                />
                <TextField
                    label="Because"
                    name="because"
                    required=true
                    maxlength=part
                    autocomplete="off"
                    hint="Such as: a board that is easy to keep right is kept right"
                />
                <SelectField
                    label="Metric"
                    name="metric"
                    options=blank.metrics
                    hint="One number that can prove you wrong."
                />
                <details class="words-mean">
                    <summary>"What each metric counts"</summary>
                    <dl>
                        {blank
                            .about
                            .into_iter()
                            .map(|(metric, about)| {
                                view! {
                                    <dt>{metric}</dt>
                                    <dd>{about}</dd>
                                }
                            })
                            .collect_view()}
                    </dl>
                </details>
                <SelectField
                    label="For whom"
                    name="audience"
                    options=blank.audiences
                    hint="Everybody is measured against the target itself. With a toggle, the difference is: those with it against those without."
                />
                <TextField
                    label="Target"
                    name="target"
                    required=true
                    inputmode="decimal"
                    maxlength=12
                    autocomplete="off"
                    hint="In percent, days or a number a week, as the metric has it. In a comparison: by how much it has to be better with the toggle, in percentage points for shares."
                />
                <TextField
                    label="First day"
                    name="starts_on"
                    kind="date"
                    value=blank.starts_on
                    required=true
                />
                <TextField
                    label="Last day"
                    name="ends_on"
                    kind="date"
                    value=blank.ends_on
                    required=true
                    hint="Then the page asks for a decision. A period has up to a year."
                />
                <TextField
                    label="Observations needed"
                    name="sample"
                    value=USUAL_SAMPLE.to_string()
                    required=true
                    inputmode="numeric"
                    maxlength=6
                    autocomplete="off"
                    hint="With fewer, in each group, the page says that there are too few to tell. Six at least."
                />
                <div class="actions">
                    <button type="submit" class="primary">
                        "Write it down"
                    </button>
                </div>
            </PlainForm>
        </div>
    }
}
