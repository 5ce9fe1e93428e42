//! What people can rely on when they give feedback, are asked for it, or read it.

mod asking;
mod giving;
mod reading;

use leptos::server_fn::ServerFn;
use uuid::Uuid;

use super::{
    model::{FeedbackView, Occasion},
    requests::{AskForFeedback, GiveFeedback, LoadFeedback},
};
use crate::testing::{Answer, Browser, World, seed};

/// What somebody sends by the button, with other values for some fields.
async fn give(browser: &Browser, world: &World, other: &[(&str, &str)]) -> Answer {
    let id = Uuid::now_v7().to_string();
    let page = world.team.path("/boards/WEB");
    let mut fields = vec![
        ("team", &*world.team.slug),
        ("id", &*id),
        ("occasion", "button"),
        ("most_useful", ""),
        ("in_the_way", "Too many clicks."),
        ("missing", ""),
        ("page", &*page),
        ("version", "0.1.0"),
    ];
    for (name, value) in &mut fields {
        if let Some((_, other)) = other.iter().find(|(other, _)| other == name) {
            *value = *other;
        }
    }
    browser.call(GiveFeedback::url(), &fields).await
}

/// What the owners read.
async fn read(browser: &Browser, world: &World, asked: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("team", &*world.team.slug)];
    fields.extend(asked);
    browser.call(LoadFeedback::url(), &fields).await
}

async fn view(world: &World, asked: &[(&str, &str)]) -> FeedbackView {
    read(&world.ana, world, asked).await.value()
}

/// What the server says to a browser that asks whether this is a moment.
async fn asked(browser: &Browser, team: &str) -> Option<Occasion> {
    browser
        .call(AskForFeedback::url(), &[("team", team)])
        .await
        .value()
}

/// Ben has finished so many more tasks.
async fn finish(world: &World, count: usize) {
    let (db, team, people) = (&world.app.db, world.team.id, &world.people);
    for number in 0..count {
        let title = format!("Finished {number}");
        let task = seed::task(db, team, &people.ana, &world.columns[2], &title).await;
        seed::assign(db, team, &task, &people.ben).await;
    }
}

/// As if everything about feedback had happened so many days earlier.
async fn let_days_pass(world: &World, days: i32) {
    for sql in [
        "UPDATE feedback SET created_at = created_at - make_interval(days => $1)",
        "UPDATE feedback_prompts SET shown_at = shown_at - make_interval(days => $1)",
        "UPDATE memberships SET joined_at = joined_at - make_interval(days => $1)",
    ] {
        sqlx::query(sql)
            .bind(days)
            .execute(&world.app.db)
            .await
            .expect("time");
    }
}
