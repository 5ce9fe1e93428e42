//! Who the demo team is and what it works on.

mod mobile_app;
mod platform;
mod website;

use crate::{hypotheses::model::Verdict, insights::metric::Metric};

/// The people of the team: name, e-mail address, and whether they only watch.
pub const PEOPLE: [(&str, &str, bool); 8] = [
    ("Ana Silva", "ana@example.org", false),
    ("Ben Okafor", "ben@example.org", false),
    ("Chloé Martin", "chloe@example.org", false),
    ("Dmitri Volkov", "dmitri@example.org", false),
    ("Emi Tanaka", "emi@example.org", false),
    ("Farid Haddad", "farid@example.org", false),
    ("Greta Lindqvist", "greta@example.org", false),
    ("Hugo Weiss", "hugo@example.org", true),
];

/// What somebody said about working with the product.
pub struct Said {
    /// Their place among [`PEOPLE`].
    pub person: usize,
    pub days_ago: u64,
    /// Below the address of the team.
    pub page: &'static str,
    pub most_useful: &'static str,
    pub in_the_way: &'static str,
    pub missing: &'static str,
    /// What the owner filed it under, if anything.
    pub tag: &'static str,
}

/// What was said, oldest first.
pub const FEEDBACK: [Said; 5] = [
    Said {
        person: 1,
        days_ago: 43,
        page: "/boards/WEB",
        most_useful: "Claiming a task and knowing that nobody else starts it.",
        in_the_way: "",
        missing: "Moving a card with the mouse.",
        tag: "board",
    },
    Said {
        person: 7,
        days_ago: 31,
        page: "",
        most_useful: "One look in the morning and I know who is on what.",
        in_the_way: "",
        missing: "",
        tag: "",
    },
    Said {
        person: 4,
        days_ago: 20,
        page: "/search",
        most_useful: "",
        in_the_way: "I search for a customer's name and have to open each task to see which one it was.",
        missing: "",
        tag: "search",
    },
    Said {
        person: 2,
        days_ago: 12,
        page: "/mine",
        most_useful: "The mail at nine.",
        in_the_way: "Ten clicks to give a due date to ten tasks.",
        missing: "A due date for many tasks at once.",
        tag: "due dates",
    },
    Said {
        person: 5,
        days_ago: 3,
        page: "/boards/MOB",
        most_useful: "It tells me that the task is there already before I type it again.",
        in_the_way: "",
        missing: "Files. We keep the drawings somewhere else.",
        tag: "files",
    },
];

/// What was expected of a change in how the team works.
pub struct Hypothesis {
    pub if_we: &'static str,
    pub then_it: &'static str,
    pub because: &'static str,
    pub metric: Metric,
    /// As it was typed, in the unit of the metric.
    pub target: &'static str,
    /// So many days ago it was written down, and the day after it began.
    pub days_ago: i64,
    /// So many days it lasts.
    pub days: i64,
    pub decided: Option<Decided>,
}

/// What was decided when a hypothesis had ended.
pub struct Decided {
    pub days_ago: i64,
    pub verdict: Verdict,
    pub reason: &'static str,
}

/// What was expected, oldest first. One is decided, and the other one runs.
pub static HYPOTHESES: [Hypothesis; 2] = [
    Hypothesis {
        if_we: "give a task a due date only when somebody waits for it",
        then_it: "three of four due dates are kept",
        because: "dates that nobody waits for teach us to overlook the others",
        metric: Metric::DueKept,
        target: "75",
        days_ago: 51,
        days: 28,
        decided: Some(Decided {
            days_ago: 21,
            verdict: Verdict::Persevere,
            reason: "A date means something again: somebody waits for it. We keep it so.\n\n\
                     Next we look at how long a task lies in progress.",
        }),
    },
    Hypothesis {
        if_we: "split every task that would take longer than two days",
        then_it: "half of what is begun is done within two days",
        because: "a small task is looked at on the day on which it is ready",
        metric: Metric::StartedToDone,
        target: "2",
        days_ago: 20,
        days: 28,
        decided: None,
    },
];

/// A board and what is on it.
pub struct Board {
    pub key: &'static str,
    pub name: &'static str,
    /// What most of its tasks are labelled with.
    pub labels: &'static [&'static str],
    /// The titles of its tasks, oldest first, each with its description in Markdown: empty where the title says
    /// it all. A box that is open in a task that gets done is ticked on the way.
    pub tasks: &'static [(&'static str, &'static str)],
}

pub const BOARDS: [Board; 3] = [website::BOARD, platform::BOARD, mobile_app::BOARD];

/// A task on the board that the team began with.
pub struct FirstTask {
    pub title: &'static str,
    pub description: &'static str,
    /// Their place among [`PEOPLE`].
    pub author: usize,
    pub worker: usize,
    /// So many hours after the team began it was written down, taken and finished.
    pub written: i64,
    pub taken: i64,
    pub finished: i64,
    /// Due so many days after the team began.
    pub due: Option<i64>,
}

