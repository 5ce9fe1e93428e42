//! Whom a change concerns, and why: the one place that decides. Nobody is told of their own deeds, nobody
//! who is not in the team, and nobody twice of the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{mentions::mentioned, model::Kind};
use crate::{
    ids::{CommentId, PersonId, TaskId},
    live::{change::NewEvent, model::FieldChange},
    people::model::PersonName,
};

/// Somebody who can be told something.
#[derive(Clone, Debug)]
pub struct Member {
    pub person: PersonName,
    pub muted: Vec<Kind>,
}

/// A comment as it stands after the change, and whose its task is.
#[derive(Clone, Debug)]
pub struct Said {
    pub comment: CommentId,
    pub body: String,
    pub holder: Option<PersonId>,
    pub creator: PersonId,
}

/// One person to tell of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    pub person: PersonId,
    pub kind: Kind,
    pub task: TaskId,
    pub further_tasks: i32,
    pub comment: Option<CommentId>,
}

/// A person, a task and a comment on it that concern each other by a change.
type Concern = (PersonId, TaskId, Option<CommentId>);

/// Whether anybody may have to be told, so that most changes cost nothing.
pub fn may_concern_others(actor: PersonId, events: &[NewEvent]) -> bool {
    events.iter().any(|event| {
        comment_of(event).is_some()
            || assigned_by(event).is_some_and(|person| person != actor)
            || description_of(event).is_some_and(|(_, to)| to.contains('@'))
    })
}

/// The comments that a change added or edited.
pub fn comments_of(events: &[NewEvent]) -> Vec<CommentId> {
    events.iter().filter_map(comment_of).collect()
}

/// Everybody to tell of a change.
pub fn notices(
    actor: PersonId,
    events: &[NewEvent],
    said: &[Said],
    members: &[Member],
) -> Vec<Notice> {
    let names: Vec<PersonName> = members.iter().map(|member| member.person.clone()).collect();
    let mut concerns: BTreeMap<Concern, BTreeSet<Kind>> = BTreeMap::new();
    let mut concern = |person, task, comment, kind| {
        let kinds = concerns.entry((person, task, comment)).or_default();
        kinds.insert(kind);
    };
    let mut holders = BTreeMap::new();
    for event in events {
        let Some(task) = event.task else {
            continue;
        };
        if change_of(event, "assignee").is_some() {
            holders.insert(task, assigned_by(event));
        }
        if let Some((from, to)) = description_of(event) {
            for person in &mentioned(to, &names) - &mentioned(from, &names) {
                concern(person, task, None, Kind::Mentioned);
            }
        }
        let comment = comment_of(event);
        if let Some(said) = said.iter().find(|said| Some(said.comment) == comment) {
            for person in mentioned(&said.body, &names) {
                concern(person, task, comment, Kind::Mentioned);
            }
            if event.kind == "comment.added" {
                for person in said.holder.into_iter().chain([said.creator]) {
                    concern(person, task, comment, Kind::Commented);
                }
            }
        }
    }
    for (task, holder) in holders {
        if let Some(person) = holder {
            concern(person, task, None, Kind::Assigned);
        }
    }
    grouped(actor, members, concerns)
}

/// One notice a person and kind, for the first reason that they have not muted.
fn grouped(
    actor: PersonId,
    members: &[Member],
    concerns: BTreeMap<Concern, BTreeSet<Kind>>,
) -> Vec<Notice> {
    let mut told: BTreeMap<(PersonId, TaskId), (Kind, Option<CommentId>)> = BTreeMap::new();
    for ((person, task, comment), kinds) in concerns {
        let Some(member) = members.iter().find(|member| member.person.id == person) else {
            continue;
        };
        let wanted = kinds.into_iter().find(|kind| !member.muted.contains(kind));
        if let Some(kind) = wanted.filter(|_| person != actor) {
            let first = told.entry((person, task)).or_insert((kind, comment));
            if kind < first.0 {
                *first = (kind, comment);
            }
        }
    }
    let mut notices: Vec<Notice> = Vec::new();
    for ((person, task), (kind, comment)) in told {
        let same = notices
            .iter_mut()
            .find(|notice| notice.person == person && notice.kind == kind);
        match same {
            Some(notice) => notice.further_tasks += 1,
            None => notices.push(Notice {
                person,
                kind,
                task,
                further_tasks: 0,
                comment,
            }),
        }
    }
    notices
}

