//! Who has a feature, driven from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use leptos::server_fn::ServerFn;
use serde_json::json;
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::{
    actions::people_with,
    model::{Arms, Toggle, TogglesView},
    requests::{ChangeToggle, LoadToggles},
};
use crate::{
    accounts::account_page::deleting::DeleteAccount,
    insights::period::Period,
    people::{
        access::{Access, Permission},
        model::{PersonName, Role},
    },
    testing::{Answer, Browser, TestApp, World, page, seed},
};

const LOAD_BOARD: &str = "/actions/skateboard/boards/board_page/load_board";

async fn ask_for(
    browser: &Browser,
    world: &World,
    mode: &str,
    share: &str,
    named: &[&seed::Person],
) -> Answer {
    let named: Vec<(String, String)> = named
        .iter()
        .enumerate()
        .map(|(index, person)| (format!("people[p{index}]"), person.id.to_string()))
        .collect();
    let mut fields = vec![
        ("team", world.team.slug.as_str()),
        ("toggle", "drag_and_drop"),
        ("mode", mode),
        ("share", share),
    ];
    fields.extend(named.iter().map(|(name, id)| (name.as_str(), id.as_str())));
    browser.call(ChangeToggle::url(), &fields).await
}

async fn set(world: &World, mode: &str, share: &str, named: &[&seed::Person]) {
    ask_for(&world.ana, world, mode, share, named)
        .await
        .expect(200);
}

/// Opens the board, which asks the toggle, and says what it answers.
async fn may_drag(browser: &Browser, world: &World) -> bool {
    let fields = [("team", world.team.slug.as_str()), ("key", "WEB")];
    let board = browser.call(LOAD_BOARD, &fields).await.expect(200).json();
    board["may_drag"].as_bool().unwrap()
}

/// Whoever of some browsers may drag, by their places among them.
async fn those_with(browsers: &[Browser], world: &World) -> Vec<usize> {
    let mut with = Vec::new();
    for (index, browser) in browsers.iter().enumerate() {
        if may_drag(browser, world).await {
            with.push(index);
        }
    }
    with
}

/// The answers that somebody got, in order, and whether each still holds.
async fn answers(world: &World, person: &seed::Person) -> Vec<(bool, bool)> {
    sqlx::query_as(
        r#"
        SELECT is_on, until IS NULL FROM toggle_arms
        WHERE team_id = $1 AND person_id = $2 AND name = 'drag_and_drop' ORDER BY since
        "#,
    )
    .bind(world.team.id)
    .bind(person.id)
    .fetch_all(&world.app.db)
    .await
    .unwrap()
}

async fn owner(world: &World) -> Access {
    let ana = PersonName {
        id: world.people.ana.id.into(),
        name: "Ana".to_owned(),
    };
    Access::enter(&world.app.db, &ana, &world.team.slug, Permission::Govern)
        .await
        .unwrap()
}

