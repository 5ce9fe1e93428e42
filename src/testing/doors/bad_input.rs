//! Every field of every server function × what no field can take, and what a person without JavaScript
//! gets back when something was refused.

use sqlx::PgPool;

use super::{Action, Fields, app, assert_unchanged, contents, matrix::borrowed, table};
use crate::{
    error::Code,
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

/// The ways in which a field can be no good. `true` where every field of every form has to refuse it and
/// to be named.
fn ways() -> Vec<(&'static str, bool, Bad)> {
    vec![
        ("a NUL", true, Bad::Raw("a%00b")),
        ("invalid UTF-8", true, Bad::Raw("%FF%FE")),
        ("a lone surrogate", true, Bad::Raw("%ED%A0%80")),
        ("sent twice", true, Bad::Twice),
        ("missing", false, Bad::Missing),
        ("empty", false, Bad::Text(String::new())),
        ("a space", false, Bad::Text(" ".to_owned())),
        ("1 MB of text", false, Bad::Text("x".repeat(1_000_000))),
        (
            "deep JSON",
            false,
            Bad::Text("[".repeat(10_000) + &"]".repeat(10_000)),
        ),
        (
            "the year 300000",
            false,
            Bad::Text("300000-01-01".to_owned()),
        ),
        (
            "a number out of range",
            false,
            Bad::Text("99999999999999999999".to_owned()),
        ),
        ("a negative number", false, Bad::Text("-1".to_owned())),
        ("no number", false, Bad::Text("NaN".to_owned())),
        ("a path", false, Bad::Text("../../etc/passwd".to_owned())),
        (
            "Unicode that turns and hides",
            false,
            Bad::Text("\u{202e}\u{200b}\u{feff}\u{1f3f4}\u{e0067}a\u{301}".to_owned()),
        ),
        (
            "control characters",
            false,
            Bad::Text("a\u{7}\r\n\u{1b}[2Jb".to_owned()),
        ),
        (
            "SQL",
            false,
            Bad::Text("'; DROP TABLE people; --".to_owned()),
        ),
        (
            "markup",
            false,
            Bad::Text("<script>alert(1)</script>".to_owned()),
        ),
    ]
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
fn complaint(answer: &Answer, field: &str, must_refuse: bool) -> Option<String> {
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
    (must_refuse || !clear)
        .then(|| format!("is refused without naming the field: {:?}", error.message))
}

async fn try_everything(app: &TestApp, action: &Action) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut world: Option<World> = None;
    let fields: Vec<&str> = (action.sample)(&app.world().await)
        .iter()
        .map(|(name, _)| *name)
        .collect();
    for field in fields {
        for (what, must_refuse, bad) in ways() {
            // What was accepted may have used the world up.
            let here = match world.take() {
                Some(world) => world,
                None => app.world().await,
            };
            let body = body(&(action.sample)(&here), field, &bad);
            let browser = action.browser(&here, action.actor);
            let ask = browser.form(&action.url(), body, "application/json");
            let answer = browser.ask(ask).await;
            if let Some(complaint) = complaint(&answer, field, must_refuse) {
                complaints.push(format!("{}: {field}, {what}, {complaint}", action.path));
            }
            if answer.status.as_u16() >= 400 {
                world = Some(here);
            }
        }
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

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_typed_comes_back_with_the_reason_without_javascript(db: PgPool) {
    let app = app(db);
    for action in table::actions() {
        let Some(form) = &action.form else { continue };
        let world = app.world().await;
        let browser = action.browser(&world, action.actor);
        let page = (form.page)(&world);
        let opened = browser.get(&page).await;
        assert_eq!(opened.path, page, "{}: the page of its form", action.path);
        let forms = opened.page().forms_of(&action.url());
        let of_form = forms
            .first()
            .unwrap_or_else(|| panic!("{page} has no form for {}", action.path));
        // What the page itself fills in, over which goes the sample, over which goes what is no good.
        let mut fields = (action.sample)(&world);
        for (name, value) in &mut fields {
            let hidden = of_form
                .fields
                .iter()
                .find(|field| field.name == *name && field.label.is_empty());
            if let Some(hidden) = hidden {
                value.clone_from(&hidden.value);
            }
            if *name == form.field {
                form.text.clone_into(value);
            }
        }
        let before = contents(&app.db).await;
        let answer = browser.post(&action.url(), &borrowed(&fields)).await;
        assert_unchanged(&before, &contents(&app.db).await, action.path);
        assert_eq!(answer.status, 303, "{}", action.path);
        let location = answer.location().unwrap_or_default().to_owned();
        let back = page.split('?').next().unwrap_or_default();
        assert!(
            location.starts_with(back) && location.contains("refused="),
            "{} leads to {location}",
            action.path
        );
        assert!(
            !location.contains(&form.text[..form.text.len().min(12)]),
            "{}: what was typed travels in the address",
            action.path
        );
        let again = browser.follow(answer).await.page();
        let typed = again.forms_of(&action.url()).into_iter().find_map(|again| {
            again
                .fields
                .into_iter()
                .find(|field| field.name == form.field && field.value == form.text)
        });
        assert!(
            typed.is_some(),
            "{}: {} does not show what was typed into {}",
            action.path,
            location,
            form.field
        );
        let said = typed.and_then(|field| field.problem).is_some() || !again.alerts().is_empty();
        assert!(said, "{}: {location} does not say why", action.path);

        let other = world.otto.get(&location).await;
        assert!(
            !other.text().contains(form.text),
            "{}: somebody else reads what was typed",
            action.path
        );
    }
}
