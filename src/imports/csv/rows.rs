//! The rows of a table: each is checked before any of them is imported.

use std::collections::HashMap;

use csv::StringRecord;
use time::{Date, Month, OffsetDateTime, Time, format_description::well_known::Rfc3339};

use super::{Table, line_of};
use crate::{
    columns::model::{ColumnKind, ColumnName},
    error::{Error, Result},
    ids::{ColumnId, PersonId, TaskId},
    imports::{
        actions::Ground,
        coming::Gathering,
        model::Meaning,
        reading::Stored,
        text::storable,
        trello::{PlannedColumn, kind_of},
    },
    people::model::MemberView,
    tasks::{
        model::{Description, Labels, Priority, TaskTitle},
        position,
        store::{Due, ImportedTask},
    },
    ui::text::is_blank,
};

/// Faults that are shown.
const MOST_FAULTS: usize = 100;
/// Columns that a new board gets out of a table.
const MOST_COLUMNS: usize = 30;
const MOST_ROWS: usize = 200_000;

/// How somebody wants a table to be read.
#[derive(Clone, Debug)]
pub struct TableChoices {
    pub has_header: bool,
    /// What each of its columns means.
    pub meanings: Vec<Meaning>,
}

/// A row as it would be imported.
struct Row {
    title: String,
    description: String,
    column: String,
    assignee: Option<PersonId>,
    due_on: Option<Date>,
    priority: Priority,
    labels: Vec<String>,
    created_at: Option<OffsetDateTime>,
}

