//! What is asked of the server goes out one deed after another, in the order in which it was done: two
//! quick moves of a card end at the second place, and tasks stand as they were typed.
//!
//! A deed that does not get through waits for the connection, in the browser's own storage. So it outlives
//! the page: the next page of the same person sends it. It carries its ids and versions, so that sending it
//! twice does it once, and what others did meanwhile is a conflict and not overwritten.

mod kept;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, VecDeque},
    time::Duration,
};

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;

use super::{
    model::FIELDS,
    requests::{claim_task, create_task, edit_task, move_task},
    task_page::{draft, reassign},
};
use crate::{
    comments::requests::add_comment,
    error::{Code, Error, Result},
    forms::given::Given,
    ids::{BoardId, ColumnId, CommentId, PersonId, TaskId},
    live::{
        listener::{Live, silence},
        tabs::with_lock,
    },
    people::model::TeamView,
    ui::announce::{Announcer, use_announcer},
};

/// The pause before something is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// Attempts while the feed is heard: then it is not the network that is in the way.
const ATTEMPTS: usize = 8;
/// The feed is heard when it was silent for less than this, in milliseconds.
const HEARD: f64 = 3_000.0;

/// Something that is asked of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    Create {
        board: BoardId,
        column: ColumnId,
        id: TaskId,
        title: String,
    },
    Move {
        task: TaskRef,
        column: ColumnId,
        place: Option<String>,
    },
    Claim {
        task: TaskRef,
    },
    Assign {
        task: TaskRef,
        from: Option<PersonId>,
        to: Option<PersonId>,
    },
    Edit {
        task: TaskRef,
        version: i64,
        /// What each field was, and what was typed.
        fields: BTreeMap<String, (String, String)>,
    },
    Comment {
        task: TaskRef,
        id: CommentId,
        body: String,
    },
}

/// A task that may not have its number yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRef {
    pub id: TaskId,
    /// The key of its board.
    pub board: String,
    /// 0 until the server gave one.
    pub number: i32,
}

/// What is to be done with the answer: the number of a new task, otherwise 0.
type Answered = Box<dyn FnOnce(Result<i32>)>;

struct Outbox {
    team: String,
    me: PersonId,
    /// Where this tab keeps what is not sent.
    place: String,
    live: Live,
    announcer: Announcer,
    waiting: VecDeque<(Deed, Option<Answered>)>,
    is_running: bool,
    numbers: HashMap<TaskId, i32>,
}

thread_local! {
    static OUTBOX: RefCell<Option<Outbox>> = const { RefCell::new(None) };
}

/// Begins to send for the page's team, with what earlier pages could not send.
pub fn start(team: &TeamView, live: Live) {
    let announcer = use_announcer();
    let (slug, me) = (team.slug.clone(), team.me.id);
    Effect::new(move |_| {
        let is_new = OUTBOX.with_borrow_mut(|outbox| match outbox {
            Some(outbox) => {
                outbox.live = live;
                outbox.count();
                false
            }
            None => {
                *outbox = Some(Outbox {
                    place: kept::place(me, &slug, Uuid::now_v7()),
                    team: slug.clone(),
                    me,
                    live,
                    announcer,
                    waiting: VecDeque::new(),
                    is_running: false,
                    numbers: HashMap::new(),
                });
                true
            }
        });
        if is_new {
            take_over_what_is_left(me, &slug);
        }
    });
}

/// Sends a deed when all before it are answered.
pub fn send(deed: Deed, answered: impl FnOnce(Result<i32>) + 'static) {
    push(deed, Some(Box::new(answered)));
}

fn push(deed: Deed, answered: Option<Answered>) {
    let begin = OUTBOX.with_borrow_mut(|outbox| {
        let Some(outbox) = outbox else {
            return false;
        };
        outbox.waiting.push_back((deed, answered));
        outbox.keep();
        !std::mem::replace(&mut outbox.is_running, true)
    });
    if begin {
        spawn_local(async { while deliver_next().await {} });
    }
}

/// Sends the first deed and says whether there are more.
async fn deliver_next() -> bool {
    let next = OUTBOX.with_borrow(|outbox| {
        let outbox = outbox.as_ref()?;
        let (deed, _) = outbox.waiting.front()?;
        Some((outbox.team.clone(), deed.clone()))
    });
    let answer = match &next {
        Some((team, deed)) => Some(deliver(team, deed).await),
        None => None,
    };
    let done = OUTBOX.with_borrow_mut(|outbox| {
        let outbox = outbox.as_mut()?;
        if answer.is_none() {
            outbox.is_running = false;
        }
        let answer = answer?;
        let (deed, answered) = outbox.waiting.pop_front()?;
        outbox.keep();
        if let (Deed::Create { id, .. }, Ok(number)) = (&deed, &answer) {
            outbox.numbers.insert(*id, *number);
        }
        Some((deed, answered, answer))
    });
    match done {
        Some((_, Some(answered), answer)) => answered(answer),
        Some((deed, None, answer)) => report(&deed, answer),
        None => return false,
    }
    true
}

/// Sends a deed until the server has answered.
async fn deliver(team: &str, deed: &Deed) -> Result<i32> {
    let mut attempts = 0;
    loop {
        match deed.perform(team).await {
            Err(error) if error.code == Code::Unreachable => {
                attempts += usize::from(silence() < HEARD);
                if attempts >= ATTEMPTS {
                    return Err(error);
                }
                pause().await;
            }
            answer => return answer,
        }
    }
}

async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // Resolving a promise does not fail.
                let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
            },
            PAUSE,
        );
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}

