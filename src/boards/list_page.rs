//! The boards of a team: open ones first, those put away below.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{
    model::{BoardKey, BoardName, BoardView},
    requests::{ArchiveBoard, CreateBoard, RestoreBoard},
    settings::RenameForm,
};
use crate::{
    error::Result,
    forms::view::{FormState, PlainForm, TextField},
    ids::BoardId,
    live::coalesced::at_events,
    people::shell::use_team,
    ui::{data::PageData, icon::Icon, page::Loaded},
};

/// Everything that the list of boards shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardsPageData {
    pub boards: Vec<BoardView>,
    /// For the form that makes a board.
    pub new_id: BoardId,
}

/// The page of a team's boards.
#[component]
pub fn BoardsPage() -> impl IntoView {
    let params = use_params_map();
    let team = Memo::new(move |_| params.with(|params| params.get("team").unwrap_or_default()));
    let page = PageData::new(move || team.get(), load_boards);
    view! { <Loaded data=page view=|page| view! { <Boards page=page /> } /> }
}

#[component]
fn Boards(page: BoardsPageData) -> impl IntoView {
    let team = use_team();
    let may_write = team.role.may_write();
    let title = format!("Boards · {}", team.name);
    let deleted = format!("/teams/{}/deleted", team.slug);
    let import = format!("/teams/{}/import", team.slug);
    let boards = RwSignal::new(page.boards);
    let slug = team.slug.clone();
    let read = move || {
        let request = load_boards(slug.clone());
        async move {
            let fresh = request.await?;
            if !boards.is_disposed() {
                boards.set(fresh.boards);
            }
            Ok(())
        }
    };
    at_events(team.seq, |event| !event.kind.starts_with("comment."), read);
    let nothing =
        Memo::new(move |_| boards.with(|boards| boards.iter().all(|board| board.archived)));
    let count = Memo::new(move |_| {
        boards.with(|boards| boards.iter().filter(|board| board.archived).count())
    });
    view! {
        <Title text=title />
        <header class="toolbar">
            <h1>"Boards"</h1>
            {may_write
                .then(|| {
                    view! {
                        <A href=import attr:class="button quiet">
                            "Import"
                        </A>
                        <NewBoard new_id=page.new_id />
                    }
                })}
        </header>
        {move || {
            nothing
                .get()
                .then(|| {
                    let words = if may_write {
                        "A board holds the tasks of one product or one project. There is none yet: start with New board."
                    } else {
                        "There is no open board yet. An owner or a member of the team can make one."
                    };
                    view! { <p class="empty">{words}</p> }
                })
        }}
        <BoardList boards=boards archived=false may_write=may_write />
        <Show when=move || { count.get() > 0 }>
            <details class="archived-boards">
                <summary>{move || format!("Archived boards ({})", count.get())}</summary>
                <BoardList boards=boards archived=true may_write=may_write />
            </details>
        </Show>
        <p class="page-foot">
            <A href=deleted>
                <Icon name="trash" />
                "Recently deleted"
            </A>
        </p>
    }
}

/// The open boards, or those put away. What is counted changes in its place; what is being typed stays.
#[component]
fn BoardList(boards: RwSignal<Vec<BoardView>>, archived: bool, may_write: bool) -> impl IntoView {
    let each = move || {
        let boards = boards.get().into_iter();
        boards
            .filter(|board| board.archived == archived)
            .collect::<Vec<_>>()
    };
    view! {
        <ul class="board-list">
            <For each=each key=|board| (board.id, board.version) let:board>
                <BoardItem board=board boards=boards may_write=may_write />
            </For>
        </ul>
    }
}

#[component]
fn BoardItem(board: BoardView, boards: RwSignal<Vec<BoardView>>, may_write: bool) -> impl IntoView {
    let team = use_team().slug;
    let href = format!("/teams/{team}/boards/{}", board.key);
    let id = board.id;
    let open = move || {
        boards.with(|boards| {
            let board = boards.iter().find(|board| board.id == id)?;
            Some(match (board.todo, board.doing) {
                (0, 0) => "Nothing open".to_owned(),
                (todo, doing) => format!("{todo} to do · {doing} in progress"),
            })
        })
    };
    let manage = may_write.then(|| {
        if board.archived {
            view! { <BringBack team=team board=board.id /> }.into_any()
        } else {
            view! { <ManageBoard team=team board=board.clone() /> }.into_any()
        }
    });
    view! {
        <li class="board-item">
            <h2>
                <A href=href>{board.name.clone()}</A>
            </h2>
            <p class="board-facts">
                <span class="board-key">{board.key.clone()}</span>
                <span class="muted">{open}</span>
            </p>
            {manage}
        </li>
    }
}

