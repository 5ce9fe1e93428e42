//! What needs attention, and why: late, at risk before it is late, or stale. The rules and their reasons
//! stand in docs/decisions/0009-what-is-at-risk.md.

use super::model::{AT_RISK, Note, Tone};
use crate::{
    tasks::due::{self, Nearness},
    ui::time::duration,
};

const DAY: i64 = 24 * 60 * 60;

/// What the rules go by, the same for all tasks of a team.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The database's clock, in seconds since 1970.
    pub now: i64,
    /// The team's calendar date, `YYYY-MM-DD`.
    pub today: String,
    /// The second working day from today on, which counts itself when it is one.
    pub horizon: String,
    /// After so many days without a change a task in progress is stale.
    pub stale_after_days: i16,
}

/// What the rules look at of one task.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub in_progress: bool,
    pub is_held: bool,
    /// `YYYY-MM-DD`
    pub due_on: Option<&'a str>,
    /// When anything happened to it, comments included. Seconds since 1970.
    pub touched_at: i64,
    pub board: &'a str,
    /// How long tasks of its board usually take, in seconds, when enough were finished to say so.
    pub usual: Option<i64>,
}

/// What is to be said of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    pub is_late: bool,
    pub is_at_risk: bool,
    pub is_stale: bool,
    pub due: Option<Note>,
    pub notes: Vec<Note>,
}

/// Judges one open task.
pub fn judge(task: &Facts<'_>, ground: &Ground) -> Attention {
    let untouched = ground.now - task.touched_at;
    let is_stale = task.in_progress && untouched >= i64::from(ground.stale_after_days) * DAY;
    let is_late = task.due_on.is_some_and(|due| *due < *ground.today);
    let reasons = match task.due_on {
        Some(due_on) if !is_late => reasons(task, due_on, untouched, ground),
        _ => Vec::new(),
    };
    let is_at_risk = !reasons.is_empty();
    let says_due = reasons.iter().any(|reason| reason.starts_with("due "));
    let says_untouched = reasons.iter().any(|reason| reason.starts_with("untouched"));
    let mut notes = Vec::new();
    if is_at_risk {
        notes.push(Note {
            words: format!("{AT_RISK}{}", reasons.join("; ")),
            tone: Tone::Warning,
        });
    }
    if is_stale && !says_untouched {
        notes.push(Note {
            words: format!("No change for {}", duration(untouched)),
            tone: Tone::Warning,
        });
    }
    let due = task.due_on.filter(|_| !says_due).map(|due_on| Note {
        words: due::words(due_on, &ground.today),
        tone: match Nearness::of(due_on, &ground.today) {
            Nearness::Late(_) => Tone::Late,
            Nearness::Today | Nearness::Tomorrow => Tone::Warning,
            Nearness::Later => Tone::Plain,
        },
    });
    Attention {
        is_late,
        is_at_risk,
        is_stale,
        due,
        notes,
    }
}

