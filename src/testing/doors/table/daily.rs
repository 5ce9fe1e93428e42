//! What tells people what concerns them.

use super::{READ, ROW, WRITE, in_team, new_id};
use crate::testing::doors::{Action, Actor, Rule::Wall};

pub const ACTIONS: &[Action] = &[
    // Live.
    Action {
        path: "live/requests/be_present",
        rule: READ,
        sample: |world| {
            let (board, task) = (world.board.to_string(), world.todo.id.to_string());
            let at = [("board", board.as_str()), ("task", &task)];
            let mut fields = in_team(
                world,
                [("tab", &new_id()), ("field", "title"), ("gone", "1")],
            );
            fields.extend(at.map(|(name, value)| (name, value.to_owned())));
            fields
        },
        ..ROW
    },
    Action {
        path: "live/requests/count_conflict",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, []),
        ..ROW
    },
    // Notifications.
    Action {
        path: "notifications/requests/change_notifications",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            in_team(
                world,
                [
                    ("mentioned", "on"),
                    ("assigned", "on"),
                    ("commented", "on"),
                    ("contested", "on"),
                    ("due_soon", "on"),
                    ("late", "on"),
                    ("digest", "on"),
                ],
            )
        },
        ..ROW
    },
    Action {
        path: "notifications/requests/load_notifications",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("before", "1")]),
        ..ROW
    },
    Action {
        path: "notifications/requests/load_unread",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "notifications/requests/mark_all_read",
        rule: READ,
        actor: Actor::Member,
        sample: |world| in_team(world, [("until", "1")]),
        ..ROW
    },
    Action {
        path: "notifications/requests/mark_read",
        rule: READ,
        actor: Actor::Member,
        sample: |world| in_team(world, [("notification", &world.notification.to_string())]),
        ..ROW
    },
    // Now, my tasks and search.
    Action {
        path: "mine/mine_page/load_mine",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "now/now_page/load_now",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "now/now_page/load_now_again",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "now/wall_page/load_wall",
        rule: Wall,
        actor: Actor::Display,
        sample: |world| vec![("token", world.wall_link.token.clone())],
        ..ROW
    },
    Action {
        path: "search/search_page/load_search",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let cursor = format!("1.1700000000000000.{}", world.todo.id);
            in_team(world, [("query", "colour"), ("cursor", &cursor)])
        },
        texts: &["query"],
        ..ROW
    },
];
