//! A whole team as one JSON document, which `docs/export.md` describes.

use time::macros::date;
use uuid::Uuid;

use super::{
    store::{self, Page},
    writing::Writer,
};
use crate::{error::Result, people::access::TeamId};

/// What the document says it is.
pub const FORMAT: &str = "skateboard-team";
/// Raised when an older program could not read it rightly any more.
pub const VERSION: u64 = 2;

/// Writes a list of rows, read page by page from `$after` on.
macro_rules! pages {
    ($writer:ident, $name:literal, $after:expr, $read:expr) => {{
        $writer.write(concat!(",\n\"", $name, "\": [")).await?;
        let mut separator = "\n";
        let mut after = $after;
        loop {
            let Page { rows, next } = $read($writer.snapshot.connection(), after).await?;
            for row in rows {
                $writer.write(separator).await?;
                $writer.write(row).await?;
                separator = ",\n";
            }
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
        $writer.write("\n]").await?;
    }};
}
pub(super) use pages;

/// Writes a list of rows that are there.
pub(super) async fn list(writer: &mut Writer, name: &str, rows: Vec<String>) -> Result<()> {
    writer
        .write(format!(",\n\"{name}\": [\n{}\n]", rows.join(",\n")))
        .await
}

/// Writes a team, without what is each person's own: an owner takes along what is the team's.
pub async fn write(writer: &mut Writer, team: TeamId) -> Result<()> {
    let now = store::now(writer.snapshot.connection()).await?;
    let head =
        format!("{{\n\"format\": \"{FORMAT}\",\n\"version\": {VERSION},\n\"exported_at\": {now}");
    writer.write(head).await?;
    let rows = store::team(writer.snapshot.connection(), team).await?;
    writer
        .write(format!(",\n\"team\": {}", rows.concat()))
        .await?;
    let rows = store::people(writer.snapshot.connection(), team).await?;
    list(writer, "people", rows).await?;
    let rows = store::memberships(writer.snapshot.connection(), team).await?;
    list(writer, "memberships", rows).await?;
    let rows = store::boards(writer.snapshot.connection(), team).await?;
    list(writer, "boards", rows).await?;
    let rows = store::columns(writer.snapshot.connection(), team).await?;
    list(writer, "columns", rows).await?;
    let rows = store::task_numbers(writer.snapshot.connection(), team).await?;
    list(writer, "task_numbers", rows).await?;
    pages!(writer, "tasks", Uuid::nil(), |db, after| store::tasks(
        db, team, after
    ));
    pages!(
        writer,
        "comments",
        Uuid::nil(),
        |db, after| store::comments(db, team, after)
    );
    let rows = store::event_counters(writer.snapshot.connection(), team).await?;
    list(writer, "event_counters", rows).await?;
    pages!(writer, "events", 0, |db, after| store::events(
        db, team, after
    ));
    let rows = store::imports(writer.snapshot.connection(), team).await?;
    list(writer, "imports", rows).await?;
    let rows = store::hypotheses(writer.snapshot.connection(), team).await?;
    list(writer, "hypotheses", rows).await?;
    let rows = store::decisions(writer.snapshot.connection(), team).await?;
    list(writer, "decisions", rows).await?;
    let rows = store::toggles(writer.snapshot.connection(), team).await?;
    list(writer, "toggles", rows).await?;
    let rows = store::toggle_people(writer.snapshot.connection(), team).await?;
    list(writer, "toggle_people", rows).await?;
    let rows = store::toggle_arms(writer.snapshot.connection(), team).await?;
    list(writer, "toggle_arms", rows).await?;
    pages!(writer, "usage", Uuid::nil(), |db, after| store::usage(
        db, team, after
    ));
    let first = (Uuid::nil(), date!(2000 - 01 - 01));
    pages!(writer, "risks", first, |db, after| store::risks(
        db, team, after
    ));
    pages!(
        writer,
        "feedback",
        Uuid::nil(),
        |db, after| store::feedback(db, team, after)
    );
    writer.write("\n}\n").await
}
