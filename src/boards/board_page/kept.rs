//! The board that one is on, or that one of its tasks is open over.
//!
//! It stands in the frame of the team and not in its route, so that the way to one of its tasks and back
//! leaves it as it is: its feed, its scroll positions, what is typed there.

use leptos::{
    prelude::*,
    reactive::owner::{Owner, WeakOwner},
};
use leptos_router::hooks::{use_location, use_query_map};

use super::{Board, BoardPageData, load_board};
use crate::ui::{data::PageData, page::Loaded};

/// Where a board is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardAddress {
    pub key: String,
    /// What [`load_board`] reads instead of the latest finished tasks.
    pub older: Option<String>,
}

/// The board of the team's frame, if there is one.
#[derive(Clone, Copy)]
pub struct KeptBoard {
    team: StoredValue<String>,
    path: Memo<String>,
    /// Where boards are made, because they outlive the routes that lead to them.
    frame: StoredValue<WeakOwner>,
    shown: RwSignal<Option<Shown>>,
    /// How many panels lie over it: for a moment two, when one follows the other.
    covers: RwSignal<usize>,
}

#[derive(Clone)]
struct Shown {
    address: RwSignal<BoardAddress>,
    page: PageData<BoardPageData>,
    /// Holds the two above.
    owner: Owner,
}

impl KeptBoard {
    /// Makes the place that [`use_kept_board`] finds. A board that is the page from the beginning is in it
    /// at once: the server writes the frame before it asks the route.
    pub fn provide(team: &str) {
        let Some(frame) = Owner::current() else {
            return;
        };
        let kept = Self {
            team: StoredValue::new(team.to_owned()),
            path: use_location().pathname,
            frame: StoredValue::new(frame.downgrade()),
            shown: RwSignal::new(None),
            covers: RwSignal::new(0),
        };
        provide_context(kept);
        let here = kept.path.with_untracked(|path| {
            let (part, key) = split(path, team)?;
            (part == "boards").then(|| key.to_owned())
        });
        if let Some(key) = here {
            let older = use_query_map().with_untracked(|query| query.get("older"));
            kept.show(BoardAddress { key, older });
        }
    }

    /// Shows a board in the place of the one before. The router waits for what is loaded here.
    pub fn show(self, address: BoardAddress) {
        let before = self
            .shown
            .with_untracked(|shown| shown.as_ref().map(|shown| shown.address));
        match before {
            Some(before) if before.get_untracked() == address => {}
            Some(before) => before.set(address),
            None => {
                let Some(frame) = self.frame.get_value().upgrade() else {
                    return;
                };
                let team = self.team.get_value();
                let owner = frame.child();
                let (address, page) = owner.with(|| {
                    let address = RwSignal::new(address);
                    let read = move |address: BoardAddress| {
                        load_board(team.clone(), address.key, address.older)
                    };
                    (address, PageData::new(move || address.get(), read))
                });
                self.shown.set(Some(Shown {
                    address,
                    page,
                    owner,
                }));
            }
        }
    }

    /// Lets the board go, unless one is still on it or on one of its tasks.
    pub fn leave(self) {
        let (Some(path), Some(team)) = (self.path.try_get_untracked(), self.team.try_get_value())
        else {
            return;
        };
        let stays = || {
            split(&path, &team).is_some_and(|(part, name)| match part {
                "boards" => self.has(name),
                _ => self.has_task(name),
            })
        };
        if !untrack(stays) {
            // Where the frame has ended there is none to let go.
            let _ = self.shown.try_set(None);
        }
    }

    /// Whether a task, such as `WEB-12`, is one of the board's.
    pub fn has_task(self, task: &str) -> bool {
        task.rsplit_once('-').is_some_and(|(key, _)| self.has(key))
    }

    /// It is asked at the end of a route as well, when the frame may be ending too.
    fn has(self, key: &str) -> bool {
        let is_it = |shown: &Shown| {
            shown
                .address
                .try_with(|address| address.key.eq_ignore_ascii_case(key))
        };
        let found = self.shown.try_with(|shown| shown.as_ref().and_then(is_it));
        found.flatten().unwrap_or(false)
    }

    /// The board's address without what it was asked for beside its key.
    pub fn path(self) -> Option<String> {
        let key = self.address()?.key;
        Some(format!("/teams/{}/boards/{key}", self.team.get_value()))
    }

    /// The board's whole address.
    pub fn href(self) -> Option<String> {
        let path = self.path()?;
        let older = self.address()?.older.map(|older| format!("?older={older}"));
        Some(path + &older.unwrap_or_default())
    }

    fn address(self) -> Option<BoardAddress> {
        self.shown.with_untracked(|shown| {
            let shown = shown.as_ref()?;
            Some(shown.address.get_untracked())
        })
    }

    /// Says that something lies over the board, until the effect that says it runs again or ends.
    pub fn cover(self) {
        self.covers.update(|covers| *covers += 1);
        on_cleanup(move || {
            // The frame may end first.
            let _ = self.covers.try_update(|covers| *covers -= 1);
        });
    }

    /// Whether something lies over the board.
    pub fn is_covered(self) -> bool {
        self.covers.get() > 0
    }
}

/// The part of a team that an address leads to, `boards` or `tasks`, and the name of what is there.
fn split<'a>(path: &'a str, team: &str) -> Option<(&'a str, &'a str)> {
    let rest = path.strip_prefix("/teams/")?.strip_prefix(team)?;
    let (part, name) = rest.strip_prefix('/')?.split_once('/')?;
    matches!(part, "boards" | "tasks").then(|| (part, name.trim_end_matches('/')))
}

/// The board of the team's frame.
pub fn use_kept_board() -> KeptBoard {
    expect_context()
}

/// The board, for as long as it is kept.
#[component]
pub fn KeptBoardView() -> impl IntoView {
    let kept = use_kept_board();
    move || {
        kept.shown.get().map(|shown| {
            let Shown { page, owner, .. } = shown;
            // What was loaded lives as long as what shows it.
            on_cleanup(move || drop(owner));
            view! { <Loaded data=page view=|page| view! { <Board page=page /> } /> }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn an_address_says_whether_it_leads_to_a_board_or_a_task() {
        let of = |path| split(path, "works");
        assert_eq!(of("/teams/works/boards/WEB"), Some(("boards", "WEB")));
        assert_eq!(of("/teams/works/tasks/WEB-12/"), Some(("tasks", "WEB-12")));
        for other in [
            "/teams/works",
            "/teams/works/boards",
            "/teams/works/people/x",
            "/teams/workshop/boards/WEB",
            "/account",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
