//! One answer, and the form that makes a task of it.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    item::{Said, SaidBy},
    model::{AnswerView, MadeTask},
    requests::{MakeFeedbackTask, load_answer},
};
use crate::{
    forms::view::{PlainForm, SelectField, TextAreaField, TextField},
    people::{model::TeamView, shell::use_team},
    tasks::model::TaskTitle,
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn AnswerPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let params = use_params_map();
    let feedback =
        Memo::new(move |_| params.with(|params| params.get("feedback").unwrap_or_default()));
    let answer = PageData::new(
        move || (slug.clone(), feedback.get()),
        |(slug, feedback)| load_answer(slug, feedback),
    );
    view! {
        <Loaded
            data=answer
            view=move |answer: AnswerView| view! { <Answer team=team.clone() answer=answer /> }
        />
    }
}

#[component]
fn Answer(team: TeamView, answer: AnswerView) -> impl IntoView {
    let title = format!("Feedback · {}", team.name);
    let insights = format!("/teams/{}/insights#feedback", team.slug);
    let heading = format!("Feedback from {}", answer.item.by.name);
    let item = answer.item.clone();
    let task = match item.task.clone() {
        Some(task) => view! { <Became team=team.slug task=task /> }.into_any(),
        None => view! { <MakeTask team=team.slug answer=answer.clone() /> }.into_any(),
    };
    view! {
        <Title text=title />
        <div class="answer-page">
            <p class="way-back">
                <a href=insights>"What people say"</a>
            </p>
            <h1>{heading}</h1>
            <SaidBy item=item.clone() now=answer.now />
            <Said item=item />
            {task}
        </div>
    }
}

/// The task that was made of an answer.
#[component]
pub fn Became(
    /// Its slug.
    team: String,
    task: MadeTask,
) -> impl IntoView {
    let href = format!("/teams/{team}/tasks/{}", task.key);
    view! {
        <p class="said-task">
            "Became " <a href=href>{task.key}</a> {task.deleted.then_some(", which was deleted")} "."
        </p>
    }
}

#[component]
fn MakeTask(team: String, answer: AnswerView) -> impl IntoView {
    let id = answer.item.id.to_string();
    let boards: Vec<(String, String)> = answer
        .boards
        .into_iter()
        .map(|board| {
            let words = format!("{} ({})", board.name, board.key);
            (board.id.to_string(), words)
        })
        .collect();
    let form = if boards.is_empty() {
        view! { <p class="empty">"There is no open board that it could stand on."</p> }.into_any()
    } else {
        view! {
            <PlainForm action=MakeFeedbackTask::url() key=("feedback".to_owned(), id)>
                <input type="hidden" name="team" value=team />
                <SelectField label="Board" name="board" options=boards />
                <TextField
                    label="Title"
                    name="title"
                    value=answer.title
                    required=true
                    maxlength=TaskTitle::MAX as u32
                    autocomplete="off"
                />
                <TextAreaField
                    label="Description"
                    name="description"
                    value=answer.description
                    rows=8
                />
                <p class="field-note">
                    "Everybody in the team reads the task. It does not say who gave the feedback."
                </p>
                <button type="submit" class="primary">
                    "Make a task"
                </button>
            </PlainForm>
        }
        .into_any()
    };
    view! {
        <section class="make-task" aria-labelledby="make-task-heading">
            <h2 id="make-task-heading">"Make a task"</h2>
            {form}
        </section>
    }
}