#[component]
fn ManageBoard(team: String, board: BoardView) -> impl IntoView {
    let id = board.id.to_string();
    let refused = [super::requests::RenameBoard::url(), ArchiveBoard::url()]
        .into_iter()
        .any(|action| was_refused(action, "board", &id));
    view! {
        <details class="board-manage" open=refused>
            <summary title=format!("Change {}", board.name)>
                <Icon name="more" />
                <span class="visually-hidden">{format!("Change {}", board.name)}</span>
            </summary>
            <div class="board-manage-panel">
                <RenameForm team=team.clone() board=board.id version=board.version name=board.name />
                <PlainForm action=ArchiveBoard::url() key=("board".to_owned(), id)>
                    <input type="hidden" name="team" value=team />
                    <button type="submit" class="quiet danger">
                        "Archive board"
                    </button>
                    <p class="field-note">
                        "It can still be read and searched, and brought back."
                    </p>
                </PlainForm>
            </div>
        </details>
    }
}

/// The button that brings an archived board back.
#[component]
pub fn BringBack(team: String, board: BoardId) -> impl IntoView {
    view! {
        <PlainForm action=RestoreBoard::url() key=("board".to_owned(), board.to_string())>
            <input type="hidden" name="team" value=team />
            <button type="submit">"Bring back"</button>
        </PlainForm>
    }
}

/// The button `New board` and the dialog it opens. A form that was refused is open when the page
/// comes back, therefore it is no popover then.
#[component]
fn NewBoard(new_id: BoardId) -> impl IntoView {
    let team = use_team().slug;
    let boards = format!("/teams/{team}/boards");
    let refused = FormState::of(CreateBoard::url(), None)
        .error
        .with_untracked(Option::is_some);
    view! {
        {(!refused)
            .then(|| {
                view! {
                    <button type="button" class="primary" popovertarget="new-board">
                        "New board"
                    </button>
                }
            })}
        <dialog
            id="new-board"
            class="new-board"
            aria-labelledby="new-board-title"
            popover=(!refused).then_some("auto")
            open=refused
            on:input=move |event| propose_key(&event)
        >
            <h2 id="new-board-title">"New board"</h2>
            <PlainForm action=CreateBoard::url() class="stack">
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="id" value=new_id.to_string() />
                <TextField
                    label="Board name"
                    name="name"
                    required=true
                    maxlength=BoardName::MAX as u32
                    autocomplete="off"
                    autofocus=true
                />
                <TextField
                    label="Key"
                    name="key"
                    required=true
                    maxlength=BoardKey::MAX as u32
                    autocomplete="off"
                    hint="Up to 10 letters and digits, such as WEB. Every task is named by it (WEB-1), so it stays for ever."
                />
                <div class="actions answers">
                    {if refused {
                        view! {
                            <a class="button quiet" href=boards rel="external">
                                "Cancel"
                            </a>
                        }
                            .into_any()
                    } else {
                        view! {
                            <button
                                type="button"
                                class="quiet"
                                popovertarget="new-board"
                                popovertargetaction="hide"
                            >
                                "Cancel"
                            </button>
                        }
                            .into_any()
                    }}
                    <button type="submit" class="primary">
                        "Create board"
                    </button>
                </div>
            </PlainForm>
        </dialog>
    }
}

/// While the name is typed, its key is proposed, until somebody types a key.
fn propose_key(event: &web_sys::Event) {
    let Some(typed) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    let form = typed.closest("form").ok().flatten();
    let key = form
        .and_then(|form| form.query_selector("[name=key]").ok().flatten())
        .and_then(|key| key.dyn_into::<HtmlInputElement>().ok());
    let Some(key) = key.filter(|key| *key != typed) else {
        typed.set_class_name("typed");
        return;
    };
    if key.class_name().is_empty() {
        key.set_value(&BoardKey::proposed(&typed.value()));
    }
}

/// Whether the page came back with this form of this thing refused.
pub(super) fn was_refused(action: &str, field: &str, value: &str) -> bool {
    FormState::of(action, Some((field, value)))
        .error
        .with_untracked(Option::is_some)
}

/// The boards of a team.
#[server]
pub async fn load_boards(team: String) -> Result<BoardsPageData> {
    use super::store;
    use crate::{people::access::Permission, server::request};

    let access = request::access(&team, Permission::Read).await?;
    Ok(BoardsPageData {
        boards: store::of_team(access.db(), access.team()).await?,
        new_id: BoardId::new(),
    })
}