/// Who was given a task.
fn assigned_by(event: &NewEvent) -> Option<PersonId> {
    change_of(event, "assignee")?.to_id.as_ref()?.parse().ok()
}

/// A description before and after.
fn description_of(event: &NewEvent) -> Option<(&str, &str)> {
    let change = change_of(event, "description")?;
    let from = change.from.as_deref().unwrap_or_default();
    Some((from, change.to.as_deref()?))
}

fn comment_of(event: &NewEvent) -> Option<CommentId> {
    if !matches!(event.kind, "comment.added" | "comment.edited") {
        return None;
    }
    change_of(event, "comment")?.to_id.as_ref()?.parse().ok()
}

fn change_of<'a>(event: &'a NewEvent, field: &str) -> Option<&'a FieldChange> {
    event.changes.iter().find(|change| change.field == field)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Team {
        ana: PersonId,
        ben: PersonId,
        members: Vec<Member>,
    }

    fn team() -> Team {
        let member = |name: &str| Member {
            person: PersonName {
                id: PersonId::new(),
                name: name.to_owned(),
            },
            muted: Vec::new(),
        };
        let members = vec![member("Ana"), member("Ben")];
        Team {
            ana: members[0].person.id,
            ben: members[1].person.id,
            members,
        }
    }

    fn event(kind: &'static str, task: TaskId, changes: Vec<FieldChange>) -> NewEvent {
        NewEvent {
            kind,
            board: None,
            task: Some(task),
            changes,
        }
    }

    fn assignee(to: PersonId) -> FieldChange {
        FieldChange {
            to_id: Some(to.to_string()),
            ..FieldChange::new("assignee", None, Some("somebody".to_owned()))
        }
    }

    fn kinds(notices: &[Notice]) -> Vec<(PersonId, Kind, i32)> {
        notices
            .iter()
            .map(|notice| (notice.person, notice.kind, notice.further_tasks))
            .collect()
    }

    #[test]
    fn many_tasks_of_one_change_are_one_notice() {
        let Team { ana, ben, members } = team();
        let events: Vec<NewEvent> = (0..5)
            .map(|_| event("task.edited", TaskId::new(), vec![assignee(ben)]))
            .collect();
        let notices = notices(ana, &events, &[], &members);
        assert_eq!(kinds(&notices), [(ben, Kind::Assigned, 4)]);
    }

    #[test]
    fn who_holds_the_task_in_the_end_is_told() {
        let Team { ana, ben, members } = team();
        let task = TaskId::new();
        let events = [
            event("task.edited", task, vec![assignee(ben)]),
            event("task.edited", task, vec![assignee(ana)]),
        ];
        assert_eq!(notices(ana, &events, &[], &members), []);
        assert!(may_concern_others(ana, &events));
        assert!(!may_concern_others(ana, &events[1..]));
    }

    #[test]
    fn a_description_mentions_whom_it_did_not_mention_before() {
        let Team { ana, ben, members } = team();
        let describe = |from: &str, to: &str| {
            let change =
                FieldChange::new("description", Some(from.to_owned()), Some(to.to_owned()));
            let events = [event("task.edited", TaskId::new(), vec![change])];
            kinds(&notices(ana, &events, &[], &members))
        };
        assert_eq!(describe("", "ask @ben"), [(ben, Kind::Mentioned, 0)]);
        assert_eq!(describe("ask @ben", "ask @Ben first"), []);
        assert_eq!(describe("", "ask @ana"), [], "one's own deed");
    }

    #[test]
    fn a_mention_says_more_than_a_comment_and_a_muted_kind_gives_way() {
        let Team {
            ana,
            ben,
            mut members,
        } = team();
        let comment = CommentId::new();
        let change = FieldChange {
            to_id: Some(comment.to_string()),
            ..FieldChange::new("comment", None, Some("…".to_owned()))
        };
        let events = [event("comment.added", TaskId::new(), vec![change])];
        let said = [Said {
            comment,
            body: "@ben?".to_owned(),
            holder: Some(ben),
            creator: ana,
        }];
        let told = notices(ana, &events, &said, &members);
        assert_eq!(kinds(&told), [(ben, Kind::Mentioned, 0)]);
        members[1].muted = vec![Kind::Mentioned];
        let told = notices(ana, &events, &said, &members);
        assert_eq!(kinds(&told), [(ben, Kind::Commented, 0)]);
        members.pop();
        assert_eq!(notices(ana, &events, &said, &members), [], "no member");
    }
}
