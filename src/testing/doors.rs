//! Every door of the server, and who may open it.
//!
//! [`table::actions`], [`table::PAGES`], [`table::STREAMS`] and [`table::SERVICES`] have a row for every server function and
//! every route, and [`table::VERBS`] for every verb beside GET. The tests compare them with the router's own lists, so
//! that nothing new goes in or out without a rule, and then try every door with everybody and with everything that is
//! no good input.

mod api;
mod bad_input;
mod forms;
mod limits;
mod matrix;
mod origin;
mod refused_rows;
mod secrets;
mod table;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use leptos::server_fn::axum::server_fn_paths;
use sqlx::{AssertSqlSafe, PgPool};

use super::{Browser, Person, TestApp, World};
use crate::people::access::Permission;

include!(concat!(env!("OUT_DIR"), "/arguments.rs"));

/// Whom a door lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody, signed in or not.
    Public,
    /// Whoever is signed in, for what is their own.
    SignedIn,
    /// People of the team that the field `team`, or the path, names.
    Team(Permission),
    /// Whoever holds an open wall link.
    Wall,
}

/// The people who try, and the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Nobody,
    Viewer,
    Member,
    Owner,
    /// The owner of another team.
    Stranger,
    /// Whoever holds a wall link of the team, and tries its token as a session's too.
    Display,
    /// The same, after the link was revoked.
    RevokedDisplay,
    /// A display of another team.
    StrangeDisplay,
}

impl Actor {
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Viewer,
        Self::Member,
        Self::Owner,
        Self::Stranger,
        Self::Display,
        Self::RevokedDisplay,
        Self::StrangeDisplay,
    ];

    pub fn browser(self, world: &World) -> Browser {
        match self {
            Self::Nobody => world.nobody.clone(),
            Self::Viewer => world.vera.clone(),
            Self::Member => world.ben.clone(),
            Self::Owner => world.ana.clone(),
            Self::Stranger => world.otto.clone(),
            Self::Display | Self::RevokedDisplay | Self::StrangeDisplay => {
                let token = self.wall_token(world);
                let browser = world.app.browser();
                browser.set_cookie("skateboard", token);
                browser.stand_on(&format!("/wall/{token}"));
                browser
            }
        }
    }

    /// What somebody gives for the token of a wall link: their own, or else all that they know of the team.
    pub fn wall_token(self, world: &World) -> &str {
        match self {
            Self::Display => &world.wall_link.token,
            Self::RevokedDisplay => &world.revoked_wall_link.token,
            Self::StrangeDisplay => &world.other_wall_link.token,
            _ => &world.team.slug,
        }
    }

    /// Who this is, of those who have an account.
    fn person(self, world: &World) -> Option<&Person> {
        match self {
            Self::Viewer => Some(&world.people.vera),
            Self::Member => Some(&world.people.ben),
            Self::Owner => Some(&world.people.ana),
            Self::Stranger => Some(&world.people.otto),
            _ => None,
        }
    }

    fn is_display(self) -> bool {
        matches!(
            self,
            Self::Display | Self::RevokedDisplay | Self::StrangeDisplay
        )
    }
}

/// What becomes of somebody at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    LetIn,
    /// Let in, and shown another team.
    Elsewhere,
    /// 401, or a redirect to sign in.
    SignIn,
    Forbidden,
    /// As if there were no such team, or no such link.
    NotFound,
}

impl Rule {
    pub fn verdict(self, actor: Actor) -> Verdict {
        let needed = match self {
            Self::Public => return Verdict::LetIn,
            Self::Wall => {
                return match actor {
                    Actor::Display => Verdict::LetIn,
                    Actor::StrangeDisplay => Verdict::Elsewhere,
                    _ => Verdict::NotFound,
                };
            }
            // A display is nobody.
            _ if actor == Actor::Nobody || actor.is_display() => return Verdict::SignIn,
            Self::SignedIn => return Verdict::LetIn,
            Self::Team(needed) => needed,
        };
        match (actor, needed) {
            (Actor::Stranger, _) => Verdict::NotFound,
            (Actor::Owner, _) | (_, Permission::Read) | (Actor::Member, Permission::Write) => {
                Verdict::LetIn
            }
            _ => Verdict::Forbidden,
        }
    }
}

