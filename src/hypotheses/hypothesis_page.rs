//! One hypothesis: what was agreed on, what is measured, and the decision.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    model::{DecisionView, HypothesisView, LONGEST_REASON, Standing, Verdict},
    progress::{Progress, StatementText, WhatWordsMean},
    requests::{TakeDecision, WithdrawHypothesis, load_hypothesis},
};
use crate::{
    forms::view::{CheckField, Choices, FormState, PlainForm, TextAreaField},
    people::{model::TeamView, shell::use_team},
    ui::{
        confirm::{Answers, Confirm},
        data::PageData,
        page::Loaded,
    },
};

#[component]
pub fn HypothesisPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("hypothesis").unwrap_or_default()));
    let hypothesis = PageData::new(
        move || (slug.clone(), id.get()),
        |(slug, id)| load_hypothesis(slug, id),
    );
    view! {
        <Loaded
            data=hypothesis
            view=move |hypothesis| view! { <Hypothesis team=team.clone() hypothesis=hypothesis /> }
        />
    }
}

#[component]
fn Hypothesis(team: TeamView, hypothesis: HypothesisView) -> impl IntoView {
    let HypothesisView {
        id,
        statement,
        standing,
        facts,
        progress,
        decision,
    } = hypothesis;
    let insights = format!("/teams/{}/insights#hypotheses", team.slug);
    let id = id.to_string();
    let record = format!("/teams/{}/insights/hypotheses/{id}/record.md", team.slug);
    let facts = facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
        .collect_view();
    let is_decided = decision.is_some();
    let heading = if is_decided { "Evidence" } else { "Progress" };
    let progress = match progress {
        Some(progress) => view! {
            <Progress progress=progress />
            <WhatWordsMean />
        }
        .into_any(),
        None if standing == Standing::Withdrawn => {
            view! { <p class="muted">"It was withdrawn before anything was decided."</p> }
                .into_any()
        }
        None => view! { <p class="muted">"Its period has not begun."</p> }.into_any(),
    };
    let is_early = standing == Standing::Running;
    let asks = (is_early || standing == Standing::Ended).then(|| {
        view! { <DecisionForm team=team.slug.clone() hypothesis=id.clone() early=is_early /> }
    });
    let may_withdraw = !is_decided && standing != Standing::Withdrawn;
    let withdraw =
        may_withdraw.then(|| view! { <Withdraw team=team.slug.clone() hypothesis=id.clone() /> });
    view! {
        <Title text=format!("Hypothesis · {}", team.name) />
        <div class="hypothesis-page">
            <p class="way-back">
                <a href=insights>"Insights"</a>
            </p>
            <h1>"Hypothesis"</h1>
            <p class="hypothesis-statement">
                <StatementText statement=statement />
            </p>
            <p>
                <span class="badge">{standing.in_words()}</span>
            </p>
            {is_decided.then(|| view! { <CameTooLate hypothesis=id.clone() /> })}
            {decision.map(|decision| view! { <Decision decision=decision record=record /> })}
            <dl class="hypothesis-facts">{facts}</dl>
            <section aria-labelledby="progress-heading">
                <h2 id="progress-heading">{heading}</h2>
                {progress}
            </section>
            {asks}
            {withdraw}
        </div>
    }
}

/// What somebody wrote who decided when another had done so. There is no form any more that would hold it.
#[component]
fn CameTooLate(hypothesis: String) -> impl IntoView {
    let state = FormState::of(TakeDecision::url(), Some(("hypothesis", &hypothesis)));
    let reason = state.value("reason", "");
    state.error.with_untracked(Clone::clone).map(|error| {
        view! {
            <section class="notice warning" role="alert">
                <p>{error.message} " This is what you wrote:"</p>
                <p class="reason">{reason}</p>
            </section>
        }
    })
}

#[component]
fn Decision(decision: DecisionView, record: String) -> impl IntoView {
    view! {
        <section class="notice" aria-labelledby="decision-heading">
            <h2 id="decision-heading">"Decision: " {decision.verdict.in_words()}</h2>
            <p class="reason">{decision.reason}</p>
            <p class="muted small">
                "By " {decision.by} ", " {decision.on} " · "
                <a href=record rel="external" download="">
                    "Markdown record"
                </a>
            </p>
        </section>
    }
}

/// The question at the end. Before the end it is opened on purpose, and the answer says that it is early.
#[component]
fn DecisionForm(team: String, hypothesis: String, early: bool) -> impl IntoView {
    let was_refused = FormState::of(TakeDecision::url(), Some(("hypothesis", &hypothesis)))
        .error
        .with_untracked(Option::is_some);
    let form = view! {
        <PlainForm
            action=TakeDecision::url()
            key=("hypothesis".to_owned(), hypothesis)
            class="hypothesis-form"
        >
            <input type="hidden" name="team" value=team />
            <Verdicts />
            <TextAreaField label="Reason" name="reason" rows=4 required=true />
            <p class="field-note">
                {format!("What you make of the numbers, and what follows from it: up to {LONGEST_REASON} characters.")}
            </p>
            {early
                .then(|| {
                    view! { <CheckField label="Decide before the period has ended" name="early" required=true /> }
                })}
            <div class="actions">
                <button type="submit" class="primary">
                    "Decide"
                </button>
            </div>
        </PlainForm>
    };
    let note =
        "What is measured at this moment is kept with the decision, and both stay as they are.";
    if early {
        view! {
            <details class="opens" open=was_refused>
                <summary>"Decide early"</summary>
                <p class="notice warning">
                    "The period has not ended. What stands there now may turn until then. " {note}
                </p>
                {form}
            </details>
        }
        .into_any()
    } else {
        view! {
            <section aria-labelledby="decide-heading">
                <h2 id="decide-heading">"Pivot or persevere?"</h2>
                <p class="muted">"The period has ended. " {note}</p>
                {form}
            </section>
        }
        .into_any()
    }
}

#[component]
fn Verdicts() -> impl IntoView {
    let chosen = expect_context::<FormState>().value("verdict", "");
    view! {
        <Choices legend="Decision" name="verdict">
            {Verdict::ALL
                .into_iter()
                .map(|verdict| {
                    let (value, words) = match verdict {
                        Verdict::Pivot => ("pivot", "Pivot: try something else"),
                        Verdict::Persevere => ("persevere", "Persevere: go on with it"),
                    };
                    view! {
                        <label class="choice">
                            <input
                                type="radio"
                                name="verdict"
                                value=value
                                required=true
                                checked=chosen == value
                            />
                            <span>{words}</span>
                        </label>
                    }
                })
                .collect_view()}
        </Choices>
    }
}

#[component]
fn Withdraw(team: String, hypothesis: String) -> impl IntoView {
    view! {
        <div>
            <Confirm id="withdraw" opener="Withdraw" title="Withdraw this hypothesis?" danger=true>
                <p>"It stays readable as withdrawn, and nobody can decide about it any more."</p>
                <PlainForm
                    action=WithdrawHypothesis::url()
                    key=("hypothesis".to_owned(), hypothesis)
                >
                    <input type="hidden" name="team" value=team />
                    <Answers>
                        <button type="submit" class="danger">
                            "Withdraw hypothesis"
                        </button>
                    </Answers>
                </PlainForm>
            </Confirm>
        </div>
    }
}
