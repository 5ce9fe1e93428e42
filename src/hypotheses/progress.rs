//! A statement, and what was measured of it. The server has put it into words and drawn it already.

use leptos::prelude::*;

use super::model::{ProgressView, Statement};

/// If we …, then …, because …
#[component]
pub fn StatementText(statement: Statement) -> impl IntoView {
    view! {
        <span class="statement">
            <span class="muted">"If we "</span>
            {statement.if_we}
            <span class="muted">", then "</span>
            {statement.then_it}
            <span class="muted">", because "</span>
            {statement.because}
            "."
        </span>
    }
}

/// How sure one can be, and of what.
#[component]
pub fn Progress(
    progress: ProgressView,
    /// Whether there is room for everything that was measured.
    #[prop(default = true)]
    whole: bool,
) -> impl IntoView {
    // Of too few there is nothing to draw, and how many there are is the one thing to say.
    let is_told = progress.plot.is_some();
    let shown = if whole { usize::MAX } else { 1 };
    let facts = progress.facts.into_iter().take(shown);
    let plot = progress
        .plot
        .map(|plot| view! { <div class="plot" inner_html=plot></div> });
    view! {
        <div class="progress-told" class:too-few=!is_told>
            <p>
                <strong class=progress.tone>{progress.words}</strong>
                " "
                <span class="muted small">{progress.measured}</span>
            </p>
            {plot}
            <ul class="progress-facts">
                {facts.map(|fact| view! { <li>{fact}</li> }).collect_view()}
            </ul>
        </div>
    }
}

/// What the words mean, for whoever wants to know.
#[component]
pub fn WhatWordsMean() -> impl IntoView {
    view! {
        <details class="words-mean">
            <summary>"What the words mean"</summary>
            <dl>
                <dt>"Very likely"</dt>
                <dd>"The whole 95 % interval lies on one side of the target."</dd>
                <dt>"Likely"</dt>
                <dd>"The whole 80 % interval does, which is shorter."</dd>
                <dt>"Open"</dt>
                <dd>"The 80 % interval holds the target: the numbers go well with either."</dd>
                <dt>"Too few to tell"</dt>
                <dd>"There are fewer observations than were asked for beforehand."</dd>
            </dl>
            <p class="muted">
                "The drawing shows the 95 % interval: Wilson's of a share, Newcombe's of the difference of two shares, a bootstrap of medians. "
                "Whoever looks every day sees a target reached by chance some day: what counts is the end of the period."
            </p>
        </details>
    }
}
