//! The page with the three questions, for whoever comes without scripts.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    model::{FormView, Occasion, PagePath, VERSION},
    questions::{Fields, Questions, Readers},
    requests::{GiveFeedback, load_feedback_form},
};
use crate::{
    error::Error,
    forms::view::{FormState, PlainForm},
    ids::FeedbackId,
    people::{model::TeamView, shell::use_team},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn FeedbackPage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let form = PageData::new(move || slug.clone(), load_feedback_form);
    view! {
        <Loaded
            data=form
            view=move |form: FormView| view! { <FeedbackForm team=team.clone() id=form.id /> }
        />
    }
}

#[component]
fn FeedbackForm(team: TeamView, id: FeedbackId) -> impl IntoView {
    let page = use_query_map().with_untracked(|query| query.get("page").unwrap_or_default());
    let page = PagePath::of(&page, &team.slug).as_str().to_owned();
    view! {
        <Title text=format!("Feedback · {}", team.name) />
        <div class="feedback-page">
            <h1>"Feedback"</h1>
            <Readers team=team.name />
            <PlainForm action=GiveFeedback::url()>
                <input type="hidden" name="team" value=team.slug />
                <SameId id=id />
                <input type="hidden" name="occasion" value=Occasion::Button.as_str() />
                <input type="hidden" name="page" value=page.clone() />
                <input type="hidden" name="version" value=VERSION />
                <input type="hidden" name="back" value="1" />
                <Questions fields=Fields::new() />
                <p class="actions">
                    <button type="submit" class="primary">
                        "Send feedback"
                    </button>
                    <a class="button quiet" href=page>
                        "Back"
                    </a>
                </p>
            </PlainForm>
        </div>
    }
}

/// The id of the answer: what was refused because the server was away may have arrived, and the same id keeps it
/// single.
#[component]
fn SameId(id: FeedbackId) -> impl IntoView {
    let state = expect_context::<FormState>();
    let again = state
        .error
        .with_untracked(|error| error.as_ref().is_some_and(Error::may_have_arrived));
    let id = id.to_string();
    let id = if again { state.value("id", &id) } else { id };
    view! { <input type="hidden" name="id" value=id /> }
}
