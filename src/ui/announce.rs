//! The place where success and failure are said, for eyes and for screen readers.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::hooks::{use_location, use_query_map};

use super::icon::Icon;
use crate::{forms::model::FormOutcome, tasks::model::TaskKey};

/// How long a success stands there, and one that can be taken back.
const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(10);

/// What was said no longer ago than this, in milliseconds, belongs to the page that one comes to, as
/// when a deed leads away from what it deleted.
const IN_PASSING: f64 = 1000.0;

/// What is being said now.
#[derive(Clone, Copy)]
pub struct Announcer {
    said: RwSignal<Option<Announcement>>,
    /// Takes a success away again.
    clock: StoredValue<Option<TimeoutHandle>>,
    /// When the last thing was said, in milliseconds since 1970.
    said_at: StoredValue<f64>,
    /// Said beside the next success.
    remark: StoredValue<Option<String>>,
}

/// One sentence, and a way on or back where there is one.
#[derive(Clone)]
pub struct Announcement {
    pub text: String,
    pub tone: Tone,
    pub undo: Option<Callback<()>>,
    /// What can be done instead, and the words for it.
    pub instead: Option<(String, Callback<()>)>,
    /// Where to go on, and the words for it.
    pub link: Option<(String, &'static str)>,
}

/// A success is said politely, a failure at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Success,
    Failure,
}

impl Announcer {
    /// Makes the announcer that the page's regions listen to.
    pub fn provide() -> Self {
        let announcer = Self {
            said: RwSignal::new(None),
            clock: StoredValue::new(None),
            said_at: StoredValue::new(0.0),
            remark: StoredValue::new(None),
        };
        provide_context(announcer);
        announcer
    }

    pub fn success(self, text: impl Into<String>) {
        self.say(text.into(), Tone::Success, None);
    }

    pub fn failure(self, text: impl Into<String>) {
        self.say(text.into(), Tone::Failure, None);
    }

    /// Keeps something to be said beside the next success.
    pub fn remark(self, text: String) {
        self.remark.set_value(Some(text));
    }

    /// Says that something failed, and where to go on.
    pub fn failure_at(self, text: impl Into<String>, href: String, words: &'static str) {
        self.say(text.into(), Tone::Failure, None);
        self.said.update(|said| {
            if let Some(said) = said {
                said.link = Some((href, words));
            }
        });
    }

    /// Says that something failed, where to look, and what can be done instead.
    pub fn failure_or(
        self,
        text: impl Into<String>,
        link: (String, &'static str),
        instead: (String, Callback<()>),
    ) {
        self.say(text.into(), Tone::Failure, None);
        self.said.update(|said| {
            if let Some(said) = said {
                said.link = Some(link);
                said.instead = Some(instead);
            }
        });
    }

    /// Says that something is done and offers to take it back.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        self.say(text.into(), Tone::Success, Some(undo));
    }

    fn say(self, mut text: String, tone: Tone, undo: Option<Callback<()>>) {
        if let Some(remark) = self.remark.try_update_value(Option::take).flatten()
            && tone == Tone::Success
        {
            text = format!("{text} {remark}");
        }
        self.said_at.set_value(js_sys::Date::now());
        self.said.set(Some(Announcement {
            text,
            tone,
            undo,
            instead: None,
            link: None,
        }));
        self.expire();
    }

    /// Lets what is said go after a while. A failure stays until somebody has read it.
    fn expire(self) {
        self.hold();
        let lasting = self.said.with_untracked(|said| match said {
            Some(said) if said.tone == Tone::Failure => None,
            Some(said) if said.undo.is_some() || said.link.is_some() => Some(LONG),
            Some(_) => Some(SHORT),
            None => None,
        });
        let clock =
            lasting.and_then(|time| set_timeout_with_handle(move || self.hush(), time).ok());
        self.clock.set_value(clock);
    }

    /// Says something good that nobody waits for. A failure stays until it is read.
    pub fn late_success(self, text: impl Into<String>) {
        if self.unread_failure().is_none() {
            self.success(text);
        }
    }

