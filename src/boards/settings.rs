//! What is set for one board: its name, its columns, whether it is in use.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use super::{
    list_page::{BringBack, was_refused},
    model::BoardName,
    requests::{ArchiveBoard, RenameBoard, RestoreBoard},
};
use crate::{
    columns::{
        model::ColumnView,
        requests::{AddColumn, EditColumn, MoveColumn, RemoveColumn},
        settings::ColumnSettings,
    },
    forms::{
        conflict::BothVersions,
        view::{PlainForm, TextField},
    },
    ids::{BoardId, ColumnId},
    people::shell::use_team,
};

/// A disclosure on the board's page with everything that can be set, for who may write. It is open
/// when the page comes back from one of its own forms, because one change seldom comes alone.
#[component]
pub fn BoardSettings(
    id: BoardId,
    name: String,
    version: i64,
    archived: bool,
    columns: Vec<ColumnView>,
    /// For the form that adds a column.
    new_column: ColumnId,
) -> impl IntoView {
    let team = use_team().slug;
    if archived {
        return view! { <BringBack team=team board=id /> }.into_any();
    }
    let board = id.to_string();
    let open = comes_from_here(&board, &columns);
    view! {
        <details class="opens board-settings" open=open>
            <summary>"Board settings"</summary>
            <div class="board-settings-panel">
                <RenameForm team=team.clone() board=id version=version name=name />
                <ColumnSettings team=team.clone() board=id columns=columns new_column=new_column />
                <PlainForm action=ArchiveBoard::url() key=("board".to_owned(), board)>
                    <input type="hidden" name="team" value=team />
                    <p class="muted">
                        "An archived board can be read and searched, not changed, and can be brought back."
                    </p>
                    <button type="submit" class="quiet">
                        "Archive board"
                    </button>
                </PlainForm>
            </div>
        </details>
    }
    .into_any()
}

fn comes_from_here(board: &str, columns: &[ColumnView]) -> bool {
    let done = use_query_map().with_untracked(|query| query.get("done"));
    let done = done.is_some_and(|verb| {
        [
            "rename_board",
            "add_column",
            "edit_column",
            "move_column",
            "remove_column",
        ]
        .contains(&verb.as_str())
    });
    let board_refused = [
        RenameBoard::url(),
        ArchiveBoard::url(),
        RestoreBoard::url(),
        AddColumn::url(),
    ]
    .into_iter()
    .any(|action| was_refused(action, "board", board));
    let column_refused = || {
        columns.iter().any(|column| {
            let id = column.id.to_string();
            [EditColumn::url(), MoveColumn::url(), RemoveColumn::url()]
                .into_iter()
                .any(|action| was_refused(action, "column", &id))
        })
    };
    done || board_refused || column_refused()
}

/// The form that gives a board another name.
#[component]
pub fn RenameForm(team: String, board: BoardId, version: i64, name: String) -> impl IntoView {
    view! {
        <PlainForm
            action=RenameBoard::url()
            key=("board".to_owned(), board.to_string())
            class="inline-form"
        >
            <input type="hidden" name="team" value=team />
            <input type="hidden" name="version" value=version.to_string() />
            <BothVersions words=|_, value| ("Board name", value.to_owned()) />
            <TextField
                label="Name of the board"
                name="name"
                value=name
                required=true
                maxlength=BoardName::MAX as u32
                autocomplete="off"
            />
            <button type="submit">"Rename"</button>
        </PlainForm>
    }
}
