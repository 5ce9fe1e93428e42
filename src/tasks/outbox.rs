//! What is asked of the server goes out one deed after another, in the order in which it was done: two
//! quick moves of a card end at the second place, and tasks stand as they were typed.
//!
//! A deed stays in the queue, and in the browser's own storage, until the server has taken or refused it. So
//! it outlives the page: the next page of the same person sends it. It carries its ids and versions, so that
//! sending it twice does it once, and what others did meanwhile is a conflict and not overwritten. It is
//! asked for in the name of whoever did it, and nobody else's session can do it.

mod deed;
mod kept;
mod pace;
mod stranded;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, VecDeque},
    rc::Rc,
    time::Duration,
};

use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

pub use self::{
    deed::{Deed, Fields, TaskRef},
    stranded::{StrandedFor, StrandedHere},
};
use super::task_page::draft;
use crate::{
    error::{Code, Error, Result},
    ids::{CommentId, PersonId, TaskId},
    live::{
        coalesced::pause,
        listener::{Live, silence},
        tabs::{at_window, with_lock},
    },
    people::{model::TeamView, shell::load_team},
    ui::{
        announce::{Announcer, use_announcer},
        storage::Storage,
    },
};

/// The feed is heard when it was silent for less than this, in milliseconds.
const HEARD: f64 = 3_000.0;
/// An answer that takes longer than this is one that is waited for.
const SLOW: Duration = Duration::from_secs(3);

/// What is to be done with the answer, which is what [`Deed::perform`] gives.
type Answered = Box<dyn FnOnce(Result<i32>)>;
/// What the open page of a task does with the answer to an edit, whichever page has sent it.
type Attending = Rc<dyn Fn(Fields, Result<()>)>;

/// What this tab has not sent yet, for whoever shows it.
#[derive(Clone, Copy)]
pub struct Unsent(RwSignal<Vec<Deed>>);

struct Outbox {
    team: String,
    me: PersonId,
    /// Where this tab keeps what is not sent.
    place: String,
    live: Live,
    unsent: Unsent,
    announcer: Announcer,
    waiting: VecDeque<Waiting>,
    is_running: bool,
    /// Whether what waits is in the browser's storage.
    is_kept: bool,
    next_ticket: u64,
    numbers: HashMap<TaskId, i32>,
}

struct Waiting {
    /// Tells one from another in this tab.
    ticket: u64,
    deed: Deed,
    answered: Option<Answered>,
}

thread_local! {
    static OUTBOX: RefCell<Option<Outbox>> = const { RefCell::new(None) };
    static ATTENDING: RefCell<Vec<(TaskId, Attending)>> = const { RefCell::new(Vec::new()) };
}

impl Unsent {
    /// Whether something waits for a task.
    pub fn concerns(self, task: TaskId) -> bool {
        self.0
            .with(|deeds| deeds.iter().any(|deed| deed.concerns(task)))
    }

    /// What the fields of a task come to with the edits that wait.
    pub fn edited(self, task: TaskId) -> BTreeMap<String, String> {
        self.0.with(|deeds| deed::edited(deeds, task))
    }

    /// The comments on a task.
    pub fn comments(self, task: TaskId) -> Vec<(CommentId, String)> {
        self.0.with(|deeds| {
            let comments = deeds.iter().filter_map(|deed| match deed {
                Deed::Comment {
                    task: other,
                    id,
                    body,
                } if other.id == task => Some((*id, body.clone())),
                _ => None,
            });
            comments.collect()
        })
    }

    pub fn all(self) -> Vec<Deed> {
        self.0.get()
    }
}

/// What this tab has not sent yet.
pub fn use_unsent() -> Unsent {
    expect_context()
}

