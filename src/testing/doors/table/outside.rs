//! What comes in, and what goes out.

use super::{GOVERN, ROW, TOO_LONG, WRITE, in_team, new_id, of_delivery, of_webhook};
use crate::imports::tests as imports;
use crate::testing::{
    World,
    doors::{Action, Actor, TypedForm},
};
use crate::webhooks::model::Topic;

/// The page of a file of Ben's that waits.
fn preview(world: &World, text: &str) -> String {
    let file = imports::waiting(world, world.people.ben.id, text);
    world.team.path(&format!("/import?file={file}"))
}

pub const ACTIONS: &[Action] = &[
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
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| preview(world, &imports::small_board()),
            field: "name",
            text: TOO_LONG,
        }),
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
        texts: &["name"],
        form: Some(TypedForm {
            page: |world| preview(world, "title\nPaint it\n"),
            field: "name",
            text: TOO_LONG,
        }),
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
];
