//! Teams, members and invitations, driven from outside.

use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    people::model::Role,
    testing::{Answer, Ask, Browser, Form, Person, TestApp, World, seed},
};

const CHANGE_ROLE: &str = "/actions/skateboard/people/requests/change_role";
const REMOVE: &str = "/actions/skateboard/people/requests/remove_member";
const LEAVE: &str = "/actions/skateboard/people/requests/leave_team";
const JOIN: &str = "/actions/skateboard/people/requests/join_team";
const REVOKE: &str = "/actions/skateboard/people/requests/revoke_invitation";

/// A second owner of the world's team.
async fn second_owner(world: &World) -> (Person, Browser) {
    let oda = world.app.person("Oda").await;
    seed::member(&world.app.db, world.team.id, &oda, Role::Owner).await;
    let browser = world.app.signed_in(&oda).await;
    (oda, browser)
}

async fn newcomer(world: &World) -> Browser {
    let nora = world.app.person("Nora").await;
    world.app.signed_in(&nora).await
}

async fn change_role(browser: &Browser, world: &World, person: Uuid, role: &str) -> Answer {
    let person = person.to_string();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("person", person.as_str()),
        ("role", role),
    ];
    browser.call(CHANGE_ROLE, &fields).await
}

async fn owners(world: &World) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM memberships WHERE team_id = $1 AND role = 'owner' AND removed_at IS NULL",
    )
    .bind(world.team.id)
    .fetch_one(&world.app.db)
    .await
    .expect("a count")
}

/// The path of the link that an invitation's form gives.
async fn invite(browser: &Browser, world: &World, role: &str) -> String {
    let page = browser.get(&world.team.path("/people")).await.expect(200);
    let form = page.page().form("Create invitation").fill("Role", role);
    let shown = browser.submit(form).await.expect(200).page();
    let link = shown.value("Invitation link").expect("the link");
    let path = link.find("/invitations/").expect("a link of ours");
    link[path..].to_owned()
}