/// What is sent: names and values of fields.
pub type Fields = Vec<(&'static str, String)>;

/// A cookie that a door needs, as name and value.
pub type MakeCookie = fn(&World) -> (&'static str, String);

/// A server function.
pub struct Action {
    /// Its module and name, which are its path below [`PREFIX`].
    pub path: &'static str,
    pub rule: Rule,
    /// Who succeeds with the sample.
    pub actor: Actor,
    /// A valid request, with every field that the function knows.
    pub sample: fn(&World) -> Fields,
    /// Those of its fields that take any text which is not too long.
    pub texts: &'static [&'static str],
    /// Whether it is only for what the actor of the sample made: others are refused.
    pub own: bool,
    /// What else the browser has to carry.
    pub cookie: Option<MakeCookie>,
    /// A page that holds its form, and something to type that is refused.
    pub form: Option<TypedForm>,
}

/// Something that a person types on a page and that is refused.
pub struct TypedForm {
    pub page: fn(&World) -> String,
    pub field: &'static str,
    pub text: &'static str,
}

/// Where the server functions are.
pub const PREFIX: &str = "/actions/skateboard/";

impl Action {
    /// Where it is called.
    pub fn url(&self) -> String {
        format!("{PREFIX}{}", self.path)
    }

    /// The sample as an actor can send it.
    pub fn sample_of(&self, world: &World, actor: Actor) -> Fields {
        let mut fields = (self.sample)(world);
        for (name, value) in &mut fields {
            *value = value.replace(&world.wall_link.token, actor.wall_token(world));
            // Whoever sends it says that it is theirs.
            if let Some(person) = actor.person(world).filter(|_| *name == "by") {
                *value = person.id.to_string();
            }
        }
        fields
    }

    /// The browser of an actor, with what the action needs.
    pub fn browser(&self, world: &World, actor: Actor) -> Browser {
        let browser = actor.browser(world);
        if let Some((name, value)) = self.cookie.map(|cookie| cookie(world)) {
            browser.set_cookie(name, &value);
        }
        browser
    }
}

/// A page.
pub struct Page {
    /// As the router writes it: `/teams/{team}`.
    pub route: &'static str,
    pub rule: Rule,
    pub path: fn(&World) -> String,
    /// Whether whoever is let in finds something there.
    pub found: bool,
}

impl Page {
    /// Its path as an actor can ask for it.
    pub fn path_of(&self, world: &World, actor: Actor) -> String {
        (self.path)(world).replace(&world.wall_link.token, actor.wall_token(world))
    }
}

/// A route that is neither a page nor a server function, open to everybody.
pub struct Service {
    pub route: &'static str,
    pub path: &'static str,
    /// What a direct request of nobody in particular is answered with.
    pub status: u16,
}

/// A verb other than GET that a page or a service takes.
pub struct Verb {
    pub method: &'static str,
    /// As the router writes it.
    pub route: &'static str,
    pub rule: Rule,
    pub path: fn(&World) -> String,
    /// What whoever is let in is answered with, who sends an empty form.
    pub status: u16,
}

/// The app that the doors belong to. It has a mail server, which takes nothing, because some doors are
/// shut without one.
pub fn app(db: PgPool) -> TestApp {
    TestApp::with(db, |given| {
        given.smtp_url = Some("smtp://127.0.0.1:1".to_owned());
        given.mail_from = Some("board@example.test".to_owned());
    })
}

/// What the team tables and accounts hold, as one short text a table. What is counted or remembered on
/// the way (last visits, limits, refused forms, what was opened or caught) is left out.
pub async fn contents(db: &PgPool) -> BTreeMap<String, String> {
    let tables: Vec<String> = sqlx::query_scalar(
        r#"
        SELECT tablename::text FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('_sqlx_migrations', 'rate_limits', 'refused_forms')
        "#,
    )
    .fetch_all(db)
    .await
    .expect("the tables");
    let sums: Vec<String> = tables
        .iter()
        .map(|table| {
            let row = match table.as_str() {
                "sessions" => "to_jsonb(t) - '{last_seen_at,last_team_id}'::text[]",
                "wall_links" => "to_jsonb(t) - 'last_opened_at'",
                "api_tokens" => "to_jsonb(t) - 'last_used_at'",
                "usage" => "CASE WHEN kind LIKE 'similar.%' THEN to_jsonb(t) END",
                _ => "to_jsonb(t)",
            };
            format!("SELECT '{table}', coalesce(md5(string_agg(({row})::text, '' ORDER BY ({row})::text)), '') FROM {table} t")
        })
        .collect();
    sqlx::query_as::<_, (String, String)>(AssertSqlSafe(sums.join(" UNION ALL ")))
        .fetch_all(db)
        .await
        .expect("the contents")
        .into_iter()
        .collect()
}

#[track_caller]
pub fn assert_unchanged(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    what: &str,
) {
    let changed: Vec<&String> = before
        .iter()
        .filter(|(table, sum)| after.get(*table) != Some(*sum))
        .map(|(table, _)| table)
        .collect();
    assert!(changed.is_empty(), "{what} changed {changed:?}");
}

/// The paths of the server functions below [`PREFIX`], as the server knows them.
fn server_functions() -> BTreeSet<String> {
    let paths: BTreeSet<String> = server_fn_paths()
        .map(|(path, _)| path.trim_start_matches(PREFIX).to_owned())
        .collect();
    assert!(
        paths.len() > 10,
        "the list of server functions was not found"
    );
    paths
}

/// What a server function takes, by its signature.
#[track_caller]
fn arguments(path: &str) -> BTreeSet<&'static str> {
    let found = ARGUMENTS.iter().find(|(known, _)| *known == path);
    let (_, names) = found.unwrap_or_else(|| panic!("there is no server function {path}"));
    names.iter().copied().collect()
}

