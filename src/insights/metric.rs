//! What can be measured over a period: the same list for the figures and for the hypotheses.

use std::str::FromStr;

use crate::error::{Error, Result};

/// One number about how a team works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Of the people who joined: how many did something to a task within 24 hours.
    Activated,
    /// Of the people who joined: how many claimed a task within 7 days.
    FirstClaim,
    /// Of the people who changed something in a week: how many did so in the week after it.
    Returning,
    /// Of the tasks created: how many are finished by the end of the period.
    Finished,
    /// Of the tasks whose due date came: how many were finished by then.
    DueKept,
    /// Days from the creation of a task to its start, of tasks started.
    CreatedToStarted,
    /// Days from the start of a task to its end, of tasks finished.
    StartedToDone,
    /// Days from the creation of a task to its end, of tasks finished.
    CreatedToDone,
    /// Tasks finished a week by each person who finished any in the period.
    FinishedByPerson,
    /// Changes a week by each person who made any in the period.
    ChangesByPerson,
    /// Of the claims that were tried: how many were refused because somebody had the task.
    ClaimsRefused,
    /// Of the warnings of similar tasks that were shown: how many were taken.
    WarningsTaken,
    /// Of the tasks that were at risk and whose due date came: how many were finished by then.
    RisksRescued,
    /// Of the answers to the team's people: how many were no error of the server.
    AnsweredWithoutError,
    /// Of the answers to the team's people: how many were there within 250 milliseconds.
    AnsweredFast,
}

impl Metric {
    pub const ALL: [Self; 15] = [
        Self::Activated,
        Self::FirstClaim,
        Self::Returning,
        Self::Finished,
        Self::DueKept,
        Self::CreatedToStarted,
        Self::StartedToDone,
        Self::CreatedToDone,
        Self::FinishedByPerson,
        Self::ChangesByPerson,
        Self::ClaimsRefused,
        Self::WarningsTaken,
        Self::RisksRescued,
        Self::AnsweredWithoutError,
        Self::AnsweredFast,
    ];

    /// The word for it on the wire and in the tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activated => "activated",
            Self::FirstClaim => "first_claim",
            Self::Returning => "returning",
            Self::Finished => "finished",
            Self::DueKept => "due_kept",
            Self::CreatedToStarted => "created_to_started",
            Self::StartedToDone => "started_to_done",
            Self::CreatedToDone => "created_to_done",
            Self::FinishedByPerson => "finished_by_person",
            Self::ChangesByPerson => "changes_by_person",
            Self::ClaimsRefused => "claims_refused",
            Self::WarningsTaken => "warnings_taken",
            Self::RisksRescued => "risks_rescued",
            Self::AnsweredWithoutError => "answered_without_error",
            Self::AnsweredFast => "answered_fast",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Activated => "New people who touched a task within 24 hours",
            Self::FirstClaim => "New people who claimed a task within a week",
            Self::Returning => "People who came back the week after",
            Self::Finished => "Tasks finished of those created",
            Self::DueKept => "Due dates kept",
            Self::CreatedToStarted => "Days from created to started",
            Self::StartedToDone => "Days from started to done",
            Self::CreatedToDone => "Days from created to done",
            Self::FinishedByPerson => "Tasks finished a week, by person",
            Self::ChangesByPerson => "Changes a week, by person",
            Self::ClaimsRefused => "Claims refused because somebody had the task",
            Self::WarningsTaken => "Similar-task warnings taken",
            Self::RisksRescued => "Tasks at risk that were rescued",
            Self::AnsweredWithoutError => "Answers without an error",
            Self::AnsweredFast => "Answers within 250 ms",
        }
    }

    /// What exactly is counted, in a sentence or two.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Activated => {
                "Of the people who joined and may change something: who did something to a task within 24 hours."
            }
            Self::FirstClaim => {
                "Of the people who joined and may change something: who claimed a task within 7 days."
            }
            Self::Returning => {
                "Of the people who changed something in a whole week: who did so in the week after it, too."
            }
            Self::Finished => {
                "Of the tasks created in the period: those that are done at its end. In a comparison those that somebody of the group holds; what nobody holds is on neither side."
            }
            Self::DueKept => {
                "Of the due dates that came: those whose task was done as the day ended. In a comparison by who holds the task now."
            }
            Self::CreatedToStarted => {
                "The median of the tasks started in the period. In a comparison by who holds the task now."
            }
            Self::StartedToDone => {
                "The median of the tasks finished in the period. In a comparison by who holds the task now."
            }
            Self::CreatedToDone => {
                "The median of the tasks finished in the period, from the day they were written down. In a comparison by who holds the task now."
            }
            Self::FinishedByPerson => {
                "The median of the people who hold any task finished in the period; who finished none is left out. The weeks are those of the whole period, also for who joined in its middle."
            }
            Self::ChangesByPerson => {
                "The median of the people who changed anything in the period; a change of many tasks is one. The weeks are those of the whole period, also for who joined in its middle."
            }
            Self::ClaimsRefused => {
                "Of the claims that were tried: those that were refused because somebody had the task."
            }
            Self::WarningsTaken => {
                "Of the warnings that there is a similar task: those after which that task was opened instead."
            }
            Self::RisksRescued => {
                "Of the tasks that were seen at risk and whose due date came: those that were done as the day ended. In a comparison by who holds the task now."
            }
            Self::AnsweredWithoutError => {
                "Of the server's answers to the team's people: those that were no error of the server."
            }
            Self::AnsweredFast => {
                "Of the server's answers to the team's people: those that were there within 250 milliseconds, without the way through the network."
            }
        }
    }

    pub const fn unit(self) -> Unit {
        match self {
            Self::CreatedToStarted | Self::StartedToDone | Self::CreatedToDone => Unit::Days,
            Self::FinishedByPerson | Self::ChangesByPerson => Unit::AWeek,
            _ => Unit::Share,
        }
    }

    /// Whether less of it is what a team wants.
    pub const fn is_better_lower(self) -> bool {
        matches!(
            self,
            Self::CreatedToStarted
                | Self::StartedToDone
                | Self::CreatedToDone
                | Self::ClaimsRefused
        )
    }

    /// Whether it can be told for some people of a team alone. Answers are counted without whose they were.
    pub const fn is_by_person(self) -> bool {
        !matches!(self, Self::AnsweredWithoutError | Self::AnsweredFast)
    }
}

impl FromStr for Metric {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|metric| metric.as_str() == text)
            .ok_or_else(|| Error::field("metric", "Choose a metric of the list."))
    }
}

/// What a metric is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// From 0 to 1; its interval is Wilson's.
    Share,
    /// The median of days; its interval is a bootstrap's.
    Days,
    /// The median of a number a week; its interval is a bootstrap's.
    AWeek,
}

/// What was measured, with everything that its interval is made from.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    Share { hits: u64, of: u64 },
    Values(Vec<f64>),
}
