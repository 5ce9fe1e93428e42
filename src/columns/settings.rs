//! The columns of a board as they are set: added, named, ordered, limited, removed.

use leptos::{either::Either, prelude::*, server_fn::ServerFn};

use super::{
    model::{ColumnKind, ColumnName, ColumnView},
    requests::{AddColumn, EditColumn, MoveColumn, RemoveColumn},
};
use crate::{
    forms::{
        conflict::BothVersions,
        view::{FormState, PlainForm, SelectField, TextField},
    },
    ids::{BoardId, ColumnId},
    ui::{
        confirm::{Answers, Confirm},
        icon::Icon,
    },
};

/// The section `Columns` of a board's settings.
#[component]
pub fn ColumnSettings(
    team: String,
    board: BoardId,
    columns: Vec<ColumnView>,
    /// For the form that adds a column.
    new_column: ColumnId,
) -> impl IntoView {
    let count = columns.len();
    let is_done = |column: &ColumnView| column.kind == ColumnKind::Done;
    let count_done = columns.iter().filter(|column| is_done(column)).count();
    let (has_one_done, has_no_done) = (count_done == 1, count_done == 0);
    let (list_team, board_id) = (team.clone(), board.to_string());
    view! {
        <section class="column-settings" aria-labelledby="column-settings">
            <h2 id="column-settings">"Columns"</h2>
            <p class="muted">
                "What a column is for, not its name, decides what counts as in progress and as done."
            </p>
            {has_no_done
                .then(|| {
                    view! {
                        <p class="notice warning">
                            "No column of this board is of the kind Done: tasks cannot be finished here."
                        </p>
                    }
                })}
            <ol>
                {columns
                    .into_iter()
                    .enumerate()
                    .map(|(index, column)| {
                        let is_only_done = has_one_done && is_done(&column);
                        view! {
                            <Column
                                team=list_team.clone()
                                board=board
                                column=column
                                place=index + 1
                                count=count
                                is_only_done=is_only_done
                            />
                        }
                    })
                    .collect_view()}
            </ol>
            <PlainForm
                action=AddColumn::url()
                key=("board".to_owned(), board_id)
                class="column-row new"
                label="Add a column"
            >
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="id" value=new_column.to_string() />
                <TextField
                    label="New column"
                    name="name"
                    required=true
                    maxlength=ColumnName::MAX as u32
                    autocomplete="off"
                />
                <SelectField
                    label="Kind"
                    name="kind"
                    value=ColumnKind::Doing.as_str()
                    options=kinds()
                />
                <button type="submit">"Add column"</button>
            </PlainForm>
        </section>
    }
}