/// Why a task that is not late may become so, in words.
fn reasons(task: &Facts<'_>, due_on: &str, untouched: i64, ground: &Ground) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut missing = Vec::new();
    if !task.in_progress {
        missing.push("not started");
    }
    if !task.is_held {
        missing.push("held by nobody");
    }
    if *due_on <= *ground.horizon && !missing.is_empty() {
        let due = due::words(due_on, &ground.today).replacen("Due", "due", 1);
        reasons.push(format!("{due}, {}", missing.join(" and ")));
    }
    // A quiet day is no risk, however quick the siblings were.
    if let Some(usual) = task.usual
        && task.in_progress
        && untouched > usual.max(DAY)
    {
        reasons.push(format!(
            "untouched for {}; tasks of {} usually take {}",
            duration(untouched),
            task.board,
            duration(usual)
        ));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_764_000_000;

    /// A Tuesday whose next day is a working day.
    fn ground() -> Ground {
        Ground {
            now: NOW,
            today: "2026-11-24".to_owned(),
            horizon: "2026-11-25".to_owned(),
            stale_after_days: 5,
        }
    }

    fn facts(due_on: Option<&str>) -> Facts<'_> {
        Facts {
            in_progress: true,
            is_held: true,
            due_on,
            touched_at: NOW,
            board: "Website",
            usual: Some(3 * DAY),
        }
    }

    fn words(attention: &Attention) -> Vec<&str> {
        attention
            .notes
            .iter()
            .map(|note| note.words.as_str())
            .collect()
    }

    #[test]
    fn what_is_late_is_late_and_not_at_risk() {
        let late = judge(&facts(Some("2026-11-23")), &ground());
        assert!(late.is_late && !late.is_at_risk);
        let due = late.due.expect("its date");
        assert_eq!((&*due.words, due.tone), ("Late, 23 Nov", Tone::Late));
        assert!(!judge(&facts(Some("2026-11-24")), &ground()).is_late);
    }

    #[test]
    fn due_within_two_working_days_is_a_risk_for_what_is_not_started_or_nobodys() {
        let not_started = Facts {
            in_progress: false,
            ..facts(Some("2026-11-25"))
        };
        let judged = judge(&not_started, &ground());
        assert_eq!(words(&judged), ["At risk: due tomorrow, not started"]);
        assert_eq!(judged.due, None, "it is said once");
        let nobodys = Facts {
            is_held: false,
            ..not_started.clone()
        };
        assert_eq!(
            words(&judge(&nobodys, &ground())),
            ["At risk: due tomorrow, not started and held by nobody"]
        );
        let started_by_nobody = Facts {
            is_held: false,
            ..facts(Some("2026-11-24"))
        };
        assert_eq!(
            words(&judge(&started_by_nobody, &ground())),
            ["At risk: due today, held by nobody"]
        );
        let later = Facts {
            due_on: Some("2026-11-26"),
            ..nobodys
        };
        assert!(!judge(&later, &ground()).is_at_risk);
        assert!(!judge(&facts(Some("2026-11-24")), &ground()).is_at_risk);
    }

    #[test]
    fn untouched_for_longer_than_its_siblings_take_is_a_risk_for_what_has_a_date() {
        let quiet = |days, due_on| Facts {
            touched_at: NOW - days * DAY,
            ..facts(due_on)
        };
        let far = Some("2026-12-24");
        assert_eq!(
            words(&judge(&quiet(4, far), &ground())),
            ["At risk: untouched for 4 days; tasks of Website usually take 3 days"]
        );
        assert!(!judge(&quiet(3, far), &ground()).is_at_risk);
        assert!(!judge(&quiet(4, None), &ground()).is_at_risk);
        let new_board = Facts {
            usual: None,
            ..quiet(4, far)
        };
        assert!(!judge(&new_board, &ground()).is_at_risk);
        let quick_board = Facts {
            usual: Some(600),
            ..quiet(1, far)
        };
        assert!(!judge(&quick_board, &ground()).is_at_risk, "a quiet day");
    }

    #[test]
    fn without_a_change_for_so_many_days_it_is_stale_with_or_without_a_date() {
        let quiet = |days| Facts {
            touched_at: NOW - days * DAY,
            usual: None,
            ..facts(None)
        };
        assert_eq!(
            words(&judge(&quiet(6), &ground())),
            ["No change for 6 days"]
        );
        assert!(judge(&quiet(5), &ground()).is_stale);
        assert!(!judge(&quiet(4), &ground()).is_stale);
        let not_started = Facts {
            in_progress: false,
            ..quiet(60)
        };
        assert!(!judge(&not_started, &ground()).is_stale, "it only waits");
        let at_risk = Facts {
            usual: Some(DAY),
            due_on: Some("2026-12-24"),
            ..quiet(6)
        };
        let judged = judge(&at_risk, &ground());
        assert!(
            judged.is_stale && judged.notes.len() == 1,
            "it is said once"
        );
    }
}