/// What was done on the board that the team began with, oldest first.
pub const FIRST_TASKS: [FirstTask; 5] = [
    FirstTask {
        title: "Copy what is on the whiteboard into tasks",
        description: "A title for each note is enough. Whoever wrote the note can say more later.",
        author: 0,
        worker: 1,
        written: 2,
        taken: 3,
        finished: 26,
        due: None,
    },
    FirstTask {
        title: "Agree when a task counts as done",
        description: "My proposal:\n\n\
             - [ ] it is where customers have it, not on a branch\n\
             - [ ] somebody else has looked at it\n\
             - [ ] whoever asked for it knows",
        author: 1,
        worker: 2,
        written: 5,
        taken: 30,
        finished: 75,
        due: Some(4),
    },
    FirstTask {
        title: "Sort the tasks into three boards",
        description: "Website, platform, mobile app. What fits nowhere stays here until it is done.",
        author: 0,
        worker: 0,
        written: 28,
        taken: 50,
        finished: 120,
        due: None,
    },
    FirstTask {
        title: "Order two phones for testing",
        description: "",
        author: 4,
        worker: 5,
        written: 52,
        taken: 70,
        finished: 260,
        due: Some(11),
    },
    FirstTask {
        title: "Take the whiteboard down",
        description: "",
        author: 3,
        worker: 6,
        written: 122,
        taken: 270,
        finished: 272,
        due: None,
    },
];

/// So many hours after the team began the board that it began with was put away.
pub const FIRST_BOARD_ENDS: i64 = 300;

/// A task that was not needed.
pub struct Deleted {
    /// The place of its board in [`BOARDS`], and its number there.
    pub task: (usize, i32),
    /// The place of whoever deleted it in [`PEOPLE`].
    pub person: usize,
    pub hours_ago: i64,
    /// What they said before.
    pub reason: &'static str,
}

/// Tasks that are open, that nobody has and that nothing else is told of.
pub const DELETED: [Deleted; 3] = [
    Deleted {
        task: (0, 62),
        person: 2,
        hours_ago: 30,
        reason: "First we ask why they leave (WEB-61). If it is the headline, this can come back.",
    },
    Deleted {
        task: (1, 55),
        person: 3,
        hours_ago: 90,
        reason: "Sales typed all 60 in by hand, so nothing is left to import.",
    },
    Deleted {
        task: (2, 63),
        person: 6,
        hours_ago: 20,
        reason: "This is a line of MOB-62 already.",
    },
];

/// How an open task stands this morning. The others wait, and nobody has them.
pub struct Standing {
    /// The place of its board in [`BOARDS`], and its number there.
    pub task: (usize, i32),
    /// The place of its holder in [`PEOPLE`].
    pub holder: Option<usize>,
    /// So many hours ago it was started.
    pub begun: Option<i64>,
    /// Due in so many days.
    pub due: Option<i64>,
}

const fn stands(
    board: usize,
    number: i32,
    holder: Option<usize>,
    begun: Option<i64>,
    due: Option<i64>,
) -> Standing {
    Standing {
        task: (board, number),
        holder,
        begun,
        due,
    }
}

/// A morning on which Now has something to say: Dmitri has too much and Greta nothing, Farid is late, work
/// of Chloé and Ben was forgotten, and some of it is nobody's.
pub const MORNING: [Standing; 22] = [
    stands(0, 51, Some(4), Some(26), Some(4)),
    stands(0, 52, Some(1), Some(175), Some(20)),
    stands(0, 53, Some(3), Some(50), None),
    stands(0, 54, Some(3), Some(30), Some(6)),
    stands(0, 55, Some(5), Some(70), Some(-2)),
    stands(0, 60, None, None, Some(1)),
    stands(0, 61, Some(6), None, Some(12)),
    stands(0, 63, None, None, Some(25)),
    stands(0, 65, Some(0), Some(5), None),
    stands(1, 50, Some(2), Some(170), None),
    stands(1, 51, Some(3), Some(20), None),
    stands(1, 52, None, Some(28), None),
    stands(1, 53, Some(3), Some(7), None),
    stands(1, 54, Some(1), Some(21), Some(6)),
    stands(1, 56, Some(2), None, Some(1)),
    stands(1, 57, Some(0), None, Some(9)),
    stands(1, 62, None, None, Some(18)),
    stands(2, 50, Some(6), None, Some(15)),
    stands(2, 51, Some(5), Some(12), None),
    stands(2, 52, Some(4), None, Some(8)),
    stands(2, 55, Some(1), None, Some(16)),
    stands(2, 58, None, None, None),
];

/// What people say about their tasks.
pub const COMMENTS: [&str; 24] = [
    "I had a look: this is smaller than it sounds. I will start with the part that customers see.",
    "Found the reason. It only happens with an empty list, so there is a test for that now.",
    "Can somebody read the text before it goes out? Two minutes are enough.",
    "Looks good to me.",
    "I would leave this out for now and come back to it when we have the numbers.",
    "Done on staging. Please try it on your own phone.",
    "This needs the decision from Thursday. I will ask again.",
    "Two of three work. The last one waits for an answer from the provider.",
    "Thanks, that helped a lot.",
    "I wrote down what I tried:\n\n- with a new account: works\n- with an old account: **fails** after the second step\n- with an old account and a new session: works",
    "The measurement is in: from 2.4 s down to 0.9 s on the slow phone.",
    "Let us not do this by hand again. I made a task for the script.",
    "Customers asked about this twice this week.",
    "I am on it this afternoon.",
    "Blocked by the certificate. As soon as it is there this takes ten minutes.",
    "Good catch. I had only tested it in the light theme.",
    "The release is one week later, so there is time for this.",
    "Is this still needed? The new page has the same information.",
    "Yes, the old links still lead here.",
    "Split off the second half, it is a topic of its own.",
    "The query was fine, the index was missing.",
    "Tested with keyboard only: everything can be reached now.",
    "Two questions are left: who tells support, and who looks at it on Monday?",
    "Shipped. I will watch the errors until tomorrow.",
];
