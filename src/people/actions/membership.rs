//! Roles and removals. The last owner stays, also when two owners act at once: whoever changes a
//! role holds every owner's row first.

use crate::{
    error::{Code, Error, Result},
    ids::PersonId,
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        access::Access,
        model::Role,
        store::{self, HeldRole},
    },
    server::database::Transaction,
};

/// Gives a member another role.
///
/// # Errors
/// 404 when the person is not in the team, 409 when they are its last owner.
pub async fn change_role(access: &Access, person: PersonId, role: Role) -> Result<()> {
    let (mut change, roles) = begin(access, person).await?;
    let before = role_of(&roles, person).ok_or_else(Error::not_found)?;
    if before == role {
        return Ok(());
    }
    keep_an_owner(&roles, before, Some("role"))?;
    let team = access.team();
    store::set_role(change.connection(), team, person, role).await?;
    let out_of_reach: Vec<String> = Role::ALL
        .into_iter()
        .filter(|invited| !role.may_invite(*invited))
        .map(|invited| invited.as_str().to_owned())
        .collect();
    store::invitations::revoke_of(change.connection(), team, person, &out_of_reach).await?;
    change.record(event(
        "member.role_changed",
        person,
        (Some(before), Some(role)),
    ));
    change.commit().await?;
    Ok(())
}

/// Removes a member. What they hold stays theirs until somebody else takes it.
///
/// # Errors
/// 404 when the person is not in the team, 409 when they are its last owner.
pub async fn remove_member(access: &Access, person: PersonId) -> Result<()> {
    remove(access, person, "member.removed").await
}

/// Takes whoever asks out of the team.
///
/// # Errors
/// 409 when they are its last owner.
pub async fn leave_team(access: &Access) -> Result<()> {
    remove(access, access.person().id, "member.left").await
}

async fn remove(access: &Access, person: PersonId, kind: &'static str) -> Result<()> {
    let (mut change, roles) = begin(access, person).await?;
    let before = role_of(&roles, person).ok_or_else(Error::not_found)?;
    keep_an_owner(&roles, before, None)?;
    let team = access.team();
    store::set_removed(change.connection(), team, person).await?;
    let all: Vec<String> = Role::ALL.map(|role| role.as_str().to_owned()).into();
    store::invitations::revoke_of(change.connection(), team, person, &all).await?;
    change.record(event(kind, person, (Some(before), None)));
    change.commit().await?;
    Ok(())
}

/// Begins a change of somebody's membership with all the rows held that decide whether it may be.
///
/// [`Change::begin`] would take the actor's row first and the owners' rows after it; two owners who
/// act at once would then wait for each other.
async fn begin(access: &Access, person: PersonId) -> Result<(Change, Vec<HeldRole>)> {
    let mut transaction = Transaction::begin(access.db()).await?;
    let me = access.person().id;
    let roles = store::hold_roles(transaction.connection(), access.team(), me, person).await?;
    access.check(role_of(&roles, me).ok_or_else(Error::not_found)?)?;
    Ok((Change::proved(transaction, access.clone()), roles))
}

fn role_of(roles: &[HeldRole], person: PersonId) -> Option<Role> {
    roles
        .iter()
        .find(|held| held.person == person)
        .map(|held| held.role)
}

fn keep_an_owner(roles: &[HeldRole], leaving: Role, field: Option<&str>) -> Result<()> {
    let owners = roles.iter().filter(|held| held.role == Role::Owner).count();
    if leaving != Role::Owner || owners > 1 {
        return Ok(());
    }
    let message = "A team needs an owner. Make somebody else an owner first.";
    Err(match field {
        Some(field) => Error {
            code: Code::Conflict,
            ..Error::field(field, message)
        },
        None => Error::new(Code::Conflict, message),
    })
}

pub(super) fn event(
    kind: &'static str,
    person: PersonId,
    role: (Option<Role>, Option<Role>),
) -> NewEvent {
    let word = |role: Option<Role>| role.map(|role| role.as_str().to_owned());
    let id = person.to_string();
    let changes = vec![
        FieldChange::new("person", Some(id.clone()), role.1.map(|_| id)),
        FieldChange::new("role", word(role.0), word(role.1)),
    ];
    NewEvent::of_team(kind, changes)
}