/// Reads every row, and gives the columns that a new board would need. `columns` are those of the board that the
/// rows go onto, if it is there already.
///
/// # Errors
/// What is wrong, by line, for up to a hundred rows.
pub fn check(
    file: &Stored,
    table: &Table,
    choices: &TableChoices,
    members: &[MemberView],
    columns: Option<&[String]>,
) -> Result<Vec<PlannedColumn>, Vec<String>> {
    let mut faults = Vec::new();
    if !choices.meanings.contains(&Meaning::Title) {
        return Err(vec!["Say which column holds the titles.".to_owned()]);
    }
    let mut found: Vec<String> = Vec::new();
    let mut rows = 0;
    for record in records(file, table, choices) {
        let (line, record) = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(error);
                break;
            }
        };
        match read(&record, &choices.meanings, members) {
            Ok(row) => {
                rows += 1;
                let is_known = |column: &String| column.to_lowercase() == row.column.to_lowercase();
                match columns {
                    Some(columns) if !row.column.is_empty() && !columns.iter().any(is_known) => {
                        faults.push(format!(
                            "Line {line}: the board has no column {:?}.",
                            row.column
                        ));
                    }
                    Some(_) => {}
                    None if row.column.is_empty() || found.iter().any(is_known) => {}
                    None => found.push(row.column),
                }
            }
            Err(error) => faults.push(format!("Line {line}: {error}")),
        }
        if faults.len() >= MOST_FAULTS {
            faults.push("There may be more.".to_owned());
            break;
        }
    }
    if rows > MOST_ROWS {
        faults.push("A table has up to 200,000 rows.".to_owned());
    }
    if found.len() > MOST_COLUMNS {
        faults.push(format!(
            "These rows would need {} columns; a table can make {MOST_COLUMNS}.",
            found.len()
        ));
    }
    if rows == 0 && faults.is_empty() {
        faults.push("There is no row to import.".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(planned(&found))
}

/// The columns of a new board: those of the table, otherwise those of every new board.
fn planned(found: &[String]) -> Vec<PlannedColumn> {
    let column = |name: &str, kind| PlannedColumn {
        id: ColumnId::new(),
        name: name.to_owned(),
        kind,
    };
    if found.is_empty() {
        let usual = ColumnKind::ALL.into_iter();
        return usual.map(|kind| column(kind.label(), kind)).collect();
    }
    found
        .iter()
        .map(|name| column(name, kind_of(name)))
        .collect()
}

/// Reads the rows of a checked table again and hands them on as tasks.
///
/// # Errors
/// A field error when the board's columns are not those any more that the rows were checked with.
pub fn make(
    file: &Stored,
    table: &Table,
    choices: &TableChoices,
    members: &[MemberView],
    ground: &Ground,
    gathering: &mut Gathering,
) -> Result<()> {
    let numbers: HashMap<String, usize> = ground
        .columns
        .iter()
        .enumerate()
        .map(|(number, column)| (column.name.to_lowercase(), number))
        .collect();
    let column_of = |row: &Row| match row.column.is_empty() {
        true => Some(0),
        false => numbers.get(&row.column.to_lowercase()).copied(),
    };
    let changed = || {
        Error::field(
            "board",
            "The board has changed meanwhile. Look at the preview again.",
        )
    };
    let rows = || {
        records(file, table, choices)
            .filter_map(Result::ok)
            .filter_map(|(_, record)| read(&record, &choices.meanings, members).ok())
    };
    let mut counts = vec![0; ground.columns.len()];
    for row in rows() {
        let count = column_of(&row).and_then(|column| counts.get_mut(column));
        *count.ok_or_else(changed)? += 1;
    }
    let mut places: Vec<_> = ground
        .columns
        .iter()
        .zip(counts)
        .map(|(column, count)| match column.kind {
            ColumnKind::Done => vec![position::of_done(); count].into_iter(),
            _ => position::behind(column.last.as_deref(), count).into_iter(),
        })
        .collect();
    for (number, row) in (ground.last_number + 1..).zip(rows()) {
        let at = column_of(&row).ok_or_else(changed)?;
        let (column, place) = (&ground.columns[at], places[at].next());
        let task = ImportedTask {
            id: TaskId::new(),
            number,
            column: column.id,
            kind: column.kind,
            position: place.unwrap_or_else(position::of_done),
            title: row.title,
            description: row.description,
            assignee: row.assignee,
            due: row.due_on.map(Due::On),
            priority: row.priority,
            labels: row.labels,
            created_at: row.created_at,
            updated_at: None,
            deleted: false,
        };
        if gathering.task(task).is_err() {
            return Ok(());
        }
    }
    let _ = gathering.hand_on();
    Ok(())
}

/// The rows that hold anything, each with its line.
fn records<'a>(
    file: &Stored,
    table: &'a Table,
    choices: &TableChoices,
) -> impl Iterator<Item = Result<(u64, StringRecord), String>> + 'a {
    let skipped = usize::from(choices.has_header);
    let all = table.open(file).into_records().skip(skipped);
    all.map(|record| match record {
        Ok(record) => Ok((line_of(&record), record)),
        Err(error) => Err(error.to_string()),
    })
    .filter(|record| !matches!(record, Ok((_, row)) if row.iter().all(is_blank)))
}

fn read(record: &StringRecord, meanings: &[Meaning], members: &[MemberView]) -> Result<Row> {
    let cell = |meaning: Meaning| {
        let at = meanings.iter().position(|other| *other == meaning);
        at.and_then(|at| record.get(at))
            .map(str::trim)
            .unwrap_or_default()
    };
    let title = cell(Meaning::Title).replace(['\r', '\n', '\t'], " ");
    let column = cell(Meaning::Column);
    let column = match column.is_empty() {
        true => String::new(),
        false => ColumnName::parse(column)
            .map_err(named("column"))?
            .as_str()
            .to_owned(),
    };
    let description = storable(cell(Meaning::Description));
    let labels = cell(Meaning::Labels).replace(';', ",");
    Ok(Row {
        title: TaskTitle::parse(&title)
            .map_err(named("title"))?
            .as_str()
            .to_owned(),
        description: Description::parse(&description)
            .map_err(named("description"))?
            .as_str()
            .to_owned(),
        column,
        assignee: person(cell(Meaning::Assignee), members)?,
        due_on: date(cell(Meaning::DueOn))?,
        priority: priority(cell(Meaning::Priority))?,
        labels: Labels::parse(&labels)
            .map_err(named("labels"))?
            .as_slice()
            .to_vec(),
        created_at: moment(cell(Meaning::CreatedAt))?,
    })
}