/// The arms of the days from so many days ago to so many days ago.
async fn arms(world: &World, from: i64, to: i64) -> Arms {
    let today = OffsetDateTime::now_utc().date();
    let period = Period {
        from: today - Duration::days(from),
        to: today - Duration::days(to),
    };
    people_with(&owner(world).await, Toggle::DragAndDrop, period)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_feature_is_off_until_an_owner_decides_and_nothing_is_kept_of_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for browser in [&world.ana, &world.ben, &world.vera] {
        assert!(!may_drag(browser, &world).await);
    }
    assert!(answers(&world, &world.people.ben).await.is_empty());
    let board = world.ben.get(&world.team.path("/boards/WEB")).await.text();
    assert!(!board.contains("drag-layer"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn on_is_for_everybody_who_could_use_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    set(&world, "on", "0", &[]).await;
    assert!(may_drag(&world.ana, &world).await && may_drag(&world.ben, &world).await);
    assert!(!may_drag(&world.vera, &world).await, "a viewer");
    assert!(answers(&world, &world.people.vera).await.is_empty());
    let board = world.ben.get(&world.team.path("/boards/WEB")).await.text();
    assert!(board.contains("drag-layer"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_share_is_the_same_people_each_time_and_a_greater_one_keeps_them(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let members = world.more_members(20).await;
    set(&world, "share", "40", &[]).await;
    let some = those_with(&members, &world).await;
    assert!(!some.is_empty() && some.len() < 20, "{some:?}");
    assert_eq!(those_with(&members, &world).await, some);
    set(&world, "share", "75", &[]).await;
    let more = those_with(&members, &world).await;
    assert!(more.len() > some.len(), "{some:?} {more:?}");
    assert!(some.iter().all(|member| more.contains(member)));
    set(&world, "share", "40", &[]).await;
    assert_eq!(those_with(&members, &world).await, some);
    set(&world, "share", "0", &[]).await;
    assert!(those_with(&members, &world).await.is_empty());
    set(&world, "share", "100", &[]).await;
    assert_eq!(those_with(&members, &world).await.len(), 20);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_is_named_has_it_whatever_the_share_is_but_not_what_is_off(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ben = &world.people.ben;
    set(&world, "share", "0", &[ben]).await;
    assert!(may_drag(&world.ben, &world).await);
    assert!(!may_drag(&world.ana, &world).await);
    set(&world, "off", "0", &[ben]).await;
    assert!(!may_drag(&world.ben, &world).await);
    set(&world, "share", "0", &[]).await;
    assert!(!may_drag(&world.ben, &world).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_is_typed_as_a_share_keeps_nobody_from_turning_it_off(db: PgPool) {
    let world = TestApp::new(db).world().await;
    set(&world, "on", "", &[]).await;
    assert!(may_drag(&world.ben, &world).await);
    set(&world, "off", "999", &[]).await;
    assert!(!may_drag(&world.ben, &world).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_an_owner_changes_a_toggle_of_their_own_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    for (browser, status) in [(&world.ben, 403), (&world.vera, 403), (&world.otto, 404)] {
        ask_for(browser, &world, "on", "0", &[])
            .await
            .expect(status);
    }
    set(&world, "on", "0", &[]).await;
    let elsewhere = world.app.world().await;
    assert!(!may_drag(&elsewhere.ben, &elsewhere).await);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_fault_is_said_of_the_field_that_has_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let people = &world.people;
    let faults: [(&str, &str, &[&seed::Person], &str); 5] = [
        ("often", "50", &[], "mode"),
        ("share", "101", &[], "share"),
        ("share", "", &[], "share"),
        ("share", "50", &[&people.ben, &people.otto], "people[p1]"),
        ("share", "50", &[&people.vera], "people[p0]"),
    ];
    for (mode, share, named, field) in faults {
        let refused = ask_for(&world.ana, &world, mode, share, named).await;
        let error = refused.expect(422).error().unwrap();
        assert!(error.on(field).is_some(), "{field}: {error:?}");
    }
    assert!(world.events("toggle.changed").await.is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_change_is_in_the_log_with_what_was_and_what_is(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ana, ben) = (&world.people.ana, &world.people.ben);
    set(&world, "off", "50", &[]).await;
    assert!(world.events("toggle.changed").await.is_empty());
    set(&world, "share", "30", &[ben]).await;
    set(&world, "share", "30", &[ben]).await;
    set(&world, "share", "30", &[ana]).await;
    let toggle = json!({ "field": "toggle", "to": "drag_and_drop" });
    assert_eq!(
        world.events("toggle.changed").await,
        [
            json!([
                toggle,
                { "field": "mode", "from": "off", "to": "share" },
                { "field": "share", "from": "50", "to": "30" },
                { "field": "always", "to": "Ben", "to_id": ben.id },
            ]),
            json!([
                toggle,
                { "field": "always", "from": "Ben", "from_id": ben.id },
                { "field": "always", "to": "Ana", "to_id": ana.id },
            ]),
        ]
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_answer_is_kept_when_it_is_given_first_and_when_it_changes(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ben = &world.people.ben;
    set(&world, "share", "0", &[ben]).await;
    for _ in 0..3 {
        may_drag(&world.ben, &world).await;
    }
    assert_eq!(answers(&world, ben).await, [(true, true)]);
    assert!(answers(&world, &world.people.ana).await.is_empty());
    // Those who have met it are told another answer at once, the others when they come.
    set(&world, "off", "0", &[ben]).await;
    let both = [(true, false), (false, true)];
    assert_eq!(answers(&world, ben).await, both);
    may_drag(&world.ben, &world).await;
    assert_eq!(answers(&world, ben).await, both);
    may_drag(&world.ana, &world).await;
    assert_eq!(answers(&world, &world.people.ana).await, [(false, true)]);
    set(&world, "on", "0", &[ben]).await;
    assert_eq!(answers(&world, ben).await.len(), 3);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn people_at_once_are_given_one_answer_each(db: PgPool) {
    let world = TestApp::new(db).world().await;
    set(&world, "on", "0", &[]).await;
    let asked = (0..8).map(|_| {
        let (browser, world) = (world.ben.clone(), world.clone());
        tokio::spawn(async move { may_drag(&browser, &world).await })
    });
    let asked: Vec<_> = asked.collect();
    for answer in asked {
        assert!(answer.await.unwrap());
    }
    assert_eq!(answers(&world, &world.people.ben).await, [(true, true)]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_period_tells_who_had_it_who_had_it_not_and_who_was_on_both_sides(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (ana, ben) = (world.people.ana.id.into(), world.people.ben.id.into());
    let cleo = world.app.person("Cleo").await;
    seed::member(&world.app.db, world.team.id, &cleo, Role::Member).await;
    set(&world, "share", "0", &[&world.people.ben]).await;
    assert_eq!(arms(&world, 0, 0).await, Arms::default(), "nobody met it");
    may_drag(&world.ben, &world).await;
    may_drag(&world.ana, &world).await;
    let clear = Arms {
        with: vec![ben],
        without: vec![ana],
        switched: Vec::new(),
    };
    assert_eq!(arms(&world, 7, 0).await, clear);
    assert_eq!(arms(&world, 7, 1).await, Arms::default(), "before that");

    sqlx::query("UPDATE toggle_arms SET since = since - interval '5 days' WHERE team_id = $1")
        .bind(world.team.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    set(&world, "on", "0", &[]).await;
    let switched = Arms {
        with: vec![ben],
        without: Vec::new(),
        switched: vec![ana],
    };
    assert_eq!(arms(&world, 7, 0).await, switched);
    assert_eq!(arms(&world, 7, 1).await, clear, "until yesterday");
    let elsewhere = world.app.world().await;
    assert_eq!(arms(&elsewhere, 7, 0).await, Arms::default());

    // What was counted of an account that is deleted is partly nobody's, so it is on no side.
    let fields = [("current_password", seed::PASSWORD)];
    world
        .ben
        .call(DeleteAccount::url(), &fields)
        .await
        .expect(200);
    assert_eq!(arms(&world, 7, 1).await.with, []);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_owner_turns_it_on_with_a_plain_form_and_sees_who_has_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world.ana.get(&world.team.path("/insights")).await.page();
    assert!(page.shows("Drag and drop") && page.shows("Nobody has it now."));
    let form = page.form("Save toggle");
    assert_eq!(form.field("Off").value, "off");
    let mut form = form.fill("Off", "share").fill("Share in percent", "0");
    // As the browser sends a box that was ticked.
    form.fields.push(page::Field {
        name: "people[p1]".to_owned(),
        label: "Ben".to_owned(),
        value: world.people.ben.id.to_string(),
        is_typed: false,
        problem: None,
    });
    let saved = world.ana.submit(form).await.expect(200).page();
    assert!(saved.shows("1 of 2 people has it now: Ben."));
    assert!(saved.shows("Changed by Ana"));
    assert_eq!(saved.statuses(), ["Toggle saved."]);
    let again = saved.form("Save toggle");
    assert_eq!(again.field("On for a share").value, "share");
    assert_eq!(again.field("Ben").value, world.people.ben.id.to_string());

    let refused = again.fill("Share in percent", "half");
    let refused = world.ana.submit(refused).await.page();
    let form = refused.form("Save toggle");
    assert_eq!(form.field("Share in percent").value, "half");
    assert!(form.field("Share in percent").problem.is_some());
    assert_eq!(form.field("Ben").name, "people[p1]");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_answers_are_counted(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let metrics = async || world.nobody.get("/metrics").await.expect(200).text();
    let line = |answer: &str, count: usize| {
        format!("toggle_answers_total{{toggle=\"drag_and_drop\",answer=\"{answer}\"}} {count}\n")
    };
    let before = metrics().await;
    assert!(before.contains(&line("on", 0)), "{before}");
    set(&world, "on", "0", &[]).await;
    may_drag(&world.ben, &world).await;
    let after = metrics().await;
    assert!(after.contains(&line("on", 1)) && after.contains(&line("off", 0)));
    let view: TogglesView = world
        .ana
        .call(LoadToggles::url(), &[("team", &world.team.slug)])
        .await
        .value();
    assert!(view.toggles[0].people.iter().all(|person| person.has_it));
}
