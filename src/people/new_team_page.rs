//! The page that founds a further team.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    model::NewTeamView,
    own_header::OwnHeader,
    requests::{CreateTeam, load_new_team},
};
use crate::{
    accounts::sign_in_page::DoorPage,
    feedback::FeedbackButton,
    forms::view::{OwnTimeZone, PlainForm, TextField},
    ui::{data::PageData, page::Loaded},
};

#[component]
pub fn NewTeamPage() -> impl IntoView {
    let form = PageData::new(|| (), |()| load_new_team());
    view! { <Loaded data=form view=|form| view! { <NewTeam form=form /> } /> }
}

#[component]
fn NewTeam(form: NewTeamView) -> impl IntoView {
    let NewTeamView { id, me, team } = form;
    let feedback = team
        .clone()
        .map(|team| view! { <FeedbackButton team=team /> });
    // Whoever has no team yet has nowhere to go from here.
    let header = team.map(|team| view! { <OwnHeader team=Some(team) me=me /> });
    view! {
        {header}
        <DoorPage heading="New team">
            <p>"A team has its own boards and its own people. You will be its owner."</p>
            <PlainForm action=CreateTeam::url() class="form">
                <input type="hidden" name="id" value=id.to_string() />
                <TextField
                    label="Team name"
                    name="team_name"
                    required=true
                    maxlength=80
                    autocomplete="organization"
                    autofocus=true
                />
                <OwnTimeZone />
                <button type="submit" class="primary">
                    "Create team"
                </button>
            </PlainForm>
            <p class="door-links">
                <a href="/" rel="external">
                    "Back"
                </a>
            </p>
        </DoorPage>
        {feedback}
    }
}
