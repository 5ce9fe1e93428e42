//! Two months of work, made up: who does what when. The same seed gives the same months.

use rand::Rng;
use time::{Date, Duration, OffsetDateTime};

use super::story::{
    BOARDS, COMMENTS, DELETED, Decided, FIRST_BOARD_ENDS, FIRST_TASKS, HYPOTHESES, MORNING,
};
use crate::tasks::model::Priority;

/// How many of the story's people do the work; the last one only watches.
const WORKERS: usize = 7;

/// This part of a board's tasks is done; the others stand as the morning has them.
const DONE: f64 = 0.74;

/// The place of the board that the team began with: behind those of the story.
const FIRST_BOARD: usize = BOARDS.len();

/// A box of a description that nobody has ticked.
pub const OPEN_BOX: &str = "- [ ]";

/// One deed of one person.
pub struct Step {
    pub at: OffsetDateTime,
    pub person: usize,
    pub board: usize,
    /// Of the task on its board; 0 where the deed is about the board itself, or about none.
    pub number: i32,
    pub deed: Deed,
}

pub enum Deed {
    Create {
        title: &'static str,
    },
    Describe {
        description: &'static str,
        due_on: Option<Date>,
        priority: Option<Priority>,
        label: Option<&'static str>,
        assignee: Option<usize>,
    },
    Claim,
    /// Moved into progress without anybody holding it.
    Start,
    /// Every box of the description is ticked.
    Tick {
        description: &'static str,
    },
    Finish,
    Comment {
        text: &'static str,
    },
    Delete,
    /// The board is put away.
    Archive,
    /// A hypothesis is written down: the one at this place among [`HYPOTHESES`].
    Suppose {
        place: usize,
    },
    /// It is decided.
    Decide {
        place: usize,
        decided: &'static Decided,
    },
}

/// Every deed, in order.
pub fn plan(random: &mut impl Rng, start: OffsetDateTime, now: OffsetDateTime) -> Vec<Step> {
    let mut steps = Vec::new();
    for (board, story) in BOARDS.iter().enumerate() {
        let tasks = story.tasks;
        for (index, &(title, description)) in tasks.iter().enumerate() {
            let place = index as f64 / tasks.len() as f64;
            Task {
                board,
                number: index as i32 + 1,
                title,
                description,
                place,
                created: start + (now - start) * created_at(place),
            }
            .plan(random, now, &mut steps);
        }
    }
    begin(start, &mut steps);
    learn(now, &mut steps);
    steps.sort_by_key(|step| (step.at, step.board, step.number));
    steps
}

/// The team's first days, on the board that it began with. Nothing in them is left to chance.
fn begin(start: OffsetDateTime, steps: &mut Vec<Step>) {
    for (task, number) in FIRST_TASKS.iter().zip(1..) {
        let mut add = |at: Duration, person, deed| {
            steps.push(Step {
                at: start + at,
                person,
                board: FIRST_BOARD,
                number,
                deed,
            });
        };
        let written = Duration::hours(task.written);
        let finished = Duration::hours(task.finished);
        add(written, task.author, Deed::Create { title: task.title });
        add(
            written + Duration::minutes(4),
            task.author,
            Deed::Describe {
                description: task.description,
                due_on: task.due.map(|days| (start + Duration::days(days)).date()),
                priority: None,
                label: None,
                assignee: None,
            },
        );
        add(Duration::hours(task.taken), task.worker, Deed::Claim);
        if let Some(tick) = tick(task.description) {
            add(finished - Duration::minutes(5), task.worker, tick);
        }
        add(finished, task.worker, Deed::Finish);
    }
    steps.push(Step {
        at: start + Duration::hours(FIRST_BOARD_ENDS),
        person: 0,
        board: FIRST_BOARD,
        number: 0,
        deed: Deed::Archive,
    });
}

/// What was expected of a change, and what was decided about it.
fn learn(now: OffsetDateTime, steps: &mut Vec<Step>) {
    for (place, hypothesis) in HYPOTHESES.iter().enumerate() {
        let mut add = |days_ago, deed| {
            steps.push(Step {
                at: now - Duration::days(days_ago),
                person: 0,
                board: 0,
                number: 0,
                deed,
            });
        };
        add(hypothesis.days_ago, Deed::Suppose { place });
        if let Some(decided) = &hypothesis.decided {
            add(decided.days_ago, Deed::Decide { place, decided });
        }
    }
}

