//! From a file that waits to an import that runs.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{task::spawn_blocking, time::timeout};

use super::{
    actions::{self, Imported, Onto},
    csv::{self, Table, TableChoices},
    model::{CsvPreview, ImportView, Meaning, Stage, UploadView},
    store::{self, Origin},
    text,
    trello::{self, Choices, PlannedColumn},
    uploads::{self, Content, Doing, Upload},
};
use crate::{
    accounts,
    boards::{
        self,
        model::{BoardKey, BoardName},
    },
    columns::{self, model::ColumnKind},
    error::{Code, Error, Result},
    ids::PersonId,
    people::{
        self,
        access::Access,
        model::{MemberView, PersonName},
    },
};

/// How long the answer waits for a small import to end.
const PATIENCE: Duration = Duration::from_secs(6);

/// Values by what they belong to, as a form sends them.
pub type Chosen = BTreeMap<String, String>;

/// What the page of imports shows, with a file if one is asked for.
pub async fn view(access: &Access, file: Option<&str>) -> Result<ImportView> {
    let (db, team) = (access.db(), access.team());
    let people = people::store::assignable(db, team).await?;
    let upload = match file {
        Some(id) => Some(upload_view(access, id, &people).await?),
        None => None,
    };
    Ok(ImportView {
        upload,
        earlier: store::earlier(db, team, None, None).await?,
        people,
        now: accounts::store::now(db).await?,
    })
}

async fn upload_view(access: &Access, id: &str, people: &[PersonName]) -> Result<UploadView> {
    let Ok(upload) = uploads::find(access, id) else {
        return Ok(UploadView {
            id: String::new(),
            file_name: String::new(),
            stage: Stage::Gone,
            failed: None,
        });
    };
    let (db, team) = (access.db(), access.team());
    let mut failed = None;
    let stage = match upload.doing() {
        Doing::Import => Stage::Running {
            made: upload.progress.made(),
            of: upload.size(),
        },
        Doing::Imported(imported) => done(&imported),
        other => {
            if let Doing::Failed(error) = other {
                failed = Some(error);
            }
            let same = store::earlier(db, team, Some(&upload.hash), None).await?;
            match same.into_iter().next() {
                Some(earlier) => {
                    failed = Some(actions::was_imported(&earlier.key));
                    Stage::Done {
                        key: earlier.key,
                        tasks: earlier.tasks.unsigned_abs().into(),
                        comments: earlier.comments.unsigned_abs().into(),
                    }
                }
                None => preview(access, &upload, people).await?,
            }
        }
    };
    Ok(UploadView {
        id: upload.id.to_string(),
        file_name: upload.name.clone(),
        stage,
        failed,
    })
}

fn done(imported: &Imported) -> Stage {
    Stage::Done {
        key: imported.key.clone(),
        tasks: imported.tasks,
        comments: imported.comments,
    }
}

async fn preview(access: &Access, upload: &Arc<Upload>, people: &[PersonName]) -> Result<Stage> {
    let (db, team) = (access.db(), access.team());
    match &upload.content {
        Content::Trello(survey) => {
            let mut preview = trello::preview(survey, people);
            preview.key = free_key(access, &preview.key).await?;
            let earlier = store::earlier(db, team, None, Some(&survey.id)).await?;
            if let Some(earlier) = earlier.first().filter(|_| !survey.id.is_empty()) {
                preview.notes.insert(
                    0,
                    format!(
                        "An earlier file of this board was imported as {} ({}). This one makes a further board.",
                        earlier.name, earlier.key
                    ),
                );
            }
            Ok(Stage::Trello(preview))
        }
        Content::Csv(table) => {
            let name = upload
                .name
                .trim_end_matches(".csv")
                .trim_end_matches(".tsv");
            let name = text::line(name, BoardName::MAX, "Imported board").0;
            let boards = boards::store::of_team(db, team).await?;
            let open = boards.into_iter().filter(|board| !board.archived);
            let mut faults = upload.faults();
            if faults.is_empty() {
                faults = proposed_faults(access, upload, table).await?;
            }
            Ok(Stage::Csv(CsvPreview {
                columns: table.columns.clone(),
                rows: table.first.clone(),
                count: table.rows - usize::from(table.has_header),
                has_header: table.has_header,
                read_as: table.read_as(),
                boards: open.map(|board| (board.key, board.name)).collect(),
                key: free_key(access, &BoardKey::proposed(&name)).await?,
                name,
                faults,
            }))
        }
    }
}

