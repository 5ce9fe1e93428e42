//! Boards, columns, tasks and comments.

use super::{READ, ROW, TOO_LONG, TOO_LONG_COMMENT, WRITE, by_ben, in_team, new_id, on_board};
use crate::testing::doors::{Action, Actor, TypedForm};

pub const ACTIONS: &[Action] = &[
    // Boards.
    Action {
        path: "boards/board_page/load_board",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let older = format!("{}.{}", world.columns[2].id, world.done.id);
            in_team(world, [("key", "WEB"), ("older", &older)])
        },
        ..ROW
    },
    Action {
        path: "boards/list_page/load_boards",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "boards/requests/archive_board",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| on_board(world, []),
        ..ROW
    },
    Action {
        path: "boards/requests/create_board",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            in_team(
                world,
                [("id", &new_id()), ("name", "Shop"), ("key", "SHOP")],
            )
        },
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| world.team.path("/boards"),
            field: "key",
            text: "no key at all",
        }),
        ..ROW
    },
    Action {
        path: "boards/requests/rename_board",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| on_board(world, [("version", "1"), ("name", "Shop")]),
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| world.team.path("/boards"),
            field: "name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "boards/requests/restore_board",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("board", &world.archived_board.to_string())]),
        ..ROW
    },
    // Columns.
    Action {
        path: "columns/requests/add_column",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            on_board(
                world,
                [("id", &new_id()), ("name", "Review"), ("kind", "doing")],
            )
        },
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| world.team.path("/boards/WEB"),
            field: "name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "columns/requests/edit_column",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let column = world.columns[1].id.to_string();
            let edit = [("name", "Under way"), ("kind", "doing"), ("wip_limit", "3")];
            let mut fields = on_board(world, [("column", &column), ("version", "1")]);
            fields.extend(edit.map(|(name, value)| (name, value.to_owned())));
            fields
        },
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| world.team.path("/boards/WEB"),
            field: "wip_limit",
            text: "as few as can be",
        }),
        ..ROW
    },
    Action {
        path: "columns/requests/move_column",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let column = world.columns[1].id.to_string();
            on_board(world, [("column", &column), ("place", "1")])
        },
        ..ROW
    },
    Action {
        path: "columns/requests/remove_column",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| on_board(world, [("column", &world.empty_column.id.to_string())]),
        ..ROW
    },
    // Comments.
    Action {
        path: "comments/requests/add_comment",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let (task, id) = (world.todo.key.as_str(), new_id());
            let mut fields = in_team(world, [("task", task), ("id", &id), ("body", "Or green?")]);
            fields.push(by_ben(world));
            fields
        },
        texts: &["body"],
        form: Some(TypedForm {
            page: |world| world.team.path(&format!("/tasks/{}", world.todo.key)),
            field: "body",
            text: TOO_LONG_COMMENT,
        }),
        ..ROW
    },
    Action {
        path: "comments/requests/delete_comment",
        rule: WRITE,
        actor: Actor::Member,
        own: true,
        sample: |world| {
            let comment = world.comment.to_string();
            in_team(world, [("task", &world.todo.key), ("comment", &comment)])
        },
        ..ROW
    },
    Action {
        path: "comments/requests/edit_comment",
        rule: WRITE,
        actor: Actor::Member,
        own: true,
        sample: |world| {
            let comment = world.comment.to_string();
            in_team(
                world,
                [
                    ("task", &world.todo.key),
                    ("comment", &comment),
                    ("body", "Green."),
                ],
            )
        },
        texts: &["body"],
        form: Some(TypedForm {
            page: |world| world.team.path(&format!("/tasks/{}", world.todo.key)),
            field: "body",
            text: TOO_LONG_COMMENT,
        }),
        ..ROW
    },
    Action {
        path: "comments/requests/restore_comment",
        rule: WRITE,
        actor: Actor::Member,
        own: true,
        sample: |world| {
            let comment = world.deleted_comment.to_string();
            in_team(world, [("task", &world.todo.key), ("comment", &comment)])
        },
        ..ROW
    },
    // Tasks.
    Action {
        path: "tasks/deleted_page/load_deleted",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "tasks/requests/change_tasks",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let tasks = format!("{}:1,{}:1", world.todo.key, world.doing.key);
            let mut fields = in_team(
                world,
                [
                    ("tasks", &tasks),
                    ("change", &new_id()),
                    ("deed", "move"),
                    ("value", &world.columns[2].id.to_string()),
                ],
            );
            fields.push(by_ben(world));
            fields
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/claim_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let mut fields = in_team(world, [("task", &world.todo.key)]);
            fields.push(by_ben(world));
            fields
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/create_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let column = world.columns[0].id.to_string();
            let mut fields = on_board(
                world,
                [
                    ("column", &column),
                    ("id", &new_id()),
                    ("title", "Hang it up"),
                ],
            );
            fields.push(by_ben(world));
            fields
        },
        texts: &["title"],
        form: Some(TypedForm {
            page: |world| world.team.path("/boards/WEB"),
            field: "title",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "tasks/requests/delete_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("task", &world.todo.key), ("back", "1")]),
        ..ROW
    },
    Action {
        path: "tasks/requests/edit_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let ben = world.people.ben.id.to_string();
            let column = world.columns[1].id.to_string();
            let mut fields = in_team(world, [("task", &world.todo.key), ("version", "1")]);
            let edit = [
                ("title", "Choose another colour"),
                ("description", "Not *blue*."),
                ("assignee", &ben),
                ("column", &column),
                ("due_on", "2030-01-31"),
                ("priority", "high"),
                ("labels", "paint, design"),
                ("before", r#"{"title":"Choose a colour"}"#),
            ];
            fields.extend(edit.map(|(name, value)| (name, value.to_owned())));
            fields.push(by_ben(world));
            fields
        },
        texts: &["title", "description", "labels"],
        form: Some(TypedForm {
            page: |world| world.team.path(&format!("/tasks/{}", world.todo.key)),
            field: "title",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "tasks/requests/load_done_before",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let (column, task) = (world.columns[2].id.to_string(), world.done.id.to_string());
            on_board(world, [("column", &column), ("task", &task)])
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/move_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let [from, to] = [0, 1].map(|column| world.columns[column].id.to_string());
            let after = world.doing.id.to_string();
            let mut fields = in_team(
                world,
                [
                    ("task", &world.todo.key),
                    ("column", &to),
                    ("place", &after),
                    ("from", &from),
                    ("version", "1"),
                ],
            );
            fields.push(by_ben(world));
            fields
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/restore_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("task", &world.deleted.key), ("back", "1")]),
        ..ROW
    },
    Action {
        path: "tasks/requests/undo_change",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let mut fields = in_team(world, [("change", &new_id()), ("id", &new_id())]);
            fields.push(by_ben(world));
            fields
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/unwatch_task",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("task", &world.todo.key)]),
        ..ROW
    },
    Action {
        path: "tasks/requests/watch_task",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("task", &world.todo.key)]),
        ..ROW
    },
    Action {
        path: "tasks/requests/similar_tasks",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let except = world.todo.key.as_str();
            in_team(world, [("title", "Choose colours"), ("except", except)])
        },
        texts: &["title"],
        ..ROW
    },
    Action {
        path: "tasks/task_page/data/load_task",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("task", &world.todo.key)]),
        ..ROW
    },
];