/// When the task at a place among its board's tasks was created, as a part of the whole time. What is done was
/// written down in time to be finished.
fn created_at(place: f64) -> f64 {
    if place < DONE {
        0.02 + 1.13 * place
    } else {
        0.02 + 1.13 * DONE + 0.5 * (place - DONE)
    }
}

struct Task {
    board: usize,
    number: i32,
    title: &'static str,
    description: &'static str,
    /// Where it stands among its board's tasks: 0 is the oldest, 1 the newest.
    place: f64,
    created: OffsetDateTime,
}

impl Task {
    fn plan(&self, random: &mut impl Rng, now: OffsetDateTime, steps: &mut Vec<Step>) {
        let latest = now - Duration::minutes(30);
        let mut add = |at: OffsetDateTime, person, deed| {
            steps.push(Step {
                at: at.min(latest),
                person,
                board: self.board,
                number: self.number,
                deed,
            });
        };
        let author = random.random_range(0..WORKERS);
        let is_done = self.place < DONE;
        let standing = MORNING
            .iter()
            .find(|standing| !is_done && standing.task == (self.board, self.number));
        add(self.created, author, Deed::Create { title: self.title });

        let labels = BOARDS[self.board].labels;
        let due_on = if is_done {
            let due_in = random.random_range(3..14);
            random
                .random_bool(0.6)
                .then(|| (self.created + Duration::days(due_in)).date())
        } else {
            let due_in = standing.and_then(|standing| standing.due);
            due_in.map(|days| (now + Duration::days(days)).date())
        };
        let waits_for = standing.filter(|standing| standing.begun.is_none());
        add(
            self.created + Duration::minutes(4),
            author,
            Deed::Describe {
                description: self.description,
                due_on,
                priority: random.random_bool(0.2).then(|| {
                    [Priority::Low, Priority::High, Priority::Urgent][random.random_range(0..3)]
                }),
                label: Some(labels[random.random_range(0..labels.len())]),
                assignee: waits_for.and_then(|standing| standing.holder),
            },
        );
        if random.random_bool(0.5) {
            let at = self.created + Duration::hours(random.random_range(2..20));
            add(at, random.random_range(0..WORKERS), comment(random));
        }
        if is_done {
            self.finish(random, add);
            return;
        }
        if let Some((standing, hours)) = standing.zip(standing.and_then(|it| it.begun)) {
            let begun = (now - Duration::hours(hours)).max(self.created + Duration::hours(1));
            match standing.holder {
                Some(holder) => add(begun, holder, Deed::Claim),
                None => add(begun, author, Deed::Start),
            }
        }
        let deleted = DELETED
            .iter()
            .find(|deleted| deleted.task == (self.board, self.number));
        if let Some(deleted) = deleted {
            let at = now - Duration::hours(deleted.hours_ago);
            let reason = Deed::Comment {
                text: deleted.reason,
            };
            add(at - Duration::minutes(3), deleted.person, reason);
            add(at, deleted.person, Deed::Delete);
        }
    }

    fn finish(&self, random: &mut impl Rng, mut add: impl FnMut(OffsetDateTime, usize, Deed)) {
        let worker = random.random_range(0..WORKERS);
        let begun = self.created + Duration::hours(random.random_range(6..80));
        let took = Duration::hours(random.random_range(4..110));
        add(begun, worker, Deed::Claim);
        if random.random_bool(0.4) {
            add(
                begun + took / 2,
                random.random_range(0..WORKERS),
                comment(random),
            );
        }
        if let Some(tick) = tick(self.description) {
            add(begun + took - Duration::minutes(5), worker, tick);
        }
        add(begun + took, worker, Deed::Finish);
    }
}

/// What is done with the boxes of a description before its task is finished, if it has any.
fn tick(description: &'static str) -> Option<Deed> {
    description
        .contains(OPEN_BOX)
        .then_some(Deed::Tick { description })
}

fn comment(random: &mut impl Rng) -> Deed {
    Deed::Comment {
        text: COMMENTS[random.random_range(0..COMMENTS.len())],
    }
}
