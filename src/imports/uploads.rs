//! Files that people sent and have not imported yet. They lie without a name on the disk of this server, at most for
//! an hour and for their author alone; with the process they are gone.

use std::{
    collections::HashMap,
    fs::File,
    io::Write as _,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    extract::{FromRequest as _, Multipart, Path, Request, State as Extracted},
    response::Response,
};
use sha2::{Digest as _, Sha256};
use tokio::{sync::mpsc, task::spawn_blocking};
use uuid::Uuid;

use super::{
    actions::{Imported, Progress},
    csv::{self, Table},
    model::MAX_FILE,
    reading::Stored,
    text,
    trello::{self, Survey},
};
use crate::{
    accounts::{
        limits::{self, Limit},
        session::Session,
    },
    error::{Code, Error, Result},
    forms,
    ids::PersonId,
    people::access::{Access, Permission},
    server::state::State,
};

/// How long a file is kept.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// Files of one person, and of everybody, that wait at the same time.
const MOST_OF_ONE: usize = 2;
const MOST: usize = 20;
/// Files that one person sends.
const SENT: Limit = Limit::new("uploads_per_person", 40, Duration::from_secs(3600));

/// What is in a file.
pub enum Content {
    Trello(Box<Survey>),
    Csv(Table),
}

/// What is being done with a file.
#[derive(Clone, Debug, Default)]
pub enum Doing {
    #[default]
    Nothing,
    Import,
    Imported(Imported),
    Failed(Error),
}

/// A file that waits.
pub struct Upload {
    pub id: Uuid,
    pub author: PersonId,
    pub team: Uuid,
    pub name: String,
    pub file: Stored,
    pub hash: Vec<u8>,
    pub content: Content,
    pub progress: Arc<Progress>,
    doing: Mutex<Doing>,
    faults: Mutex<Vec<String>>,
    since: Instant,
}

impl Upload {
    /// Reads a file for the first time.
    pub fn read(
        author: PersonId,
        team: Uuid,
        name: String,
        file: File,
        hash: Vec<u8>,
    ) -> Result<Self> {
        let file = Stored::new(file);
        Ok(Self {
            id: Uuid::new_v4(),
            author,
            team,
            name,
            content: read(&file)?,
            file,
            hash,
            progress: Arc::default(),
            doing: Mutex::default(),
            faults: Mutex::default(),
            since: Instant::now(),
        })
    }

    /// What was wrong with the rows of a table at the last attempt.
    pub fn faults(&self) -> Vec<String> {
        self.faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn set_faults(&self, faults: Vec<String>) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub fn doing(&self) -> Doing {
        self.doing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn set_doing(&self, doing: Doing) {
        *self.doing.lock().unwrap_or_else(PoisonError::into_inner) = doing;
    }

    /// A new attempt speaks for itself.
    pub fn forget_failure(&self) {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*doing, Doing::Failed(_)) {
            *doing = Doing::Nothing;
        }
    }

    /// Begins with the import, unless it has begun.
    pub fn begin(&self) -> bool {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        match *doing {
            Doing::Nothing | Doing::Failed(_) => {
                *doing = Doing::Import;
                true
            }
            Doing::Import | Doing::Imported(_) => false,
        }
    }

    /// How many tasks it may make.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Trello(survey) => survey.cards.len() as u64,
            Content::Csv(table) => table.rows as u64,
        }
    }

    fn is_at_work(&self) -> bool {
        matches!(self.doing(), Doing::Import)
    }
}

static WAITING: LazyLock<Mutex<HashMap<Uuid, Arc<Upload>>>> = LazyLock::new(Mutex::default);

/// The file of this id, for its author alone.
///
/// # Errors
/// 404 when the team has no such file here any more, 403 when somebody else sent it.
pub fn find(access: &Access, id: &str) -> Result<Arc<Upload>> {
    let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let upload = id
        .parse()
        .ok()
        .and_then(|id: Uuid| waiting.get(&id))
        .filter(|upload| upload.team == access.team().uuid() && upload.since.elapsed() < KEPT)
        .ok_or_else(|| {
            Error::new(
                Code::NotFound,
                "This file is not here any more. Choose it again.",
            )
        })?;
    if upload.author != access.person().id {
        return Err(Error::forbidden("A file is imported by whoever chose it."));
    }
    Ok(upload.clone())
}

