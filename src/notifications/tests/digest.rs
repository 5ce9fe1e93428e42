//! What people can rely on about the daily digest.

use std::time::Duration;

use sqlx::PgPool;
use tokio::net::TcpListener;

use super::due_in;
use crate::{
    notifications::{
        digest::send_due,
        store::digests::{self, Claimed},
    },
    people::model::Role,
    server::serve::Shutdown,
    testing::{
        TestApp, World,
        mailbox::{Mailbox, Received},
        seed,
    },
};

/// A team on whose clock it is between so many hours, on a working day.
async fn at_hours(world: &World, from: i32, to: i32) {
    let set = sqlx::query(
        r#"
        UPDATE teams SET working_days = '{1,2,3,4,5,6,7}', time_zone = (
            SELECT zone FROM (
                SELECT 'Etc/GMT' || CASE WHEN west > 0 THEN '+' ELSE '' END || west AS zone
                FROM generate_series(-12, 12) AS west WHERE west <> 0
            ) AS zones
            WHERE extract(hour FROM now() AT TIME ZONE zone) BETWEEN $2 AND $3 ORDER BY zone LIMIT 1
        )
        WHERE team_id = $1
        "#,
    )
    .bind(world.team.id)
    .bind(from)
    .bind(to)
    .execute(&world.app.db)
    .await
    .unwrap();
    assert_eq!(set.rows_affected(), 1);
}

/// A team in the middle of its day, in which Ben has a late task and nobody one that is due.
async fn world(db: PgPool) -> (World, Mailbox) {
    let (app, mailbox) = Mailbox::app(db, |_| {}).await;
    let world = app.world().await;
    at_hours(&world, 9, 20).await;
    due_in(&world, &world.doing, -1).await;
    due_in(&world, &world.todo, 0).await;
    (world, mailbox)
}

async fn send(world: &World) -> u64 {
    send_due(&world.app.db, &world.app.settings, &Shutdown::default())
        .await
        .unwrap()
}

/// As if so much time had passed for the claims.
async fn let_pass(world: &World, minutes: i32) {
    sqlx::query("UPDATE digests SET due_again_at = due_again_at - make_interval(mins => $1)")
        .bind(minutes)
        .execute(&world.app.db)
        .await
        .unwrap();
}

/// As if what was sent had been sent the day before.
async fn next_day(world: &World) {
    sqlx::query("UPDATE digests SET day = day - 1")
        .execute(&world.app.db)
        .await
        .unwrap();
}

async fn outcomes(world: &World) -> Vec<Option<String>> {
    sqlx::query_scalar("SELECT outcome FROM digests WHERE team_id = $1 ORDER BY outcome")
        .bind(world.team.id)
        .fetch_all(&world.app.db)
        .await
        .unwrap()
}

fn to<'a>(mails: &'a [Received], email: &str) -> Vec<&'a Received> {
    let mails = mails.iter();
    mails.filter(|mail| mail.to.contains(email)).collect()
}

fn header(mail: &Received, name: &str) -> String {
    let line = mail.head.lines().find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("no {name} in {}", mail.head))
        .to_owned()
}

