//! Puts what was read in order: what needs attention comes first.

use super::{
    model::{Fact, LookBack, NowView, PersonNow, TaskNow, Tone, Weeks},
    risk::{Attention, Facts, Ground, judge},
    store::{MemberRow, TaskRow, WeekRow},
};
use crate::people::model::PersonName;

/// What was read of a team.
pub struct Team {
    /// By name.
    pub members: Vec<MemberRow>,
    /// The longest in progress first.
    pub tasks: Vec<TaskRow>,
    pub weeks: Vec<WeekRow>,
    /// Whether a person reads it, or a display.
    pub has_reader: bool,
    pub in_progress_limit: i16,
    pub ground: Ground,
}

/// A task and what is to be said of it.
struct Judged {
    row: TaskRow,
    attention: Attention,
}

/// The rows of the page and what is counted above them.
pub fn sort(team: Team) -> NowView {
    let judged: Vec<Judged> = team
        .tasks
        .into_iter()
        .map(|row| Judged {
            attention: judge(&facts(&row), &team.ground),
            row,
        })
        .collect();
    let count = |of: &dyn Fn(&Judged) -> bool| judged.iter().filter(|task| of(task)).count();
    let late = count(&|task| task.attention.is_late);
    let at_risk = count(&|task| task.attention.is_at_risk);
    let mut tasks = judged;
    let mut unheld: Vec<Judged> = tasks
        .extract_if(.., |task| task.row.assignee.is_none())
        .collect();
    unheld.sort_by_key(|task| place(&task.attention));

    let limit = team.in_progress_limit;
    let (mut people, mut former) = (Vec::new(), Vec::new());
    let mut team_size = 0;
    for member in team.members {
        let own: Vec<Judged> = tasks
            .extract_if(.., |task| task.row.assignee == Some(member.id))
            .collect();
        team_size += usize::from(!member.is_former);
        let hidden = member.is_former || member.is_viewer;
        if hidden && own.is_empty() {
            continue;
        }
        let rows = if member.is_former {
            &mut former
        } else {
            &mut people
        };
        rows.push(person(member, own, limit));
    }
    // The members came by name, and so do those whose needs are alike.
    people.sort_by_key(|(need, _)| *need);
    let over = people
        .iter()
        .filter(|(_, row)| row.over_limit.is_some())
        .count();
    let idle = people
        .iter()
        .filter(|(_, row)| row.in_progress == 0)
        .count();
    NowView {
        summary: summary([
            (late, "late", Tone::Late),
            (at_risk, "at risk", Tone::Warning),
            (unheld.len(), "held by nobody", Tone::Warning),
            (over, "over the limit", Tone::Warning),
            (idle, "with nothing in progress", Tone::Plain),
        ]),
        people: people.into_iter().map(|(_, row)| row).collect(),
        unheld: unheld.into_iter().map(shown).collect(),
        former: former.into_iter().map(|(_, row)| row).collect(),
        look_back: look_back(&team.weeks, team.has_reader),
        team_size,
        ..NowView::default()
    }
}

fn facts(row: &TaskRow) -> Facts<'_> {
    Facts {
        in_progress: row.in_progress,
        is_held: row.assignee.is_some(),
        due_on: row.due_on.as_deref(),
        touched_at: row.touched_at,
        board: &row.board,
        usual: row.usual,
    }
}

/// What needs attention first: late, at risk, stale, the rest.
fn place(attention: &Attention) -> u8 {
    match attention {
        attention if attention.is_late => 0,
        attention if attention.is_at_risk => 1,
        attention if attention.is_stale => 2,
        _ => 3,
    }
}

/// One row, and how much it needs attention: late, then at risk, over the limit, stale, idle, the rest.
fn person(member: MemberRow, mut own: Vec<Judged>, limit: i16) -> (u8, PersonNow) {
    let in_progress = own.iter().filter(|task| task.row.in_progress).count();
    let is_over = in_progress > usize::try_from(limit).unwrap_or_default();
    let any = |of: fn(&Attention) -> bool| own.iter().any(|task| of(&task.attention));
    let need = match () {
        () if any(|attention| attention.is_late) => 0,
        () if any(|attention| attention.is_at_risk) => 1,
        () if is_over => 2,
        () if any(|attention| attention.is_stale) => 3,
        () if in_progress == 0 => 4,
        () => 5,
    };
    // What is in progress stands first, the longest first; then what is not started, the next due first.
    own.sort_by_key(|task| {
        let due = (!task.row.in_progress).then(|| task.row.due_on.clone());
        (!task.row.in_progress, due)
    });
    if !member.is_former {
        keep_what_is_next(&mut own);
    }
    let listed = own.iter().filter(|task| !task.row.in_progress).count();
    let is_next = |task: &Judged| !member.is_former && needs_nothing_yet(task);
    let row = PersonNow {
        tasks: own
            .into_iter()
            .map(|task| TaskNow {
                is_next: is_next(&task),
                ..shown(task)
            })
            .collect(),
        person: PersonName {
            id: member.id.into(),
            name: member.name,
        },
        in_progress,
        over_limit: is_over.then_some(limit),
        waiting: Some(member.waiting)
            .filter(|waiting| usize::try_from(*waiting).is_ok_and(|waiting| waiting > listed)),
    };
    (need, row)
}

/// A task that is not started and needs nothing yet stands there only if nothing else is due sooner.
fn keep_what_is_next(own: &mut Vec<Judged>) {
    let next = own
        .iter()
        .filter(|task| !task.attention.is_late)
        .filter_map(|task| task.row.due_on.clone())
        .min();
    own.retain(|task| !needs_nothing_yet(task) || task.row.due_on == next);
}

fn needs_nothing_yet(task: &Judged) -> bool {
    !task.row.in_progress && !task.attention.is_late && !task.attention.is_at_risk
}

fn shown(task: Judged) -> TaskNow {
    let Judged { row, attention } = task;
    TaskNow {
        is_next: false,
        key: row.key,
        title: row.title,
        board: row.board,
        in_progress: row.in_progress,
        since: row.since,
        due: attention.due,
        notes: attention.notes,
        is_stale: attention.is_stale,
    }
}

fn summary<const N: usize>(facts: [(usize, &str, Tone); N]) -> Vec<Fact> {
    facts
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, words, tone)| Fact {
            words: format!("{number} {words}"),
            tone,
        })
        .collect()
}

fn look_back(weeks: &[WeekRow], has_reader: bool) -> LookBack {
    let of = |part: fn(&WeekRow) -> [i64; 2]| {
        let number = |what: &str| {
            let row = weeks.iter().find(|row| row.what == what);
            row.map(part).unwrap_or_default()
        };
        Weeks {
            finished: number("finished"),
            started: number("started"),
            slipped: number("slipped"),
        }
    };
    LookBack {
        team: of(|row| row.team),
        mine: has_reader.then(|| of(|row| row.mine)),
    }
}
