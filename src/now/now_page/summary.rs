//! What matters most, in one line above the rows.

use leptos::prelude::*;

use super::{A_LOT, NowView};
use crate::now::model::TaskNow;

/// What is late, what is due, what nobody holds, and who has too much or nothing.
#[component]
pub fn Summary(now: NowView) -> impl IntoView {
    let people = || now.people.iter().chain(&now.former);
    let tasks = || {
        people()
            .flat_map(|row| &row.tasks)
            .chain(&now.unheld)
            .filter(|task| task.in_progress)
    };
    let count = |of: &dyn Fn(&TaskNow) -> bool| tasks().filter(|task| of(task)).count();
    let late = count(&|task| task.is_overdue);
    let soon = count(&|task| task.is_soon(&now.today));
    let unheld = now.unheld.len();
    let loaded = now
        .people
        .iter()
        .filter(|row| row.tasks.len() >= A_LOT)
        .count();
    let idle = now.people.iter().filter(|row| row.tasks.is_empty()).count();
    let facts = [
        (late, "late", Some("late"), None),
        (soon, "due today or tomorrow", Some("warning"), None),
        (
            unheld,
            "held by nobody",
            Some("warning"),
            Some("#now-unheld"),
        ),
        (loaded, "with a lot at once", None, None),
        (idle, "with nothing in progress", None, None),
    ];
    view! {
        <ul class="now-summary">
            {facts
                .into_iter()
                .filter(|(number, ..)| *number > 0)
                .map(|(number, words, tone, place)| {
                    let class = format!("badge {}", tone.unwrap_or_default());
                    let words = format!("{number} {words}");
                    view! {
                        <li>
                            {match place {
                                Some(place) => {
                                    view! {
                                        <a class=class href=place>
                                            {words}
                                        </a>
                                    }
                                        .into_any()
                                }
                                None => view! { <span class=class>{words}</span> }.into_any(),
                            }}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
