//! The hypotheses and the decisions on the owners' insights page.

use leptos::prelude::*;

use super::{
    model::{DecisionRow, HypothesesView, HypothesisRow, MOST_OPEN, SHOWN, Standing},
    progress::{Progress, StatementText},
    requests::{load_decisions, load_hypotheses},
};
use crate::ui::{data::PageData, page::Loaded};

/// What the team expects, and what it looks like so far.
#[component]
pub fn HypothesesSection(
    /// The slug of the team.
    team: String,
) -> impl IntoView {
    let slug = team.clone();
    let hypotheses = PageData::new(move || slug.clone(), load_hypotheses);
    view! {
        <section id="hypotheses" class="insight" aria-labelledby="hypotheses-heading">
            <h2 id="hypotheses-heading">"Hypotheses"</h2>
            <p class="muted">
                "What is expected of a change, written down before it is known: what will be measured, and from which number on it is a success."
            </p>
            <Loaded
                data=hypotheses
                view=move |hypotheses| view! { <Hypotheses team=team.clone() hypotheses=hypotheses /> }
            />
        </section>
    }
}

#[component]
fn Hypotheses(team: String, hypotheses: HypothesesView) -> impl IntoView {
    let HypothesesView {
        open,
        withdrawn,
        is_full,
    } = hypotheses;
    let home = format!("/teams/{team}/insights/hypotheses");
    let new = format!("{home}/new");
    let is_empty = open.is_empty();
    let list = |rows: Vec<HypothesisRow>, home: String| {
        rows.into_iter()
            .map(move |row| view! { <Row home=home.clone() row=row /> })
            .collect_view()
    };
    let taken_back = (!withdrawn.is_empty()).then(|| {
        let rows = list(withdrawn, home.clone());
        view! {
            <details class="withdrawn">
                <summary>"Withdrawn"</summary>
                <ul class="hypotheses">{rows}</ul>
            </details>
        }
    });
    let full =
        format!("A team has up to {MOST_OPEN} hypotheses without a decision. Decide one first.");
    view! {
        {if is_full {
            view! { <p class="muted">{full}</p> }.into_any()
        } else {
            view! {
                <p>
                    <a class="button" href=new>
                        "New hypothesis"
                    </a>
                </p>
            }
                .into_any()
        }}
        {is_empty
            .then(|| {
                view! {
                    <p class="empty">
                        "Nothing is being tried. Write down what a change should bring before you make it."
                    </p>
                }
            })}
        <ul class="hypotheses">{list(open, home)}</ul>
        {taken_back}
    }
}

#[component]
fn Row(home: String, row: HypothesisRow) -> impl IntoView {
    let href = format!("{home}/{}", row.id);
    let standing = match row.standing {
        Standing::Ended => "badge warning",
        _ => "badge",
    };
    let progress = row
        .progress
        .map(|progress| view! { <Progress progress=progress whole=false /> });
    view! {
        <li class="hypothesis">
            <p>
                <a href=href>
                    <StatementText statement=row.statement />
                </a>
            </p>
            <p class="muted small">
                <span class=standing>{row.standing.in_words()}</span>
                " "
                {row.facts}
            </p>
            {progress}
        </li>
    }
}

/// What the team decided: its memory.
#[component]
pub fn DecisionsSection(
    /// The slug of the team.
    team: String,
) -> impl IntoView {
    let slug = team.clone();
    let decisions = PageData::new(move || slug.clone(), load_decisions);
    view! {
        <section id="decisions" class="insight" aria-labelledby="decisions-heading">
            <h2 id="decisions-heading">"Decisions"</h2>
            <p class="muted">"What was decided, why, and what was known then."</p>
            <Loaded
                data=decisions
                view=move |decisions| view! { <Decisions team=team.clone() decisions=decisions /> }
            />
        </section>
    }
}

#[component]
fn Decisions(team: String, decisions: Vec<DecisionRow>) -> impl IntoView {
    let home = format!("/teams/{team}/insights");
    let all = format!("{home}/decisions.md");
    let is_cut = decisions.len() as i64 >= SHOWN;
    if decisions.is_empty() {
        return view! {
            <p class="empty">
                "Nothing was decided yet. At the end of its period a hypothesis asks for a decision."
            </p>
        }
        .into_any();
    }
    let rows = decisions
        .into_iter()
        .map(move |row| view! { <Decided home=home.clone() row=row /> })
        .collect_view();
    let cut = is_cut
        .then(|| view! { <p class="muted">{format!("The latest {SHOWN}; the file has all.")}</p> });
    view! {
        <p>
            <a class="button quiet" href=all rel="external" download="">
                "Download as Markdown"
            </a>
        </p>
        {cut}
        <ol class="hypotheses">{rows}</ol>
    }
    .into_any()
}

#[component]
fn Decided(home: String, row: DecisionRow) -> impl IntoView {
    let href = format!("{home}/hypotheses/{}", row.hypothesis);
    let record = format!("{href}/record.md");
    let decision = row.decision;
    view! {
        <li class="hypothesis">
            <p>
                <strong>{decision.verdict.in_words()}</strong>
                ": "
                <a href=href>
                    <StatementText statement=row.statement />
                </a>
            </p>
            <p class="reason">{decision.reason}</p>
            <p class="muted small">
                {row.evidence} " · by " {decision.by} ", " {decision.on} " · "
                <a href=record rel="external" download="">
                    "Markdown record"
                </a>
            </p>
        </li>
    }
}
