//! The people page: who is in the team, who is invited, and who left work behind.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::components::A;

use super::{
    model::{FormerMemberView, InvitationView, MemberView, PeopleView, PersonName, Role, TeamView},
    requests::{
        ChangeRole, CreateInvitation, LeaveTeam, RemoveMember, RevokeInvitation, load_people,
    },
    shell::use_team,
    shown_once::ShownOnce,
};
use crate::{
    forms::{
        model::FormOutcome,
        view::{PlainForm, SelectField},
    },
    ids::InvitationId,
    live::{coalesced::at_events, model::FeedEvent},
    ui::{
        avatar::Avatar,
        confirm::{Answers, Confirm},
        data::PageData,
        page::Loaded,
        time::{Ago, Moment, left},
        words::counted,
    },
};

#[component]
pub fn PeoplePage() -> impl IntoView {
    let team = use_team();
    let slug = team.slug.clone();
    let people = PageData::new(move || slug.clone(), load_people);
    view! {
        <Loaded data=people view=move |people| view! { <People team=team.clone() people=people /> } />
    }
}

#[component]
fn People(team: TeamView, people: PeopleView) -> impl IntoView {
    let next_invitation = people.next_invitation;
    let people = RwSignal::new(people);
    follow_feed(&team, people);
    let may_invite = team.role.may_write();
    let title = format!("People · {}", team.name);
    let invited_to = team.clone();
    view! {
        <Title text=title />
        <div class="people-page">
            <h1>"People"</h1>
            <Refusal />
            <Members team=team people=people />
            {may_invite
                .then(|| {
                    view! {
                        <InviteForm team=invited_to id=next_invitation />
                        <Invitations people=people />
                    }
                })}
            <FormerMembers people=people />
        </div>
    }
}

/// Reads the page again when somebody comes, goes or is invited, and when a task that somebody left behind
/// may have changed. Only what is different is drawn anew.
fn follow_feed(team: &TeamView, people: RwSignal<PeopleView>) {
    let slug = team.slug.clone();
    let read = move || {
        let request = load_people(slug.clone());
        async move {
            let fresh = request.await?;
            if !people.is_disposed() {
                people.set(fresh);
            }
            Ok(())
        }
    };
    let concerns = move |event: &FeedEvent| match event.kind.split('.').next() {
        Some("member" | "invitation") => true,
        Some("task") => people
            .try_with_untracked(|people| !people.former.is_empty())
            .unwrap_or_default(),
        _ => false,
    };
    at_events(team.seq, concerns, read);
}

/// Why the last form of a row was refused. The form itself is behind its button then.
#[component]
fn Refusal() -> impl IntoView {
    let behind_a_button = [ChangeRole::url(), RemoveMember::url(), LeaveTeam::url()];
    use_context::<FormOutcome>()
        .and_then(|outcome| {
            outcome.taken(|refused| behind_a_button.contains(&refused.action.as_str()))
        })
        .map(|refused| {
            view! {
                <p class="form-error" role="alert">
                    {refused.error.message}
                </p>
            }
        })
}