/// Begins to send for the page's team, with what earlier pages could not send.
pub fn start(team: &TeamView, live: Live) {
    let announcer = use_announcer();
    let unsent = Unsent(RwSignal::new(Vec::new()));
    provide_context(unsent);
    let (slug, me) = (team.slug.clone(), team.me.id);
    Effect::new(move |_| {
        let is_new = OUTBOX.with_borrow_mut(|outbox| match outbox {
            Some(outbox) => {
                outbox.live = live;
                outbox.unsent = unsent;
                false
            }
            None => {
                *outbox = Some(Outbox {
                    place: kept::place(me, &slug, Uuid::now_v7()),
                    team: slug.clone(),
                    me,
                    live,
                    unsent,
                    announcer,
                    waiting: VecDeque::new(),
                    is_running: false,
                    is_kept: true,
                    next_ticket: 0,
                    numbers: HashMap::new(),
                });
                true
            }
        });
        if is_new {
            at_window("storage", drop_what_another_tab_has_dropped);
            take_over_what_is_left(me, &slug);
        } else {
            show();
        }
    });
}

/// Sends a deed when all before it are answered.
pub fn send(deed: Deed, answered: impl FnOnce(Result<i32>) + 'static) {
    push(deed, Some(Box::new(answered)));
}

/// Sends an edit when all before it are answered. The answer goes to the page of the task that is open
/// then, and otherwise is said.
pub fn send_edit(deed: Deed) {
    push(deed, None);
}

/// Takes the answers to the edits of a task, for as long as the page that says so stands. To be called from
/// an effect.
pub fn attend(task: TaskId, answered: impl Fn(Fields, Result<()>) + 'static) {
    let answered: Attending = Rc::new(answered);
    ATTENDING.with_borrow_mut(|attending| attending.push((task, answered.clone())));
    // It is made and dropped in the browser's one thread.
    let answered = send_wrapper::SendWrapper::new(answered);
    on_cleanup(move || {
        ATTENDING.with_borrow_mut(|attending| {
            attending.retain(|(_, other)| !Rc::ptr_eq(other, &answered));
        });
    });
}

fn push(mut deed: Deed, answered: Option<Answered>) {
    let begin = OUTBOX.with_borrow_mut(|outbox| {
        let outbox = outbox.as_mut()?;
        for (task, number) in &outbox.numbers {
            deed.number(*task, *number);
        }
        outbox.next_ticket += 1;
        outbox.waiting.push_back(Waiting {
            ticket: outbox.next_ticket,
            deed,
            answered,
        });
        outbox.keep();
        Some(!std::mem::replace(&mut outbox.is_running, true))
    });
    show();
    if begin == Some(true) {
        spawn_local(async { while deliver_next().await {} });
    }
}

/// Sends the first deed and says whether there are more.
async fn deliver_next() -> bool {
    let next = OUTBOX.with_borrow_mut(|outbox| {
        let outbox = outbox.as_mut()?;
        outbox.is_running = !outbox.waiting.is_empty();
        let first = outbox.waiting.front()?;
        Some((
            first.ticket,
            first.deed.clone(),
            outbox.team.clone(),
            outbox.me,
        ))
    });
    let Some((ticket, deed, team, me)) = next else {
        return false;
    };
    let Some(answer) = deliver(ticket, &deed, &team, me).await else {
        return true;
    };
    let done = OUTBOX.with_borrow_mut(|outbox| {
        let outbox = outbox.as_mut()?;
        let first = outbox.waiting.front()?;
        if first.ticket != ticket {
            return None;
        }
        let done = outbox.waiting.pop_front();
        if let (Deed::Create { id, .. }, Ok(number)) = (&deed, &answer) {
            outbox.numbers.insert(*id, *number);
            // What is still to be done with the task outlives this page with its number.
            for waiting in &mut outbox.waiting {
                waiting.deed.number(*id, *number);
            }
        }
        outbox.keep();
        done
    });
    hold(None);
    show();
    match done {
        Some(Waiting {
            answered: Some(answered),
            ..
        }) => answered(answer),
        Some(Waiting { deed, .. }) => settle(deed, answer),
        None => {}
    }
    true
}

