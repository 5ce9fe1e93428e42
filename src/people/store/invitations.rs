//! The table `invitations`. A token is stored as its hash only.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{
    error::Result,
    ids::{InvitationId, PersonId},
    people::{
        access::TeamId,
        model::{InvitationOffer, InvitationView, PersonName, Role},
    },
};

/// An invitation that is about to be used.
pub struct HeldInvitation {
    pub team: Uuid,
    pub id: InvitationId,
    pub slug: String,
    pub role: Role,
}

/// Inserts an invitation, unless the team has one of this id.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    id: InvitationId,
    token_hash: &[u8],
    role: Role,
    created_by: PersonId,
    days: i32,
) -> Result<bool> {
    let inserted = sqlx::query!(
        r#"
        INSERT INTO invitations (team_id, id, token_hash, role, created_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6))
        ON CONFLICT ON CONSTRAINT invitations_pkey DO NOTHING
        "#,
        team as _,
        id as _,
        token_hash,
        role.as_str(),
        created_by as _,
        days,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Gives a new token to an invitation that the same person has just made in the same role.
pub async fn replace_token(
    connection: &mut PgConnection,
    team: TeamId,
    id: InvitationId,
    token_hash: &[u8],
    role: Role,
    created_by: PersonId,
) -> Result<bool> {
    let replaced = sqlx::query!(
        r#"
        UPDATE invitations SET token_hash = $3
        WHERE team_id = $1 AND id = $2 AND role = $4 AND created_by = $5
          AND used_at IS NULL AND revoked_at IS NULL AND created_at > now() - interval '1 minute'
        "#,
        team as _,
        id as _,
        token_hash,
        role.as_str(),
        created_by as _,
    )
    .execute(connection)
    .await?;
    Ok(replaced.rows_affected() == 1)
}

/// The role that an invitation of the team gives, open or not.
pub async fn role(db: impl PgExecutor<'_>, team: TeamId, id: InvitationId) -> Result<Option<Role>> {
    sqlx::query_scalar!(
        "SELECT role FROM invitations WHERE team_id = $1 AND id = $2",
        team as _,
        id as _,
    )
    .fetch_optional(db)
    .await?
    .map(|role| role.parse())
    .transpose()
}

/// Revokes an invitation, if it is open.
pub async fn revoke(connection: &mut PgConnection, team: TeamId, id: InvitationId) -> Result<bool> {
    let revoked = sqlx::query!(
        r#"
        UPDATE invitations SET revoked_at = now()
        WHERE team_id = $1 AND id = $2
          AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        "#,
        team as _,
        id as _,
    )
    .execute(connection)
    .await?;
    Ok(revoked.rows_affected() == 1)
}

/// Revokes the open invitations of a person in these roles, which they may not give any more.
pub async fn revoke_of(
    connection: &mut PgConnection,
    team: TeamId,
    created_by: PersonId,
    roles: &[String],
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE invitations SET revoked_at = now()
        WHERE team_id = $1 AND created_by = $2 AND role = ANY($3)
          AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        "#,
        team as _,
        created_by as _,
        roles,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The invitations that can still be used, the next to expire first.
pub async fn open(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<InvitationView>> {
    let rows = sqlx::query!(
        r#"
        SELECT invitations.id, role, created_by, people.name, expires_at
        FROM invitations JOIN people ON people.id = created_by
        WHERE team_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        ORDER BY expires_at, invitations.id
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(InvitationView {
                id: row.id.into(),
                role: row.role.parse()?,
                created_by: PersonName {
                    id: row.created_by.into(),
                    name: row.name,
                },
                expires_at: row.expires_at.unix_timestamp(),
            })
        })
        .collect()
}

/// What a token invites to, if it can still be used.
pub async fn offer(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<InvitationOffer>> {
    sqlx::query!(
        r#"
        SELECT teams.name AS team, slug, role, people.name AS invited_by
        FROM invitations JOIN teams USING (team_id) JOIN people ON people.id = created_by
        WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?
    .map(|row| {
        Ok(InvitationOffer {
            team: row.team,
            slug: row.slug,
            role: row.role.parse()?,
            invited_by: row.invited_by,
        })
    })
    .transpose()
}

/// The invitation behind a token, if it can still be used, held until the transaction ends: whoever
/// comes second waits and then finds nothing.
pub async fn hold(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<HeldInvitation>> {
    sqlx::query!(
        r#"
        SELECT team_id, id, slug, role
        FROM invitations JOIN teams USING (team_id)
        WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
        FOR UPDATE OF invitations
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await?
    .map(|row| {
        Ok(HeldInvitation {
            team: row.team_id,
            id: row.id.into(),
            slug: row.slug,
            role: row.role.parse()?,
        })
    })
    .transpose()
}

/// Notes who used an invitation.
pub async fn mark_used(
    connection: &mut PgConnection,
    team: TeamId,
    id: InvitationId,
    person: PersonId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE invitations SET used_at = now(), used_by = $3 WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        id as _,
        person as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
