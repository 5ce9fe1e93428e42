//! Every field of every server function × what no field can take.

use sqlx::PgPool;

use super::{Action, Fields, app, arguments, matrix::forget_attempts, table};
use crate::{
    error::Code,
    notifications::model::NotificationSettings,
    people::model::WorkingDays,
    testing::{Answer, TestApp, World, browser::encoded},
};

/// What is sent in the place of a good value.
enum Bad {
    /// Already percent-encoded.
    Raw(&'static str),
    Text(String),
    Twice,
    Missing,
}

/// Which fields have to refuse it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// All of them, and it is said which it is.
    Named,
    /// All but those of [`UNREAD`].
    OfRead,
    /// All but these, and those that take any text.
    OfValues,
    /// What can take it takes it.
    Free,
}

/// The ways in which a field can be no good.
fn ways() -> Vec<(&'static str, Refusal, Bad)> {
    use Refusal::{Free, Named, OfRead, OfValues};

    let text = |text: &str| Bad::Text(text.to_owned());
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    vec![
        ("a NUL", Named, Bad::Raw("a%00b")),
        ("invalid UTF-8", Named, Bad::Raw("%FF%FE")),
        ("a lone surrogate", Named, Bad::Raw("%ED%A0%80")),
        ("sent twice", Named, Bad::Twice),
        (MUCH, OfRead, Bad::Text("x".repeat(1_000_000))),
        ("deep JSON", OfValues, Bad::Text(deep)),
        ("the year 300000", OfValues, text("300000-01-01")),
        (
            "a number out of range",
            OfValues,
            text("99999999999999999999"),
        ),
        ("missing", Free, Bad::Missing),
        ("empty", Free, text("")),
        ("a space", Free, text(" ")),
        ("a negative number", Free, text("-1")),
        ("no number", Free, text("NaN")),
        ("a path", Free, text("../../etc/passwd")),
        (
            "Unicode that turns and hides",
            Free,
            text("\u{202e}\u{200b}\u{feff}\u{1f3f4}\u{e0067}a\u{301}"),
        ),
        ("control characters", Free, text("a\u{7}\r\n\u{1b}[2Jb")),
        ("SQL", Free, text("'; DROP TABLE people; --")),
        ("markup", Free, text("<script>alert(1)</script>")),
    ]
}

/// More than any field takes: what is taken of it was cut, or is kept nowhere.
const MUCH: &str = "1 MB of text";

/// What a box sends says nothing: that it is sent is all.
const BOX: &str = "it is read whether it was sent, and not what";

/// Fields that may hold anything, because nothing of it is kept, and why.
const UNREAD: &[(&str, &[&str], &str)] = &[
    (
        "accounts/account_page/deleting/delete_account",
        &["comments"],
        BOX,
    ),
    (
        "accounts/register_page/load_registration",
        &["invitation"],
        "what is no token becomes none, and the page that follows says that it cannot be used",
    ),
    (
        "accounts/register_page/register",
        &["team_name", "time_zone"],
        "whoever is invited founds no team",
    ),
    (
        "accounts/sign_in_page/load_entrance",
        &["next"],
        "what is no address of this site leads to the start",
    ),
    (
        "accounts/sign_in_page/sign_in",
        &["next"],
        "what is no address of this site leads to the start",
    ),
    ("feedback/requests/give_feedback", &["back"], BOX),
    (
        "imports/requests/load_import",
        &["file"],
        "a file that is not there is shown as gone",
    ),
    ("live/requests/be_present", &["gone"], BOX),
    (
        "notifications/requests/change_notifications",
        &NotificationSettings::FIELDS,
        BOX,
    ),
    ("people/requests/change_settings", &WorkingDays::FIELDS, BOX),
    (
        "people/requests/create_team",
        &["time_zone"],
        "a browser's zone that nobody knows leaves the team's at UTC",
    ),
    ("tasks/requests/delete_task", &["back"], BOX),
    ("tasks/requests/restore_task", &["back"], BOX),
    (
        "webhooks/requests/create_webhook",
        &[
            "created", "changed", "moved", "deleted", "comments", "boards", "people", "settings",
        ],
        BOX,
    ),
];

fn is_unread(action: &Action, field: &str) -> bool {
    UNREAD
        .iter()
        .any(|(path, fields, _)| *path == action.path && fields.contains(&field))
}

#[test]
fn what_may_hold_anything_is_an_argument() {
    for (path, fields, _) in UNREAD {
        let taken = arguments(path);
        for field in *fields {
            assert!(
                taken.contains(field),
                "UNREAD in src/testing/doors/bad_input.rs: {path} has no {field} any more, take it out"
            );
        }
    }
}

fn body(sample: &Fields, field: &str, bad: &Bad) -> Vec<u8> {
    let mut pairs: Vec<Vec<u8>> = Vec::new();
    for (name, value) in sample {
        let good = encoded(&[(*name, value.as_str())]);
        if *name != field {
            pairs.push(good);
            continue;
        }
        match bad {
            Bad::Raw(raw) => pairs.push(format!("{name}={raw}").into_bytes()),
            Bad::Text(text) => pairs.push(encoded(&[(*name, text.as_str())])),
            Bad::Twice => pairs.extend([good.clone(), good]),
            Bad::Missing => {}
        }
    }
    pairs.join(&b'&')
}