/// The argument that a field belongs to: `people` is a list, of which `people[p1]` is one.
fn argument(field: &str) -> &str {
    field.split('[').next().unwrap_or_default()
}

#[test]
fn every_server_function_has_a_rule() {
    let real = server_functions();
    let ruled: BTreeSet<String> = table::actions().map(|row| row.path.to_owned()).collect();
    assert_eq!(
        ruled.len(),
        table::actions().count(),
        "an action has two rows"
    );
    compare(&real, &ruled, "server function", "ACTIONS");
}

#[test]
fn the_arguments_of_every_server_function_are_known() {
    let known: BTreeSet<String> = ARGUMENTS
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_eq!(
        known,
        server_functions(),
        "build.rs reads the signatures of server functions out of src"
    );
    for action in table::actions() {
        for text in action.texts {
            assert!(
                arguments(action.path).contains(text),
                "{}: {text}, of `texts`, is no argument",
                action.path
            );
        }
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_argument_of_every_server_function_is_in_its_sample(db: PgPool) {
    let world = app(db).world().await;
    let mut unlike = Vec::new();
    for action in table::actions() {
        let sample = (action.sample)(&world);
        let sent: BTreeSet<&str> = sample.iter().map(|(name, _)| argument(name)).collect();
        let taken = arguments(action.path);
        let missing = taken.difference(&sent);
        unlike.extend(missing.map(|name| format!("{}: {name} is not sent", action.path)));
        let needless = sent.difference(&taken);
        unlike.extend(needless.map(|name| format!("{}: {name} is no argument", action.path)));
    }
    assert!(
        unlike.is_empty(),
        "{}\n\nA sample has every argument of its function, so that all of them are tried with bad input. One of a \
         list is enough: `people[p1]`.",
        unlike.join("\n")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_route_has_a_rule(db: PgPool) {
    let app = TestApp::new(db);
    let all = routes_of(&app);
    for known in ["/", "/teams/{team}", "/health"] {
        assert!(all.contains(known), "{known} was not found in {all:?}");
    }
    let public = format!("{}/public", env!("CARGO_MANIFEST_DIR"));
    let real: BTreeSet<String> = all
        .into_iter()
        .filter(|route| !route.starts_with("/actions/"))
        // These are compared with the document of the API, in `api`.
        .filter(|route| !route.starts_with("/api/v1/") || route.ends_with(".json"))
        .filter(|route| !std::path::Path::new(&format!("{public}{route}")).is_file())
        // The fallback of axum.
        .filter(|route| !route.contains("__private__axum"))
        .collect();
    let ruled: BTreeSet<String> = table::PAGES
        .iter()
        .map(|row| row.route.to_owned())
        .chain(table::SERVICES.iter().map(|row| row.route.to_owned()))
        .chain(table::STREAMS.iter().map(|row| row.route.to_owned()))
        .collect();
    compare(&real, &ruled, "route", "PAGES, STREAMS or SERVICES");
}

/// The routes that a router answers, out of its own description, where each stands as
/// `RouteId(7): "/health"`.
fn routes_of(app: &TestApp) -> BTreeSet<String> {
    format!("{:?}", app.router)
        .split("RouteId(")
        .filter_map(|rest| {
            let (number, rest) = rest.split_once("): \"")?;
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            let (path, _) = rest.split_once('"')?;
            (is_number && path.starts_with('/')).then(|| path.to_owned())
        })
        .collect()
}

#[track_caller]
fn compare(real: &BTreeSet<String>, ruled: &BTreeSet<String>, what: &str, list: &str) {
    let without: Vec<&String> = real.difference(ruled).collect();
    assert!(
        without.is_empty(),
        "These have no rule: {without:#?}\nAdd a row for each {what} to {list} in src/testing/doors/table.rs or beside it: whom it \
         lets in, and a sample of what is sent. The tests then try it with everybody and with bad input."
    );
    let stale: Vec<&String> = ruled.difference(real).collect();
    assert!(
        stale.is_empty(),
        "{list} in src/testing/doors/table.rs or beside it has rows for what is gone: {stale:#?}\nTake them out."
    );
}
