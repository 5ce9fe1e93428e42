//! The last seven days against the seven before.

use leptos::prelude::*;

use crate::now::model::{LookBack, Weeks};

/// What the team finished, started and let slip, and beside it the reader's own. Nobody is ranked.
#[component]
pub fn WeeksTable(look_back: LookBack) -> impl IntoView {
    let LookBack { team, mine } = look_back;
    let own = |of: fn(Weeks) -> [i64; 2]| mine.map(of);
    let rows = [
        ("Finished", team.finished, own(|mine| mine.finished)),
        ("Started", team.started, own(|mine| mine.started)),
        (
            "Slipped past the due date",
            team.slipped,
            own(|mine| mine.slipped),
        ),
    ];
    let cells = |weeks: Option<[i64; 2]>| {
        weeks.map(|[last, before]| {
            view! {
                <td>{last}</td>
                <td class="muted">{before}</td>
            }
        })
    };
    view! {
        <section class="now-weeks" aria-labelledby="now-weeks">
            <h2 id="now-weeks">"The last seven days"</h2>
            <table>
                <caption class="visually-hidden">"The last seven days against the seven before"</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">"Team"</th>
                        <th scope="col" class="muted">
                            <span class="visually-hidden">"Team, "</span>
                            "before"
                        </th>
                        {mine
                            .map(|_| {
                                view! {
                                    <th scope="col">"You"</th>
                                    <th scope="col" class="muted">
                                        <span class="visually-hidden">"You, "</span>
                                        "before"
                                    </th>
                                }
                            })}
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|(words, of_team, of_mine)| {
                            view! {
                                <tr>
                                    <th scope="row">{words}</th>
                                    {cells(Some(of_team))}
                                    {cells(of_mine)}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </section>
    }
}
