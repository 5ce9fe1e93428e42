//! What others changed while one was editing: taken in around what is typed, or told as a conflict that one decides.

use leptos::prelude::*;

use super::{
    TaskState, Values,
    fields::{in_words, values},
};
use crate::{
    error::{Conflict, ConflictingField, Error},
    forms::conflict::version_of,
    tasks::{
        model::{FIELDS, stored},
        outbox::Fields,
        task_page::{data::TaskPageData, draft, undo::lasting},
    },
};

impl TaskState {
    /// Shows what the server has now. A field is replaced only when nothing unsaved is in it; what
    /// somebody else changed under unsaved text is a conflict, which is shown. What is on the way is
    /// answered by itself.
    pub fn take_in(self, page: TaskPageData) {
        let fresh = values(&page.task);
        let on_the_way = self.on_the_way();
        let told = self.conflict();
        let mut base = self.base.get_value();
        let mut fields = Vec::new();
        let mut is_news = false;
        for name in FIELDS {
            let (new, old) = (&fresh[name], base[name].clone());
            let typed = self.typed(name);
            if let Some(sent) = on_the_way.get(name) {
                let now = stored(name, sent);
                if *new != now {
                    continue;
                }
                if typed.as_ref() == Some(sent) {
                    self.fill(name, &now);
                }
            } else if let Some(typed) = typed.filter(|typed| *typed != old && typed != new) {
                if *new != old {
                    let known = told.iter().flat_map(|told| &told.fields);
                    let mut known = known.filter(|both| both.field == name && both.value() == *new);
                    let both = known.next().cloned();
                    is_news |= both.is_none();
                    fields.push(both.unwrap_or_else(|| ConflictingField {
                        field: name.to_owned(),
                        yours: in_words(&page, name, &typed),
                        theirs: in_words(&page, name, new),
                        theirs_id: Some(new.clone()),
                    }));
                    continue;
                }
            } else if self.typed(name).is_some_and(|typed| typed != *new) {
                self.fill(name, new);
            }
            base.insert(name, new.clone());
        }
        if let Some(first) = fields.first().filter(|_| is_news) {
            let last = page
                .history
                .iter()
                .find(|event| event.changes.iter().any(|c| c.field == first.field));
            let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
            self.error.set(Some(Error::conflict(Conflict {
                by_id: last.map(|event| event.actor.id),
                at: last.map_or(page.now, |event| event.at),
                version: page.task.version,
                fields,
                by,
            })));
        }
        self.base.set_value(base);
        // As long as a conflict stands, saving asks: what the fields started from stays what it was.
        if self.conflict().is_none() {
            self.version.set(page.task.version);
        }
        self.page.set(page);
        self.look_for_changes();
    }

    /// Takes it that the person has seen what others wrote and has decided: the next save stands above it.
    pub fn answer_conflict(self) {
        let Some(conflict) = self.conflict() else {
            return;
        };
        self.version.set(conflict.version);
        self.base.update_value(|base| {
            for field in &conflict.fields {
                if let Some(value) = base.get_mut(field.field.as_str()) {
                    *value = field.value();
                }
            }
        });
    }

    /// Whether every field in conflict was edited after the conflict was told.
    pub(super) fn is_merged_by_hand(self) -> bool {
        let is_edited = |both: &ConflictingField| self.in_the_field(&both.field) != both.yours;
        self.conflict()
            .is_some_and(|conflict| conflict.fields.iter().all(is_edited))
    }

    /// Takes what others wrote for the fields in conflict; what is unsaved elsewhere stays. Undo brings one's
    /// own back into them.
    pub fn take_theirs(self) {
        let Some(conflict) = self.conflict() else {
            return;
        };
        self.answer_conflict();
        let mut on_the_way = self.on_the_way();
        let mut mine = Fields::new();
        for name in FIELDS {
            let Some(field) = conflict.fields.iter().find(|both| both.field == name) else {
                continue;
            };
            if let Some(typed) = self.typed(name) {
                let theirs = field.value();
                self.fill(name, &theirs);
                mine.insert(name.to_owned(), (theirs, typed));
            }
            if let Some(sent) = on_the_way.remove(name) {
                self.given_up.update_value(|given_up| {
                    given_up.insert(name, sent);
                });
            }
        }
        self.error.set(None);
        self.look_for_changes();
        let draft = self.draft_key();
        let undo = lasting(move || self.bring_back(&mine, &draft));
        let said = format!("{} is in the fields.", version_of(&conflict.by));
        self.announcer.undoable(said, undo);
    }

    /// Puts into the fields what was theirs a moment ago.
    fn bring_back(self, mine: &Fields, draft: &str) {
        if self.page.is_disposed() {
            draft::add(draft, mine);
        } else {
            self.given_up.update_value(Values::clear);
            for (name, (_, typed)) in mine {
                self.fill(name, typed);
            }
            self.look_for_changes();
        }
        self.announcer
            .success("Your version is in the fields again.");
    }

    fn conflict(self) -> Option<Conflict> {
        let error = self.error.get_untracked()?;
        error.conflict.map(|conflict| *conflict)
    }
}
