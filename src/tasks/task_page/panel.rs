//! A task that is opened from its board lies over it, at its own address, and the board stays as it is.
//! Anywhere else the task is the page. Both are the same elements, which only stand differently.
//!
//! Only the board is out of reach meanwhile: the header, what is announced and the task are as on the page.

use leptos::{
    ev::{self, KeyboardEvent, MouseEvent},
    html::Div,
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::Element;

use super::arrival;
use crate::{
    boards::board_page::{
        is_plain,
        kept::{KeptBoard, use_kept_board},
    },
    ids::TaskId,
    people::shell::keys::table::{ON_TASK, OnTask, Typing, WHILE_TYPING},
    ui::{
        dom::{closest, focus, target_of},
        icon::Icon,
        keys::pressed,
        page::is_something_open,
    },
};

/// Where a task stands, and the way back from it.
#[derive(Clone, Copy)]
pub struct Panel {
    /// Whether it lies over its board.
    over_board: Memo<bool>,
    element: NodeRef<Div>,
    board: KeptBoard,
    /// Closes it. The board gets the focus back.
    close: Callback<()>,
}

impl Panel {
    /// Makes the panel that [`use_panel`] finds, for a task such as `WEB-12`.
    pub fn provide(task: Memo<String>) -> Self {
        let board = use_kept_board();
        let stepped = StoredValue::new(false);
        let navigate = use_navigate();
        let close = Callback::new(move |()| {
            let back = stepped.get_value()
                && window()
                    .history()
                    .is_ok_and(|history| history.back().is_ok());
            if let (false, Some(board)) = (back, board.href()) {
                let options = NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..Default::default()
                };
                navigate(&board, options);
            }
        });
        let panel = Self {
            over_board: Memo::new(move |_| task.with(|task| board.has_task(task))),
            element: NodeRef::new(),
            board,
            close,
        };
        // From task to task the board is a step further away, or another one.
        Effect::new(move |before: Option<()>| {
            task.track();
            stepped.set_value(before.is_none() && arrival::take_stepped());
            if before.is_some() {
                board.leave();
            }
        });
        Effect::new(move |_| {
            if panel.over_board.get() && panel.element.get().is_some() {
                board.cover();
                let keys = window_event_listener(ev::keydown, move |event| panel.on_key(&event));
                on_cleanup(move || keys.remove());
            }
        });
        on_cleanup(move || board.leave());
        provide_context(panel);
        panel
    }

    /// Closes the panel. Gives false when there is none, because the task is the page, and nothing when
    /// the task has been left.
    pub fn close(self) -> Option<bool> {
        let is_open = self.over_board.try_get_untracked()?;
        if is_open {
            self.close.run(());
        }
        Some(is_open)
    }

    /// Begins with another task: at the top, with the focus inside. Its card gets it afterwards.
    pub fn begin(self, task: TaskId) {
        if !self.over_board.get_untracked() {
            return;
        }
        arrival::came_to(task);
        request_animation_frame(move || {
            let Some(element) = self.element.try_get_untracked().flatten() else {
                return;
            };
            element.set_scroll_top(0);
            if !holds_focus(&element) {
                focus(&element);
            }
        });
    }

    /// Escape leaves the field that one types in, and then the task. Whatever is open above it comes first.
    fn on_key(self, event: &KeyboardEvent) {
        if event.default_prevented() {
            return;
        }
        let Some(element) = self.element.get_untracked() else {
            return;
        };
        if is_something_open() {
            return;
        }
        let field = target_of::<Element>(event)
            .filter(|target| target.matches("input, textarea, select").unwrap_or(false));
        if field.is_none() {
            if pressed(ON_TASK, event) == Some(OnTask::Back) {
                event.prevent_default();
                self.close.run(());
            }
        } else if pressed(WHILE_TYPING, event) == Some(Typing::Leave) {
            event.prevent_default();
            // Otherwise it has been left already, for what stands in its place.
            if field == document().active_element() {
                focus(&element);
            }
        }
    }

    /// A link to the board that lies below is a way back, not on.
    fn on_click(self, event: &MouseEvent) {
        let leads_back = || {
            let link = closest(&target_of::<Element>(event)?, "a[href]")?;
            Some(link.get_attribute("href") == self.board.path())
        };
        if self.over_board.get_untracked() && is_plain(event) && leads_back() == Some(true) {
            event.prevent_default();
            self.close.run(());
        }
    }
}

/// The panel that the task stands in.
pub fn use_panel() -> Panel {
    expect_context()
}

/// What stands around a task.
#[component]
pub fn TaskPlace(panel: Panel, task: Memo<String>, children: Children) -> impl IntoView {
    let over = panel.over_board;
    let close = move |_| panel.close.run(());
    view! {
        {move || over.get().then(|| view! { <div class="board-shade" on:click=close></div> })}
        <div
            class="task-place"
            class:over-board=over
            role=move || over.get().then_some("dialog")
            aria-label=move || over.get().then(|| task.get())
            tabindex=move || over.get().then_some("-1")
            node_ref=panel.element
            on:click=move |event| panel.on_click(&event)
        >
            {move || {
                over.get()
                    .then(|| {
                        view! {
                            <div class="close-task">
                                <button
                                    type="button"
                                    class="quiet icon-only"
                                    aria-label="Close"
                                    title="Back to the board (Esc)"
                                    on:click=close
                                >
                                    <Icon name="close" />
                                </button>
                            </div>
                        }
                    })
            }}
            {children()}
        </div>
    }
}

fn holds_focus(element: &Element) -> bool {
    document()
        .active_element()
        .is_some_and(|active| active != *element && element.contains(Some(&active)))
}