/// The path of the link that ends the digest.
fn unsubscribe(mail: &Received) -> String {
    let line = header(mail, "List-Unsubscribe:");
    let link = line.split(['<', '>']).nth(1).unwrap();
    link.strip_prefix("http://127.0.0.1:3000")
        .unwrap()
        .to_owned()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_names_what_is_ones_own_and_to_owners_what_nobody_holds(db: PgPool) {
    let (world, mailbox) = world(db).await;
    assert_eq!(send(&world).await, 2);
    let mails = mailbox.all();
    let [ben] = to(&mails, &world.people.ben.email)[..] else {
        panic!("one mail to Ben")
    };
    for words in [
        "Hello Ben,",
        "Late\n- WEB-2 Draw the sign (due ",
        &format!("http://127.0.0.1:3000{}", world.team.path("/tasks/WEB-2\n")),
        "<li>WEB-2 <a href=\"http://127.0.0.1:3000",
    ] {
        assert!(ben.text.contains(words), "{words:?} in {}", ben.text);
    }
    assert!(!ben.text.contains("Choose a colour"), "that is not his");
    assert!(header(ben, "Subject:").contains("Blue Lantern: 1 late"));
    assert_eq!(
        header(ben, "List-Unsubscribe-Post:"),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    );
    let [ana] = to(&mails, &world.people.ana.email)[..] else {
        panic!("one mail to Ana")
    };
    assert!(ana.text.contains("Held by nobody\n- WEB-1 Choose a colour"));
    assert!(!ana.text.contains("Blue, I think."), "no comments");
    assert!(to(&mails, &world.people.vera.email).is_empty());
    assert_eq!(outcomes(&world).await.len(), 3, "Vera had nothing to hear");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn owners_are_told_what_former_members_still_hold(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let (db, team) = (&world.app.db, world.team.id);
    let petra = world.app.person("Petra").await;
    seed::member(db, team, &petra, Role::Member).await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2")
        .bind(team)
        .bind(world.people.ben.id)
        .execute(db)
        .await
        .unwrap();
    seed::assign(db, team, &world.todo, &petra).await;
    assert_eq!(send(&world).await, 2);
    let mails = mailbox.all();
    let ana = &to(&mails, &world.people.ana.email)[0].text;
    assert!(
        ana.contains("Held by former members\n- WEB-2 Draw the sign (Ben; late, "),
        "{ana}"
    );
    let petra = &to(&mails, &petra.email)[0].text;
    assert!(!petra.contains("Draw the sign"), "{petra}");
    assert!(to(&mails, &world.people.ben.email).is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_section_and_its_lines_do_not_say_the_same(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let (db, team) = (&world.app.db, world.team.id);
    let (ana, ben) = (&world.people.ana, &world.people.ben);
    seed::assign(db, team, &world.todo, ben).await;
    let soon = seed::task(db, team, ben, &world.columns[0], "Order the paint").await;
    seed::assign(db, team, &soon, ben).await;
    due_in(&world, &soon, 1).await;
    let unheld = seed::task(db, team, ana, &world.columns[0], "Call the mayor").await;
    due_in(&world, &unheld, 1).await;
    assert_eq!(send(&world).await, 2);
    let mails = mailbox.all();
    let ben = &to(&mails, &ben.email)[0].text;
    for words in [
        "Late\n- WEB-2 Draw the sign (due ",
        "Due today\n- WEB-1 Choose a colour (not started)\n",
        &format!(
            "At risk\n- {} Order the paint (due tomorrow, not started)\n",
            soon.key
        ),
    ] {
        assert!(ben.contains(words), "{words:?} in {ben}");
    }
    let ana = &to(&mails, &ana.email)[0].text;
    let words = format!(
        "Held by nobody\n- {} Call the mayor (at risk: due tomorrow, not started)\n",
        unheld.key
    );
    assert!(ana.contains(&words), "{words:?} in {ana}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn several_instances_send_one_a_day_to_each_person(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let mut people = vec![world.people.ben.clone()];
    for number in 0..6 {
        let person = world.app.person(&format!("Member {number}")).await;
        let (db, team) = (&world.app.db, world.team.id);
        seed::member(db, team, &person, Role::Owner).await;
        people.push(person);
    }
    let other = TestApp {
        settings: world.app.settings.clone(),
        ..TestApp::new(world.app.db.clone())
    };
    let instances: Vec<_> = [world.app.clone(), other, world.app.clone()]
        .into_iter()
        .map(|app| {
            tokio::spawn(async move {
                send_due(&app.db, &app.settings, &Shutdown::default())
                    .await
                    .unwrap()
            })
        })
        .collect();
    for instance in instances {
        instance.await.unwrap();
    }
    let mails = mailbox.all();
    people.push(world.people.ana.clone());
    for person in &people {
        assert_eq!(to(&mails, &person.email).len(), 1, "{}", person.name);
    }
    assert_eq!(mails.len(), people.len());
    next_day(&world).await;
    assert_eq!(send(&world).await, people.len() as u64);
}

/// Claims everything that is due, as an instance that dies right behind it.
async fn claim_all(world: &World) -> Vec<Claimed> {
    let mut claimed = Vec::new();
    for due in digests::due(&world.app.db, None).await.unwrap() {
        let lease = Duration::from_secs(120);
        claimed.extend(digests::claim(&world.app.db, &due, lease).await.unwrap());
    }
    claimed
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_died_between_its_claim_and_its_mail_is_sent_by_another_once(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let lost = claim_all(&world).await;
    assert!(lost.len() >= 3, "{lost:?}");
    assert_eq!(send(&world).await, 0);
    let_pass(&world, 3).await;
    assert_eq!(send(&world).await, 2);
    // The one that was only slow finds that it is not its any more.
    for claimed in &lost {
        assert!(!digests::hand_over(&world.app.db, claimed).await.unwrap());
    }
    let_pass(&world, 300).await;
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_died_while_it_was_handed_over_is_not_sent_again_that_day(db: PgPool) {
    let (world, mailbox) = world(db).await;
    for claimed in claim_all(&world).await {
        assert!(digests::hand_over(&world.app.db, &claimed).await.unwrap());
    }
    let_pass(&world, 300).await;
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 0);
    next_day(&world).await;
    assert_eq!(send(&world).await, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_mail_is_not_sent_twice_when_its_end_cannot_be_written_down(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let db = &world.app.db;
    sqlx::query("ALTER TABLE digests ADD CONSTRAINT broken CHECK (outcome <> 'sent')")
        .execute(db)
        .await
        .unwrap();
    assert_eq!(send(&world).await, 2);
    sqlx::query("ALTER TABLE digests DROP CONSTRAINT broken")
        .execute(db)
        .await
        .unwrap();
    let_pass(&world, 300).await;
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_mail_is_not_sent_twice_when_the_answer_of_the_mail_server_is_lost(db: PgPool) {
    let (world, mailbox) = world(db).await;
    mailbox.lose_next_answer();
    assert_eq!(send(&world).await, 1);
    let_pass(&world, 300).await;
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 2);
    assert!(outcomes(&world).await.contains(&Some("unknown".to_owned())));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_mail_server_that_is_away_is_asked_again_later_that_day(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let away = TestApp::with(world.app.db.clone(), |given| {
        given.smtp_url = Some(format!("smtp://{address}"));
        given.mail_from = Some("board@example.test".into());
    });
    let sent = send_due(&away.db, &away.settings, &Shutdown::default()).await;
    assert_eq!(sent.unwrap(), 0);
    assert!(outcomes(&world).await.iter().all(Option::is_none));
    assert_eq!(send(&world).await, 0, "not at once");
    let_pass(&world, 3).await;
    assert_eq!(send(&world).await, 2);
    assert_eq!(mailbox.count(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_server_that_ends_leaves_the_rest_to_the_others(db: PgPool) {
    let (world, mailbox) = world(db).await;
    let ending = Shutdown::default();
    ending.begin();
    let sent = send_due(&world.app.db, &world.app.settings, &ending).await;
    assert_eq!(sent.unwrap(), 0);
    assert!(outcomes(&world).await.is_empty());
    assert_eq!(send(&world).await, 2);
    assert_eq!(mailbox.count(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_try_after_a_failure_has_the_same_message_id(db: PgPool) {
    let (world, mailbox) = world(db).await;
    send(&world).await;
    sqlx::query("UPDATE digests SET outcome = NULL, settled_at = NULL, handed_over_at = NULL, due_again_at = now()")
        .execute(&world.app.db)
        .await
        .unwrap();
    send(&world).await;
    let mails = mailbox.all();
    let mails = to(&mails, &world.people.ben.email);
    let [first, second] = [mails[0], mails[1]].map(|mail| header(mail, "Message-ID:"));
    assert_eq!(first, second);
    assert!(first.ends_with("@127.0.0.1>"), "{first}");
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn every_person_of_a_large_instance_is_looked_at_once_a_run(db: PgPool) {
    let (world, mailbox) = world(db).await;
    sqlx::query(
        r#"
        WITH many AS (
            INSERT INTO people (id, email, name, password_hash)
            SELECT gen_random_uuid(), 'member-' || n || '@example.test', 'Member ' || n, 'x'
            FROM generate_series(1, 250) AS n RETURNING id
        )
        INSERT INTO memberships (team_id, person_id, role) SELECT $1, id, 'member' FROM many
        "#,
    )
    .bind(world.team.id)
    .execute(&world.app.db)
    .await
    .unwrap();
    assert_eq!(send(&world).await, 2);
    let outcomes = outcomes(&world).await;
    assert_eq!(outcomes.len(), 253);
    assert!(outcomes.iter().all(Option::is_some));
    assert_eq!(mailbox.count(), 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_comes_from_seven_on_by_the_teams_clock_and_on_its_working_days_only(db: PgPool) {
    let (world, mailbox) = world(db).await;
    at_hours(&world, 0, 5).await;
    assert_eq!(send(&world).await, 0);
    at_hours(&world, 8, 20).await;
    sqlx::query(
        r#"
        UPDATE teams SET working_days = array_remove(
            '{1,2,3,4,5,6,7}', extract(isodow FROM now() AT TIME ZONE time_zone)::smallint
        )
        WHERE team_id = $1
        "#,
    )
    .bind(world.team.id)
    .execute(&world.app.db)
    .await
    .unwrap();
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 0);
    assert!(outcomes(&world).await.is_empty());
    at_hours(&world, 8, 20).await;
    assert_eq!(send(&world).await, 2);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn it_ends_by_the_link_in_the_mail_with_one_click_and_not_by_looking(db: PgPool) {
    let (world, mailbox) = world(db).await;
    send(&world).await;
    let mails = mailbox.all();
    let link = unsubscribe(to(&mails, &world.people.ben.email)[0]);
    for _ in 0..2 {
        let page = world.nobody.get(&link).await.expect(200).page();
        assert!(page.has_button("End the digest"));
    }
    next_day(&world).await;
    assert_eq!(send(&world).await, 2, "looking ends nothing");

    // As the receiver's mail server sends it.
    let one_click = world
        .nobody
        .form(&link, b"List-Unsubscribe=One-Click".to_vec(), "*/*")
        .header("origin", None)
        .header("sec-fetch-site", None)
        .header("referer", None);
    world.nobody.ask(one_click).await.expect(200);
    next_day(&world).await;
    assert_eq!(send(&world).await, 1, "Ana's");
    let page = world
        .ben
        .get(&world.team.path("/notifications"))
        .await
        .page();
    let form = page.form("Save");
    assert!(form.fields.iter().all(|field| field.name != "digest"));
    assert!(form.fields.iter().any(|field| field.name == "late"));

    // A person does it on the page.
    let link = unsubscribe(to(&mails, &world.people.ana.email)[0]);
    let page = world.ana.get(&link).await.page();
    let form = page.form("End the digest");
    assert_eq!(form.action, "");
    let answer = world.ana.post(&link, &[]).await.expect(200);
    assert_eq!(answer.page().heading(), "The digest has ended");
    next_day(&world).await;
    assert_eq!(send(&world).await, 0);
    let unknown = "/unsubscribe/there-is-no-such-token";
    world.nobody.get(unknown).await.expect(404);
    world.nobody.post(unknown, &[]).await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_removed_member_and_a_disabled_account_get_none(db: PgPool) {
    let (world, mailbox) = world(db).await;
    sqlx::query("UPDATE memberships SET removed_at = now() WHERE team_id = $1 AND person_id = $2")
        .bind(world.team.id)
        .bind(world.people.ben.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    sqlx::query("UPDATE people SET disabled_at = now() WHERE id = $1")
        .bind(world.people.ana.id)
        .execute(&world.app.db)
        .await
        .unwrap();
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 0);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn who_holds_the_task_when_it_is_sent_is_told(db: PgPool) {
    let (world, mailbox) = world(db).await;
    mailbox.refuse_next("450 later");
    mailbox.refuse_next("450 later");
    assert_eq!(send(&world).await, 0);
    let (db, team) = (&world.app.db, world.team.id);
    seed::assign(db, team, &world.doing, &world.people.ana).await;
    let_pass(&world, 5).await;
    assert_eq!(send(&world).await, 1);
    let mails = mailbox.all();
    assert!(
        to(&mails, &world.people.ana.email)[0]
            .text
            .contains("Draw the sign")
    );
    assert!(to(&mails, &world.people.ben.email).is_empty());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_failure_is_tried_again_later_that_day_and_a_refusal_is_not(db: PgPool) {
    let (world, mailbox) = world(db).await;
    mailbox.refuse_next("450 later");
    mailbox.refuse_next("550 never");
    assert_eq!(send(&world).await, 0);
    assert_eq!(send(&world).await, 0, "not at once");
    let_pass(&world, 3).await;
    assert_eq!(send(&world).await, 1);
    let_pass(&world, 300).await;
    assert_eq!(send(&world).await, 0);
    assert_eq!(mailbox.count(), 1);
    let outcomes = outcomes(&world).await;
    let outcomes: Vec<_> = outcomes.iter().map(Option::as_deref).collect();
    assert_eq!(outcomes, [Some("nothing"), Some("refused"), Some("sent")]);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn without_a_mail_server_nothing_is_claimed(db: PgPool) {
    let world = TestApp::new(db).world().await;
    at_hours(&world, 9, 20).await;
    due_in(&world, &world.doing, -1).await;
    assert_eq!(send(&world).await, 0);
    assert!(outcomes(&world).await.is_empty());
}