/// The page without the number of its request, which is another one every time.
fn words(answer: &Answer) -> String {
    answer
        .page()
        .texts("main h1, main p")
        .join("\n")
        .split("Request")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_new_team_has_its_owner_a_board_and_an_address_of_its_own(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let form = |page: Answer| {
        page.page()
            .form("Create team")
            .fill("Team name", "Größe & Co.")
    };
    let first = form(world.otto.get("/teams/new").await.expect(200));
    let team = world.otto.submit(first.clone()).await.expect(200);
    assert_eq!(team.path, "/teams/grosse-co?done=create_team");

    let again = world.otto.submit(first).await.expect(200);
    assert_eq!(
        again.path, team.path,
        "the same request gives the same team"
    );

    let second = form(world.otto.get("/teams/new").await.expect(200));
    let other = world.otto.submit(second).await.expect(200);
    assert_eq!(other.path, "/teams/grosse-co-2?done=create_team");

    world
        .otto
        .get("/teams/grosse-co/boards/GC")
        .await
        .expect(200);
    world
        .otto
        .get("/teams/grosse-co/settings")
        .await
        .expect(200);
    world.ana.get("/teams/grosse-co").await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_is_in_a_team_searches_it_also_from_the_pages_of_no_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let nora = newcomer(&world).await;
    for path in ["/account", "/teams/new"] {
        let page = world.ana.get(path).await.expect(200).page();
        assert_eq!(page.value("Search").as_deref(), Some(""), "{path}");
        assert_eq!(
            page.attributes("[role=search]", "action"),
            [world.team.path("/search")],
            "{path}"
        );
        let page = nora.get(path).await.expect(200).page();
        assert_eq!(page.value("Search"), None, "{path}");
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_last_owner_stays(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let ana = world.people.ana.id;
    let id = ana.to_string();
    let team = world.team.slug.as_str();
    change_role(&world.ana, &world, ana, "member")
        .await
        .expect(409);
    world.ana.call(LEAVE, &[("team", team)]).await.expect(409);
    world
        .ana
        .call(REMOVE, &[("team", team), ("person", &id)])
        .await
        .expect(409);
    assert_eq!(owners(&world).await, 1);
    let page = world
        .ana
        .get(&world.team.path("/people"))
        .await
        .expect(200)
        .page();
    assert!(
        !page.has_button("Leave team"),
        "what cannot be done is not offered"
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn whoever_leaves_is_told_so_where_that_leads(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let people = world.ben.get(&world.team.path("/people")).await.page();
    let answer = world.ben.submit(people.form("Leave")).await.expect(200);
    assert_eq!(answer.path, "/teams/new?done=leave_team");
    assert_eq!(answer.page().statuses(), ["You left the team."]);
    let answer = world.ben.ask(Ask::page("/?done=grüße")).await.expect(302);
    assert_eq!(answer.location(), Some("/teams/new?done=gr%C3%BC%C3%9Fe"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_owners_who_demote_each_other_at_once_leave_one(db: PgPool) {
    let app = TestApp::new(db);
    for _ in 0..5 {
        let world = app.world().await;
        let (oda, browser) = second_owner(&world).await;
        let (first, second) = tokio::join!(
            change_role(&world.ana, &world, oda.id, "member"),
            change_role(&browser, &world, world.people.ana.id, "viewer"),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "{} {}", first.text(), second.text());
        assert_eq!(owners(&world).await, 1);
        assert_eq!(world.events("member.role_changed").await.len(), 1);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn two_owners_who_leave_at_once_leave_one(db: PgPool) {
    let app = TestApp::new(db);
    for _ in 0..5 {
        let world = app.world().await;
        let (_, browser) = second_owner(&world).await;
        let fields = [("team", world.team.slug.as_str())];
        let (first, second) =
            tokio::join!(world.ana.call(LEAVE, &fields), browser.call(LEAVE, &fields));
        let refused = [&first, &second]
            .iter()
            .filter(|answer| answer.status == 409)
            .count();
        assert_eq!(refused, 1, "{} {}", first.text(), second.text());
        assert_eq!(owners(&world).await, 1);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_demotion_is_obeyed_by_the_next_request(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (oda, browser) = second_owner(&world).await;
    browser.get(&world.team.path("/settings")).await.expect(200);
    change_role(&world.ana, &world, oda.id, "viewer")
        .await
        .expect(200);
    browser.get(&world.team.path("/settings")).await.expect(403);
    change_role(&browser, &world, world.people.ben.id, "owner")
        .await
        .expect(403);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_invitation_is_shown_once_and_its_token_leaves_the_address(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let link = invite(&world.ana, &world, "viewer").await;
    let again = world
        .ana
        .get(&world.team.path("/people"))
        .await
        .expect(200)
        .page();
    assert_eq!(again.value("Invitation link"), None);

    let nora = newcomer(&world).await;
    let opened = nora.ask(Ask::page(&link)).await.expect(303);
    assert_eq!(opened.location(), Some("/invitations"));
    let page = nora.get("/invitations").await.expect(200).page();
    assert!(page.shows("Ana invites you to the team Blue Lantern as a viewer"));
    let joined = nora.submit(page.form("Join")).await.expect(200);
    assert!(
        joined.path.starts_with(&world.team.path("")),
        "{}",
        joined.path
    );
    assert_eq!(world.events("member.joined").await.len(), 1);
    nora.get(&world.team.path("/settings")).await.expect(403);
    nora.get("/invitations").await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_invitation_lets_in_one_of_two_who_come_at_once(db: PgPool) {
    let app = TestApp::new(db);
    for _ in 0..5 {
        let world = app.world().await;
        let link = invite(&world.ben, &world, "member").await;
        let nora = newcomer(&world).await;
        let nils = newcomer(&world).await;
        nora.get(&link).await.expect(200);
        nils.get(&link).await.expect(200);
        let (first, second) = tokio::join!(nora.call(JOIN, &[]), nils.call(JOIN, &[]));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404], "{} {}", first.text(), second.text());
        assert_eq!(world.events("member.joined").await.len(), 1);
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_invitation_that_is_used_revoked_expired_or_unknown_is_refused_alike(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let used = invite(&world.ana, &world, "member").await;
    let nora = newcomer(&world).await;
    nora.get(&used).await.expect(200);
    nora.call(JOIN, &[]).await.expect(200);

    let revoked = invite(&world.ana, &world, "member").await;
    let page = world
        .ben
        .get(&world.team.path("/people"))
        .await
        .expect(200)
        .page();
    for form in page.forms("Revoke") {
        world.ben.submit(form).await.expect(200);
    }

    let expired = invite(&world.ana, &world, "member").await;
    sqlx::query("UPDATE invitations SET expires_at = now() WHERE revoked_at IS NULL")
        .execute(&world.app.db)
        .await
        .expect("an expired invitation");

    let unknown = format!("/invitations/{}", "x".repeat(43));
    let visitor = newcomer(&world).await;
    let mut answers = Vec::new();
    for link in [
        used,
        revoked,
        expired,
        unknown,
        "/invitations/%3Cb%3E".to_owned(),
    ] {
        let page = visitor.get(&link).await.expect(404);
        assert!(
            page.page().shows("This invitation cannot be used"),
            "{link}"
        );
        visitor.get(&link).await;
        visitor.call(JOIN, &[]).await.expect(404);
        answers.push(words(&page));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn an_invitation_ends_with_the_rights_of_whoever_made_it(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let (oda, browser) = second_owner(&world).await;
    let as_owner = invite(&browser, &world, "owner").await;
    let as_member = invite(&browser, &world, "member").await;
    change_role(&world.ana, &world, oda.id, "member")
        .await
        .expect(200);
    let nora = newcomer(&world).await;
    nora.get(&as_owner).await.expect(404);
    nora.get(&as_member).await.expect(200);
    let oda = oda.id.to_string();
    let fields = [("team", world.team.slug.as_str()), ("person", &oda)];
    world.ana.call(REMOVE, &fields).await.expect(200);
    nora.get(&as_member).await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn only_an_owner_invites_an_owner(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world
        .ben
        .get(&world.team.path("/people"))
        .await
        .expect(200)
        .page();
    let form = page.form("Create invitation").fill("Role", "owner");
    let refused = world.ben.submit(form).await.page();
    let problem = refused
        .form("Create invitation")
        .field("Role")
        .problem
        .clone();
    assert_eq!(
        problem.as_deref(),
        Some("Only an owner can invite an owner.")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn another_team_cannot_revoke_an_invitation_or_touch_a_member(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let invitation = world.invitation.id.to_string();
    let ben = world.people.ben.id.to_string();
    let team = ("team", world.other_team.slug.as_str());
    world
        .otto
        .call(REVOKE, &[team, ("invitation", &invitation)])
        .await
        .expect(404);
    world
        .otto
        .call(REMOVE, &[team, ("person", &ben)])
        .await
        .expect(404);
    let fields = [team, ("person", &ben), ("role", "viewer")];
    world.otto.call(CHANGE_ROLE, &fields).await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_removed_member_is_out_at_the_next_request_and_their_tasks_stay_listed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let page = world
        .ana
        .get(&world.team.path("/people"))
        .await
        .expect(200)
        .page();
    let ben = world.people.ben.id.to_string();
    let form: Form = page
        .forms("Remove from team")
        .into_iter()
        .find(|form| form.fields.iter().any(|field| field.value == ben))
        .expect("Ben's form");
    let after = world.ana.submit(form).await.expect(200).page();
    assert!(
        after
            .statuses()
            .iter()
            .any(|said| said.contains("Removed from the team."))
    );
    assert!(
        after
            .texts("section.former-members")
            .concat()
            .contains("Draw the sign")
    );
    let key = format!("/tasks/{}", world.doing.key);
    assert_eq!(after.link("Draw the sign"), Some(world.team.path(&key)));

    for page in ["", "/people", "/boards", "/boards/WEB", "/search?q=sign"] {
        world.ben.get(&world.team.path(page)).await.expect(404);
    }
    let now = world.ana.get(&world.team.path("")).await.expect(200).page();
    assert!(
        now.texts("section.now-former")
            .concat()
            .contains("Draw the sign")
    );
    assert!(
        !now.texts(".now-people")
            .first()
            .is_some_and(|rows| rows.contains("Ben"))
    );

    let link = invite(&world.ana, &world, "viewer").await;
    let page = world.ben.get(&link).await.expect(200).page();
    world.ben.submit(page.form("Join")).await.expect(200);
    world.ben.get(&world.team.path("")).await.expect(200);
    world
        .ben
        .get(&world.team.path("/settings"))
        .await
        .expect(403);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_member_who_joins_again_does_not_use_the_invitation_up(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let link = invite(&world.ana, &world, "viewer").await;
    world.ben.get(&link).await.expect(200);
    world.ben.call(JOIN, &[]).await.expect(409);
    let nora = newcomer(&world).await;
    nora.get(&link).await.expect(200);
    nora.call(JOIN, &[]).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn owners_set_name_time_zone_and_working_days(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let settings = world.team.path("/settings");
    let form = world
        .ana
        .get(&settings)
        .await
        .expect(200)
        .page()
        .form("Save settings");
    let refused = world
        .ana
        .submit(form.clone().fill("Time zone", "Atlantis/Capital"))
        .await
        .page();
    let back = refused.form("Save settings");
    assert_eq!(
        back.field("Time zone").value,
        "Atlantis/Capital",
        "what was typed is kept"
    );
    assert!(back.field("Time zone").problem.is_some());

    let city = form.clone().fill("Time zone", "new york");
    let page = world.ana.submit(city).await.expect(200).page();
    let form = page.form("Save settings");
    assert_eq!(form.field("Time zone").value, "America/New_York");

    let saved = form
        .fill("Team name", "Green Lantern")
        .fill("Time zone", "europe/berlin");
    let saved = Form {
        fields: saved
            .fields
            .into_iter()
            .filter(|field| field.name != "friday")
            .collect(),
        ..saved
    };
    world.ana.submit(saved).await.expect(200);
    let form = world
        .ana
        .get(&settings)
        .await
        .expect(200)
        .page()
        .form("Save settings");
    assert_eq!(form.field("Team name").value, "Green Lantern");
    assert_eq!(form.field("Time zone").value, "Europe/Berlin");
    assert!(form.fields.iter().any(|field| field.name == "thursday"));
    assert!(!form.fields.iter().any(|field| field.name == "friday"));

    let none = Form {
        fields: form
            .fields
            .into_iter()
            .filter(|field| field.value != "on")
            .collect(),
        ..form
    };
    let refused = world.ana.submit(none).await.page();
    // At its field, and for the ears alone once more.
    let said = refused.texts("fieldset .field-error").concat();
    assert!(said.contains("at least one working day"), "{said}");
    let twice = refused.texts(".form-error:not(.visually-hidden)");
    assert!(twice.is_empty(), "{twice:?}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn viewers_see_no_addresses_and_no_invitations(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let people = world.team.path("/people");
    let seen = world.vera.get(&people).await.expect(200);
    assert!(!seen.text().contains("@example.test"));
    assert!(!seen.page().has_button("Create invitation"));
    assert!(
        world
            .ben
            .get(&people)
            .await
            .text()
            .contains("@example.test")
    );
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn owners_set_how_much_is_too_much_and_when_it_is_stale(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let settings = world.team.path("/settings");
    let page = world.ana.get(&settings).await.expect(200).page();
    let form = page.form("Save settings");
    assert_eq!(form.field("In progress per person").value, "3");
    assert_eq!(form.field("Days without a change").value, "5");
    for (field, wrong) in [
        ("In progress per person", "0"),
        ("In progress per person", "21"),
        ("In progress per person", "some"),
        ("Days without a change", "61"),
        ("Days without a change", "99999"),
    ] {
        let refused = world
            .ana
            .submit(form.clone().fill(field, wrong))
            .await
            .page();
        let back = refused.form("Save settings");
        assert_eq!(back.field(field).value, wrong, "what was typed is kept");
        assert!(back.field(field).problem.is_some(), "{field} {wrong}");
    }
    let form = form
        .fill("In progress per person", "2")
        .fill("Days without a change", "10");
    let saved = world.ana.submit(form).await.expect(200).page();
    let form = saved.form("Save settings");
    assert_eq!(form.field("In progress per person").value, "2");
    assert_eq!(form.field("Days without a change").value, "10");
    let recorded = world.events("team.changed").await;
    let fields: Vec<&str> = recorded
        .iter()
        .flat_map(|changes| changes.as_array().into_iter().flatten())
        .filter_map(|change| change["field"].as_str())
        .collect();
    assert_eq!(fields, ["in_progress_limit", "stale_after_days"]);
}
