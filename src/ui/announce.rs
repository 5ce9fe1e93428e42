//! The place where success and failure are said, for eyes and for screen readers.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What is being said now.
#[derive(Clone, Copy)]
pub struct Announcer(RwSignal<Option<Announcement>>);

/// One sentence, and a way back where there is one.
#[derive(Clone)]
pub struct Announcement {
    pub text: String,
    pub tone: Tone,
    pub undo: Option<Callback<()>>,
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
        let announcer = Self(RwSignal::new(None));
        provide_context(announcer);
        announcer
    }

    pub fn success(self, text: impl Into<String>) {
        self.say(text.into(), Tone::Success, None);
    }

    pub fn failure(self, text: impl Into<String>) {
        self.say(text.into(), Tone::Failure, None);
    }

    /// Says that something is done and offers to take it back.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) {
        self.say(text.into(), Tone::Success, Some(undo));
    }

    fn say(self, text: String, tone: Tone, undo: Option<Callback<()>>) {
        self.0.set(Some(Announcement { text, tone, undo }));
    }

    fn hush(self) {
        self.0.set(None);
    }
}

/// The announcer of the page.
pub fn use_announcer() -> Announcer {
    expect_context()
}

/// The two live regions, and the toast that shows what they say.
#[component]
pub fn Announcements() -> impl IntoView {
    let announcer = use_announcer();
    let query = use_query_map();
    let done = move || query.with(|query| query.get("done").and_then(|verb| sentence(&verb)));
    let said = move |tone: Tone| {
        announcer.0.with(|said| {
            said.as_ref()
                .filter(|said| said.tone == tone)
                .map(|said| said.text.clone())
        })
    };
    let success = move || said(Tone::Success).or_else(|| done().map(str::to_owned));
    view! {
        <div class="announcements">
            <div role="status" class="announcement" class:shown=move || success().is_some()>
                <span>{success}</span>
                {move || {
                    announcer
                        .0
                        .with(|said| said.as_ref().and_then(|said| said.undo))
                        .map(|undo| {
                            view! {
                                <button
                                    type="button"
                                    class="quiet"
                                    on:click=move |_| {
                                        announcer.hush();
                                        undo.run(());
                                    }
                                >
                                    "Undo"
                                </button>
                            }
                        })
                }}
            </div>
            <div
                role="alert"
                class="announcement failure"
                class:shown=move || said(Tone::Failure).is_some()
            >
                {move || said(Tone::Failure)}
            </div>
        </div>
    }
}

/// What is said after an action that was answered with a redirect, by the action's verb.
pub fn sentence(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "add_column" => "Column added.",
        "add_comment" => "Comment added.",
        "archive_board" => "Board archived.",
        "change_email" => "E-mail address changed.",
        "change_name" => "Name changed.",
        "change_password" => "Password changed. Every other session was signed out.",
        "change_role" => "Role changed.",
        "claim_task" => "The task is yours.",
        "confirm_email" => "Address confirmed.",
        "create_board" => "Board created.",
        "create_invitation" => "Invitation created. Copy the link now; it is shown only once.",
        "create_team" => "Team created.",
        "create_task" => "Task added.",
        "delete_comment" => "Comment deleted.",
        "delete_task" => "Task deleted.",
        "edit_column" => "Column changed.",
        "edit_comment" => "Comment changed.",
        "edit_task" => "Task saved.",
        "join_team" => "Welcome to the team.",
        "leave_team" => "You left the team.",
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
        "change_settings" => "Settings saved.",
        "sign_out_everywhere_else" => "Every other session was signed out.",
        _ => return None,
    })
}
