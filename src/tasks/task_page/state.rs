//! The page of a task in the browser: what it shows, and what is done with it.
//!
//! The fields themselves are the truth about what was typed, also before this code ran; here is kept
//! what the server had when they were filled. A field that differs from that is unsaved.

mod fields;
mod merging;
mod unsaved;

use leptos::{html::Form, prelude::*, task::spawn_local};

pub use self::fields::{Values, values};
use super::{
    data::{TaskPageData, load_task},
    deletion,
    description::leave_description,
    draft,
    reassign::reassign,
    undo::lasting,
};
use crate::{
    columns::model::ColumnKind,
    error::{Error, Result},
    ids::{ColumnId, PersonId},
    live::coalesced::Coalesced,
    people::{model::PersonName, shell::use_team},
    tasks::{
        model::{FIELDS, stored},
        offer::offer,
        outbox::{Deed, Fields, TaskRef, Unsent, send, send_edit, use_unsent},
        requests::move_task,
        similar::Similar,
    },
    ui::{
        announce::{Announcer, use_announcer},
        dom::find,
    },
};

#[derive(Clone, Copy)]
pub struct TaskState {
    pub page: RwSignal<TaskPageData>,
    /// The version that the fields started from.
    pub version: RwSignal<i64>,
    pub error: RwSignal<Option<Error>>,
    /// Whether an edit is on the way.
    pub saving: Signal<bool>,
    /// The fields that hold something unsaved, as far as is known.
    pub changed: RwSignal<Vec<&'static str>>,
    pub form: NodeRef<Form>,
    pub announcer: Announcer,
    pub team: StoredValue<String>,
    pub key: StoredValue<String>,
    me: StoredValue<PersonName>,
    base: StoredValue<Values>,
    /// What is on the way although theirs was taken for it: its refusal is known already.
    given_up: StoredValue<Values>,
    pub reading: Coalesced,
    unsent: Unsent,
    /// Other tasks like the title that is typed.
    pub similar: Similar,
}

impl TaskState {
    pub fn new(page: TaskPageData, version: i64, error: Option<Error>) -> Self {
        let team = use_team();
        let (unsent, id) = (use_unsent(), page.task.id);
        Self {
            version: RwSignal::new(version),
            error: RwSignal::new(error),
            saving: Signal::derive(move || !unsent.edited(id).is_empty()),
            changed: RwSignal::new(Vec::new()),
            form: NodeRef::new(),
            announcer: use_announcer(),
            similar: Similar::to_renamed(&team.slug, &page.task.key),
            team: StoredValue::new(team.slug),
            key: StoredValue::new(page.task.key.clone()),
            me: StoredValue::new(team.me),
            base: StoredValue::new(values(&page.task)),
            given_up: StoredValue::new(Values::new()),
            unsent,
            reading: Coalesced::default(),
            page: RwSignal::new(page),
        }
    }

    /// Looks for other tasks of the title that is typed, unless it is the one that the task has.
    pub fn title_typed(self) {
        let typed = self.typed("title").unwrap_or_default();
        if self.base.with_value(|base| base["title"] == typed) {
            return self.similar.hide();
        }
        self.similar.typed(typed);
    }

    /// Sends the unsaved fields. They stay as they are whatever the answer is. What is on the way already
    /// goes first, and this builds on it.
    pub fn save(self) {
        if self.is_merged_by_hand() {
            self.answer_conflict();
        }
        let fields = self.to_send();
        if fields.is_empty() {
            if !self.saving.get_untracked() {
                self.error.set(None);
                self.announcer.success("Nothing has changed.");
            }
            return;
        }
        if fields.contains_key("title") {
            self.similar.kept();
        }
        send_edit(Deed::Edit {
            task: self.task_ref(),
            version: self.version.get_untracked(),
            fields,
        });
        self.look_for_changes();
    }

    /// Saves one field with another value, as if it was typed. What else is unsaved stays so.
    pub fn change(self, field: &str, value: &str) {
        self.fill(field, value);
        let mut fields = self.to_send();
        fields.retain(|name, _| name == field);
        if !fields.is_empty() {
            send_edit(Deed::Edit {
                task: self.task_ref(),
                version: self.version.get_untracked(),
                fields,
            });
        }
        self.look_for_changes();
    }

