//! What is typed and not saved: what is still to be sent, what is on the way, and the draft that outlives the page.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{TaskState, Values};
use crate::{
    forms::unsaid::{Typed, label_of},
    ids::CommentId,
    tasks::{model::FIELDS, outbox::Fields, task_page::draft},
};

impl TaskState {
    /// The fields that hold something which is neither saved nor on the way, and what they started from.
    pub(super) fn to_send(self) -> Fields {
        let on_the_way = self.on_the_way();
        let base = self.base.get_value();
        let fields = FIELDS.into_iter().filter_map(|name| {
            let before = on_the_way.get(name).unwrap_or(&base[name]);
            let typed = self.typed(name).filter(|typed| typed != before)?;
            Some((name.to_owned(), (before.clone(), typed)))
        });
        fields.collect()
    }

    /// What a field comes to when everything on the way has arrived, without what is unsaved.
    pub fn coming(self, name: &'static str) -> String {
        let on_the_way = self.on_the_way().remove(name);
        on_the_way.unwrap_or_else(|| self.base.with_value(|base| base[name].clone()))
    }

    /// What the fields come to with the edits that are on the way.
    pub(super) fn on_the_way(self) -> BTreeMap<String, String> {
        let id = self.page.with_untracked(|page| page.task.id);
        untrack(|| self.unsent.edited(id))
    }

    /// Shows what an earlier page has sent, in fields that hold nothing unsaved, from the moment that it is
    /// known. To be called from an effect; gives what to call it with the next time.
    pub fn show_what_is_on_the_way(
        self,
        before: &BTreeMap<String, String>,
    ) -> BTreeMap<String, String> {
        let id = self.page.with_untracked(|page| page.task.id);
        let now = self.unsent.edited(id);
        if self.form.get_untracked().is_none() {
            return before.clone();
        }
        let base = self.base.get_value();
        for name in FIELDS {
            let Some(sent) = now.get(name) else {
                continue;
            };
            if before.get(name) != Some(sent) && self.typed(name).as_ref() == Some(&base[name]) {
                self.fill(name, sent);
            }
        }
        now
    }

    /// Notices what is unsaved, and keeps it as a draft. A page without fields leaves the draft of an earlier one alone.
    pub fn look_for_changes(self) {
        if self.form.get_untracked().is_none() {
            return;
        }
        let unsaved = self.unsaved();
        self.base
            .with_value(|base| draft::keep(&self.draft_key(), base, &unsaved));
        let to_send = self.to_send();
        let is_changed = |name: &&'static str| to_send.contains_key(*name);
        let changed: Vec<_> = FIELDS.into_iter().filter(is_changed).collect();
        if self.changed.with_untracked(|before| *before != changed) {
            self.changed.set(changed);
        }
    }

    /// Puts a draft of an earlier visit into the fields. What others changed since is a conflict.
    pub fn take_up_draft(self) {
        let draft = draft::read(&self.draft_key());
        if draft.is_empty() || self.error.with_untracked(Option::is_some) {
            return self.look_for_changes();
        }
        for (field, before, typed) in draft {
            let Some(name) = FIELDS.into_iter().find(|name| *name == field) else {
                continue;
            };
            self.base.update_value(|base| {
                base.insert(name, before);
            });
            self.fill(name, &typed);
        }
        self.take_in(self.page.get_untracked());
    }

    /// The texts that an earlier visit has left unsaved, for a page that has no fields for them.
    pub fn kept_texts(self) -> Vec<Typed> {
        let draft = self.draft_key();
        let fields = draft::read(&draft)
            .into_iter()
            .filter_map(|(field, _, text)| {
                let label = label_of(&field)?.to_owned();
                let name = format!("kept-{field}");
                Some(Typed { name, label, text })
            });
        let comments = draft::comments(&draft).into_iter().enumerate();
        let comments = comments.map(|(index, (place, text))| {
            let is_new = place == self.comment_draft(None);
            let label = if is_new { "Comment" } else { "Changed comment" };
            Typed {
                name: format!("kept-comment-{index}"),
                label: label.to_owned(),
                text,
            }
        });
        let texts = fields.chain(comments);
        texts
            .filter(|typed| !typed.text.trim().is_empty())
            .collect()
    }

    /// Where a comment is kept that is not sent: a new one, or what is written in the place of an old one.
    pub fn comment_draft(self, comment: Option<CommentId>) -> String {
        draft::comment_place(&self.draft_key(), comment)
    }

    pub(super) fn draft_key(self) -> String {
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let me = self.me.with_value(|me| me.id);
        draft::place(me, &team, &key)
    }

    /// The fields that differ from what the server had.
    fn unsaved(self) -> Values {
        let base = self.base.get_value();
        FIELDS
            .into_iter()
            .filter_map(|name| Some((name, self.typed(name)?)))
            .filter(|(name, typed)| base[name] != *typed)
            .collect()
    }
}