impl Deed {
    async fn perform(&self, team: &str) -> Result<i32> {
        let team = team.to_owned();
        match self.clone() {
            Self::Create {
                board,
                column,
                id,
                title,
            } => {
                let (board, column) = (board.to_string(), column.to_string());
                return create_task(team, board, column, id.to_string(), title).await;
            }
            Self::Move {
                task,
                column,
                place,
            } => move_task(team, task.key()?, column.to_string(), place).await?,
            Self::Claim { task } => claim_task(team, task.key()?).await?,
            Self::Assign { task, from, to } => {
                remark(reassign(&team, &task.key()?, from, to).await?);
            }
            Self::Edit {
                task,
                version,
                fields,
            } => {
                let field = |name: &str| Given(fields.get(name).map(|(_, typed)| typed.clone()));
                let saved = edit_task(
                    team,
                    task.key()?,
                    version.to_string(),
                    field("title"),
                    field("description"),
                    field("assignee"),
                    field("column"),
                    field("due_on"),
                    field("priority"),
                    field("labels"),
                );
                remark(saved.await?);
            }
            Self::Comment { task, id, body } => {
                add_comment(team, task.key()?, id.to_string(), body).await?;
            }
        }
        Ok(0)
    }

    /// What it is, for whoever did it some time ago.
    fn words(&self) -> (String, Option<String>) {
        let of = |task: &TaskRef, what: &str| match task.key() {
            Ok(key) => (format!("{key} was not {what}."), Some(key)),
            Err(_) => (format!("A task was not {what}."), None),
        };
        match self {
            Self::Create { title, .. } => (format!("“{title}” was not added."), None),
            Self::Move { task, .. } => of(task, "moved"),
            Self::Claim { task } => of(task, "claimed"),
            Self::Assign { task, .. } => of(task, "given away"),
            Self::Edit { task, .. } => of(task, "saved"),
            Self::Comment { task, .. } => of(task, "commented on"),
        }
    }
}

/// Lets what the server remarked on be said beside the success.
fn remark(words: Option<String>) {
    let announcer = OUTBOX.with_borrow(|outbox| outbox.as_ref().map(|outbox| outbox.announcer));
    if let (Some(announcer), Some(words)) = (announcer, words) {
        announcer.remark(words);
    }
}

impl TaskRef {
    /// The task's key, such as `WEB-12`.
    ///
    /// # Errors
    /// 404 when it has none, because it could not be added.
    pub fn key(&self) -> Result<String> {
        let given = || {
            OUTBOX.with_borrow(|outbox| {
                let outbox = outbox.as_ref()?;
                outbox.numbers.get(&self.id).copied()
            })
        };
        let number = Some(self.number)
            .filter(|number| *number > 0)
            .or_else(given);
        number
            .map(|number| format!("{}-{number}", self.board))
            .ok_or_else(Error::not_found)
    }
}

impl Outbox {
    /// Writes down what is not sent.
    fn keep(&self) {
        kept::keep(&self.place, self.waiting.iter().map(|(deed, _)| deed));
        self.count();
    }

    fn count(&self) {
        // The frame of the page may just be gone.
        let _ = self.live.unsent.try_set(self.waiting.len());
    }
}

/// Sends what tabs that are closed could not send.
fn take_over_what_is_left(me: PersonId, team: &str) {
    let own = OUTBOX.with_borrow(|outbox| {
        let outbox = outbox.as_ref();
        outbox
            .map(|outbox| outbox.place.clone())
            .unwrap_or_default()
    });
    // A tab that is open holds the lock of its place.
    with_lock(&own, || {});
    for place in kept::places(me, team) {
        with_lock(&place.clone(), move || {
            for deed in kept::take(&place) {
                push(deed, None);
            }
        });
    }
}

/// Says what became of a deed of an earlier page.
fn report(deed: &Deed, answer: Result<i32>) {
    let outbox = OUTBOX.with_borrow(|outbox| {
        let outbox = outbox.as_ref()?;
        Some((outbox.announcer, outbox.team.clone(), outbox.me))
    });
    let Some((announcer, team, me)) = outbox else {
        return;
    };
    let Err(error) = answer else {
        return announcer.success("What was not sent yet is sent now.");
    };
    let (words, key) = deed.words();
    // What was typed waits in the fields of the task, beside what others wrote.
    if let (Deed::Edit { fields, .. }, Some(key)) = (deed, &key) {
        let known = |name: &String| FIELDS.into_iter().find(|field| field == name);
        let (base, typed) = fields
            .iter()
            .filter_map(|(name, (before, typed))| {
                let name = known(name)?;
                Some(((name, before.clone()), (name, typed.clone())))
            })
            .unzip();
        draft::keep(&draft::place(me, &team, key), &base, &typed);
    }
    let text = format!("{words} {}", error.message);
    match key {
        Some(key) => announcer.failure_at(text, format!("/teams/{team}/tasks/{key}"), "Open it"),
        None => announcer.failure(text),
    }
}

/// Whether a person may sign out: nothing waits to be sent, or it may be dropped. Asks if it has to.
pub fn may_drop_unsent(me: Option<PersonId>) -> bool {
    let places = kept::places_of(me);
    let count: usize = places.iter().map(|place| kept::read(place).len()).sum();
    if count == 0 {
        return true;
    }
    let what = match count {
        1 => "One change was not sent yet.".to_owned(),
        count => format!("{count} changes were not sent yet."),
    };
    let may = window()
        .confirm_with_message(&format!("{what} Sign out and lose what was not sent?"))
        .unwrap_or(false);
    if may {
        for place in places {
            kept::take(&place);
        }
    }
    may
}
