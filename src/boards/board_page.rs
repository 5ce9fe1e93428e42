//! One board: columns side by side, and in them the tasks.

mod bulk;
mod bulk_bar;
mod card;
mod column;
mod deeds;
mod dragging;
mod edits;
mod filter;
mod follow;
mod held;
pub mod kept;
mod keys;
mod move_menu;
mod new_task;
mod offered;
mod selection;
mod state;
mod tabs;
mod unsent;

use std::sync::Arc;

use leptos::{either::Either, ev::MouseEvent, html::Div, prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

use self::{
    bulk_bar::BulkBar,
    column::ColumnRegions,
    dragging::Dragging,
    filter::{BoardFilter, FilterNotice},
    follow::follow_feed,
    kept::{BoardAddress, use_kept_board},
    keys::{attend, card_around},
    move_menu::MoveMenu,
    new_task::take_up_typed,
    offered::offer,
    selection::hold_text,
    state::{BoardState, Late},
    tabs::{ColumnTabs, nearest},
    unsent::show_unsent,
};
use super::settings::BoardSettings;
use crate::{
    columns::model::ColumnView,
    error::Result,
    forms::view::{FormState, Offered},
    ids::{BoardId, ColumnId, TaskId},
    live::looking::{AlsoHere, Place, look_at},
    people::{model::PersonName, shell::use_team},
    tasks::{model::CardView, requests::ClaimTask, task_page::arrival},
};

pub use self::state::Settings;

/// Everything that the board page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPageData {
    pub id: BoardId,
    pub key: String,
    pub name: String,
    pub version: i64,
    /// The number of the team's last event that the page shows.
    pub seq: i64,
    pub archived: bool,
    pub columns: Vec<ColumnView>,
    /// How many finished tasks lie in each column, in the columns' order.
    pub finished: Vec<i64>,
    /// In the order of their places; of a `done` column the latest 50 and one more when there are more.
    pub cards: Vec<CardView>,
    /// For the plain form of each column, in the columns' order.
    pub new_ids: Vec<TaskId>,
    /// For the form that adds a column.
    pub new_column: ColumnId,
    pub people: Vec<PersonName>,
    /// The calendar date of the team, `YYYY-MM-DD`.
    pub today: String,
    /// The last of the next seven days, of which today is the first, `YYYY-MM-DD`.
    pub last_of_seven: String,
    /// Whether the reader has the toggle that lets cards be dragged.
    pub may_drag: bool,
}

/// The address of a board. What is seen there stands in the frame of the team: [`kept`].
#[component]
pub fn BoardPage() -> impl IntoView {
    let kept = use_kept_board();
    let params = use_params_map();
    let query = use_query_map();
    let address = Memo::new(move |_| BoardAddress {
        key: params.with(|params| params.get("key").unwrap_or_default()),
        older: query.with(|query| query.get("older")),
    });
    kept.show(address.get_untracked());
    Effect::new(move |_| kept.show(address.get()));
    on_cleanup(move || kept.leave());
}

/// A board, made anew when it is put away or brought back.
#[component]
fn Board(page: BoardPageData) -> impl IntoView {
    let shown = RwSignal::new(page);
    let replace = Callback::new(move |page| shown.set(page));
    view! {
        <For each=move || [shown.get()] key=|page| page.archived let:page>
            <OneBoard page=page replace=replace />
        </For>
    }
}

#[component]
fn OneBoard(page: BoardPageData, replace: Callback<BoardPageData>) -> impl IntoView {
    let team = use_team();
    let state = Arc::new(BoardState::new(&team, &page, replace));
    let may_write = state.may_write;
    provide_context(state.clone());
    let (name, settings, columns) = (state.name, state.settings, state.columns);
    let late = state.late;
    let is_changed = Signal::derive(move || late.get() == Some(Late::Settings));
    let title = {
        let (key, team) = (page.key.clone(), team.name.clone());
        move || format!("{} ({key}) · {team}", name.get())
    };
    let navigate = use_navigate();
    let open = move |link: &str| navigate(link, Default::default());
    offer(&state, open.clone());
    attend(&state, open);
    follow_feed(&state, page.seq);
    show_unsent(&state);
    take_up_typed(&state);
    let place = Place::Board(page.id);
    let covered = state.covered;
    Effect::new(move |_| {
        if !covered.get() {
            look_at(place);
        }
    });
    let (others, clicked) = (state.others, state.clone());
    let (board, seen) = (NodeRef::<Div>::new(), RwSignal::new(0));
    let scrolled = move |_| {
        if let Some(board) = board.get_untracked() {
            seen.set(nearest(&board, columns.iter().len()));
        }
    };
    view! {
        // Whatever lies over the board has the word.
        {move || (!covered.get()).then(|| view! { <Title text=title.clone() /> })}
        <div
            class="board-page"
            inert=move || covered.get()
            aria-hidden=move || covered.get().then_some("true")
        >
            <header class="board-header">
                {move || {
                    // The page is the task's then, and a page has one `h1`.
                    if covered.get() {
                        Either::Left(view! { <p class="board-name">{name}</p> })
                    } else {
                        Either::Right(view! { <h1>{name}</h1> })
                    }
                }}
                <span class="board-key">{page.key.clone()}</span>
                <AlsoHere place=place />
                {page.archived.then(|| view! { <p class="badge">"Archived: read only"</p> })}
                <BoardFilter />
                {team
                    .role
                    .may_write()
                    .then(|| {
                        view! {
                            <BoardSettings
                                id=page.id
                                settings=settings
                                is_changed=is_changed
                                archived=page.archived
                                new_column=page.new_column
                            />
                        }
                    })}
            </header>
            <p class="visually-hidden" aria-live="polite">{others}</p>
            <ClaimRefusal team=team.slug.clone() />
            <ArchivedMeanwhile late=late />
            <FilterNotice />
            <ColumnTabs board=board seen=seen />
            <div
                class="board"
                node_ref=board
                on:mousedown=|event| hold_text(&event)
                on:click=move |event| {
                    if !clicked.choose_by_click(&event) {
                        remember_opened(event);
                    }
                }
                on:scroll=scrolled
            >
                <ColumnRegions new_ids=page.new_ids />
            </div>
            {may_write
                .then(|| {
                    view! {
                        <CardForms team=team.slug.clone() />
                        <MoveMenu />
                        <BulkBar />
                        <Dragging board=board />
                    }
                })}
        </div>
    }
}

