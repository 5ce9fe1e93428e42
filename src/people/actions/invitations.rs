//! Invitations: a link that makes whoever opens it first a member, in a role that the link fixes.

use std::time::Duration;

use sqlx::PgPool;

use crate::{
    accounts::{limits::Limit, token},
    error::{Code, Error, Result},
    ids::InvitationId,
    live::{
        change::{Change, NewEvent},
        model::FieldChange,
    },
    people::{
        access::Access,
        model::{InvitationOffer, Lifetime, PersonName, Role},
        store,
    },
    server::database::Transaction,
};

/// Invitations that one person makes.
const INVITATIONS: Limit = Limit::new("invitations_per_person", 60, Duration::from_secs(3600));

/// Makes an invitation and gives its token, which is known only now. The same request again makes
/// the token anew, because the first one cannot be told a second time.
///
/// # Errors
/// 403 when the role is larger than the inviter's own may give; 409 when the id was used already; 429 after too
/// many.
pub async fn create_invitation(
    access: &Access,
    id: InvitationId,
    role: Role,
    lifetime: Lifetime,
) -> Result<String> {
    let me = access.person().id;
    INVITATIONS.count(access.db(), &me.to_string()).await?;
    let mut change = Change::begin(access).await?;
    let my_role = store::hold_membership(change.connection(), access.team(), me).await?;
    if !my_role.may_invite(role) {
        return Err(Error {
            code: Code::Forbidden,
            ..Error::field("role", "Only an owner can invite an owner.")
        });
    }
    let token = token::random();
    let hash = token::hash(&token);
    let team = access.team();
    let days = lifetime.days();
    if store::invitations::insert(change.connection(), team, id, &hash, role, me, days).await? {
        change.record(NewEvent::of_team(
            "invitation.created",
            vec![FieldChange::new(
                "role",
                None,
                Some(role.as_str().to_owned()),
            )],
        ));
    } else if !store::invitations::replace_token(change.connection(), team, id, &hash, role, me)
        .await?
    {
        return Err(Error::new(
            Code::Conflict,
            "This form was used already. Reload the page to make another invitation.",
        ));
    }
    change.commit().await?;
    Ok(token)
}

/// Makes an open invitation unusable. One that is not open any more stays as it is.
///
/// # Errors
/// 404 when the team has no such invitation.
pub async fn revoke_invitation(access: &Access, id: InvitationId) -> Result<()> {
    let mut change = Change::begin(access).await?;
    let team = access.team();
    let role = store::invitations::role(change.connection(), team, id)
        .await?
        .ok_or_else(Error::not_found)?;
    if store::invitations::revoke(change.connection(), team, id).await? {
        change.record(NewEvent::of_team(
            "invitation.revoked",
            vec![FieldChange::new(
                "role",
                Some(role.as_str().to_owned()),
                None,
            )],
        ));
    }
    change.commit().await?;
    Ok(())
}

/// What the holder of a token is invited to.
///
/// # Errors
/// 404 in the same words for a token that is unknown, used, revoked or expired.
pub async fn invitation_offer(db: &PgPool, token: &str) -> Result<InvitationOffer> {
    store::invitations::offer(db, &token::hash(token))
        .await?
        .ok_or_else(unusable)
}

/// Uses an invitation inside a transaction, which may have made the person's account just before.
/// The change that comes back holds the new member's [`Access`] and lasts once it is committed.
///
/// # Errors
/// 404 in the same words for a token that is unknown, used, revoked or expired; 409 when the person
/// is in the team already, and then the invitation stays open for somebody else.
pub async fn accept_invitation(
    mut transaction: Transaction,
    db: &PgPool,
    person: &PersonName,
    token: &str,
) -> Result<Change> {
    let hash = token::hash(token);
    let invitation = store::invitations::hold(transaction.connection(), &hash)
        .await?
        .ok_or_else(unusable)?;
    let access = Access::invited(
        db,
        invitation.team,
        &invitation.slug,
        person,
        invitation.role,
    );
    let team = access.team();
    let role = invitation.role;
    if !store::join(transaction.connection(), team, person.id, role).await? {
        return Err(Error::new(
            Code::Conflict,
            "You are in this team already. The invitation can still be used by somebody else.",
        ));
    }
    store::invitations::mark_used(transaction.connection(), team, invitation.id, person.id).await?;
    let mut change = Change::proved(transaction, access);
    change.record(NewEvent::of_team(
        "member.joined",
        vec![
            FieldChange::new("person", None, Some(person.id.to_string())),
            FieldChange::new("role", None, Some(role.as_str().to_owned())),
        ],
    ));
    Ok(change)
}

/// Uses an invitation for somebody who has an account, and gives the team's slug.
pub async fn join_team(db: &PgPool, person: &PersonName, token: &str) -> Result<String> {
    let transaction = Transaction::begin(db).await?;
    let change = accept_invitation(transaction, db, person, token).await?;
    let slug = change.access().slug().to_owned();
    change.commit().await?;
    Ok(slug)
}

fn unusable() -> Error {
    Error::new(
        Code::NotFound,
        "This invitation cannot be used. It may have been used already, withdrawn, or expired. \
         Ask whoever sent it for a new one.",
    )
}