/// Lets files go that have waited for this long, and tells how many these were.
pub fn forget_older(than: Duration) -> u64 {
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let before = waiting.len();
    waiting.retain(|_, upload| upload.since.elapsed() < than || upload.is_at_work());
    (before - waiting.len()) as u64
}

/// Lets files go that nobody may see any more.
pub fn forget_old() -> u64 {
    forget_older(KEPT)
}

/// Lets a file wait for its author.
pub fn keep(upload: Upload) -> Result<Uuid> {
    forget_old();
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut own: Vec<_> = waiting
        .values()
        .filter(|other| other.author == upload.author && !other.is_at_work())
        .map(|other| (other.since, other.id))
        .collect();
    own.sort_unstable();
    let too_many = (own.len() + 1).saturating_sub(MOST_OF_ONE);
    for (_, id) in own.iter().take(too_many) {
        waiting.remove(id);
    }
    if waiting.len() >= MOST {
        limits::count_refusal("uploads_waiting");
        return Err(Error {
            retry_after: Some(600),
            ..Error::new(
                Code::TooManyRequests,
                "Too many files wait here. Try again in some minutes.",
            )
        });
    }
    let id = upload.id;
    waiting.insert(id, Arc::new(upload));
    Ok(id)
}

/// Answers `POST /teams/{team}/import/file`: takes a file and leads to its preview.
pub async fn receive(
    Extracted(state): Extracted<State>,
    Path(team): Path<String>,
    request: Request,
) -> Response {
    let origin = forms::origin::Origin::of(&state.settings, &request);
    let outcome = match take(&state, &team, request).await {
        Ok(id) => Ok(format!("/teams/{team}/import?file={id}")),
        Err(error) => Err(error),
    };
    forms::layer::to_next_page(&state, origin, outcome).await
}

async fn take(state: &State, team: &str, request: Request) -> Result<Uuid> {
    let session = request.extensions().get::<Session>().cloned();
    let session = session.ok_or_else(Error::unauthenticated)?;
    let access = Access::enter(&state.db, &session.person, team, Permission::Write).await?;
    SENT.count(&state.db, &session.person.id.to_string())
        .await?;
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(|_| Error::new(Code::BadRequest, "Send this as a form with a file."))?;
    let broken = || Error::new(Code::BadRequest, "The file did not arrive in one piece.");
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        if field.name() != Some("file") {
            continue;
        }
        let name = text::line(field.file_name().unwrap_or_default(), 200, "File").0;
        let (file, hash) = write(field).await?;
        let (author, team) = (session.person.id, access.team().uuid());
        let upload = spawn_blocking(move || Upload::read(author, team, name, file, hash))
            .await
            .map_err(|_| Error::internal())??;
        return keep(upload);
    }
    Err(Error::field("file", "Choose a file."))
}

/// Writes what arrives to the disk.
async fn write(mut field: axum::extract::multipart::Field<'_>) -> Result<(File, Vec<u8>)> {
    let (sender, mut pieces) = mpsc::channel::<Bytes>(8);
    let writing = spawn_blocking(move || {
        let mut file = tempfile::tempfile()?;
        let mut hash = Sha256::new();
        while let Some(piece) = pieces.blocking_recv() {
            hash.update(&piece);
            file.write_all(&piece)?;
        }
        Ok::<_, std::io::Error>((file, hash.finalize().to_vec()))
    });
    let mut length = 0;
    let broken = |_| Error::new(Code::BadRequest, "The file did not arrive in one piece.");
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        length += piece.len() as u64;
        if length > MAX_FILE {
            return Err(Error {
                code: Code::TooLarge,
                ..Error::field(
                    "file",
                    "A file has up to 100 MB. A larger one is imported by the operator: skateboard import.",
                )
            });
        }
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    drop(sender);
    let written = writing.await.map_err(|_| Error::internal())?;
    if length == 0 {
        return Err(Error::field("file", "Choose a file that is not empty."));
    }
    written.map_err(|error| {
        tracing::warn!(error = %error, "A file that was sent could not be kept");
        Error {
            message: "The server cannot keep the file for the moment. Nothing was changed; try again later.".to_owned(),
            ..Error::unavailable()
        }
    })
}

/// Finds out what is in a file: what begins as JSON is a board of Trello, everything else a table.
pub fn read(file: &Stored) -> Result<Content> {
    if csv::begins_like_json(file) {
        trello::survey(file).map(Box::new).map(Content::Trello)
    } else {
        csv::look(file).map(Content::Csv)
    }
}