/// Whoever comes back from a task finds the focus on its card.
fn remember_opened(event: MouseEvent) {
    if !is_plain(&event) {
        return;
    }
    let target = event.target();
    let target = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let link = target.and_then(|target| target.closest("a.card-title").ok().flatten());
    if let Some((card, _)) = card_around(link.as_ref()) {
        arrival::opened(card);
    }
}

/// Whether a click leads there in this tab.
pub fn is_plain(event: &MouseEvent) -> bool {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    event.button() == 0 && !modified
}

/// Why a claim was refused, when the page was loaded again for it. Every other form of the board says its
/// refusal itself.
#[component]
fn ClaimRefusal(team: String) -> impl IntoView {
    let error = FormState::of(ClaimTask::url(), None).error.get_untracked();
    error.map(|error| {
        view! {
            <p class="form-error page-refusal" role="alert">
                {error.message}
                <Offered team=team offer=error.offer />
            </p>
        }
    })
}

/// Says that the board was archived, as long as what is typed there keeps it as it was.
#[component]
fn ArchivedMeanwhile(late: RwSignal<Option<Late>>) -> impl IntoView {
    move || {
        (late.get() == Some(Late::Archived)).then(|| {
            view! {
                <p class="notice warning page-refusal" role="alert">
                    "This board was archived, so nothing on it can be changed. "
                    "What is typed for new tasks stays, and is here again when the board is brought back. "
                    <a href="" rel="external">
                        "Load the page again"
                    </a>
                </p>
            }
        })
    }
}

/// The forms that the buttons of all cards belong to, so that a card needs none of its own.
#[component]
fn CardForms(team: String) -> impl IntoView {
    view! {
        <form id="claim" method="post" action=ClaimTask::url() hidden>
            <input type="hidden" name="team" value=team />
        </form>
        <form id="open" method="get" hidden></form>
    }
}

/// A board with its columns and cards. `older` names a `done` column and one of its tasks, as
/// `column.task`, to read the finished tasks before that one instead of the latest.
#[server]
pub async fn load_board(team: String, key: String, older: Option<String>) -> Result<BoardPageData> {
    use super::store;
    use crate::{
        error::Error,
        people,
        people::access::Permission,
        server::request,
        tasks,
        toggles::{self, model::Toggle},
    };

    let access = request::access(&team, Permission::Read).await?;
    let (db, team) = (access.db(), access.team());
    let (board, may_drag) = tokio::try_join!(
        store::by_key(db, team, &key),
        toggles::actions::has(&access, Toggle::DragAndDrop),
    )?;
    let board = board.ok_or_else(Error::not_found)?;
    let (columns, mut cards, people, calendar) = tokio::try_join!(
        store::columns_with_finished(db, team, board.id),
        tasks::store::cards(db, team, board.id),
        people::store::assignable(db, team),
        people::store::calendar(db, team),
    )?;
    let (columns, finished): (Vec<_>, _) = columns.into_iter().unzip();
    if let Some(older) = older.filter(|older| !older.is_empty()) {
        let (column, task) = older
            .split_once('.')
            .ok_or_else(|| Error::field("older", "There is no such page of finished tasks."))?;
        let column = ColumnId::parse("older", column)?;
        let task = TaskId::parse("older", task)?;
        cards.retain(|card| card.column != column);
        cards.extend(tasks::store::done_before(db, team, board.id, column, task).await?);
    }
    Ok(BoardPageData {
        new_ids: columns.iter().map(|_| TaskId::new()).collect(),
        id: board.id,
        key: board.key,
        name: board.name,
        version: board.version,
        seq: board.seq,
        new_column: ColumnId::new(),
        archived: board.archived,
        columns,
        finished,
        cards,
        people,
        today: calendar.today.to_string(),
        last_of_seven: calendar.last_of_seven().to_string(),
        may_drag,
    })
}