    /// Says that something failed that was done some time ago, behind a failure that is not read yet.
    pub fn late_failure(self, text: String, link: Option<(String, &'static str)>) {
        let text = match self.unread_failure() {
            Some(unread) => format!("{unread} {text}"),
            None => text,
        };
        match link {
            Some((href, words)) => self.failure_at(text, href, words),
            None => self.failure(text),
        }
    }

    fn unread_failure(self) -> Option<String> {
        self.said.with_untracked(|said| {
            let failure = said.as_ref().filter(|said| said.tone == Tone::Failure)?;
            Some(failure.text.clone())
        })
    }

    /// Stops the clock, while somebody reads or reaches for a button.
    fn hold(self) {
        if let Some(clock) = self.clock.get_value() {
            clock.clear();
            self.clock.set_value(None);
        }
    }

    fn hush(self) {
        self.hold();
        self.said.set(None);
    }

    fn leave_the_page(self) {
        if js_sys::Date::now() - self.said_at.get_value() > IN_PASSING {
            self.hush();
        }
    }
}

/// The announcer of the page.
pub fn use_announcer() -> Announcer {
    expect_context()
}

/// The two live regions, and the toast that shows what they say. The buttons stand outside of the
/// regions, so that they are not read out with the words.
///
/// The alert is there only while it says something: an empty one would stand beside that of a refused form.
/// It is read out when it comes, so it comes anew each time, also with the words of the time before.
#[component]
pub fn Announcements() -> impl IntoView {
    let announcer = use_announcer();
    let location = use_location();
    let asked = |name| use_query_map().with_untracked(|query| query.get(name));
    if let Some(verb) = asked("done") {
        let path = location.pathname.get_untracked();
        let remark = use_context::<FormOutcome>().and_then(|outcome| outcome.remark);
        let said = after_redirect(&verb, remark, &path, asked("restored"));
        announcer.said.set(said);
    }
    Effect::new(move |before: Option<String>| {
        let here = location.pathname.get();
        match before {
            None => {
                take_done_out_of_the_address();
                announcer.expire();
            }
            Some(before) if before != here => announcer.leave_the_page(),
            Some(_) => {}
        }
        here
    });
    let said = move |tone: Tone| {
        announcer.said.with(|said| {
            said.as_ref()
                .filter(|said| said.tone == tone)
                .map(|said| said.text.clone())
        })
    };
    let is_said = move || announcer.said.with(Option::is_some);
    let failure =
        move || said(Tone::Failure).map(|text| (announcer.said_at.get_value().to_bits(), text));
    view! {
        <section class="announcements" aria-label="Messages">
            <div
                class="announcement"
                class:shown=is_said
                class:failure=move || said(Tone::Failure).is_some()
                on:mouseenter=move |_| announcer.hold()
                on:mouseleave=move |_| announcer.expire()
                on:focusin=move |_| announcer.hold()
                on:focusout=move |_| announcer.expire()
            >
                <div role="status">{move || said(Tone::Success)}</div>
                <For each=failure key=Clone::clone let:failure>
                    <div role="alert">{failure.1}</div>
                </For>
                <Ways announcer=announcer />
                {move || {
                    is_said()
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="quiet icon-only only-scripts"
                                    aria-label="Dismiss"
                                    on:click=move |_| announcer.hush()
                                >
                                    <Icon name="close" />
                                </button>
                            }
                        })
                }}
            </div>
        </section>
    }
}

/// What can be done about what was said.
#[component]
fn Ways(announcer: Announcer) -> impl IntoView {
    let undo = move || {
        announcer
            .said
            .with(|said| {
                let said = said.as_ref()?;
                let undo = said.undo.map(|undo| ("Undo".to_owned(), undo));
                undo.or_else(|| said.instead.clone())
            })
            .map(|(words, undo)| {
                view! {
                    <button
                        type="button"
                        class="quiet"
                        on:click=move |_| {
                            announcer.hush();
                            let _ = undo.try_run(());
                        }
                    >
                        {words}
                    </button>
                }
            })
    };
    let link = move || {
        announcer
            .said
            .with(|said| said.as_ref().and_then(|said| said.link.clone()))
            .map(|(href, words)| view! { <a href=href>{words}</a> })
    };
    view! {
        {undo}
        {link}
    }
}

