//! The tasks of a team as CSV (RFC 4180), for spreadsheets.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    store::{self, TableRow},
    writing::Writer,
};
use crate::{
    error::{Error, Result},
    people::access::TeamId,
};

const HEADER: [&str; 15] = [
    "key",
    "title",
    "description",
    "board",
    "column",
    "kind",
    "assignee",
    "due_on",
    "priority",
    "labels",
    "created_by",
    "created_at",
    "started_at",
    "completed_at",
    "updated_at",
];

/// Writes the tasks of a team that are not deleted. Spreadsheets know UTF-8 by the mark at its beginning.
pub async fn write(writer: &mut Writer, team: TeamId) -> Result<()> {
    writer.write("\u{feff}").await?;
    writer.write(line(HEADER.map(str::to_owned))?).await?;
    let mut last = (String::new(), 0);
    loop {
        let after = (last.0.as_str(), last.1);
        let rows = store::table(writer.snapshot.connection(), team, after).await?;
        let Some(row) = rows.last() else {
            return Ok(());
        };
        last = (row.board.clone(), row.number);
        for row in rows {
            writer
                .write(line(cells(row).map(|cell| defused(&cell)))?)
                .await?;
        }
    }
}

fn cells(row: TableRow) -> [String; 15] {
    let moment = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
    [
        format!("{}-{}", row.board, row.number),
        row.title,
        row.description,
        row.board_name,
        row.column,
        row.kind,
        row.assignee.unwrap_or_default(),
        row.due_on.map(|date| date.to_string()).unwrap_or_default(),
        row.priority,
        row.labels.join(", "),
        row.created_by,
        moment(row.created_at),
        row.started_at.map(moment).unwrap_or_default(),
        row.completed_at.map(moment).unwrap_or_default(),
        moment(row.updated_at),
    ]
}

/// A cell that no spreadsheet takes for a formula.
fn defused(cell: &str) -> String {
    let begin = cell.chars().next();
    match begin {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

fn line(cells: [String; 15]) -> Result<Vec<u8>> {
    let mut line = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    line.write_record(cells).map_err(|_| Error::internal())?;
    line.into_inner().map_err(|_| Error::internal())
}