/// Sends a deed until the server has answered, or nobody wants it any more.
async fn deliver(ticket: u64, deed: &Deed, team: &str, me: PersonId) -> Option<Result<i32>> {
    for attempt in 1.. {
        set_timeout(move || say_if_slow(ticket, attempt), SLOW);
        let answer = ask(deed, team, me).await;
        if !is_first(ticket) {
            return None;
        }
        let Err(error) = answer else {
            return Some(answer);
        };
        let Some(time) = pace::pause(&error, attempt, silence() < HEARD) else {
            return Some(Err(error));
        };
        hold(Some(error));
        pause(time).await;
        if !is_first(ticket) {
            return None;
        }
    }
    None
}

/// Asks once. Whoever is not in the team any more keeps what they did, for the case that they come back.
async fn ask(deed: &Deed, team: &str, me: PersonId) -> Result<i32> {
    let refused = match deed.perform(team, me).await {
        Err(error) if error.code == Code::NotFound => error,
        answer => return answer,
    };
    match load_team(team.to_owned()).await {
        Ok(_) => Err(refused),
        Err(error) if error.code == Code::NotFound => Err(Error::new(
            Code::Unauthenticated,
            "You are not in this team any more.",
        )),
        Err(error) => Err(error),
    }
}

fn is_first(ticket: u64) -> bool {
    OUTBOX.with_borrow(|outbox| {
        let first = outbox.as_ref().and_then(|outbox| outbox.waiting.front());
        first.is_some_and(|first| first.ticket == ticket)
    })
}

/// Says that an answer takes its time, unless it has come.
fn say_if_slow(ticket: u64, attempt: u32) {
    if attempt == 1 && is_first(ticket) {
        hold(Some(Error::new(
            Code::Unreachable,
            "The server does not answer yet.",
        )));
    }
}

/// Says why what waits is not sent, or that nothing is in its way.
fn hold(why: Option<Error>) {
    let live = OUTBOX.with_borrow(|outbox| outbox.as_ref().map(|outbox| outbox.live));
    if let Some(live) = live {
        // The frame of the page may just be gone.
        let _ = live.held.try_set(why);
    }
}

/// Shows what waits.
fn show() {
    let now = OUTBOX.with_borrow(|outbox| {
        let outbox = outbox.as_ref()?;
        let deeds: Vec<_> = outbox
            .waiting
            .iter()
            .map(|waiting| waiting.deed.clone())
            .collect();
        Some((outbox.live, outbox.unsent, deeds))
    });
    if let Some((live, unsent, deeds)) = now {
        // The frame of the page may just be gone.
        let _ = live.unsent.try_set(deeds.len());
        let _ = unsent.0.try_set(deeds);
    }
}

impl Outbox {
    /// Writes down what is not sent.
    fn keep(&mut self) {
        let deeds = self.waiting.iter().map(|waiting| &waiting.deed);
        let was_kept = std::mem::replace(&mut self.is_kept, kept::keep(&self.place, deeds));
        if was_kept && !self.is_kept && !self.waiting.is_empty() {
            self.announcer.failure(
                "This browser has no room left for what is not sent yet. Leave this page open until it is sent.",
            );
        }
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
        with_lock(&place.clone(), move || take_over(&place));
    }
}

/// Lets what the server remarked on be said beside the success.
fn remark(words: Option<String>) {
    let announcer = OUTBOX.with_borrow(|outbox| outbox.as_ref().map(|outbox| outbox.announcer));
    if let (Some(announcer), Some(words)) = (announcer, words) {
        announcer.remark(words);
    }
}

