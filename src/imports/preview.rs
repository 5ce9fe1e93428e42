//! What a file would bring, and the choices before it does.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    model::{
        Archived, ClosedLists, Counted, CsvPreview, ListPreview, Meaning, MemberPreview,
        TrelloPreview,
    },
    requests::{ImportCsv, ImportTrello},
};
use crate::{
    boards::model::{BoardKey, BoardName},
    columns::model::ColumnKind,
    forms::view::{PlainForm, SelectField, TextField},
    people::model::PersonName,
    ui::words::counted,
};

const NEW_KEY: &str =
    "Up to 10 letters and digits. Every task is named by it, so it stays for ever.";

/// The form that imports a board of Trello.
#[component]
pub fn TrelloForm(
    team: String,
    file: String,
    preview: TrelloPreview,
    people: Vec<PersonName>,
) -> impl IntoView {
    let TrelloPreview {
        name,
        key,
        lists,
        members,
        comes,
        stays,
        notes,
        archived,
    } = preview;
    let has_closed = lists.iter().any(|list| list.closed);
    let archived = archived > 0 || has_closed;
    view! {
        <div class="import-counts">
            <Counts words="This will come" counts=comes />
            <Counts words="This will not" counts=stays />
        </div>
        {(!notes.is_empty())
            .then(|| {
                view! {
                    <ul class="import-notes">
                        {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                    </ul>
                }
            })}
        <PlainForm action=ImportTrello::url() key=("file".to_owned(), file) class="stack" label="Import">
            <input type="hidden" name="team" value=team />
            <BoardFields name=name key=key />
            {if archived {
                view! {
                    <SelectField
                        label="Archived cards become"
                        name="archived"
                        value=Archived::default().as_str()
                        options=Archived::ALL.map(|it| (it.as_str().to_owned(), it.label().to_owned())).to_vec()
                    />
                }
                    .into_any()
            } else {
                view! { <input type="hidden" name="archived" value=Archived::default().as_str() /> }.into_any()
            }}
            {if has_closed {
                view! {
                    <SelectField
                        label="Archived lists become"
                        name="closed_lists"
                        value=ClosedLists::default().as_str()
                        options=ClosedLists::ALL
                            .map(|it| (it.as_str().to_owned(), it.label().to_owned()))
                            .to_vec()
                    />
                }
                    .into_any()
            } else {
                view! { <input type="hidden" name="closed_lists" value=ClosedLists::default().as_str() /> }
                    .into_any()
            }} <Lists lists=lists /> <Members members=members people=people />
            <div class="actions">
                <button type="submit" class="primary">
                    "Import"
                </button>
            </div>
        </PlainForm>
    }
}

#[component]
fn BoardFields(name: String, key: String) -> impl IntoView {
    view! {
        <TextField
            label="Board name"
            name="name"
            value=name
            required=true
            maxlength=BoardName::MAX as u32
            autocomplete="off"
        />
        <TextField
            label="Key"
            name="key"
            value=key
            required=true
            maxlength=BoardKey::MAX as u32
            autocomplete="off"
            hint=NEW_KEY
        />
    }
}

#[component]
fn Counts(words: &'static str, counts: Vec<Counted>) -> impl IntoView {
    (!counts.is_empty()).then(|| {
        view! {
            <div>
                <h3>{words}</h3>
                <ul>
                    {counts.into_iter().map(|(_, words)| view! { <li>{words}</li> }).collect_view()}
                </ul>
            </div>
        }
    })
}

#[component]
fn Lists(lists: Vec<ListPreview>) -> impl IntoView {
    let options: Vec<_> = ColumnKind::ALL
        .into_iter()
        .map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()))
        .collect();
    (!lists.is_empty()).then(|| {
        let rows = lists.into_iter().map(|list| {
            let cards = counted(list.cards, "card", "cards");
            let archived = if list.closed { ", archived" } else { "" };
            view! {
                <SelectField
                    label=format!("{} ({cards}{archived})", list.name)
                    name=format!("kinds[{}]", list.field)
                    value=list.kind.as_str()
                    options=options.clone()
                />
            }
        });
        view! {
            <fieldset class="import-mapping">
                <legend>"What being in a list means"</legend>
                {rows.collect_view()}
            </fieldset>
        }
    })
}