    /// Takes the answers to edits of this task, also to those of an earlier page.
    pub fn saved(self, sent: &Fields, answer: Result<()>) {
        if self.page.is_disposed() {
            return;
        }
        let sent = sent.iter().filter_map(|(name, (_, typed))| {
            let name = FIELDS.into_iter().find(|field| field == name)?;
            Some((name, typed))
        });
        match answer {
            Ok(()) => {
                for (name, typed) in sent.clone() {
                    let now = stored(name, typed);
                    if self.typed(name).as_ref() == Some(typed) {
                        self.fill(name, &now);
                    }
                    self.base.update_value(|base| {
                        base.insert(name, now);
                    });
                }
                self.error.set(None);
                self.announcer.success("Task saved.");
                let described = sent.clone().any(|(name, _)| name == "description");
                spawn_local(async move {
                    // The page may go before this begins.
                    if self.page.is_disposed() {
                        return;
                    }
                    if self.refresh_all().await.is_err() {
                        self.refresh();
                    }
                    if described && !self.page.is_disposed() {
                        request_animation_frame(move || leave_description(self));
                    }
                });
            }
            Err(mut error) => {
                let given_up = self.given_up.get_value();
                self.given_up.update_value(Values::clear);
                if error.conflict.is_some()
                    && sent
                        .clone()
                        .all(|(name, typed)| given_up.get(name) == Some(typed))
                {
                    return self.refresh();
                }
                for (name, typed) in sent {
                    // It was sent by a page that stood here before.
                    if self.typed(name).as_ref() == Some(&self.base.get_value()[name]) {
                        self.fill(name, typed);
                    }
                }
                let is_conflict = error.conflict.is_some();
                if let Some(conflict) = &mut error.conflict {
                    for field in &mut conflict.fields {
                        field.yours = self.in_the_field(&field.field);
                    }
                }
                self.error.set(Some(error));
                show_what_was_said();
                if is_conflict {
                    // Both versions are told now, so the next save stands above theirs.
                    self.answer_conflict();
                    self.refresh();
                }
            }
        }
        self.look_for_changes();
    }

    /// The task, for what is asked of the server.
    pub fn task_ref(self) -> TaskRef {
        self.page.with_untracked(|page| TaskRef {
            id: page.task.id,
            board: page.task.board_key.clone(),
            number: page.task.number,
        })
    }

    /// Takes the task and starts it; shown at once, taken back when refused.
    pub fn claim(self) {
        let me = self.me.get_value();
        let before = self.page.get_untracked();
        if before.task.assignee.is_some() {
            return;
        }
        let mut hoped = before.clone();
        hoped.task.assignee = Some(me.clone());
        self.take_in(hoped);
        let me = me.id;
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let column = before
            .task
            .column
            .filter(|_| before.task.kind == ColumnKind::Todo);
        let offers_in = team.clone();
        let deed = Deed::Claim {
            task: self.task_ref(),
        };
        send(deed, move |answer| {
            match &answer {
                Ok(_) => self.announcer.undoable(
                    format!("{key} is yours."),
                    lasting(move || self.give_back(team.clone(), key.clone(), me, column)),
                ),
                Err(error) => offer(
                    self.announcer,
                    &offers_in,
                    error.message.clone(),
                    error,
                    None,
                ),
            }
            if !self.page.is_disposed() {
                if answer.is_err() {
                    self.take_in(before);
                }
                self.refresh();
            }
        });
    }

    /// Takes a claim back: nobody has the task, and it lies where it lay.
    fn give_back(self, team: String, key: String, me: PersonId, column: Option<ColumnId>) {
        let (announcer, page) = (self.announcer, self.page);
        spawn_local(async move {
            let mut answer = reassign(&team, &key, Some(me), None, me).await.map(drop);
            if let (Ok(()), Some(column)) = (&answer, column) {
                let (column, by) = (column.to_string(), Some(me.to_string()));
                answer = move_task(team, key.clone(), column, None, None, None, by).await;
            }
            match answer {
                Ok(()) => announcer.success(format!("{key} is nobody’s again.")),
                Err(error) => announcer.failure(error.message),
            }
            if !page.is_disposed() {
                self.refresh();
            }
        });
    }

    /// Deletes the task and leads to its board, where it can be brought back.
    pub fn delete(self, lead_to: impl FnOnce(&str) + 'static) {
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let board = self.page.with_untracked(|page| page.task.board_key.clone());
        let announcer = self.announcer;
        let draft = self.draft_key();
        spawn_local(async move {
            if !deletion::ask(announcer, &team, &key).await {
                return;
            }
            draft::keep(&draft, &Values::new(), &Values::new());
            // Leaving asks about nothing any more.
            let _ = self.changed.try_set(Vec::new());
            // Another task may have been opened meanwhile.
            if !self.page.is_disposed() {
                lead_to(&format!("/teams/{team}/boards/{board}"));
            }
            deletion::say(announcer, team, key);
        });
    }

    /// Reads the task again. What is being typed stays, and nothing that is older than what is shown is
    /// taken in.
    pub async fn refresh_all(self) -> Result<()> {
        let page = load_task(self.team.get_value(), self.key.get_value()).await?;
        let is_older = |shown: &TaskPageData| page.task.seq < shown.task.seq;
        if self.page.try_with_untracked(is_older) == Some(false) {
            self.take_in(page);
        }
        Ok(())
    }

    /// The same, until it succeeds.
    pub fn refresh(self) {
        self.reading.run(move || self.refresh_all());
    }
}

/// The button may be pressed far below the place where a refusal stands.
fn show_what_was_said() {
    request_animation_frame(|| {
        if let Some(said) = find(".task-said > *") {
            said.scroll_into_view();
        }
    });
}