/// What would be wrong with the rows of a table, if its columns are what they were taken for.
async fn proposed_faults(
    access: &Access,
    upload: &Arc<Upload>,
    table: &Table,
) -> Result<Vec<String>> {
    let choices = TableChoices {
        has_header: table.has_header,
        meanings: table.columns.iter().map(|column| column.meaning).collect(),
    };
    let members = people::store::members(access.db(), access.team()).await?;
    let checked = check(upload, choices, members, None).await?;
    Ok(checked.err().unwrap_or_default())
}

/// Reads every row of a table, on a thread of its own.
async fn check(
    upload: &Arc<Upload>,
    choices: TableChoices,
    members: Vec<MemberView>,
    columns: Option<Vec<String>>,
) -> Result<Result<Vec<PlannedColumn>, Vec<String>>> {
    let upload = upload.clone();
    spawn_blocking(move || match &upload.content {
        Content::Csv(table) => {
            csv::check(&upload.file, table, &choices, &members, columns.as_deref())
        }
        Content::Trello(_) => Err(Vec::new()),
    })
    .await
    .map_err(|_| Error::internal())
}

/// A key that no board of the team has, like the one that is proposed.
pub async fn free_key(access: &Access, proposed: &str) -> Result<String> {
    let begin: String = match proposed {
        "" => "NEW".to_owned(),
        proposed => proposed.chars().take(BoardKey::MAX - 3).collect(),
    };
    let mut key = begin.clone();
    for number in 2..1000 {
        let taken = boards::store::by_key(access.db(), access.team(), &key).await?;
        if taken.is_none() {
            break;
        }
        key = format!("{begin}{number}");
    }
    Ok(key)
}

/// Imports the board of Trello that waits, as its author chose. Gives what came in, or nothing when it takes longer
/// than anybody waits for an answer.
///
/// # Errors
/// 404 when the file is not here any more, field errors, and those of the import.
pub async fn import_trello(
    access: &Access,
    file: &str,
    key: &BoardKey,
    name: &BoardName,
    choices: impl FnOnce(&trello::Survey, &[PersonName]) -> Result<Choices>,
) -> Result<Option<Imported>> {
    let upload = uploads::find(access, file)?;
    upload.forget_failure();
    let Content::Trello(survey) = &upload.content else {
        return Err(Error::field("file", "This file is no board of Trello."));
    };
    let people = people::store::assignable(access.db(), access.team()).await?;
    let plan = trello::plan(survey, &choices(survey, &people)?)?;
    let onto = Onto::New {
        key: key.clone(),
        name: name.clone(),
        columns: plan.columns.clone(),
    };
    let origin = Origin {
        source: "trello",
        source_id: Some(survey.id.clone()).filter(|id| !id.is_empty()),
        file_hash: upload.hash.clone(),
    };
    let (by, reading) = (access.person().id, upload.clone());
    run(
        access,
        upload,
        origin,
        onto,
        move |_, gathering| match &reading.content {
            Content::Trello(survey) => trello::make(&reading.file, survey, &plan, by, gathering),
            Content::Csv(_) => Ok(()),
        },
    )
    .await
}

/// What the form of a board of Trello says.
///
/// # Errors
/// A field error on what is not in the file or in the team.
pub fn read_choices(
    survey: &trello::Survey,
    team: &[PersonName],
    archived: &str,
    closed_lists: &str,
    kinds: &Chosen,
    members: &Chosen,
) -> Result<Choices> {
    let mut choices = Choices {
        archived: archived.parse()?,
        closed_lists: closed_lists.parse()?,
        ..Choices::default()
    };
    for (list, kind) in kinds {
        let number = trello::number_of("kinds", list, survey.lists.len())?;
        let field = format!("kinds[{list}]");
        let kind = ColumnKind::parse(kind).map_err(|error| Error::field(field, error.message))?;
        choices.kinds.insert(number, kind);
    }
    for (member, person) in members.iter().filter(|(_, person)| !person.is_empty()) {
        let number = trello::number_of("people", member, survey.people.len())?;
        let field = format!("people[{member}]");
        let id = PersonId::parse(&field, person)?;
        let found = team.iter().find(|person| person.id == id);
        let found = found.ok_or_else(|| Error::field(field, "This person is not in the team."))?;
        choices.people.insert(number, found.clone());
    }
    Ok(choices)
}