#[component]
fn Members(members: Vec<MemberPreview>, people: Vec<PersonName>) -> impl IntoView {
    let mut options = vec![(String::new(), "Nobody here".to_owned())];
    options.extend(
        people
            .into_iter()
            .map(|person| (person.id.to_string(), person.name)),
    );
    (!members.is_empty()).then(|| {
        let rows = members.into_iter().map(|member| {
            let username = match member.username.as_str() {
                "" => String::new(),
                username => format!(" @{username}"),
            };
            let proposed = member.proposed.map(|person| person.id.to_string());
            view! {
                <SelectField
                    label=format!(
                        "{}{username} ({}, {})",
                        member.name,
                        counted(member.cards, "card", "cards"),
                        counted(member.comments, "comment", "comments"),
                    )
                    name=format!("people[{}]", member.field)
                    value=proposed.unwrap_or_default()
                    options=options.clone()
                />
            }
        });
        view! {
            <fieldset class="import-mapping">
                <legend>"Who is who"</legend>
                <p class="field-note">
                    "The comments of somebody who is nobody here come under your name, and say who wrote them."
                </p>
                {rows.collect_view()}
            </fieldset>
        }
    })
}

/// The form that imports a table.
#[component]
pub fn CsvForm(team: String, file: String, preview: CsvPreview) -> impl IntoView {
    let CsvPreview {
        columns,
        rows,
        count,
        has_header,
        read_as,
        boards,
        name,
        key,
        faults,
    } = preview;
    let mut onto = vec![(String::new(), "A new board".to_owned())];
    onto.extend(boards.into_iter().map(|(key, name)| {
        let words = format!("{name} ({key})");
        (key, words)
    }));
    let meanings: Vec<_> = Meaning::ALL
        .map(|meaning| (meaning.as_str().to_owned(), meaning.label().to_owned()))
        .to_vec();
    let heads: Vec<_> = columns.iter().map(|column| column.name.clone()).collect();
    let shown: Vec<_> = rows.into_iter().skip(usize::from(has_header)).collect();
    view! {
        {(!faults.is_empty())
            .then(|| {
                view! {
                    <ul class="import-faults" aria-label="What is wrong">
                        {faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect_view()}
                    </ul>
                }
            })}
        <p class="muted">{format!("{}, {read_as}.", counted(count, "row", "rows"))}</p>
        <div class="import-table" tabindex="0" role="region" aria-label="The first rows">
            <table>
                <thead>
                    <tr>
                        {heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {shown
                        .into_iter()
                        .map(|row| {
                            view! {
                                <tr>
                                    {row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
        <PlainForm action=ImportCsv::url() key=("file".to_owned(), file) class="stack" label="Import">
            <input type="hidden" name="team" value=team />
            <SelectField
                label="First row"
                name="header"
                value=if has_header { "yes" } else { "no" }
                options=vec![
                    ("yes".to_owned(), "Names of the columns".to_owned()),
                    ("no".to_owned(), "A task".to_owned()),
                ]
            />
            <fieldset class="import-mapping">
                <legend>"What the columns are"</legend>
                {columns
                    .into_iter()
                    .map(|column| {
                        view! {
                            <SelectField
                                label=column.name
                                name=format!("columns[{}]", column.field)
                                value=column.meaning.as_str()
                                options=meanings.clone()
                            />
                        }
                    })
                    .collect_view()}
            </fieldset>
            <SelectField label="Onto" name="board" options=onto />
            <BoardFields name=name key=key />
            <p class="field-note">"Name and key are for a new board."</p>
            <div class="actions">
                <button type="submit" class="primary">
                    "Import"
                </button>
            </div>
        </PlainForm>
    }
}
