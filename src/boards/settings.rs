//! What is set for one board: its name, its columns, whether it is in use.

use leptos::{ev, html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use web_sys::Element;

use super::{
    board_page::Settings,
    list_page::{BringBack, was_refused},
    model::BoardName,
    requests::{ArchiveBoard, RenameBoard},
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
    people::shell::{
        keys::table::{IN_MENU, InMenu},
        use_team,
    },
    ui::{
        dom::{find_in, focus, target_of},
        keys::pressed,
    },
};

/// A disclosure on the board's page with everything that can be set, for who may write. It is open
/// when the page comes back from one of its own forms, because one change seldom comes alone.
#[component]
pub fn BoardSettings(
    id: BoardId,
    settings: RwSignal<Settings>,
    /// Whether others have changed them since.
    is_changed: Signal<bool>,
    archived: bool,
    /// For the form that adds a column.
    new_column: ColumnId,
) -> impl IntoView {
    let team = use_team().slug;
    if archived {
        return view! { <BringBack team=team board=id /> }.into_any();
    }
    let board = id.to_string();
    let open = settings.with_untracked(|settings| comes_from_here(&board, &settings.columns));
    let details = NodeRef::new();
    close_from_outside(details);
    let forms = {
        let team = team.clone();
        move || {
            let Settings {
                name,
                version,
                columns,
            } = settings.get();
            view! {
                <RenameForm team=team.clone() board=id version=version name=name />
                <ColumnSettings team=team.clone() board=id columns=columns new_column=new_column />
            }
        }
    };
    view! {
        <details node_ref=details class="opens board-settings" open=open>
            <summary>"Board settings"</summary>
            <div class="board-settings-panel">
                <div aria-live="polite">
                    {move || {
                        is_changed
                            .get()
                            .then(|| {
                                view! {
                                    <p class="notice">
                                        "These settings were changed meanwhile. Close them to see the changes. "
                                        "If you typed something here, they stay as they are."
                                    </p>
                                }
                            })
                    }}
                </div>
                {forms}
                <PlainForm action=ArchiveBoard::url() key=("board".to_owned(), board)>
                    <input type="hidden" name="team" value=team />
                    <div class="actions">
                        <button type="submit" class="quiet danger">
                            "Archive board"
                        </button>
                        <span class="muted small">
                            "It can still be read and searched, and brought back."
                        </span>
                    </div>
                </PlainForm>
            </div>
        </details>
    }
    .into_any()
}

/// Like a popover, it goes by Escape and by a press anywhere else.
fn close_from_outside(details: NodeRef<html::Details>) {
    Effect::new(move |_| {
        let keys = window_event_listener(ev::keydown, move |event| {
            if pressed(IN_MENU, &event) == Some(InMenu::Close)
                && !event.default_prevented()
                && let Some(details) = details.get_untracked()
                && details.open()
            {
                details.set_open(false);
                if let Some(summary) = find_in(&details, "summary") {
                    focus(&summary);
                }
            }
        });
        let presses = window_event_listener(ev::pointerdown, move |event| {
            let pressed = target_of::<Element>(&event);
            if let Some(details) = details.get_untracked()
                && !details.contains(pressed.as_deref())
            {
                details.set_open(false);
            }
        });
        on_cleanup(move || {
            keys.remove();
            presses.remove();
        });
    });
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
    let board_refused = [RenameBoard::url(), ArchiveBoard::url(), AddColumn::url()]
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
