//! How figures stand on the page. The server has written their plots and tables already.

use leptos::prelude::*;

use super::model::{FigureGroup, FigureView};

/// A section of the page: groups of figures under a heading.
#[component]
pub fn FigureSection(
    /// The id of the section, which the page's navigation leads to.
    id: &'static str,
    title: &'static str,
    /// What the section is about, in a sentence.
    about: &'static str,
    groups: Vec<FigureGroup>,
) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    let groups = groups
        .into_iter()
        .map(|group| {
            view! {
                <h3>{group.title}</h3>
                <div class="figures">
                    {group.figures.into_iter().map(|figure| view! { <Figure figure=figure /> }).collect_view()}
                </div>
            }
        })
        .collect_view();
    view! {
        <section id=id class="insight" aria-labelledby=labelled_by>
            <h2 id=heading>{title}</h2>
            <p class="muted">{about}</p>
            {groups}
        </section>
    }
}

#[component]
fn Figure(figure: FigureView) -> impl IntoView {
    let numbers = figure.numbers.into_iter().map(|number| {
        view! {
            <div>
                <dt>{number.words}</dt>
                <dd>{number.value}</dd>
            </div>
        }
    });
    let body = match figure.nothing {
        Some(nothing) => view! { <p class="figure-nothing">{nothing}</p> }.into_any(),
        None => view! { <dl class="figure-numbers">{numbers.collect_view()}</dl> }.into_any(),
    };
    let plot = figure
        .plot
        .map(|plot| view! { <div class="plot" inner_html=plot></div> });
    let table = figure.table.map(|table| {
        view! {
            <details class="figure-table">
                <summary>"The numbers"</summary>
                <div class="figure-table-frame" tabindex="0" role="group" aria-label="The numbers" inner_html=table></div>
            </details>
        }
    });
    let heading = format!("{}-figure", figure.id);
    let labelled_by = heading.clone();
    view! {
        <article class="figure" id=figure.id aria-labelledby=labelled_by>
            <h4 id=heading>{figure.title}</h4>
            <p class="muted small">{figure.counts}</p>
            {body}
            {plot}
            {table}
        </article>
    }
}
