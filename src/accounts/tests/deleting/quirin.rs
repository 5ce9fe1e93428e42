//! Somebody to be deleted, who is named wherever a team names people.

use leptos::server_fn::ServerFn;
use uuid::Uuid;

use crate::{
    comments::requests::{AddComment, DeleteComment},
    people::model::Role,
    tasks::requests::EditTask,
    testing::{Answer, Browser, Person, Program, World, seed},
};

const NAME: &str = "Quirin Zebrowski";

/// Somebody with a name that nothing else has, in the world's team and once in the other one.
pub(super) struct Quirin {
    pub(super) person: Person,
    pub(super) browser: Browser,
    pub(super) program: Program,
}

pub(super) async fn quirin(world: &World, role: Role) -> Quirin {
    let app = &world.app;
    let person = app.person(NAME).await;
    seed::member(&app.db, world.team.id, &person, role).await;
    seed::member(&app.db, world.other_team.id, &person, Role::Member).await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2")
        .bind(world.other_team.id)
        .bind(person.id)
        .execute(&app.db)
        .await
        .unwrap();
    Quirin {
        browser: app.signed_in(&person).await,
        program: Program::of(app, &person).await,
        person,
    }
}

pub(super) async fn edit(
    browser: &Browser,
    world: &World,
    task: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let mut all = vec![("team", world.team.slug.as_str()), ("task", task)];
    all.extend_from_slice(fields);
    browser.call(EditTask::url(), &all).await.expect(200)
}

async fn say(browser: &Browser, world: &World, body: &str) -> Uuid {
    let id = Uuid::now_v7();
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", &world.todo.key),
        ("id", &id.to_string()),
        ("body", body),
    ];
    browser.call(AddComment::url(), &fields).await.expect(200);
    id
}

/// Lets everything that keeps a name, an address or something personal keep some of Quirin's.
pub(super) async fn leave_traces(world: &World, quirin: &Quirin) {
    let Quirin {
        person, browser, ..
    } = quirin;
    let (db, id) = (&world.app.db, person.id.to_string());
    let (todo, doing) = (world.todo.key.as_str(), world.doing.key.as_str());
    // Named as somebody who got a task, and as somebody who had one.
    let give = [
        ("version", "1"),
        ("assignee", id.as_str()),
        ("description", "Ask @Quirin Zebrowski."),
    ];
    edit(&world.ben, world, todo, &give).await;
    edit(
        browser,
        world,
        doing,
        &[("version", "1"), ("assignee", &id)],
    )
    .await;
    let ben = world.people.ben.id.to_string();
    edit(
        &world.ana,
        world,
        doing,
        &[("version", "2"), ("assignee", &ben)],
    )
    .await;
    // Somebody who is at it now.
    seed::assign(db, world.team.id, &world.doing, person).await;
    say(&world.ben, world, "@quirin, have a look; @Ana too").await;
    say(browser, world, "A word of mine").await;
    let taken_back = say(browser, world, "A word that I took back").await;
    let fields = [
        ("team", world.team.slug.as_str()),
        ("task", todo),
        ("comment", &taken_back.to_string()),
    ];
    browser
        .call(DeleteComment::url(), &fields)
        .await
        .expect(200);

    seed::link(db, person, "reset_password", None).await;
    seed::link(
        db,
        person,
        "confirm_email",
        Some("elsewhere-of-quirin@example.test"),
    )
    .await;
    for (statement, text) in [
        ("UPDATE sessions SET user_agent = $2 WHERE person_id = $1", "Quirinfox/1.0"),
        ("UPDATE api_tokens SET name = $2 WHERE person_id = $1", "Quirins script"),
        (
            "INSERT INTO notification_settings (team_id, person_id, muted)
             SELECT team_id, person_id, '{late}' FROM memberships WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO usage (team_id, id, kind, person_id)
             SELECT team_id, gen_random_uuid(), 'similar.shown', person_id FROM memberships
             WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO feedback_prompts (team_id, person_id, occasion, shown_at)
             SELECT team_id, person_id, 'first_week', now() FROM memberships
             WHERE person_id = $1 AND $2 <> ''",
            "x",
        ),
        (
            "INSERT INTO feedback (team_id, id, person_id, occasion, missing, page, version)
             SELECT team_id, gen_random_uuid(), person_id, 'button', $2, '/', '1' FROM memberships
             WHERE person_id = $1",
            "A wish of mine",
        ),
        (
            "UPDATE webhook_deliveries SET answer = $2 WHERE $1::uuid IS NOT NULL",
            "We got that Quirin Zebrowski did something",
        ),
    ] {
        let done = sqlx::query(statement).bind(person.id).bind(text).execute(db);
        assert!(done.await.unwrap().rows_affected() > 0, "{statement}");
    }
    // A form that was refused, and what was typed into it.
    let refused = [
        ("email", "quirin at home"),
        ("current_password", "no matter"),
    ];
    let change_email = "/actions/skateboard/accounts/account_page/change_email";
    browser.post(change_email, &refused).await.expect(303);
}
