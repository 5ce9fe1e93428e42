//! What is kept of one person, as one JSON document.

use uuid::Uuid;

use super::{
    store::{self, Page, person as of_person},
    team::{list, pages},
    writing::Writer,
};
use crate::{error::Result, ids::PersonId};

/// Writes what is kept of a person.
pub async fn write(writer: &mut Writer, person: PersonId) -> Result<()> {
    let now = store::now(writer.snapshot.connection()).await?;
    let head =
        format!("{{\n\"format\": \"skateboard-person\",\n\"version\": 1,\n\"exported_at\": {now}");
    writer.write(head).await?;
    let rows = of_person::account(writer.snapshot.connection(), person).await?;
    writer
        .write(format!(",\n\"account\": {}", rows.concat()))
        .await?;
    let rows = of_person::memberships(writer.snapshot.connection(), person).await?;
    list(writer, "memberships", rows).await?;
    let rows = of_person::sessions(writer.snapshot.connection(), person).await?;
    list(writer, "sessions", rows).await?;
    let rows = of_person::tokens(writer.snapshot.connection(), person).await?;
    list(writer, "tokens", rows).await?;
    let none = (Uuid::nil(), 0);
    pages!(writer, "tasks", none, |db, after| of_person::tasks(
        db, person, after
    ));
    pages!(writer, "comments", none, |db, after| of_person::comments(
        db, person, after
    ));
    pages!(writer, "events", none, |db, after| of_person::events(
        db, person, after
    ));
    pages!(writer, "notifications", none, |db, after| {
        of_person::notifications(db, person, after)
    });
    let rows = of_person::notification_settings(writer.snapshot.connection(), person).await?;
    list(writer, "notification_settings", rows).await?;
    let rows = of_person::watched(writer.snapshot.connection(), person).await?;
    list(writer, "watched_tasks", rows).await?;
    let rows = of_person::toggles(writer.snapshot.connection(), person).await?;
    list(writer, "toggles", rows).await?;
    let rows = of_person::hypotheses(writer.snapshot.connection(), person).await?;
    list(writer, "hypotheses", rows).await?;
    let rows = of_person::decisions(writer.snapshot.connection(), person).await?;
    list(writer, "decisions", rows).await?;
    let rows = of_person::usage(writer.snapshot.connection(), person).await?;
    list(writer, "usage", rows).await?;
    let rows = of_person::feedback(writer.snapshot.connection(), person).await?;
    list(writer, "feedback", rows).await?;
    let rows = of_person::feedback_prompts(writer.snapshot.connection(), person).await?;
    list(writer, "feedback_prompts", rows).await?;
    writer.write("\n}\n").await
}
