//! Accounts, teams and who is in them.

use super::{GOVERN, READ, ROW, TOO_LONG, WRITE, in_team, invitation, new_id};
use crate::testing::doors::{Action, Actor, Rule::SignedIn, TypedForm};
use crate::testing::seed::PASSWORD;

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
        texts: &["name"],
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
        texts: &["new_password"],
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
        texts: &["name"],
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
        texts: &["password"],
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
        sample: |_| {
            vec![
                ("name", "Nora".to_owned()),
                ("email", format!("nora-{}@example.test", new_id())),
                ("password", "lantern above the harbour 7".to_owned()),
                ("team_name", "Green Kite".to_owned()),
                ("time_zone", "Europe/Berlin".to_owned()),
            ]
        },
        cookie: Some(invitation),
        texts: &["name", "password"],
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
        texts: &["team_name"],
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
        sample: |_| {
            vec![
                ("id", new_id()),
                ("team_name", "Green Kite".to_owned()),
                ("time_zone", "Europe/Berlin".to_owned()),
            ]
        },
        texts: &["team_name"],
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
];
