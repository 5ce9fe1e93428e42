//! The page of imports: choose a file, look at what it would bring, import it.

use leptos::{context::Provider, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    model::{Earlier, ImportView, Stage, UploadView},
    preview::{CsvForm, TrelloForm},
    requests::load_import,
};
use crate::{
    forms::view::{FormError, FormState},
    people::{model::PersonName, shell::use_team},
    ui::{data::PageData, icon::Icon, page::Loaded, time::Ago, words::counted},
};

#[component]
pub fn ImportPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let team = Memo::new(move |_| params.with(|params| params.get("team").unwrap_or_default()));
    let file = Memo::new(move |_| query.with(|query| query.get("file")));
    let page = PageData::new(
        move || (team.get(), file.get()),
        |(team, file)| load_import(team, file),
    );
    view! { <Loaded data=page view=|page| view! { <Import page=page /> } /> }
}

#[component]
fn Import(page: ImportView) -> impl IntoView {
    let team = use_team();
    let title = format!("Import · {}", team.name);
    let boards = format!("/teams/{}/boards", team.slug);
    let chosen = page.upload.is_some();
    let people = page.people;
    view! {
        <Title text=title />
        <div class="import-page">
            <header class="page-header">
                <h1>"Import"</h1>
                <p class="muted">
                    "A board of Trello, or a table of tasks. First you see what will come; then all of it comes, or nothing."
                </p>
            </header>
            {page.upload.map(|upload| view! { <Chosen team=team.slug.clone() upload=upload people=people /> })}
            <ChooseFile team=team.slug.clone() again=chosen />
            <EarlierImports team=team.slug earlier=page.earlier now=page.now />
            <p class="page-foot">
                <a href=boards>
                    <Icon name="arrow-left" />
                    "Boards"
                </a>
            </p>
        </div>
    }
}

/// The form that sends a file. The browser posts it by itself, with and without JavaScript.
#[component]
fn ChooseFile(team: String, again: bool) -> impl IntoView {
    let action = format!("/teams/{team}/import/file");
    let state = FormState::of(&action, None);
    let problem = state.error;
    let words = if again {
        "Choose another file"
    } else {
        "Choose a file"
    };
    view! {
        <section aria-labelledby="choose-heading">
            <h2 id="choose-heading">{words}</h2>
            <Provider value=state>
                <form method="post" action=action enctype="multipart/form-data" class="stack">
                    <FormError />
                    <div class="field">
                        <label for="import-file">"File"</label>
                        <input
                            id="import-file"
                            type="file"
                            name="file"
                            required=true
                            accept=".json,.csv,.tsv,.txt,application/json,text/csv"
                            aria-describedby="import-file-note"
                            aria-invalid=move || problem.get().map(|_| "true")
                        />
                        <p id="import-file-note" class="field-note">
                            "Trello: Show menu, then Print, export, and share, then Export as JSON. Tables: CSV in any encoding, up to 20 MB. Files have up to 100 MB; your latest two are kept for an hour, for you alone."
                        </p>
                    </div>
                    <div class="actions">
                        <button type="submit" class:primary=!again>
                            "Look at it"
                        </button>
                    </div>
                </form>
            </Provider>
        </section>
    }
}

#[component]
fn Chosen(team: String, upload: UploadView, people: Vec<PersonName>) -> impl IntoView {
    let UploadView {
        id,
        file_name,
        stage,
        failed,
    } = upload;
    let failed = failed.map(|error| {
        view! {
            <p class="form-error" role="alert">
                {error.message}
            </p>
        }
    });
    let stage = match stage {
        Stage::Gone => view! {
            <p class="form-error" role="alert">
                "This file is not here any more: the latest two of each person are kept for an hour, on the server that took them. Choose it again."
            </p>
        }
        .into_any(),
        Stage::Running { made, of } => {
            view! { <Running team=team id=id made=made of=of /> }.into_any()
        }
        Stage::Done {
            key,
            tasks,
            comments,
        } => {
            let href = format!("/teams/{team}/boards/{key}");
            let tasks = counted(tasks, "task", "tasks");
            let comments = counted(comments, "comment", "comments");
            view! {
                <p class="notice" role="status">
                    {format!("Imported: {tasks} and {comments}. ")}
                    <a href=href>{format!("Open the board {key}")}</a>
                </p>
            }
            .into_any()
        }
        Stage::Trello(preview) => {
            view! { <TrelloForm team=team file=id preview=preview people=people /> }.into_any()
        }
        Stage::Csv(preview) => view! { <CsvForm team=team file=id preview=preview /> }.into_any(),
    };
    view! {
        <section aria-labelledby="chosen-heading" class="import-chosen">
            <h2 id="chosen-heading">{if file_name.is_empty() { "The file".to_owned() } else { file_name }}</h2>
            {failed}
            {stage}
        </section>
    }
}

/// How far an import is. The page is loaded again by itself until it has ended.
#[component]
fn Running(team: String, id: String, made: u64, of: u64) -> impl IntoView {
    let again = format!("/teams/{team}/import?file={id}");
    let tasks = counted(of, "task", "tasks");
    view! {
        <div class="notice" role="status">
            <p id="import-progress">{format!("Importing: {made} of {tasks}. Nothing is to be seen on the board until all are there.")}</p>
            <progress max=of.max(1) value=made.min(of) aria-labelledby="import-progress"></progress>
            <p>
                <a href=again rel="external">
                    "Look again"
                </a>
            </p>
        </div>
    }
}

#[component]
fn EarlierImports(team: String, earlier: Vec<Earlier>, now: i64) -> impl IntoView {
    (!earlier.is_empty()).then(|| {
        let rows = earlier.into_iter().map(|import| {
            let href = format!("/teams/{team}/boards/{}", import.key);
            let from = match import.source.as_str() {
                "trello" => "Trello",
                _ => "a table",
            };
            let tasks = counted(import.tasks, "task", "tasks");
            let comments = counted(import.comments, "comment", "comments");
            view! {
                <li>
                    <a href=href>{import.name}</a>
                    <span class="muted">
                        {format!(" from {from}, {tasks}, {comments}, by {} ", import.by.name)}
                        <Ago at=import.at now=now />
                    </span>
                </li>
            }
        });
        view! {
            <section aria-labelledby="earlier-heading">
                <h2 id="earlier-heading">"Imported before"</h2>
                <ul class="earlier-imports">{rows.collect_view()}</ul>
            </section>
        }
    })
}