#[component]
fn Column(
    team: String,
    board: BoardId,
    column: ColumnView,
    place: usize,
    count: usize,
    /// Whether work ends in no other column of the board.
    is_only_done: bool,
) -> impl IntoView {
    let (board, id) = (board.to_string(), column.id.to_string());
    let named_by = format!("settings-of-{id}");
    let legend = named_by.clone();
    let warning = is_only_done.then(|| format!("only-done-{id}"));
    let described_by = warning.clone();
    let key = ("column".to_owned(), id.clone());
    let (edit_team, edit_board) = (team.clone(), board.clone());
    let limit = column
        .wip_limit
        .map(|limit| limit.to_string())
        .unwrap_or_default();
    let refusals = [MoveColumn::url(), RemoveColumn::url()]
        .into_iter()
        .filter_map(|action| {
            FormState::of(action, Some(("column", &id)))
                .error
                .get_untracked()
        })
        .map(|error| view! { <p class="form-error" role="alert">{error.message}</p> })
        .collect_view();
    let ids = Ids([
        ("team", team),
        ("board", board.clone()),
        ("column", id.clone()),
    ]);
    let removal = (count > 1).then(|| match &warning {
        Some(warning) => Either::Left(view! {
            <RemoveOnlyDone ids=ids.clone() described_by=format!("{named_by} {warning}") />
        }),
        None => Either::Right(view! {
            <form method="post" action=RemoveColumn::url() data-key=id.clone()>
                {ids.fields()}
                <button
                    type="submit"
                    class="quiet danger"
                    aria-label="Remove column"
                    aria-describedby=named_by.clone()
                    title="Remove column"
                >
                    <Icon name="trash" />
                </button>
            </form>
        }),
    });
    let step = move |to: usize, words: &'static str, icon: &'static str| {
        view! {
            <form method="post" action=MoveColumn::url() data-key=id.clone()>
                {ids.fields()}
                <input type="hidden" name="place" value=to.to_string() />
                <button
                    type="submit"
                    class="quiet"
                    aria-label=words
                    aria-describedby=named_by.clone()
                    title=words
                >
                    <Icon name=icon />
                </button>
            </form>
        }
    };
    let steps = [
        (place > 1).then(|| (place - 1, "Move left", "arrow-left")),
        (place < count).then(|| (place + 1, "Move right", "arrow-right")),
    ];
    view! {
        <li>
            <fieldset aria-describedby=described_by>
                <legend id=legend class="visually-hidden">
                    {column.name.clone()}
                </legend>
                {refusals}
                <PlainForm action=EditColumn::url() key=key class="column-row">
                    <input type="hidden" name="team" value=edit_team />
                    <input type="hidden" name="board" value=edit_board />
                    <input type="hidden" name="version" value=column.version.to_string() />
                    <BothVersions words=words />
                    <TextField
                        label="Column name"
                        name="name"
                        value=column.name
                        required=true
                        maxlength=ColumnName::MAX as u32
                        autocomplete="off"
                    />
                    <SelectField
                        label="Kind"
                        name="kind"
                        value=column.kind.as_str()
                        options=kinds()
                    />
                    <TextField
                        label="WIP limit"
                        name="wip_limit"
                        value=limit
                        maxlength=3
                        placeholder="None"
                        inputmode="numeric"
                        autocomplete="off"
                    />
                    <button type="submit" aria-label="Save column">
                        "Save"
                    </button>
                </PlainForm>
                <div class="column-deeds">
                    {steps
                        .into_iter()
                        .flatten()
                        .map(|(to, words, icon)| step(to, words, icon))
                        .collect_view()}
                    {removal}
                </div>
                {warning
                    .map(|warning| {
                        view! {
                            <p id=warning class="muted">
                                "The only column of the kind Done. Without one, tasks on this board cannot be finished."
                            </p>
                        }
                    })}
            </fieldset>
        </li>
    }
}

/// The fields that say which column of which board a form is about, and whose.
#[derive(Clone)]
struct Ids([(&'static str, String); 3]);

impl Ids {
    fn fields(&self) -> impl IntoView + use<> {
        let Self(ids) = self.clone();
        ids.map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
            .into_iter()
            .collect_view()
    }
}

/// Asks first: without the column nothing on the board can be finished, and no Undo brings it back.
#[component]
fn RemoveOnlyDone(ids: Ids, described_by: String) -> impl IntoView {
    let [.., (_, column)] = ids.0.clone();
    let id = format!("remove-{column}");
    view! {
        <div>
            <Confirm
                id=id
                opener="Remove column"
                icon="trash"
                described_by=described_by
                title="Remove the only column of the kind Done?"
                danger=true
            >
                <p>"Without one, tasks on this board cannot be finished."</p>
                <form method="post" action=RemoveColumn::url() data-key=column.clone()>
                    {ids.fields()}
                    <Answers>
                        <button type="submit" class="danger">
                            "Remove column"
                        </button>
                    </Answers>
                </form>
            </Confirm>
        </div>
    }
}

fn kinds() -> Vec<(String, String)> {
    ColumnKind::ALL
        .into_iter()
        .map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()))
        .collect()
}

/// A field of a column and one of its values, in words.
fn words(field: &str, value: &str) -> (&'static str, String) {
    match field {
        "kind" => {
            let label = ColumnKind::parse(value).map(ColumnKind::label);
            (
                "Kind",
                label.map_or_else(|_| value.to_owned(), str::to_owned),
            )
        }
        "wip_limit" if value.is_empty() => ("WIP limit", "No limit".to_owned()),
        "wip_limit" => ("WIP limit", value.to_owned()),
        _ => ("Column name", value.to_owned()),
    }
}
