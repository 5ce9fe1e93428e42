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
    deletion,
    description::leave_description,
    draft,
    history::words,
    reassign::reassign,
    undo::lasting,
};
use crate::{
    columns::model::ColumnKind,
    error::{Conflict, ConflictingField, Error, Result},
    forms::conflict::version_of,
    ids::{ColumnId, CommentId, PersonId},
    live::coalesced::Coalesced,
    people::{model::PersonName, shell::use_team},
    tasks::{
        model::{FIELDS, TaskView, stored},
        offer::offer,
        outbox::{Deed, Fields, TaskRef, Unsent, send, send_edit, use_unsent},
        requests::move_task,
        similar::Similar,
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

    /// The fields that hold something which is neither saved nor on the way, and what they started from.
    fn to_send(self) -> Fields {
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
    fn on_the_way(self) -> BTreeMap<String, String> {
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
            lead_to(&format!("/teams/{team}/boards/{board}"));
            deletion::say(announcer, team, key);
        });
    }

    fn conflict(self) -> Option<Conflict> {
        let error = self.error.get_untracked()?;
        error.conflict.map(|conflict| *conflict)
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
                    field.value().clone_into(value);
                }
            }
        });
    }

    /// Whether every field in conflict was edited after the conflict was told.
    fn is_merged_by_hand(self) -> bool {
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
                let theirs = field.value().to_owned();
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
                    let mut known = known.filter(|both| both.field == name && both.value() == new);
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

    /// Notices what is unsaved, and keeps it as a draft.
    pub fn look_for_changes(self) {
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

    /// Where a comment is kept that is not sent: a new one, or what is written in the place of an old one.
    pub fn comment_draft(self, comment: Option<CommentId>) -> String {
        draft::comment_place(&self.draft_key(), comment)
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

    pub fn typed(self, name: &str) -> Option<String> {
        let control = self.control(name)?;
        js_sys::Reflect::get(&control, &JsValue::from_str("value"))
            .ok()?
            .as_string()
    }

    /// What a field holds, as people read it.
    fn in_the_field(self, name: &str) -> String {
        let typed = self.typed(name).unwrap_or_default();
        self.page
            .with_untracked(|page| in_words(page, name, &typed))
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