/// What is said on the page that a form without JavaScript leads to. `restored` is the key of a task that is
/// not to be seen there any more.
fn after_redirect(
    verb: &str,
    remark: Option<String>,
    path: &str,
    restored: Option<String>,
) -> Option<Announcement> {
    let mut text = sentence(verb)?.to_owned();
    if let Some(remark) = remark {
        text = format!("{text} {remark}");
    }
    // Where there is no Undo there is still the page of what was deleted.
    let link = path
        .strip_prefix("/teams/")
        .and_then(|rest| rest.split('/').next())
        .and_then(|team| match (verb, restored) {
            ("delete_task", _) => Some((format!("/teams/{team}/deleted"), "Recently deleted")),
            ("restore_task", Some(key)) => {
                let key: TaskKey = key.parse().ok()?;
                Some((format!("/teams/{team}/tasks/{key}"), "Open the task"))
            }
            _ => None,
        });
    Some(Announcement {
        text,
        tone: Tone::Success,
        undo: None,
        instead: None,
        link,
    })
}

/// What was done is said once: not again after a reload, from a bookmark or by the Back button.
fn take_done_out_of_the_address() {
    let window = window();
    let location = window.location();
    let (Ok(path), Ok(query), Ok(hash)) = (location.pathname(), location.search(), location.hash())
    else {
        return;
    };
    let said = ["done=", "at=", "restored="];
    let (done, rest): (Vec<&str>, Vec<&str>) = query
        .trim_start_matches('?')
        .split('&')
        .partition(|pair| said.iter().any(|name| pair.starts_with(name)));
    if done.is_empty() {
        return;
    }
    let mark = if rest.is_empty() { "" } else { "?" };
    let address = format!("{path}{mark}{}{hash}", rest.join("&"));
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or_default();
        // An address that stays as it was is only less tidy.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

/// What is said after an action that was answered with a redirect, by the action's verb.
pub fn sentence(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "add_feedback_tag" => "Tag added.",
        "remove_feedback_tag" => "Tag removed.",
        "give_feedback" => "Thank you. The owners of the team read it.",
        "make_feedback_task" => "Task made.",
        "add_column" => "Column added.",
        "add_comment" => "Comment added.",
        "archive_board" => "Board archived.",
        "change_email" => "Email address changed.",
        "change_notifications" => "Saved.",
        "change_name" => "Name changed.",
        "change_password" => "Password changed. Every other session and API token has ended.",
        "change_role" => "Role changed.",
        "claim_task" => "The task is yours.",
        "confirm_email" => "Address confirmed.",
        "create_board" => "Board created.",
        "create_team" => "Team created.",
        "create_token" => "Token created.",
        "create_task" => "Task added.",
        "delete_account" => "Your account is deleted.",
        "delete_comment" => "Comment deleted.",
        "delete_task" => "Task deleted.",
        "create_hypothesis" => "Hypothesis written down.",
        "edit_column" => "Column changed.",
        "edit_comment" => "Comment changed.",
        "edit_task" => "Task saved.",
        "import_ended" => "Imported.",
        "join_team" => "Welcome to the team.",
        "leave_team" => "You left the team.",
        "mark_all_read" => "All marked as read.",
        "mark_read" => "Marked as read.",
        "move_column" => "Column moved.",
        "move_task" => "Task moved.",
        "remove_column" => "Column removed.",
        "remove_member" => "Removed from the team.",
        "rename_board" => "Board renamed.",
        "request_email_change" => {
            "A link is on its way to the new address. It changes when you open the link."
        }
        "request_password_reset" => {
            "If there is an account with this address, a link is on its way."
        }
        "reset_password" => "Password changed. Sign in with the new one.",
        "restore_comment" => "Comment restored.",
        "restore_board" => "Board brought back.",
        "restore_task" => "Task restored.",
        "revoke_invitation" => "Invitation revoked.",
        "revoke_token" => "Token revoked.",
        "revoke_wall_link" => "Wall link revoked.",
        "change_tasks" => "Tasks changed.",
        "take_decision" => "Decision recorded.",
        "withdraw_hypothesis" => "Hypothesis withdrawn.",
        "remove_webhook" => "Webhook removed.",
        "turn_on_webhook" => "Webhook turned on.",
        "send_test" => "A test is on its way.",
        "send_again" => "It is sent again.",
        "send_since" => "It and everything since is sent again.",
        "change_settings" => "Settings saved.",
        "change_toggle" => "Toggle saved.",
        "undo_change" => "Taken back.",
        "watch_task" => "You watch this task.",
        "unwatch_task" => "You watch this task no more.",
        "sign_out" => "You are signed out.",
        "sign_out_everywhere_else" => "Every other session was signed out.",
        _ => return None,
    })
}