/// What is wrong with an answer to bad input, if anything is.
fn complaint(answer: &Answer, field: &str, must_refuse: bool, must_name: bool) -> Option<String> {
    let status = answer.status.as_u16();
    if status < 400 {
        return must_refuse.then(|| format!("is accepted ({status})"));
    }
    if status >= 500 {
        return Some(format!("is answered with {status}"));
    }
    let error = answer.error()?;
    if error.message.trim().is_empty() {
        return Some("is refused without a word".to_owned());
    }
    if error.on(field).is_some() {
        return None;
    }
    if let Some(other) = error.fields.first() {
        return Some(format!("is blamed on the field {:?}", other.field));
    }
    // Words for the whole form that say what is the matter.
    let clear = matches!(
        error.code,
        Code::NotFound | Code::Conflict | Code::Forbidden | Code::TooLarge | Code::TooManyRequests
    );
    (must_name || !clear)
        .then(|| format!("is refused without naming the field: {:?}", error.message))
}

/// Tries one field of an action in every way. What was accepted may have used the world up.
async fn try_field(
    app: &TestApp,
    action: &Action,
    field: &str,
    world: &mut Option<World>,
) -> Vec<String> {
    let mut complaints = Vec::new();
    let (is_unread, is_text) = (is_unread(action, field), action.texts.contains(&field));
    let mut takes_any = false;
    forget_attempts(app).await;
    for (what, refusal, bad) in ways() {
        let here = match world.take() {
            Some(world) => world,
            None => app.world().await,
        };
        let body = body(&action.sample_of(&here, action.actor), field, &bad);
        let browser = action.browser(&here, action.actor);
        let ask = browser.form(&action.url(), body, "application/json");
        let answer = browser.ask(ask).await;
        let must_refuse = match refusal {
            Refusal::Named => true,
            Refusal::OfRead => !is_unread,
            Refusal::OfValues => !is_unread && !is_text,
            Refusal::Free => false,
        };
        let must_name = refusal == Refusal::Named;
        let refused = answer.status.as_u16() >= 400;
        if let Some(complaint) = complaint(&answer, field, must_refuse, must_name) {
            complaints.push(format!("{}: {field}, {what}, {complaint}", action.path));
        }
        if what == MUCH && refused && is_unread {
            complaints.push(format!(
                "{}: {field} does not need to be in UNREAD any more: take it out",
                action.path
            ));
        }
        takes_any |= !refused && what != "missing";
        if refused {
            *world = Some(here);
        }
    }
    if is_text && !takes_any {
        complaints.push(format!(
            "{}: {field} takes no text at all: take it out of `texts`",
            action.path
        ));
    }
    complaints
}

async fn try_everything(app: &TestApp, action: &Action) -> Vec<String> {
    let mut complaints = Vec::new();
    let first = app.world().await;
    let sample = (action.sample)(&first);
    let mut world = Some(first);
    for (field, _) in sample {
        complaints.extend(try_field(app, action, field, &mut world).await);
    }
    complaints
}

async fn try_slice(db: PgPool, slice: &str) {
    let app = app(db);
    let mut complaints = Vec::new();
    let mut tried = 0;
    for action in table::actions() {
        if action.path.starts_with(&format!("{slice}/")) {
            complaints.extend(try_everything(&app, action).await);
            tried += 1;
        }
    }
    assert!(tried > 0, "{slice} has no server functions");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// One test a slice, so that they run side by side.
macro_rules! slices {
    ($($test:ident: $slice:literal;)*) => {
        $(
            #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
            async fn $test(db: PgPool) {
                try_slice(db, $slice).await;
            }
        )*

        #[test]
        fn no_slice_is_left_out() {
            for action in table::actions() {
                let listed = [$($slice),*]
                    .iter()
                    .any(|slice| action.path.starts_with(&format!("{slice}/")));
                assert!(listed, "{}: add its slice to slices! in src/testing/doors/bad_input.rs", action.path);
            }
        }
    };
}

slices! {
    bad_input_is_refused_by_accounts: "accounts";
    bad_input_is_refused_by_boards: "boards";
    bad_input_is_refused_by_columns: "columns";
    bad_input_is_refused_by_comments: "comments";
    bad_input_is_refused_by_feedback: "feedback";
    bad_input_is_refused_by_hypotheses: "hypotheses";
    bad_input_is_refused_by_imports: "imports";
    bad_input_is_refused_by_insights: "insights";
    bad_input_is_refused_by_live: "live";
    bad_input_is_refused_by_mine: "mine";
    bad_input_is_refused_by_notifications: "notifications";
    bad_input_is_refused_by_now: "now";
    bad_input_is_refused_by_people: "people";
    bad_input_is_refused_by_search: "search";
    bad_input_is_refused_by_tasks: "tasks";
    bad_input_is_refused_by_toggles: "toggles";
    bad_input_is_refused_by_webhooks: "webhooks";
}
