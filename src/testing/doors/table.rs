//! The rules. A new server function or route needs a row here, or the tests fail.

use uuid::Uuid;

use super::{
    Action, Actor, Fields, Page,
    Rule::{self, Public, SignedIn, Wall},
    Service, TypedForm,
};
use crate::{
    imports::tests as imports,
    people::access::Permission,
    testing::{World, seed::PASSWORD},
    webhooks::model::Topic,
};

const READ: Rule = Rule::Team(Permission::Read);
const WRITE: Rule = Rule::Team(Permission::Write);
const GOVERN: Rule = Rule::Team(Permission::Govern);

/// More than any one line takes.
const TOO_LONG: &str = "This line is much longer than a line can be, because it goes on and on and on and on and on \
    and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on \
    and on and on and on and on and on and on and on and on and on and on and on and on";

/// More than any answer takes.
const TOO_LONG_ANSWER: &str = {
    const TEXT: [u8; 2_001] = [b'x'; 2_001];
    match str::from_utf8(&TEXT) {
        Ok(text) => text,
        Err(_) => "",
    }
};

const ROW: Action = Action {
    path: "",
    rule: Public,
    actor: Actor::Owner,
    sample: |_| Vec::new(),
    own: false,
    cookie: None,
    form: None,
};

fn new_id() -> String {
    Uuid::now_v7().to_string()
}

fn invitation(world: &World) -> (&'static str, String) {
    ("skateboard-invitation", world.invitation.token.clone())
}

