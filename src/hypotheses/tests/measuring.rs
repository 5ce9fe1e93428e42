//! What is told of what was measured, and from how much on.

use sqlx::PgPool;

use super::{page, told, work, write};
use crate::{
    people::model::Role,
    testing::{Browser, TestApp, World, seed},
};

/// A member who has a feature, or has it not, since an hour ago.
async fn member(world: &World, name: &str, has_it: bool) -> Browser {
    let person = world.app.person(name).await;
    seed::member(&world.app.db, world.team.id, &person, Role::Member).await;
    sqlx::query(
        r#"
        INSERT INTO toggles (team_id, name, changed_by) VALUES ($1, 'drag_and_drop', $2) ON CONFLICT DO NOTHING
        "#,
    )
    .bind(world.team.id)
    .bind(world.people.ana.id)
    .execute(&world.app.db)
    .await
    .expect("a toggle");
    sqlx::query(
        r#"
        INSERT INTO toggle_arms (team_id, name, person_id, is_on, since)
        VALUES ($1, 'drag_and_drop', $2, $3, now() - interval '1 hour')
        "#,
    )
    .bind(world.team.id)
    .bind(person.id)
    .bind(has_it)
    .execute(&world.app.db)
    .await
    .expect("a side");
    world.app.signed_in(&person).await
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn below_the_sample_there_are_too_few_to_tell_and_nothing_else(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    work(&world, &world.ben, 9, 9).await;
    let answer = page(&world, id).await;
    let said = told(&answer);
    assert!(said.starts_with("Too few to tell"), "{said}");
    assert!(said.ends_with("9 of 10 observations"), "{said}");
    assert!(!said.contains('%') && answer.attributes("svg.interval-plot", "class").is_empty());

    work(&world, &world.ben, 1, 0).await;
    let answer = page(&world, id).await;
    let said = told(&answer);
    assert!(said.starts_with("Very likely reached"), "{said}");
    assert!(
        said.ends_with("Measured: 90 %, 95 % interval 59.6 % to 98.2 %, of 10 observations"),
        "{said}"
    );
    let described = answer
        .attributes("svg.interval-plot", "aria-label")
        .concat();
    assert!(described.contains("Target: at least 40 %"), "{described}");
    let insights = world.ana.get(&world.team.path("/insights")).await.page();
    assert!(insights.shows("Very likely reached") && insights.shows("Measured: 90 %"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nothing_is_told_before_the_period_begins(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let tomorrow = super::day(&world, 1).await;
    let id = write(&world, &[("starts_on", &tomorrow)]).await;
    work(&world, &world.ben, 10, 9).await;
    let answer = page(&world, id).await;
    assert!(answer.shows("Its period has not begun."));
    assert!(told(&answer).is_empty() && !answer.has_button("Decide"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn those_with_a_toggle_are_compared_with_those_without(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let compared = [("audience", "drag_and_drop"), ("target", "10")];
    let id = write(&world, &compared).await;
    let with = [
        member(&world, "Wilma", true).await,
        member(&world, "Willem", true).await,
        member(&world, "Wanda", true).await,
    ];
    let without = [
        member(&world, "Olga", false).await,
        member(&world, "Oskar", false).await,
        member(&world, "Ole", false).await,
    ];
    // Whoever was on both sides is on neither.
    let switched = member(&world, "Sam", true).await;
    sqlx::query(
        r#"
        WITH ended AS (
            UPDATE toggle_arms SET until = now()
            WHERE team_id = $1 AND person_id = (SELECT person_id FROM toggle_arms ORDER BY since DESC LIMIT 1)
            RETURNING team_id, name, person_id
        )
        INSERT INTO toggle_arms (team_id, name, person_id, is_on, since)
        SELECT team_id, name, person_id, false, now() FROM ended
        "#,
    )
    .bind(world.team.id)
    .execute(&world.app.db)
    .await
    .expect("another side");
    work(&world, &switched, 10, 0).await;
    for browser in &with {
        work(&world, browser, 4, 4).await;
    }
    for browser in &without[..2] {
        work(&world, browser, 4, 1).await;
    }
    let said = told(&page(&world, id).await);
    assert!(
        said.ends_with("12 with it and 8 without, of 10 observations each"),
        "{said}"
    );
    work(&world, &without[2], 4, 1).await;
    let answer = page(&world, id).await;
    let said = told(&answer);
    assert!(said.starts_with("Very likely reached"), "{said}");
    for words in [
        "Difference: +75 percentage points",
        "With it: 100 %, 95 % interval 75.8 % to 100 %, of 12 observations",
        "Without: 25 %, 95 % interval 8.9 % to 53.2 %, of 12 observations",
        "1 person had it for some of the days and is left out",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(answer.shows("at least 10 percentage points higher with it than without"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn nobodys_own_numbers_are_one_side_of_a_comparison(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[("audience", "drag_and_drop")]).await;
    let with = [
        member(&world, "Wilma", true).await,
        member(&world, "Willem", true).await,
    ];
    let without = [
        member(&world, "Olga", false).await,
        member(&world, "Oskar", false).await,
        member(&world, "Ole", false).await,
    ];
    for browser in &with {
        work(&world, browser, 5, 5).await;
    }
    for browser in &without {
        work(&world, browser, 5, 1).await;
    }
    let said = told(&page(&world, id).await);
    assert!(said.starts_with("Too few to tell"), "{said}");
    assert!(
        said.ends_with("2 people with it all the while and 3 without, of 3 people each"),
        "{said}"
    );
}