/// A fault with the field's name before it.
fn named(field: &'static str) -> impl Fn(Error) -> Error {
    move |error| Error::field(field, format!("{field}: {}", error.message))
}

/// Somebody of the team by name or address.
fn person(text: &str, members: &[MemberView]) -> Result<Option<PersonId>> {
    if text.is_empty() {
        return Ok(None);
    }
    let wanted = text.to_lowercase();
    let is_theirs = |member: &&MemberView| {
        let email = member.email.as_deref().unwrap_or_default();
        member.person.name.to_lowercase() == wanted || email.to_lowercase() == wanted
    };
    let found: Vec<&MemberView> = members.iter().filter(is_theirs).collect();
    match found.as_slice() {
        [member] if member.role.may_write() => Ok(Some(member.person.id)),
        [_] => Err(Error::field(
            "assignee",
            format!("assignee: {text} is a viewer and cannot hold tasks."),
        )),
        [] => Err(Error::field(
            "assignee",
            format!("assignee: nobody in the team is called {text}."),
        )),
        _ => Err(Error::field(
            "assignee",
            format!("assignee: several people in the team are called {text}."),
        )),
    }
}

fn priority(text: &str) -> Result<Priority> {
    Ok(match text.to_lowercase().as_str() {
        "" | "none" | "normal" | "medium" | "mittel" => Priority::Normal,
        "low" | "lowest" | "minor" | "niedrig" => Priority::Low,
        "high" | "major" | "hoch" => Priority::High,
        "urgent" | "highest" | "critical" | "blocker" | "dringend" => Priority::Urgent,
        _ => {
            return Err(Error::field(
                "priority",
                format!("priority: {text} is not low, normal, high or urgent."),
            ));
        }
    })
}

/// A date: `2026-03-31`, `2026/03/31`, `31.3.2026`; with strokes also the other way round, when only one reading of it
/// is a date.
fn date(text: &str) -> Result<Option<Date>> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let separator = ['-', '/', '.']
        .into_iter()
        .find(|separator| day.contains(*separator));
    let parts: Vec<u16> = day
        .split(separator.unwrap_or('-'))
        .map_while(|part| part.parse().ok())
        .collect();
    let of = |year: u16, month: u16, day: u16| {
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
        (2000..2200).contains(&date.year()).then_some(date)
    };
    let found = match (parts.as_slice(), separator) {
        ([year, month, day], _) if *year > 31 => of(*year, *month, *day),
        ([day, month, year], Some('.')) => of(*year, *month, *day),
        ([a, b, year], Some('/')) => match (of(*year, *a, *b), of(*year, *b, *a)) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        },
        _ => None,
    };
    match found {
        Some(date) => Ok(Some(date)),
        None => Err(Error::field(
            "due_on",
            format!(
                "{text} is no date between 2000 and 2199 that can be read in one way only. Write it as 2026-03-31."
            ),
        )),
    }
}

fn moment(text: &str) -> Result<Option<OffsetDateTime>> {
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Ok(Some(moment));
    }
    Ok(date(text)?.map(|date| date.with_time(Time::MIDNIGHT).assume_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_when_there_is_only_one_way_to_read_it() {
        for (text, read) in [
            ("2026-03-31", Some("2026-03-31")),
            ("2026-03-31T10:00:00Z", Some("2026-03-31")),
            ("31.3.2026", Some("2026-03-31")),
            ("31/3/2026", Some("2026-03-31")),
            ("3/31/2026", Some("2026-03-31")),
            ("3/3/2026", Some("2026-03-03")),
            ("3/4/2026", None),
            ("1.1.1999", None),
            ("300000-01-01", None),
            ("soon", None),
        ] {
            let date = date(text).ok().flatten().map(|date| date.to_string());
            assert_eq!(date.as_deref(), read, "{text}");
        }
    }
}
