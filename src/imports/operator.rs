//! Imports on the command line.

use std::{collections::BTreeMap, fs::File, io::Read as _, path::Path, sync::Arc, time::Duration};

use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use tokio::task::spawn_blocking;

use super::{
    actions::{self, Imported, Onto, Progress},
    model::{Archived, ClosedLists, TrelloPreview},
    reading::Stored,
    starting::free_key,
    store::{self, Origin},
    trello::{self, Choices, Survey},
};
use crate::{
    accounts,
    boards::model::{BoardKey, BoardName},
    error::{Code, Error, Result},
    people::{
        self,
        access::{Access, Permission},
        model::{MemberView, PersonName},
    },
};

/// The most teams that are named to choose from.
const NAMED: usize = 10;

/// What the operator asks for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The address of the team; without it the only one there is.
    pub team: Option<String>,
    /// The Email of whoever imports; without it the owner who has been in the team longest.
    pub as_email: Option<String>,
    pub key: Option<String>,
    pub archived: Archived,
    pub closed_lists: ClosedLists,
    /// `NAME=EMAIL`, or a file with a name and an Email in each row.
    pub people: Vec<String>,
    pub dry_run: bool,
}

/// What came of it.
pub enum Outcome {
    /// What came in, and the path of its board.
    Imported(Imported, String),
    /// The path of the board that came of the same file before.
    Already(String),
    Preview(TrelloPreview),
}

/// Imports an export of Trello as somebody of the team. `tell` hears how many of how many tasks are made.
///
/// # Errors
/// 404 when there is no such team, person or file, 409 when it has to be said which team it is, field errors, and those
/// of the import.
pub async fn import_trello(
    db: &PgPool,
    file: &Path,
    wanted: Wanted,
    tell: impl Fn(u64, u64),
) -> Result<Outcome> {
    let access = enter(db, wanted.as_email.as_deref(), wanted.team.as_deref()).await?;
    let board = |key: &str| format!("/teams/{}/boards/{key}", access.slug());
    let (file, hash, survey) = read(file).await?;
    let earlier = store::earlier(db, access.team(), Some(&hash), None).await?;
    if let Some(earlier) = earlier.into_iter().next() {
        return Ok(Outcome::Already(board(&earlier.key)));
    }
    let team = people::store::assignable(db, access.team()).await?;
    let mut preview = trello::preview(&survey, &team);
    preview.key = match &wanted.key {
        Some(key) => BoardKey::parse(key)?.to_string(),
        None => free_key(&access, &preview.key).await?,
    };
    let members = people::store::members(db, access.team()).await?;
    let chosen = chosen_people(&wanted.people, &members)?;
    for member in &mut preview.members {
        let named = |name: &str| chosen.get(&name.to_lowercase()).cloned();
        let person = named(&member.name).or_else(|| named(&member.username));
        member.proposed = person.or_else(|| member.proposed.take());
    }
    if wanted.dry_run {
        return Ok(Outcome::Preview(preview));
    }
    let choices = Choices {
        archived: wanted.archived,
        closed_lists: wanted.closed_lists,
        people: (preview.members.iter().enumerate())
            .filter_map(|(number, member)| Some((number, member.proposed.clone()?)))
            .collect(),
        ..Choices::default()
    };
    let plan = trello::plan(&survey, &choices)?;
    let onto = Onto::New {
        key: BoardKey::parse(&preview.key)?,
        name: BoardName::parse(&preview.name)?,
        columns: plan.columns.clone(),
    };
    let origin = Origin {
        source: "trello",
        source_id: Some(survey.id.clone()).filter(|id| !id.is_empty()),
        file_hash: hash,
    };
    let (by, of) = (access.person().id, survey.cards.len() as u64);
    let progress = Arc::new(Progress::default());
    let make = move |_: &actions::Ground, gathering: &mut super::coming::Gathering| {
        trello::make(&file, &survey, &plan, by, gathering)
    };
    let import = actions::import(&access, &origin, onto, progress.clone(), make);
    let mut import = std::pin::pin!(import);
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            imported = &mut import => return imported.map(|imported| {
                let board = board(&imported.key);
                Outcome::Imported(imported, board)
            }),
            _ = beat.tick() => tell(progress.made(), of),
        }
    }
}

