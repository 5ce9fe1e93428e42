//! The rules. A new server function or route needs a row here or below, or the tests fail.

mod daily;
mod learning;
mod outside;
mod people;
mod work;

use uuid::Uuid;

use super::{
    Action, Actor, Fields, Page,
    Rule::{self, Public, SignedIn, Wall},
    Service, Verb,
};
use crate::{
    people::access::Permission,
    testing::{World, seed::PASSWORD},
};

const READ: Rule = Rule::Team(Permission::Read);
const WRITE: Rule = Rule::Team(Permission::Write);
const GOVERN: Rule = Rule::Team(Permission::Govern);

/// More than any one line takes.
const TOO_LONG: &str = "This line is much longer than a line can be, because it goes on and on and on and on and on \
    and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on and on \
    and on and on and on and on and on and on and on and on and on and on and on and on";

/// A text of so many letters.
macro_rules! letters {
    ($count:literal) => {{
        const TEXT: [u8; $count] = [b'x'; $count];
        match str::from_utf8(&TEXT) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}

/// More than any answer takes.
const TOO_LONG_ANSWER: &str = letters!(2_001);

/// More than any comment takes.
const TOO_LONG_COMMENT: &str = letters!(20_001);

const ROW: Action = Action {
    path: "",
    rule: Public,
    actor: Actor::Owner,
    sample: |_| Vec::new(),
    texts: &[],
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

/// The person who sends something that may have waited. Whoever else sends it puts themselves there.
fn by_ben(world: &World) -> (&'static str, String) {
    ("by", world.people.ben.id.to_string())
}

/// Every server function, by its path below `/actions/skateboard/`.
pub fn actions() -> impl Iterator<Item = &'static Action> {
    let all = [
        people::ACTIONS,
        work::ACTIONS,
        daily::ACTIONS,
        learning::ACTIONS,
        outside::ACTIONS,
        // Whoever goes through it comes through no other.
        &[DELETE_ACCOUNT],
    ];
    all.into_iter().flatten()
}

const DELETE_ACCOUNT: Action = Action {
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
};

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
    service(
        "/teams/{team}/import/file",
        "/teams/there-is-no-such-team/import/file",
        405,
    ),
    service("/pkg/{*name}", "/pkg/there-is-no-such-file.js", 404),
];

/// Every verb but GET that one of the routes here takes.
pub const VERBS: &[Verb] = &[
    Verb {
        method: "POST",
        route: "/unsubscribe/{token}",
        rule: Public,
        path: |_| "/unsubscribe/there-is-no-such-token".to_owned(),
        status: 404,
    },
    // Takes a file, without which it leads back. What becomes of one is tried in src/imports/tests/.
    Verb {
        method: "POST",
        route: "/teams/{team}/import/file",
        rule: WRITE,
        path: |world| world.team.path("/import/file"),
        status: 303,
    },
];

/// Routes that say there is nothing, whatever the verb.
pub const NOTHING: &[&str] = &["/api", "/api/", "/api/{*nothing}"];

/// Routes whose answers have no end.
pub const STREAMS: &[Page] = &[
    page("/teams/{team}/live", READ, |world| {
        world.team.path("/live?after=0")
    }),
    page("/wall/{token}/live", Wall, |world| {
        format!("/wall/{}/live?after=0", world.wall_link.token)
    }),
];