/// Takes over a list. It is in this tab's own before it is dropped: sending twice is better than not at all.
fn take_over(place: &str) {
    let (deeds, unreadable) = kept::read(place);
    for deed in deeds {
        push(deed, None);
    }
    kept::leave(place, &unreadable);
    let announcer = OUTBOX.with_borrow(|outbox| outbox.as_ref().map(|outbox| outbox.announcer));
    if let (Some(announcer), false) = (announcer, unreadable.is_empty()) {
        let words = match unreadable.len() {
            1 => "One change that this browser kept cannot be read by this release, and is not sent. It stays kept."
                .to_owned(),
            count => format!(
                "{count} changes that this browser kept cannot be read by this release, and are not sent. They stay kept."
            ),
        };
        announcer.late_failure(words, None);
    }
}

/// What was dropped at signing out is dropped in every tab.
fn drop_what_another_tab_has_dropped() {
    let is_dropped = OUTBOX.with_borrow(|outbox| {
        outbox.as_ref().is_some_and(|outbox| {
            !outbox.waiting.is_empty() && outbox.is_kept && !kept::is_kept(&outbox.place)
        })
    });
    if is_dropped {
        drop_all();
    }
}

fn drop_all() {
    OUTBOX.with_borrow_mut(|outbox| {
        if let Some(outbox) = outbox {
            outbox.waiting.clear();
            outbox.keep();
        }
    });
    hold(None);
    show();
}

/// Gives an answer that no page has asked for itself to the page that it concerns, or says it.
fn settle(deed: Deed, answer: Result<i32>) {
    let Deed::Edit { task, fields, .. } = &deed else {
        return report(&deed, answer);
    };
    let attending = ATTENDING.with_borrow(|attending| {
        let mut found = attending.iter().filter(|(open, _)| *open == task.id);
        found.next().map(|(_, attending)| attending.clone())
    });
    match attending {
        Some(attending) => attending(fields.clone(), answer.map(drop)),
        None => report(&deed, answer),
    }
}

/// Says what became of a deed whose page is gone.
fn report(deed: &Deed, answer: Result<i32>) {
    let outbox = OUTBOX.with_borrow(|outbox| {
        let outbox = outbox.as_ref()?;
        Some((outbox.announcer, outbox.team.clone(), outbox.me))
    });
    let Some((announcer, team, me)) = outbox else {
        return;
    };
    let (words, key) = deed.refusal();
    let draft = |key: &String| draft::place(me, &team, key);
    let error = match (answer, deed, &key) {
        (Ok(_), Deed::Edit { fields, .. }, Some(key)) => {
            draft::forget(&draft(key), fields);
            return announcer.late_success(format!("{key} saved."));
        }
        (Ok(_), ..) => return announcer.late_success("What was not sent yet is sent now."),
        (Err(error), ..) => error,
    };
    // What was typed waits in the fields of the task, beside what others wrote.
    match (deed, &key) {
        (Deed::Edit { fields, .. }, Some(key)) => draft::add(&draft(key), fields),
        (Deed::Comment { body, .. }, Some(key)) => leave_comment(&draft(key), body),
        _ => {}
    }
    let text = format!("{words} {}", error.message);
    let link = key.map(|key| (format!("/teams/{team}/tasks/{key}"), "Open it"));
    announcer.late_failure(text, link);
}

/// Puts a comment that was refused before what was typed since then.
fn leave_comment(draft: &str, body: &str) {
    let place = draft::comment_place(draft, None);
    let both = match Storage::Tab.read(&place) {
        Some(since) => format!("{body}\n\n{since}"),
        None => body.to_owned(),
    };
    Storage::Tab.keep(&place, &both);
}

/// Says that a comment was refused whose page is gone, and keeps it for the next one.
pub fn report_comment(deed: &Deed, error: Error) {
    report(deed, Err(error));
}

/// Whether a person may sign out: nothing waits to be sent, or it may be dropped. Asks if it has to.
pub fn may_drop_unsent(me: PersonId) -> bool {
    let places = kept::places_of(me);
    let count: usize = places
        .iter()
        .map(|place| {
            let (deeds, unreadable) = kept::read(place);
            deeds.len() + unreadable.len()
        })
        .sum();
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
            kept::drop_list(&place);
        }
        drop_all();
    }
    may
}
