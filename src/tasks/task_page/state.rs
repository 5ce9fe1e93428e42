//! The page of a task in the browser: what the fields hold, what is saved, and what others changed.
//!
//! The fields themselves are the truth about what was typed, also before this code ran; here is kept
//! what the server had when they were filled. A field that differs from that is unsaved.

use std::collections::BTreeMap;

use leptos::{html::Form, prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{
    data::{TaskPageData, load_task},
    description::leave_description,
    draft,
    history::words,
    reassign::reassign,
    undo::lasting,
};
use crate::{
    columns::model::ColumnKind,
    error::{Code, Conflict, ConflictingField, Error, Result},
    forms::conflict::version_of,
    ids::{ColumnId, PersonId},
    live::coalesced::Coalesced,
    people::{model::PersonName, shell::use_team},
    tasks::{
        model::{FIELDS, TaskView},
        outbox::{Deed, TaskRef, send},
        requests::{delete_task, move_task, restore_task},
    },
    ui::announce::{Announcer, use_announcer},
};

pub type Values = BTreeMap<&'static str, String>;

#[derive(Clone, Copy)]
pub struct TaskState {
    pub page: RwSignal<TaskPageData>,
    /// The version that the fields started from.
    pub version: RwSignal<i64>,
    pub error: RwSignal<Option<Error>>,
    pub saving: RwSignal<bool>,
    /// The fields that hold something unsaved, as far as is known.
    pub changed: RwSignal<Vec<&'static str>>,
    pub form: NodeRef<Form>,
    pub announcer: Announcer,
    pub team: StoredValue<String>,
    pub key: StoredValue<String>,
    me: StoredValue<PersonName>,
    base: StoredValue<Values>,
    pub reading: Coalesced,
    /// Whether to save once more when the save under way is over.
    again: StoredValue<bool>,
}

impl TaskState {
    pub fn new(page: TaskPageData, version: i64, error: Option<Error>) -> Self {
        let team = use_team();
        Self {
            version: RwSignal::new(version),
            error: RwSignal::new(error),
            saving: RwSignal::new(false),
            changed: RwSignal::new(Vec::new()),
            form: NodeRef::new(),
            announcer: use_announcer(),
            team: StoredValue::new(team.slug),
            key: StoredValue::new(page.task.key.clone()),
            me: StoredValue::new(team.me),
            base: StoredValue::new(values(&page.task)),
            again: StoredValue::new(false),
            reading: Coalesced::default(),
            page: RwSignal::new(page),
        }
    }

    /// Sends the unsaved fields. They stay as they are whatever the answer is.
    pub fn save(self) {
        if self.saving.get_untracked() {
            self.again.set_value(true);
            return;
        }
        let sent = self.unsaved();
        if sent.is_empty() {
            self.error.set(None);
            self.announcer.success("Nothing has changed.");
            return;
        }
        if self.is_merged_by_hand() {
            self.answer_conflict();
        }
        self.saving.set(true);
        let fields = self.base.with_value(|base| {
            let field = |(name, typed): (&&str, &String)| {
                ((*name).to_owned(), (base[name].clone(), typed.clone()))
            };
            sent.iter().map(field).collect()
        });
        let deed = Deed::Edit {
            task: self.task_ref(),
            version: self.version.get_untracked(),
            fields,
        };
        send(deed, move |answer| {
            spawn_local(async move { self.saved(sent, answer.map(|_| ())).await });
        });
    }

    async fn saved(self, sent: Values, answer: Result<()>) {
        if self.page.is_disposed() {
            return self.say_late(answer.err());
        }
        match answer {
            Ok(()) => {
                self.error.set(None);
                self.announcer.success("Task saved.");
                self.refresh(&sent).await;
                if sent.contains_key("description") && !self.page.is_disposed() {
                    request_animation_frame(move || leave_description(self));
                }
            }
            Err(error) => {
                if let Some(conflict) = &error.conflict {
                    self.version.set(conflict.version);
                }
                let conflicts = error.conflict.is_some();
                self.error.set(Some(error));
                show_what_was_said();
                if conflicts {
                    self.refresh(&Values::new()).await;
                }
            }
        }
        if !self.page.is_disposed() {
            self.saving.set(false);
            if self.again.get_value() {
                self.again.set_value(false);
                self.save();
            }
        }
    }

    /// The task, for what is asked of the server.
    pub fn task_ref(self) -> TaskRef {
        self.page.with_untracked(|page| TaskRef {
            id: page.task.id,
            board: page.task.board_key.clone(),
            number: page.task.number,
        })
    }

    /// The page is gone, but a refusal is still worth saying.
    fn say_late(self, error: Option<Error>) {
        if let Some(error) = error {
            self.announcer
                .failure(format!("The task was not saved. {}", error.message));
        }
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
        self.take_in(hoped, &Values::new());
        let me = me.id;
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let column = before
            .task
            .column
            .filter(|_| before.task.kind == ColumnKind::Todo);
        let deed = Deed::Claim {
            task: self.task_ref(),
        };
        send(deed, move |answer| {
            match &answer {
                Ok(_) => self.announcer.undoable(
                    format!("{key} is yours."),
                    lasting(move || self.give_back(team.clone(), key.clone(), me, column)),
                ),
                Err(error) => self.announcer.failure(error.message.clone()),
            }
            if !self.page.is_disposed() {
                if answer.is_err() {
                    self.take_in(before, &Values::new());
                }
                spawn_local(self.refresh_all());
            }
        });
    }

    /// Takes a claim back: nobody has the task, and it lies where it lay.
    fn give_back(self, team: String, key: String, me: PersonId, column: Option<ColumnId>) {
        let (announcer, page) = (self.announcer, self.page);
        spawn_local(async move {
            let mut answer = reassign(&team, &key, Some(me), None).await.map(drop);
            if let (Ok(()), Some(column)) = (&answer, column) {
                answer = move_task(team, key.clone(), column.to_string(), None).await;
            }
            match answer {
                Ok(()) => announcer.success(format!("{key} is nobody’s again.")),
                Err(error) => announcer.failure(error.message),
            }
            if !page.is_disposed() {
                self.refresh_all().await;
            }
        });
    }

    /// Deletes the task and leads to its board, where it can be brought back.
    pub fn delete(self, navigate: impl Fn(&str, leptos_router::NavigateOptions) + 'static) {
        let (team, key) = (self.team.get_value(), self.key.get_value());
        let board = self.page.with_untracked(|page| page.task.board_key.clone());
        let announcer = self.announcer;
        self.forget_draft();
        spawn_local(async move {
            if let Err(error) = delete_task(team.clone(), key.clone(), None).await {
                announcer.failure(format!("{key} was not deleted. {}", error.message));
                return;
            }
            navigate(&format!("/teams/{team}/boards/{board}"), Default::default());
            let words = format!("{key} deleted.");
            let undo = move || {
                let (team, key) = (team.clone(), key.clone());
                spawn_local(async move {
                    match restore_task(team, key.clone()).await {
                        Ok(()) => announcer.success(format!("{key} restored.")),
                        Err(error) => announcer.failure(error.message),
                    }
                });
            };
            announcer.undoable(words, lasting(undo));
        });
    }

    fn conflict(self) -> Option<Conflict> {
        let error = self.error.get_untracked()?;
        error.conflict.map(|conflict| *conflict)
    }

    /// Takes it that the person has seen what others wrote and has decided: the next save stands above it.
    pub fn answer_conflict(self) {
        if let Some(conflict) = self.conflict() {
            self.version.set(conflict.version);
        }
    }

    /// Whether every field in conflict was edited after the conflict was told.
    fn is_merged_by_hand(self) -> bool {
        let is_edited = |both: &ConflictingField| {
            let typed = self.typed(&both.field).unwrap_or_default();
            self.page
                .with_untracked(|page| in_words(page, &both.field, &typed) != both.yours)
        };
        self.conflict()
            .is_some_and(|conflict| conflict.fields.iter().all(is_edited))
    }

    /// Takes what others wrote for the fields in conflict; what is unsaved elsewhere stays.
    pub fn take_theirs(self) {
        let Some(conflict) = self.conflict() else {
            return;
        };
        self.answer_conflict();
        self.base.with_value(|base| {
            for field in &conflict.fields {
                if let Some(value) = base.get(field.field.as_str()) {
                    self.fill(&field.field, value);
                }
            }
        });
        self.error.set(None);
        self.look_for_changes();
        self.announcer
            .success(format!("{} is in the fields.", version_of(&conflict.by)));
    }

    /// Reads the task again. What is being typed stays.
    pub async fn refresh(self, sent: &Values) {
        let read = load_task(self.team.get_value(), self.key.get_value()).await;
        if let (Ok(page), false) = (read, self.page.is_disposed()) {
            self.take_in(page, sent);
        }
    }

    /// Reads the task again after something that left the fields alone.
    pub async fn refresh_all(self) {
        self.refresh(&Values::new()).await;
    }

    /// Shows what the server has now. A field is replaced only when nothing unsaved is in it; what
    /// somebody else changed under unsaved text is a conflict, which is shown.
    fn take_in(self, page: TaskPageData, sent: &Values) {
        let fresh = values(&page.task);
        let mut fields = Vec::new();
        let base = self.base.get_value();
        for name in FIELDS {
            let (new, old) = (&fresh[name], &base[name]);
            let Some(typed) = self.typed(name) else {
                continue;
            };
            if typed == *sent.get(name).unwrap_or(old) {
                if typed != *new {
                    self.fill(name, new);
                }
            } else if typed != *new && new != old && !sent.contains_key(name) {
                fields.push(ConflictingField {
                    field: name.to_owned(),
                    yours: in_words(&page, name, &typed),
                    theirs: in_words(&page, name, new),
                });
            }
        }
        if let Some(first) = fields.first() {
            let last = page
                .history
                .iter()
                .find(|event| event.changes.iter().any(|c| c.field == first.field));
            let by = last.map_or_else(|| "Somebody".to_owned(), |event| event.actor.name.clone());
            let message = format!(
                "{by} changed the same while you were editing. Nothing is lost: both versions are below."
            );
            self.error.set(Some(Error {
                conflict: Some(Box::new(Conflict {
                    at: last.map_or(page.now, |event| event.at),
                    version: page.task.version,
                    fields,
                    by,
                })),
                ..Error::new(Code::Conflict, message)
            }));
        }
        self.base.set_value(fresh);
        // As long as a conflict stands, saving asks: what the fields started from stays what it was.
        if self.conflict().is_none() {
            self.version.set(page.task.version);
        }
        self.page.set(page);
        self.look_for_changes();
    }

    /// Notices what is unsaved, and keeps it as a draft.
    pub fn look_for_changes(self) {
        let unsaved = self.unsaved();
        self.base
            .with_value(|base| draft::keep(&self.draft_key(), base, &unsaved));
        let changed: Vec<_> = unsaved.into_keys().collect();
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
        self.take_in(self.page.get_untracked(), &Values::new());
    }

    fn forget_draft(self) {
        draft::keep(&self.draft_key(), &Values::new(), &Values::new());
        self.changed.set(Vec::new());
    }

    fn draft_key(self) -> String {
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

    pub fn control(self, name: &str) -> Option<Element> {
        let form = self.form.get_untracked()?;
        form.query_selector(&format!("[name='{name}']"))
            .ok()
            .flatten()
    }

    fn typed(self, name: &str) -> Option<String> {
        let control = self.control(name)?;
        js_sys::Reflect::get(&control, &JsValue::from_str("value"))
            .ok()?
            .as_string()
    }

    /// Puts a value into a field; a choice that the page does not offer yet is added to it.
    fn fill(self, name: &str, value: &str) {
        let Some(control) = self.control(name) else {
            return;
        };
        let put = || {
            // Setting the value of a form control does not fail.
            let _ = js_sys::Reflect::set(&control, &"value".into(), &JsValue::from_str(value));
        };
        put();
        if self.typed(name).as_deref() != Some(value) && control.tag_name() == "SELECT" {
            if let Ok(option) = document().create_element("option") {
                let _ = option.set_attribute("value", value);
                let words = self.page.with_untracked(|page| in_words(page, name, value));
                option.set_text_content(Some(&words));
                let _ = control.append_child(&option);
            }
            put();
        }
    }
}

/// The button may be pressed far below the place where a refusal stands.
fn show_what_was_said() {
    request_animation_frame(|| {
        if let Ok(Some(said)) = document().query_selector(".task-said > *") {
            said.scroll_into_view();
        }
    });
}

/// What the form of a task holds, as text.
pub fn values(task: &TaskView) -> Values {
    BTreeMap::from([
        ("title", task.title.clone()),
        ("description", task.description.clone()),
        (
            "assignee",
            task.assignee
                .as_ref()
                .map(|person| person.id.to_string())
                .unwrap_or_default(),
        ),
        (
            "column",
            task.column
                .map(|column| column.to_string())
                .unwrap_or_default(),
        ),
        ("due_on", task.due_on.clone().unwrap_or_default()),
        ("priority", task.priority.as_str().to_owned()),
        ("labels", task.labels.join(", ")),
    ])
}

/// A value of the form as people read it.
fn in_words(page: &TaskPageData, name: &str, value: &str) -> String {
    let known = match name {
        "assignee" => page
            .people
            .iter()
            .chain(&page.task.assignee)
            .find(|person| person.id.to_string() == value)
            .map(|person| person.name.clone()),
        "column" => page
            .columns
            .iter()
            .find(|column| column.id.to_string() == value)
            .map(|column| column.name.clone()),
        _ => None,
    };
    known.unwrap_or_else(|| words(name, value, &page.today))
}
