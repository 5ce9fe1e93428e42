//! Two months of work, made up: who does what when. The same seed gives the same months.

use rand::Rng;
use time::{Date, Duration, OffsetDateTime};

use super::story::{BOARDS, COMMENTS};
use crate::tasks::model::Priority;

/// How many of the story's people do the work; the last one only watches.
const WORKERS: usize = 7;

/// One deed of one person.
pub struct Step {
    pub at: OffsetDateTime,
    pub person: usize,
    pub board: usize,
    pub number: i32,
    pub deed: Deed,
}

pub enum Deed {
    Create {
        title: &'static str,
    },
    Describe {
        due_on: Option<Date>,
        priority: Option<Priority>,
        label: Option<&'static str>,
        assignee: Option<usize>,
    },
    Claim,
    /// Moved into progress without anybody holding it.
    Start,
    Finish,
    Comment {
        text: &'static str,
    },
}

/// Every deed, in order.
pub fn plan(random: &mut impl Rng, start: OffsetDateTime, now: OffsetDateTime) -> Vec<Step> {
    let mut steps = Vec::new();
    for (board, story) in BOARDS.iter().enumerate() {
        let titles = story.titles;
        for (index, title) in titles.iter().enumerate() {
            let place = index as f64 / titles.len() as f64;
            Task {
                board,
                number: index as i32 + 1,
                title,
                place,
                created: start + (now - start) * (0.02 + 0.95 * place),
            }
            .plan(random, now, &mut steps);
        }
    }
    steps.sort_by_key(|step| (step.at, step.board, step.number));
    steps
}

struct Task {
    board: usize,
    number: i32,
    title: &'static str,
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
        let worker = random.random_range(0..WORKERS);
        let (is_done, is_doing) = (self.place < 0.74, (0.74..0.86).contains(&self.place));
        add(self.created, author, Deed::Create { title: self.title });

        let labels = BOARDS[self.board].labels;
        let due_in = if is_done {
            random.random_range(3..14)
        } else {
            (now - self.created).whole_days() + random.random_range(-3..12)
        };
        add(
            self.created + Duration::minutes(4),
            author,
            Deed::Describe {
                due_on: random
                    .random_bool(0.6)
                    .then(|| (self.created + Duration::days(due_in)).date()),
                priority: random.random_bool(0.2).then(|| {
                    [Priority::Low, Priority::High, Priority::Urgent][random.random_range(0..3)]
                }),
                label: Some(labels[random.random_range(0..labels.len())]),
                assignee: (!is_done && !is_doing && random.random_bool(0.4)).then_some(worker),
            },
        );
        if random.random_bool(0.5) {
            let at = self.created + Duration::hours(random.random_range(2..20));
            add(at, random.random_range(0..WORKERS), comment(random));
        }
        if !(is_done || is_doing) {
            return;
        }
        let begun = if is_done {
            self.created + Duration::hours(random.random_range(6..80))
        } else {
            now - Duration::hours(random.random_range(3..190))
        };
        let begun = begun.max(self.created + Duration::hours(1));
        let nobody = is_doing && random.random_bool(0.15);
        add(
            begun,
            worker,
            if nobody { Deed::Start } else { Deed::Claim },
        );
        if !is_done {
            return;
        }
        let took = Duration::hours(random.random_range(4..110));
        if random.random_bool(0.4) {
            add(
                begun + took / 2,
                random.random_range(0..WORKERS),
                comment(random),
            );
        }
        add(begun + took, worker, Deed::Finish);
    }
}

fn comment(random: &mut impl Rng) -> Deed {
    Deed::Comment {
        text: COMMENTS[random.random_range(0..COMMENTS.len())],
    }
}
