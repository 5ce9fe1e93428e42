//! Comments on the page of a task: reading them, saying something, changing one's own.

use leptos::{
    context::Provider, ev::SubmitEvent, html, prelude::*, server_fn::ServerFn, task::spawn_local,
};

use super::{
    closed::{WhyClosed, is_editable},
    ctrl_enter_sends,
    state::TaskState,
    undo::lasting,
};
use crate::{
    comments::{
        model::CommentView,
        requests::{
            AddComment, DeleteComment, EditComment, delete_comment, edit_comment, restore_comment,
        },
    },
    error::Error,
    forms::view::{FormError, FormState, TextAreaField},
    ids::CommentId,
    live::listener::use_live,
    people::shell::use_team,
    tasks::outbox::{Deed, report_comment, send, use_unsent},
    ui::{avatar::Avatar, storage::Storage, text::in_field, time::Ago},
};

#[component]
pub fn CommentItem(comment: CommentView, state: TaskState) -> impl IntoView {
    let anchor = format!("comment-{}", comment.id);
    let own = comment.author.id == use_team().me.id;
    let now = state.page.with_untracked(|page| page.now);
    let may_write = state.page.with_untracked(is_editable);
    view! {
        <li class="comment" id=anchor>
            <p class="comment-head">
                <Avatar name=comment.author.name.clone() />
                <span class="person">{comment.author.name.clone()}</span>
                " · "
                <Ago at=comment.created_at now=now />
                {comment.edited_at.map(|_| " · edited")}
            </p>
            <div class="prose" inner_html=comment.html.clone()></div>
            {(own && may_write).then(|| view! { <OwnComment comment=comment state=state /> })}
        </li>
    }
}

/// What its author can do with a comment.
#[component]
fn OwnComment(comment: CommentView, state: TaskState) -> impl IntoView {
    let id = comment.id;
    let (team, key) = (state.team.get_value(), state.key.get_value());
    let form = FormState::of(EditComment::url(), Some(("comment", &id.to_string())));
    let refused = form.error.with_untracked(Option::is_some);
    let error = RwSignal::new(form.error.get_untracked());
    let form = FormState {
        error: error.into(),
        ..form
    };
    let text = NodeRef::<html::Textarea>::new();
    let details = NodeRef::<html::Details>::new();
    let draft = state.comment_draft(Some(id));
    let before = in_field(&comment.body);
    let keep = {
        let draft = draft.clone();
        move |_| {
            let typed = text.get_untracked().map(|text| text.value());
            let typed = typed.filter(|typed| *typed != before);
            Storage::Tab.keep(&draft, &typed.unwrap_or_default());
        }
    };
    let kept = draft.clone();
    Effect::new(move |_| {
        if let (Some(typed), Some(text), Some(details)) =
            (Storage::Tab.read(&kept), text.get(), details.get())
        {
            text.set_value(&typed);
            details.set_open(true);
        }
    });
    let forget = move || {
        Storage::Tab.keep(&draft, "");
    };
    let (cancelled, updated) = (forget.clone(), forget);
    let unchanged = comment.body.clone();
    let cancel = move |_| {
        error.set(None);
        cancelled();
        if let Some(text) = text.get_untracked() {
            text.set_value(&unchanged);
        }
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let removal = format!("remove-{id}");
    let (removal_form, gone) = (removal.clone(), (team.clone(), key.clone()));
    let edit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(body) = text.get_untracked().map(|text| text.value()) else {
            return;
        };
        let updated = updated.clone();
        let request = edit_comment(
            state.team.get_value(),
            state.key.get_value(),
            id.to_string(),
            body,
        );
        spawn_local(async move {
            match request.await {
                Ok(()) => {
                    updated();
                    state.announcer.success("Comment changed.");
                    refresh(state);
                }
                Err(problem) => error.set(Some(problem)),
            }
        });
    };
    let remove = move |event: SubmitEvent| {
        event.prevent_default();
        let (team, key) = (state.team.get_value(), state.key.get_value());
        let before = state.page.with_untracked(|page| page.comments.clone());
        state
            .page
            .update(|page| page.comments.retain(|comment| comment.id != id));
        spawn_local(async move {
            match delete_comment(team.clone(), key.clone(), id.to_string()).await {
                Ok(()) => {
                    let undo = lasting(move || bring_back(state, team.clone(), key.clone(), id));
                    state.announcer.undoable("Comment deleted.", undo);
                    refresh(state);
                }
                Err(error) => {
                    if !state.page.is_disposed() {
                        state.page.update(|page| page.comments = before);
                    }
                    state.announcer.failure(error.message);
                }
            }
        });
    };
    view! {
        <details node_ref=details class="own-comment" open=refused>
            <summary>"Change"</summary>
            <Provider value=form>
                <form
                    method="post"
                    action=EditComment::url()
                    on:submit=edit
                    on:input=keep
                    on:keydown=ctrl_enter_sends
                >
                    <input type="hidden" name="team" value=team />
                    <input type="hidden" name="task" value=key />
                    <input type="hidden" name="comment" value=id.to_string() />
                    <FormError />
                    <WhyClosed state=state field=".own-comment[open] textarea" />
                    <TextAreaField label="Text" name="body" value=comment.body rows=3 node_ref=text />
                    <p class="actions">
                        <button type="submit" class="primary">
                            "Update"
                        </button>
                        <button type="button" class="quiet only-scripts" on:click=cancel>
                            "Cancel"
                        </button>
                        <button type="submit" class="quiet danger" form=removal>
                            "Remove"
                        </button>
                    </p>
                </form>
            </Provider>
            <form id=removal_form method="post" action=DeleteComment::url() on:submit=remove hidden>
                <input type="hidden" name="team" value=gone.0 />
                <input type="hidden" name="task" value=gone.1 />
                <input type="hidden" name="comment" value=id.to_string() />
            </form>
        </details>
    }
}