async fn enter(db: &PgPool, email: Option<&str>, team: Option<&str>) -> Result<Access> {
    let team = match team {
        Some(team) => team.to_owned(),
        None => only_team(db).await?,
    };
    let person = match email {
        Some(email) => who_signs_in(db, email).await?.ok_or_else(|| {
            Error::new(Code::NotFound, format!("Nobody signs in with {email}."))
        })?,
        None => first_owner(db, &team).await?.ok_or_else(|| {
            Error::new(
                Code::NotFound,
                format!(
                    "There is no team {team}, or its first owner cannot sign in. Say with --as EMAIL who imports."
                ),
            )
        })?,
    };
    Access::enter(db, &person, &team, Permission::Write)
        .await
        .map_err(|error| match error.code {
            Code::NotFound => Error::new(
                Code::NotFound,
                format!("{} is not in a team {team}.", person.name),
            ),
            _ => error,
        })
}

/// The address of the only team.
async fn only_team(db: &PgPool) -> Result<String> {
    let slugs = people::store::slugs(db, NAMED as i64 + 1).await?;
    match slugs.as_slice() {
        [] => Err(Error::new(
            Code::NotFound,
            "There is no team yet. Whoever opens the server first makes one.",
        )),
        [only] => Ok(only.clone()),
        several => {
            let named = several[..several.len().min(NAMED)].join(", ");
            let more = if several.len() > NAMED {
                " and others"
            } else {
                ""
            };
            Err(Error::new(
                Code::Conflict,
                format!(
                    "There are several teams: {named}{more}. Say with --team SLUG which one gets the board."
                ),
            ))
        }
    }
}

async fn first_owner(db: &PgPool, team: &str) -> Result<Option<PersonName>> {
    let Some(owner) = people::store::first_owner(db, team).await? else {
        return Ok(None);
    };
    let (_, email) = accounts::store::contact(db, owner.id).await?;
    who_signs_in(db, &email).await
}

async fn who_signs_in(db: &PgPool, email: &str) -> Result<Option<PersonName>> {
    let found = accounts::store::credentials(db, email.trim()).await?;
    Ok(found
        .filter(|found| !found.disabled)
        .map(|found| found.person))
}

async fn read(path: &Path) -> Result<(Stored, Vec<u8>, Survey)> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let unreadable = |error: std::io::Error| {
            Error::field(
                "file",
                format!("{} cannot be read: {error}.", path.display()),
            )
        };
        let file = Stored::new(File::open(&path).map_err(unreadable)?);
        let mut hash = Sha256::new();
        let mut whole = File::open(&path).map_err(unreadable)?;
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match whole.read(&mut buffer).map_err(unreadable)? {
                0 => break,
                count => hash.update(&buffer[..count]),
            }
        }
        let survey = trello::survey(&file)?;
        Ok((file, hash.finalize().to_vec(), survey))
    })
    .await
    .map_err(|_| Error::internal())?
}

/// Who is who, as the operator says: names in small letters, and people of the team.
fn chosen_people(given: &[String], members: &[MemberView]) -> Result<BTreeMap<String, PersonName>> {
    let mut chosen = BTreeMap::new();
    let mut choose = |name: &str, email: &str| {
        let is_theirs = |member: &&MemberView| {
            let own = member.email.as_deref().unwrap_or_default();
            own.to_lowercase() == email.trim().to_lowercase() && member.role.may_write()
        };
        let member = members.iter().find(is_theirs).ok_or_else(|| {
            Error::field(
                "people",
                format!("Nobody in the team who may hold tasks has the Email {email}."),
            )
        })?;
        chosen.insert(name.trim().to_lowercase(), member.person.clone());
        Ok::<_, Error>(())
    };
    for given in given {
        if let Some((name, email)) = given.split_once('=') {
            choose(name, email)?;
            continue;
        }
        let unreadable =
            |error: csv::Error| Error::field("people", format!("{given} cannot be read: {error}."));
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(given)
            .map_err(unreadable)?;
        for row in rows.records() {
            let row = row.map_err(unreadable)?;
            match (row.get(0), row.get(1)) {
                (Some(name), Some(email)) if email.contains('@') => choose(name, email)?,
                _ => {}
            }
        }
    }
    Ok(chosen)
}
