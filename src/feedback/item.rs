//! One answer as its owners read it.

use leptos::prelude::*;

use super::{
    model::FeedbackItem,
    words::{IN_THE_WAY, MISSING, MOST_USEFUL},
};
use crate::ui::time::Ago;

/// Who said it, when and where.
#[component]
pub fn SaidBy(item: FeedbackItem, now: i64) -> impl IntoView {
    view! {
        <p class="said-by">
            <strong>{item.by.as_holder(item.left)}</strong>
            " · "
            <Ago at=item.created_at now=now />
            " · on "
            <code>{item.page}</code>
            {format!(" · version {} · {}", item.version, item.occasion.in_words())}
        </p>
    }
}

/// The answers that were given.
#[component]
pub fn Said(item: FeedbackItem) -> impl IntoView {
    let answers = [
        (MOST_USEFUL, item.most_useful),
        (IN_THE_WAY, item.in_the_way),
        (MISSING, item.missing),
    ];
    let answers = answers
        .into_iter()
        .filter(|(_, answer)| !answer.is_empty())
        .map(|(question, answer)| {
            view! {
                <div>
                    <dt>{question}</dt>
                    <dd>{answer}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="said">{answers}</dl> }
}