#[component]
fn Members(team: TeamView, people: RwSignal<PeopleView>) -> impl IntoView {
    let shows_email = people.with_untracked(|people| {
        let mut members = people.members.iter();
        members.any(|member| member.email.is_some())
    });
    let rows = move || {
        let members = people.with(|people| people.members.clone());
        let owners = members
            .iter()
            .filter(|member| member.role == Role::Owner)
            .count();
        let members = members.into_iter();
        members
            .map(|member| {
                let is_last_owner = member.role == Role::Owner && owners == 1;
                (member, is_last_owner)
            })
            .collect::<Vec<_>>()
    };
    // A row whose dialog is open stays as long as nothing in it is different.
    let key = |(member, is_last_owner): &(MemberView, bool)| {
        let MemberView {
            person,
            email,
            role,
            joined_at,
        } = member.clone();
        (person, email, role.as_str(), joined_at, *is_last_owner)
    };
    view! {
        <table class="members">
            <caption class="visually-hidden">"Members"</caption>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    {shows_email.then(|| view! { <th scope="col">"Email"</th> })}
                    <th scope="col">"Role"</th>
                    <th scope="col">"Joined"</th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                <For each=rows key=key let:row>
                    <MemberRow
                        team=team.clone()
                        member=row.0
                        is_last_owner=row.1
                        shows_email=shows_email
                        now=people.with_untracked(|people| people.now)
                    />
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn MemberRow(
    team: TeamView,
    member: MemberView,
    is_last_owner: bool,
    shows_email: bool,
    now: i64,
) -> impl IntoView {
    view! {
        <tr>
            <th scope="row">
                <Avatar name=member.person.name.clone() />
                {member.person.name.clone()}
            </th>
            {shows_email.then(|| view! { <td>{member.email.clone()}</td> })}
            <td>{member.role.in_words()}</td>
            <td class="joined">
                <Ago at=member.joined_at now=now />
            </td>
            <td class="row-actions">
                <MemberActions team=team member=member is_last_owner=is_last_owner />
            </td>
        </tr>
    }
}

/// What the reader can do with a member. The last owner stays as they are, so nothing is offered.
#[component]
fn MemberActions(team: TeamView, member: MemberView, is_last_owner: bool) -> impl IntoView {
    let is_me = member.person.id == team.me.id;
    let governs = team.role.may_govern();
    let change = (governs && !is_last_owner)
        .then(|| view! { <ChangeRoleButton slug=team.slug.clone() member=member.clone() /> });
    let remove = (governs && !is_me)
        .then(|| view! { <RemoveButton slug=team.slug.clone() person=member.person.clone() /> });
    let leave = (is_me && !is_last_owner).then(|| view! { <LeaveButton team=team.clone() /> });
    view! {
        {change}
        {remove}
        {leave}
    }
}

#[component]
fn ChangeRoleButton(slug: String, member: MemberView) -> impl IntoView {
    let id = member.person.id.to_string();
    let name = member.person.name;
    view! {
        <Confirm
            id=format!("role-{id}")
            opener="Change role"
            title=format!("Change the rights of {name}")
        >
            <PlainForm action=ChangeRole::url() key=("person".to_owned(), id)>
                <input type="hidden" name="team" value=slug />
                // `Role` is the field of the invitation alone, also for who looks for a part of a name.
                <SelectField
                    label=format!("What {name} may do")
                    name="role"
                    value=member.role.as_str()
                    options=role_options(Role::Owner)
                    hint="Owners set roles and team settings. Members change boards and tasks. Viewers read."
                />
                <Answers>
                    <button type="submit" class="primary">
                        "Save role"
                    </button>
                </Answers>
            </PlainForm>
        </Confirm>
    }
}

#[component]
fn RemoveButton(slug: String, person: PersonName) -> impl IntoView {
    let id = person.id.to_string();
    view! {
        <Confirm
            id=format!("remove-{id}")
            opener="Remove"
            title=format!("Remove {} from the team?", person.name)
            danger=true
        >
            <p>
                "They will not see this team any more. Tasks that they hold stay theirs and are listed on this page until somebody takes them."
            </p>
            <PlainForm action=RemoveMember::url() key=("person".to_owned(), id)>
                <input type="hidden" name="team" value=slug />
                <Answers>
                    <button type="submit" class="danger">
                        "Remove from team"
                    </button>
                </Answers>
            </PlainForm>
        </Confirm>
    }
}

#[component]
fn LeaveButton(team: TeamView) -> impl IntoView {
    view! {
        <Confirm
            id="leave"
            opener="Leave team"
            title=format!("Leave {}?", team.name)
            danger=true
        >
            <p>
                "You will not see this team any more. Tasks that you hold stay listed under your name."
            </p>
            <PlainForm action=LeaveTeam::url()>
                <input type="hidden" name="team" value=team.slug />
                <Answers>
                    <button type="submit" class="danger">
                        "Leave"
                    </button>
                </Answers>
            </PlainForm>
        </Confirm>
    }
}

#[component]
fn InviteForm(team: TeamView, id: InvitationId) -> impl IntoView {
    view! {
        <section class="invite panel" aria-labelledby="invite-title">
            <h2 id="invite-title">"Invite somebody"</h2>
            <p class="muted">
                "You get a link that one person can use once. Send it to them yourself."
            </p>
            <PlainForm action=CreateInvitation::url() class="inline-form">
                <input type="hidden" name="team" value=team.slug />
                <input type="hidden" name="id" value=id.to_string() />
                <SelectField
                    label="Role"
                    name="role"
                    value="member"
                    options=role_options(team.role)
                />
                <SelectField label="Expires" name="expires" value="7" options=lifetimes() />
                <button type="submit" class="primary">
                    "Create invitation"
                </button>
            </PlainForm>
            <ShownOnce
                kind="/invitations/"
                label="Invitation link"
                note="Copy it now: it is shown only this once. One person can join the team with it: whoever accepts it first."
            />
        </section>
    }
}

#[component]
fn Invitations(people: RwSignal<PeopleView>) -> impl IntoView {
    let none = Memo::new(move |_| people.with(|people| people.invitations.is_empty()));
    view! {
        <Show
            when=move || !none.get()
            fallback=|| view! { <p class="muted">"No open invitations."</p> }
        >
            <section class="panel" aria-labelledby="open-invitations">
                <h2 id="open-invitations">"Open invitations"</h2>
                <ul class="invitations">
                    <For
                        each=move || people.with(|people| people.invitations.clone())
                        key=|invitation| invitation.id
                        let:invitation
                    >
                        <InvitationRow
                            invitation=invitation
                            now=people.with_untracked(|people| people.now)
                        />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn InvitationRow(invitation: InvitationView, now: i64) -> impl IntoView {
    let slug = use_team().slug;
    view! {
        <li>
            <span>
                {invitation.role.in_words()} ", invited by " {invitation.created_by.name}
                ", expires in "
                <Moment at=invitation.expires_at>{left(invitation.expires_at - now)}</Moment>
            </span>
            <PlainForm
                action=RevokeInvitation::url()
                key=("invitation".to_owned(), invitation.id.to_string())
            >
                <input type="hidden" name="team" value=slug />
                <button type="submit" class="quiet">
                    "Revoke"
                </button>
            </PlainForm>
        </li>
    }
}

#[component]
fn FormerMembers(people: RwSignal<PeopleView>) -> impl IntoView {
    let some = Memo::new(move |_| people.with(|people| !people.former.is_empty()));
    let key = |former: &FormerMemberView| {
        let tasks = former.tasks.iter();
        let tasks: Vec<_> = tasks
            .map(|task| (task.key.clone(), task.title.clone()))
            .collect();
        (former.person.clone(), former.removed_at, tasks)
    };
    view! {
        <Show when=move || some.get()>
            <section class="former-members panel" aria-labelledby="former-members">
                <h2 id="former-members">"Former members"</h2>
                <p class="muted">"They left the team and still hold these open tasks."</p>
                <For each=move || people.with(|people| people.former.clone()) key=key let:former>
                    <FormerMember
                        former=former
                        now=people.with_untracked(|people| people.now)
                    />
                </For>
            </section>
        </Show>
    }
}

#[component]
fn FormerMember(former: FormerMemberView, now: i64) -> impl IntoView {
    let slug = use_team().slug;
    let tasks = former
        .tasks
        .into_iter()
        .map(|task| {
            let href = format!("/teams/{slug}/tasks/{}", task.key);
            view! {
                <li>
                    <span class="task-key">{task.key}</span>
                    " "
                    <A href=href>{task.title}</A>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3>
            <Avatar name=former.person.name.clone() />
            {former.person.name}
            <span class="muted small">"left " <Ago at=former.removed_at now=now /></span>
        </h3>
        <ul class="task-links">{tasks}</ul>
    }
}

fn role_options(mine: Role) -> Vec<(String, String)> {
    [Role::Member, Role::Viewer, Role::Owner]
        .into_iter()
        .filter(|role| mine.may_invite(*role))
        .map(|role| (role.as_str().to_owned(), role.in_words().to_owned()))
        .collect()
}

fn lifetimes() -> Vec<(String, String)> {
    super::model::Lifetime::DAYS
        .into_iter()
        .map(|days| {
            let words = format!("After {}", counted(days, "day", "days"));
            (days.to_string(), words)
        })
        .collect()
}