fn bring_back(state: TaskState, team: String, key: String, id: CommentId) {
    spawn_local(async move {
        match restore_comment(team, key, id.to_string()).await {
            Ok(()) => {
                state.announcer.success("Comment restored.");
                refresh(state);
            }
            Err(error) => state.announcer.failure(error.message),
        }
    });
}

fn refresh(state: TaskState) {
    if !state.page.is_disposed() {
        state.refresh();
    }
}

/// The field for the next comment. What was said shows at once, and comes back when it is refused.
#[component]
pub fn NewComment(state: TaskState) -> impl IntoView {
    let key = state.key.get_value();
    let form = FormState::of(AddComment::url(), Some(("task", &key)));
    let error = RwSignal::new(form.error.get_untracked());
    let first = state
        .page
        .with_untracked(|page| page.new_comment_id.to_string());
    let task = state.page.with_untracked(|page| page.task.id);
    // What was refused because the server was away may have arrived: the same id keeps it single.
    let again = error.with_untracked(|error| error.as_ref().is_some_and(Error::may_have_arrived));
    let first = if again {
        form.value("id", &first)
    } else {
        first
    };
    let id = RwSignal::new(first);
    let form = FormState {
        error: error.into(),
        ..form
    };
    let text = NodeRef::<html::Textarea>::new();
    let draft = state.comment_draft(None);
    let kept = draft.clone();
    Effect::new(move |_| {
        let field = text.get().filter(|field| field.value().is_empty());
        if let (Some(field), Some(typed)) = (field, Storage::Tab.read(&kept)) {
            field.set_value(&typed);
        }
    });
    let keep = {
        let draft = draft.clone();
        move || {
            let typed = text.get_untracked().map(|field| field.value());
            Storage::Tab.keep(&draft, &typed.unwrap_or_default());
        }
    };
    let typed = keep.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(field), Ok(this)) = (text.get_untracked(), id.get_untracked().parse()) else {
            return;
        };
        let body = field.value();
        field.set_value("");
        keep();
        let keep = keep.clone();
        error.set(None);
        id.set(CommentId::new().to_string());
        let deed = Deed::Comment {
            task: state.task_ref(),
            id: this,
            body: body.clone(),
        };
        let sent = deed.clone();
        send(deed, move |answer| {
            let announcer = state.announcer;
            let Some(field) = text.try_get_untracked().flatten() else {
                if let Err(problem) = answer {
                    report_comment(&sent, problem);
                }
                return;
            };
            match answer {
                Ok(_) => {
                    announcer.success("Comment added.");
                    refresh(state);
                }
                Err(problem) => {
                    let since = field.value();
                    let both = if since.is_empty() {
                        body
                    } else {
                        format!("{body}\n\n{since}")
                    };
                    field.set_value(&both);
                    keep();
                    if problem.may_have_arrived() {
                        id.set(this.to_string());
                    }
                    error.set(Some(problem));
                }
            }
        });
    };
    let (live, unsent) = (use_live(), use_unsent());
    let sending = move || unsent.comments(task);
    let said = move || {
        if live.is_waiting() {
            "Not sent yet"
        } else {
            "Sending…"
        }
    };
    view! {
        <For each=sending key=|(id, _)| *id let:comment>
            <div class="comment sending">
                <p class="comment-head muted">{said}</p>
                <p class="typed">{comment.1}</p>
            </div>
        </For>
        <Provider value=form>
            <form
                class="new-comment"
                method="post"
                action=AddComment::url()
                on:submit=submit
                on:input=move |_| typed()
                on:keydown=ctrl_enter_sends
            >
                <input type="hidden" name="team" value=state.team.get_value() />
                <input type="hidden" name="task" value=key />
                <input type="hidden" name="id" value=move || id.get() />
                <FormError />
                <WhyClosed state=state field=".new-comment textarea" />
                <TextAreaField label="Comment" name="body" rows=2 node_ref=text />
                <p class="actions">
                    <button type="submit" class="primary">
                        "Add comment"
                    </button>
                    <span class="muted small only-scripts">"Ctrl+Enter sends"</span>
                </p>
            </form>
        </Provider>
    }
}