/// The fields of something in the team.
fn in_team<const N: usize>(world: &World, fields: [(&'static str, &str); N]) -> Fields {
    let mut all = vec![("team", world.team.slug.clone())];
    all.extend(fields.map(|(name, value)| (name, value.to_owned())));
    all
}

/// The fields of something on the board.
fn on_board<const N: usize>(world: &World, fields: [(&'static str, &str); N]) -> Fields {
    let mut all = in_team(world, [("board", &world.board.to_string())]);
    all.extend(fields.map(|(name, value)| (name, value.to_owned())));
    all
}

/// The fields of what somebody said.
fn of_feedback<const N: usize>(world: &World, fields: [(&'static str, &str); N]) -> Fields {
    let mut all = in_team(world, [("feedback", &world.feedback.to_string())]);
    all.extend(fields.map(|(name, value)| (name, value.to_owned())));
    all
}

/// The fields of a webhook of the team.
fn of_webhook(world: &World) -> Fields {
    in_team(world, [("webhook", &world.webhook.id.to_string())])
}

/// The fields of a hypothesis of the team that runs.
fn of_hypothesis<const N: usize>(world: &World, fields: [(&'static str, &str); N]) -> Fields {
    let mut all = in_team(world, [("hypothesis", &world.hypothesis.open.to_string())]);
    all.extend(fields.map(|(name, value)| (name, value.to_owned())));
    all
}

/// The fields of what was sent to it.
fn of_delivery(world: &World) -> Fields {
    let webhook = world.webhook.id.to_string();
    let delivery = world.webhook.delivery.to_string();
    in_team(world, [("webhook", &webhook), ("delivery", &delivery)])
}

/// Every server function, by its path below `/actions/skateboard/`.
pub const ACTIONS: &[Action] = &[
    // Accounts.
    Action {
        path: "accounts/account_page/change_email",
        rule: SignedIn,
        sample: |_| {
            vec![
                ("email", format!("ana-{}@example.test", new_id())),
                ("current_password", PASSWORD.to_owned()),
            ]
        },
        form: Some(TypedForm {
            page: |_| "/account".to_owned(),
            field: "email",
            text: "ana at home",
        }),
        ..ROW
    },
    Action {
        path: "accounts/account_page/change_name",
        rule: SignedIn,
        sample: |_| vec![("name", "Ana Maria".to_owned())],
        form: Some(TypedForm {
            page: |_| "/account".to_owned(),
            field: "name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "accounts/account_page/change_password",
        rule: SignedIn,
        sample: |_| {
            vec![
                ("current_password", PASSWORD.to_owned()),
                ("new_password", "lantern above the harbour 7".to_owned()),
            ]
        },
        ..ROW
    },
    Action {
        path: "accounts/account_page/load_account",
        rule: SignedIn,
        ..ROW
    },
    Action {
        path: "accounts/account_page/tokens/create_token",
        rule: SignedIn,
        sample: |world| {
            vec![
                ("id", new_id()),
                ("name", "Nightly export".to_owned()),
                ("scope", "write".to_owned()),
                ("team", world.team.slug.clone()),
                ("expires", "30".to_owned()),
            ]
        },
        form: Some(TypedForm {
            page: |_| "/account".to_owned(),
            field: "name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "accounts/account_page/tokens/revoke_token",
        rule: SignedIn,
        own: true,
        sample: |world| vec![("id", world.token.id.to_string())],
        ..ROW
    },
    Action {
        path: "accounts/account_page/sign_out_everywhere_else",
        rule: SignedIn,
        ..ROW
    },
    Action {
        path: "accounts/confirm_email_page/confirm_email",
        cookie: Some(|world| ("skateboard-confirm", world.confirmation.clone())),
        ..ROW
    },
    Action {
        path: "accounts/confirm_email_page/load_confirmation",
        cookie: Some(|world| ("skateboard-confirm", world.confirmation.clone())),
        ..ROW
    },
    Action {
        path: "accounts/forgot_password_page/request_password_reset",
        actor: Actor::Nobody,
        sample: |_| vec![("email", "nobody-of-this-name@example.test".to_owned())],
        form: Some(TypedForm {
            page: |_| "/forgot-password".to_owned(),
            field: "email",
            text: "ana at home",
        }),
        ..ROW
    },
    Action {
        path: "accounts/reset_password_page/load_reset",
        actor: Actor::Nobody,
        cookie: Some(|world| ("skateboard-reset", world.reset.clone())),
        ..ROW
    },
    Action {
        path: "accounts/reset_password_page/reset_password",
        actor: Actor::Nobody,
        sample: |_| vec![("password", "lantern above the harbour 7".to_owned())],
        cookie: Some(|world| ("skateboard-reset", world.reset.clone())),
        ..ROW
    },
    Action {
        path: "accounts/home_page/load_home",
        ..ROW
    },
    Action {
        path: "accounts/register_page/load_registration",
        actor: Actor::Nobody,
        sample: |_| vec![("invitation", String::new())],
        ..ROW
    },
    Action {
        path: "accounts/register_page/register",
        actor: Actor::Nobody,
        sample: |world| {
            vec![
                ("name", "Nora".to_owned()),
                ("email", format!("nora-{}@example.test", new_id())),
                ("password", "lantern above the harbour 7".to_owned()),
                ("team_name", "Green Kite".to_owned()),
                ("invitation", world.invitation.token.clone()),
            ]
        },
        cookie: Some(invitation),
        form: Some(TypedForm {
            page: |_| "/register".to_owned(),
            field: "email",
            text: "nora at home",
        }),
        ..ROW
    },
    Action {
        path: "accounts/sign_in_page/load_entrance",
        actor: Actor::Nobody,
        sample: |_| vec![("next", "/account".to_owned())],
        ..ROW
    },
    Action {
        path: "accounts/sign_in_page/sign_in",
        actor: Actor::Nobody,
        sample: |world| {
            vec![
                ("email", world.people.ana.email.clone()),
                ("password", PASSWORD.to_owned()),
                ("next", "/account".to_owned()),
            ]
        },
        form: Some(TypedForm {
            page: |_| "/sign-in".to_owned(),
            field: "email",
            text: "nobody-of-this-name@example.test",
        }),
        ..ROW
    },
    Action {
        path: "accounts/sign_out/sign_out",
        ..ROW
    },
    // People.
    Action {
        path: "people/requests/change_role",
        rule: GOVERN,
        sample: |world| {
            let ben = world.people.ben.id.to_string();
            in_team(world, [("person", &ben), ("role", "viewer")])
        },
        ..ROW
    },
    Action {
        path: "people/requests/change_settings",
        rule: GOVERN,
        sample: |world| {
            let zone = ("time_zone", "Europe/Berlin");
            let days = [("monday", "on"), ("tuesday", "on"), ("wednesday", "on")];
            let rest = [
                ("thursday", "on"),
                ("friday", "on"),
                ("saturday", "on"),
                ("sunday", "on"),
            ];
            let limits = [("in_progress_limit", "4"), ("stale_after_days", "7")];
            let mut fields = in_team(world, [("team_name", "Green Lantern"), zone]);
            fields.extend(
                days.into_iter()
                    .chain(rest)
                    .chain(limits)
                    .map(|(day, on)| (day, on.to_owned())),
            );
            fields
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/settings"),
            field: "team_name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "people/requests/create_invitation",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            in_team(
                world,
                [("id", &new_id()), ("role", "member"), ("expires", "7")],
            )
        },
        ..ROW
    },
    Action {
        path: "people/requests/create_team",
        rule: SignedIn,
        sample: |_| vec![("id", new_id()), ("team_name", "Green Kite".to_owned())],
        form: Some(TypedForm {
            page: |_| "/teams/new".to_owned(),
            field: "team_name",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "people/requests/create_wall_link",
        rule: GOVERN,
        sample: |world| in_team(world, [("id", &new_id())]),
        ..ROW
    },
    Action {
        path: "people/requests/revoke_wall_link",
        rule: GOVERN,
        sample: |world| in_team(world, [("wall_link", &world.wall_link.id.to_string())]),
        ..ROW
    },
    Action {
        path: "people/requests/join_team",
        rule: SignedIn,
        actor: Actor::Stranger,
        cookie: Some(invitation),
        ..ROW
    },
    Action {
        path: "people/requests/leave_team",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "people/requests/load_invitation",
        actor: Actor::Nobody,
        cookie: Some(invitation),
        ..ROW
    },
    Action {
        path: "people/requests/load_new_team",
        rule: SignedIn,
        ..ROW
    },
    Action {
        path: "people/requests/load_people",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "people/requests/load_settings",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "people/requests/remove_member",
        rule: GOVERN,
        sample: |world| in_team(world, [("person", &world.people.ben.id.to_string())]),
        ..ROW
    },
    Action {
        path: "people/requests/revoke_invitation",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("invitation", &world.invitation.id.to_string())]),
        ..ROW
    },
    Action {
        path: "people/shell/load_team",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
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
    // Live.
    Action {
        path: "live/requests/be_present",
        rule: READ,
        sample: |world| {
            let board = world.board.to_string();
            in_team(world, [("tab", &new_id()), ("board", &board)])
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
    // Comments.
    Action {
        path: "comments/requests/add_comment",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let task = &world.todo.key;
            in_team(
                world,
                [("task", task), ("id", &new_id()), ("body", "Or green?")],
            )
        },
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
        ..ROW
    },
    // Insights.
    Action {
        path: "insights/requests/load_figures",
        rule: GOVERN,
        sample: |world| in_team(world, [("from", "2026-03-01"), ("to", "2026-04-25")]),
        ..ROW
    },
    Action {
        path: "insights/requests/record_warning",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let fields = [
                ("warning", "shown"),
                ("typed_at", "new_task"),
                ("tasks", "3"),
            ];
            in_team(world, fields)
        },
        ..ROW
    },
    // Feedback.
    Action {
        path: "feedback/requests/add_feedback_tag",
        rule: GOVERN,
        sample: |world| of_feedback(world, [("tag", "board")]),
        form: Some(TypedForm {
            page: |world| world.team.path("/insights"),
            field: "tag",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/ask_for_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/dismiss_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("occasion", "first_week")]),
        ..ROW
    },
    Action {
        path: "feedback/requests/give_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let page = world.team.path("/boards/WEB");
            let mut fields = in_team(world, [("id", &new_id()), ("occasion", "button")]);
            let answers = [
                ("most_useful", "Seeing who has what."),
                ("in_the_way", "Too many clicks."),
                ("missing", "A calendar."),
                ("page", &page),
                ("version", "0.1.0"),
            ];
            fields.extend(answers.map(|(name, value)| (name, value.to_owned())));
            fields
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/feedback"),
            field: "in_the_way",
            text: TOO_LONG_ANSWER,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/load_answer",
        rule: GOVERN,
        sample: |world| of_feedback(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/load_feedback",
        rule: GOVERN,
        sample: |world| {
            let before = world.feedback.to_string();
            in_team(world, [("tag", "phone"), ("before", &before)])
        },
        ..ROW
    },
    Action {
        path: "feedback/requests/load_feedback_form",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/make_feedback_task",
        rule: GOVERN,
        sample: |world| {
            let board = world.board.to_string();
            let task = [
                ("board", board.as_str()),
                ("title", "Make the board quick on phones"),
                ("description", "> The board is slow on my phone."),
            ];
            of_feedback(world, task)
        },
        form: Some(TypedForm {
            page: |world| world.team.path(&format!("/feedback/{}", world.feedback)),
            field: "title",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/remove_feedback_tag",
        rule: GOVERN,
        sample: |world| of_feedback(world, [("tag", "phone")]),
        ..ROW
    },
    // Hypotheses.
    Action {
        path: "hypotheses/requests/create_hypothesis",
        rule: GOVERN,
        sample: |world| {
            in_team(
                world,
                [
                    ("id", &new_id()),
                    ("if_we", "ring the bell"),
                    ("then_it", "ships are found in fog"),
                    ("because", "it carries far"),
                    ("metric", "due_kept"),
                    ("target", "80"),
                    ("starts_on", "2199-11-01"),
                    ("ends_on", "2199-12-01"),
                    ("audience", "everybody"),
                    ("sample", "20"),
                ],
            )
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/insights/hypotheses/new"),
            field: "if_we",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_blank_hypothesis",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_decisions",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_hypotheses",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_hypothesis",
        rule: GOVERN,
        sample: |world| of_hypothesis(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/take_decision",
        rule: GOVERN,
        sample: |world| {
            of_hypothesis(
                world,
                [
                    ("verdict", "pivot"),
                    ("reason", "Nobody came."),
                    ("early", "on"),
                ],
            )
        },
        ..ROW
    },
    Action {
        path: "hypotheses/requests/withdraw_hypothesis",
        rule: GOVERN,
        sample: |world| of_hypothesis(world, []),
        ..ROW
    },
    // Imports.
    Action {
        path: "imports/requests/load_import",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("file", &new_id())]),
        ..ROW
    },
    Action {
        path: "imports/requests/import_trello",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let file = imports::waiting(world, world.people.ben.id, &imports::small_board());
            let ben = world.people.ben.id.to_string();
            let fields = [
                ("file", file.as_str()),
                ("name", "Garden shed"),
                ("key", "SHED"),
                ("archived", "skip"),
                ("closed_lists", "columns"),
                ("kinds[l0]", "doing"),
                ("people[m0]", &ben),
            ];
            in_team(world, fields)
        },
        own: true,
        ..ROW
    },
    Action {
        path: "imports/requests/import_csv",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let file = imports::waiting(world, world.people.ben.id, "title\nPaint it\n");
            let fields = [
                ("file", file.as_str()),
                ("board", ""),
                ("name", "Garden shed"),
                ("key", "SHED"),
                ("header", "yes"),
                ("columns[c0]", "title"),
            ];
            in_team(world, fields)
        },
        own: true,
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
            in_team(
                world,
                [
                    ("tasks", &tasks),
                    ("change", &new_id()),
                    ("deed", "move"),
                    ("value", &world.columns[2].id.to_string()),
                ],
            )
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/claim_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("task", &world.todo.key)]),
        ..ROW
    },
    Action {
        path: "tasks/requests/create_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| {
            let column = world.columns[0].id.to_string();
            on_board(
                world,
                [
                    ("column", &column),
                    ("id", &new_id()),
                    ("title", "Hang it up"),
                ],
            )
        },
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
            fields
        },
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
            in_team(
                world,
                [
                    ("task", &world.todo.key),
                    ("column", &to),
                    ("place", &after),
                    ("from", &from),
                    ("version", "1"),
                ],
            )
        },
        ..ROW
    },
    Action {
        path: "tasks/requests/restore_task",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("task", &world.deleted.key)]),
        ..ROW
    },
    Action {
        path: "tasks/requests/undo_change",
        rule: WRITE,
        actor: Actor::Member,
        sample: |world| in_team(world, [("change", &new_id()), ("id", &new_id())]),
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
        ..ROW
    },
    Action {
        path: "tasks/task_page/data/load_task",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("task", &world.todo.key)]),
        ..ROW
    },
    // Toggles.
    Action {
        path: "toggles/requests/change_toggle",
        rule: GOVERN,
        sample: |world| {
            let ben = world.people.ben.id.to_string();
            let fields = [
                ("toggle", "drag_and_drop"),
                ("mode", "share"),
                ("share", "30"),
                ("people[p1]", &ben),
            ];
            in_team(world, fields)
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/insights"),
            field: "share",
            text: "as many as there are",
        }),
        ..ROW
    },
    Action {
        path: "toggles/requests/load_toggles",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    // Webhooks.
    Action {
        path: "webhooks/requests/create_webhook",
        rule: GOVERN,
        sample: |world| {
            let address = ("url", "https://tools.example.test/hook");
            let mut fields = in_team(world, [("id", &new_id()), address]);
            fields.extend(Topic::ALL.map(|topic| (topic.field(), "on".to_owned())));
            fields
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/settings"),
            field: "url",
            text: "https://127.0.0.1/hook",
        }),
        ..ROW
    },
    Action {
        path: "webhooks/requests/load_webhook_log",
        rule: GOVERN,
        sample: of_webhook,
        ..ROW
    },
    Action {
        path: "webhooks/requests/load_webhooks",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "webhooks/requests/remove_webhook",
        rule: GOVERN,
        sample: of_webhook,
        ..ROW
    },
    Action {
        path: "webhooks/requests/send_again",
        rule: GOVERN,
        sample: of_delivery,
        ..ROW
    },
    Action {
        path: "webhooks/requests/send_since",
        rule: GOVERN,
        sample: of_delivery,
        ..ROW
    },
    Action {
        path: "webhooks/requests/send_test",
        rule: GOVERN,
        sample: |world| {
            let webhook = world.webhook.id.to_string();
            in_team(world, [("webhook", &webhook), ("id", &new_id())])
        },
        ..ROW
    },
    Action {
        path: "webhooks/requests/turn_on_webhook",
        rule: GOVERN,
        sample: of_webhook,
        ..ROW
    },
    // The last one: whoever goes through it comes through no other.
    Action {
        path: "accounts/account_page/deleting/delete_account",
        rule: SignedIn,
        actor: Actor::Member,
        sample: |_| {
            vec![
                ("current_password", PASSWORD.to_owned()),
                ("comments", "on".to_owned()),
            ]
        },
        ..ROW
    },
];

const fn page(route: &'static str, rule: Rule, path: fn(&World) -> String) -> Page {
    Page {
        route,
        rule,
        path,
        found: true,
    }
}

/// Every page, as the router writes it. A one-time link comes before the page that it opens, which wants its cookie.
pub const PAGES: &[Page] = &[
    page("/", Public, |_| "/".to_owned()),
    page("/sign-in", Public, |_| "/sign-in".to_owned()),
    page("/register", Public, |_| "/register".to_owned()),
    page("/register/sent", Public, |_| "/register/sent".to_owned()),
    page("/forgot-password", Public, |_| {
        "/forgot-password".to_owned()
    }),
    page("/reset-password/{token}", Public, |world| {
        format!("/reset-password/{}", world.reset)
    }),
    page("/reset-password", Public, |_| "/reset-password".to_owned()),
    page("/confirm-email/{token}", Public, |world| {
        format!("/confirm-email/{}", world.confirmation)
    }),
    page("/confirm-email", Public, |_| "/confirm-email".to_owned()),
    page("/account", SignedIn, |_| "/account".to_owned()),
    page("/invitations/{token}", Public, |world| {
        format!("/invitations/{}", world.invitation.token)
    }),
    page("/invitations", Public, |_| "/invitations".to_owned()),
    page("/wall/{token}", Wall, |world| {
        format!("/wall/{}", world.wall_link.token)
    }),
    page("/teams/new", SignedIn, |_| "/teams/new".to_owned()),
    page("/teams/{team}", READ, |world| world.team.path("")),
    page("/teams/{team}/boards", READ, |world| {
        world.team.path("/boards")
    }),
    page("/teams/{team}/boards/{key}", READ, |world| {
        world.team.path("/boards/WEB")
    }),
    page("/teams/{team}/tasks/{task}", READ, |world| {
        world.team.path(&format!("/tasks/{}", world.todo.key))
    }),
    page("/teams/{team}/deleted", READ, |world| {
        world.team.path("/deleted")
    }),
    page("/teams/{team}/import", WRITE, |world| {
        world.team.path("/import")
    }),
    page("/account/data", SignedIn, |_| "/account/data".to_owned()),
    page("/teams/{team}/export", GOVERN, |world| {
        world.team.path("/export")
    }),
    page("/teams/{team}/export", READ, |world| {
        world.team.path("/export?format=csv")
    }),
    page("/teams/{team}/mine", READ, |world| world.team.path("/mine")),
    page("/teams/{team}/feedback", READ, |world| {
        world.team.path("/feedback?page=/teams/nowhere")
    }),
    page("/teams/{team}/feedback/{feedback}", GOVERN, |world| {
        world.team.path(&format!("/feedback/{}", world.feedback))
    }),
    page("/teams/{team}/notifications", READ, |world| {
        world.team.path("/notifications")
    }),
    page("/teams/{team}/search", READ, |world| {
        world.team.path("/search?q=colour")
    }),
    page("/teams/{team}/people", READ, |world| {
        world.team.path("/people")
    }),
    page("/teams/{team}/insights/decisions.md", GOVERN, |world| {
        world.team.path("/insights/decisions.md")
    }),
    page("/teams/{team}/insights/hypotheses/new", GOVERN, |world| {
        world.team.path("/insights/hypotheses/new")
    }),
    page(
        "/teams/{team}/insights/hypotheses/{hypothesis}",
        GOVERN,
        |world| {
            let id = world.hypothesis.open;
            world.team.path(&format!("/insights/hypotheses/{id}"))
        },
    ),
    page(
        "/teams/{team}/insights/hypotheses/{hypothesis}/record.md",
        GOVERN,
        |world| {
            let id = world.hypothesis.decided;
            world
                .team
                .path(&format!("/insights/hypotheses/{id}/record.md"))
        },
    ),
    page("/teams/{team}/insights", GOVERN, |world| {
        world.team.path("/insights")
    }),
    page("/teams/{team}/settings", GOVERN, |world| {
        world.team.path("/settings")
    }),
    page(
        "/teams/{team}/settings/webhooks/{webhook}",
        GOVERN,
        |world| {
            world
                .team
                .path(&format!("/settings/webhooks/{}", world.webhook.id))
        },
    ),
    Page {
        found: false,
        ..page("/teams/{team}/{*any}", READ, |world| {
            world.team.path("/nothing/here")
        })
    },
];

const fn service(route: &'static str, path: &'static str, status: u16) -> Service {
    Service {
        route,
        path,
        status,
    }
}

/// Every other route.
pub const SERVICES: &[Service] = &[
    service("/health", "/health", 200),
    service("/health/live", "/health/live", 200),
    service("/health/ready", "/health/ready", 200),
    service("/metrics", "/metrics", 200),
    service("/api", "/api", 404),
    service("/api/", "/api/", 404),
    service("/api/{*nothing}", "/api/nothing", 404),
    service("/api/docs", "/api/docs", 200),
    service("/api/v1/openapi.json", "/api/v1/openapi.json", 200),
    service(
        "/unsubscribe/{token}",
        "/unsubscribe/there-is-no-such-token",
        404,
    ),
    // Takes a file; who may send one is tried in src/imports/tests/.
    service(
        "/teams/{team}/import/file",
        "/teams/there-is-no-such-team/import/file",
        405,
    ),
    service("/pkg/{*name}", "/pkg/there-is-no-such-file.js", 404),
];

/// Routes whose answers have no end.
pub const STREAMS: &[Page] = &[
    page("/teams/{team}/live", READ, |world| {
        world.team.path("/live?after=0")
    }),
    page("/wall/{token}/live", Wall, |world| {
        format!("/wall/{}/live?after=0", world.wall_link.token)
    }),
];