/// Where the rows of a table go to.
pub enum Target {
    New { key: BoardKey, name: BoardName },
    Existing(String),
}

/// Imports the table that waits.
///
/// # Errors
/// As [`import_trello`]; when rows are at fault, the preview shows them.
pub async fn import_csv(
    access: &Access,
    file: &str,
    target: Target,
    has_header: bool,
    meanings: &Chosen,
) -> Result<Option<Imported>> {
    let upload = uploads::find(access, file)?;
    upload.forget_failure();
    let Content::Csv(table) = &upload.content else {
        return Err(Error::field("file", "This file is no table."));
    };
    let choices = TableChoices {
        has_header,
        meanings: read_meanings(table.columns.len(), meanings)?,
    };
    let (db, team) = (access.db(), access.team());
    let members = people::store::members(db, team).await?;
    let known = match &target {
        Target::Existing(key) => Some(columns_of(access, key).await?),
        Target::New { .. } => None,
    };
    let checked = check(&upload, choices.clone(), members.clone(), known).await?;
    let columns = match checked {
        Ok(columns) => columns,
        Err(faults) => {
            let message = "Nothing was imported. What is wrong is listed by line.";
            upload.set_faults(faults);
            return Err(Error::new(Code::Conflict, message));
        }
    };
    upload.set_faults(Vec::new());
    let onto = match target {
        Target::New { key, name } => Onto::New { key, name, columns },
        Target::Existing(key) => Onto::Existing(key),
    };
    let origin = Origin {
        source: "csv",
        source_id: None,
        file_hash: upload.hash.clone(),
    };
    let reading = upload.clone();
    run(
        access,
        upload,
        origin,
        onto,
        move |ground, gathering| match &reading.content {
            Content::Csv(table) => {
                csv::make(&reading.file, table, &choices, &members, ground, gathering)
            }
            Content::Trello(_) => Ok(()),
        },
    )
    .await
}

async fn columns_of(access: &Access, key: &str) -> Result<Vec<String>> {
    let (db, team) = (access.db(), access.team());
    let board = boards::store::by_key(db, team, key)
        .await?
        .ok_or_else(|| Error::field("board", "There is no such board."))?;
    let columns = columns::store::of_board(db, team, board.id).await?;
    Ok(columns.into_iter().map(|column| column.name).collect())
}

fn read_meanings(width: usize, chosen: &Chosen) -> Result<Vec<Meaning>> {
    let mut meanings = vec![Meaning::Nothing; width];
    for (column, meaning) in chosen {
        let number = trello::number_of("columns", column, width)?;
        let field = format!("columns[{column}]");
        let meaning = meaning
            .parse()
            .map_err(|error: Error| Error::field(field.clone(), error.message))?;
        if meaning != Meaning::Nothing && meanings.contains(&meaning) {
            return Err(Error::field(
                field,
                "Another column was chosen for this already.",
            ));
        }
        meanings[number] = meaning;
    }
    Ok(meanings)
}

/// Runs an import to its end, whoever waits for it.
async fn run<M>(
    access: &Access,
    upload: Arc<Upload>,
    origin: Origin,
    onto: Onto,
    make: M,
) -> Result<Option<Imported>>
where
    M: FnOnce(&actions::Ground, &mut super::coming::Gathering) -> Result<()> + Send + 'static,
{
    if !upload.begin() {
        return Ok(None);
    }
    let access = access.clone();
    let running = tokio::spawn(async move {
        let progress = upload.progress.clone();
        let import =
            tokio::spawn(
                async move { actions::import(&access, &origin, onto, progress, make).await },
            );
        let outcome = import.await.unwrap_or_else(|_| Err(Error::internal()));
        upload.set_doing(match &outcome {
            Ok(imported) => Doing::Imported(imported.clone()),
            Err(error) => Doing::Failed(error.clone()),
        });
        outcome
    });
    match timeout(PATIENCE, running).await {
        Ok(Ok(outcome)) => outcome.map(Some),
        Ok(Err(_)) => Err(Error::internal()),
        Err(_) => Ok(None),
    }
}
