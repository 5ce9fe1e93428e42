//! What pages ask of teams, members and invitations: thin entrances to the same door.

use leptos::prelude::*;

use super::model::{InvitationPageView, NewTeamView, PeopleView, SettingsView};
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    access::Permission,
    actions, link,
    model::{Role, TeamName, WorkingDays},
    store,
};
#[cfg(feature = "ssr")]
use crate::{
    accounts,
    error::Error,
    forms,
    ids::{InvitationId, PersonId, WallLinkId},
    server::request::{self, access},
};

/// The people page.
#[server]
pub async fn load_people(team: String) -> Result<PeopleView> {
    let access = access(&team, Permission::Read).await?;
    let (db, team) = (access.db(), access.team());
    let may_invite = access.role().may_write();
    let mut members = store::members(db, team).await?;
    if !may_invite {
        members.iter_mut().for_each(|member| member.email = None);
    }
    let invitations = if may_invite {
        store::invitations::open(db, team).await?
    } else {
        Vec::new()
    };
    let now = accounts::store::now(db).await?;
    Ok(PeopleView {
        members,
        invitations,
        former: store::former_members(db, team).await?,
        next_invitation: InvitationId::new(),
        now,
    })
}

/// Founds a further team of whoever asks.
#[server]
pub async fn create_team(id: String, team_name: String, time_zone: Option<String>) -> Result<()> {
    let session = request::signed_in()?;
    let id = id
        .parse()
        .map_err(|_| Error::field("id", "This is not a valid id."))?;
    let name = TeamName::parse(&team_name)?;
    let zone = time_zone.unwrap_or_default();
    let slug =
        actions::create_team(&request::state().db, &session.person, id, &name, &zone).await?;
    request::redirect(&format!("/teams/{slug}"));
    Ok(())
}

/// What the form for a new team starts with.
#[server]
pub async fn load_new_team() -> Result<NewTeamView> {
    let session = request::signed_in()?;
    let teams = store::teams_of(&request::state().db, session.person_id()).await?;
    Ok(NewTeamView {
        id: uuid::Uuid::now_v7(),
        me: session.person_id(),
        team: teams
            .iter()
            .find(|team| Some(&team.slug) == session.last_team.as_ref())
            .or(teams.first())
            .cloned(),
    })
}

/// Makes an invitation, whose link is shown once on the page that follows.
#[server]
pub async fn create_invitation(
    team: String,
    id: String,
    role: String,
    expires: String,
) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let id = InvitationId::parse("id", &id)?;
    let token = actions::create_invitation(&access, id, role.parse()?, expires.parse()?).await?;
    let settings = request::state().settings;
    let link = settings.link(&format!("/invitations/{token}"));
    request::set_cookie(&forms::layer::show_once(&settings, link));
    Ok(())
}

/// Makes an open invitation unusable.
#[server]
pub async fn revoke_invitation(team: String, invitation: String) -> Result<()> {
    let access = access(&team, Permission::Write).await?;
    let invitation = InvitationId::parse("invitation", &invitation)?;
    actions::revoke_invitation(&access, invitation).await
}

/// Gives a member another role.
#[server]
pub async fn change_role(team: String, person: String, role: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let person = PersonId::parse("person", &person)?;
    actions::change_role(&access, person, role.parse::<Role>()?).await
}

/// Removes a member from the team.
#[server]
pub async fn remove_member(team: String, person: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    actions::remove_member(&access, PersonId::parse("person", &person)?).await
}

/// Takes whoever asks out of the team.
#[server]
pub async fn leave_team(team: String) -> Result<()> {
    let access = access(&team, Permission::Read).await?;
    actions::leave_team(&access).await?;
    request::redirect("/");
    Ok(())
}

/// What the invitation that this browser opened says.
#[server]
pub async fn load_invitation() -> Result<InvitationPageView> {
    let db = request::state().db;
    let offer = actions::invitation_offer(&db, &link::opened())
        .await
        .inspect_err(|_| link::close())?;
    let me = request::session().map(|session| session.person);
    let is_member = match &me {
        Some(person) => store::membership(&db, &offer.slug, person.id)
            .await?
            .is_some(),
        None => false,
    };
    Ok(InvitationPageView {
        offer,
        me,
        is_member,
    })
}

/// Makes whoever asks a member of the team whose invitation this browser opened.
#[server]
pub async fn join_team() -> Result<()> {
    let session = request::signed_in()?;
    let state = request::state();
    let slug = actions::join_team(&state.db, &session.person, &link::opened()).await?;
    link::close();
    request::redirect(&format!("/teams/{slug}"));
    Ok(())
}

/// The owners' settings of the team.
#[server]
pub async fn load_settings(team: String) -> Result<SettingsView> {
    let access = access(&team, Permission::Govern).await?;
    let (db, team) = (access.db(), access.team());
    let now = accounts::store::now(db).await?;
    Ok(SettingsView {
        settings: store::settings(db, team).await?,
        time_zones: store::time_zones(db).await?,
        wall_links: store::wall_links::open(db, team).await?,
        next_wall_link: WallLinkId::new(),
        now,
    })
}

/// Changes the team's name, time zone, working days and limits.
#[server]
pub async fn change_settings(
    team: String,
    team_name: String,
    time_zone: String,
    monday: Option<String>,
    tuesday: Option<String>,
    wednesday: Option<String>,
    thursday: Option<String>,
    friday: Option<String>,
    saturday: Option<String>,
    sunday: Option<String>,
    in_progress_limit: String,
    stale_after_days: String,
) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let days = [
        monday, tuesday, wednesday, thursday, friday, saturday, sunday,
    ];
    let working_days = WorkingDays::parse(days.map(|day| day.is_some()))?;
    let name = TeamName::parse(&team_name)?;
    let limits = actions::Limits::parse(&in_progress_limit, &stale_after_days)?;
    actions::change_settings(&access, &name, &time_zone, working_days, limits).await
}

/// Makes a wall link, which is shown once on the page that follows.
#[server]
pub async fn create_wall_link(team: String, id: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let id = WallLinkId::parse("id", &id)?;
    let token = actions::create_wall_link(&access, id).await?;
    let settings = request::state().settings;
    let link = settings.link(&format!("/wall/{token}"));
    request::set_cookie(&forms::layer::show_once(&settings, link));
    Ok(())
}

/// Makes a wall link unusable, at once also for displays that show it.
#[server]
pub async fn revoke_wall_link(team: String, wall_link: String) -> Result<()> {
    let access = access(&team, Permission::Govern).await?;
    let wall_link = WallLinkId::parse("wall_link", &wall_link)?;
    actions::revoke_wall_link(&access, wall_link).await
}
