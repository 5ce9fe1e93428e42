//! Who may do what in a team: the one place that decides, and that no action can pass by.
//!
//! Stores take a [`TeamId`]. It comes out of an [`Access`], which is given only to a person whose membership and
//! role were just read. A display is no person: its proof is a [`DisplayAccess`], which the Now page and its feed
//! take, and nothing else. sqlx could read a [`TeamId`] out of any row; a test over the source lets one store alone do
//! so, for the sender of webhooks, whose proof is that an owner made the webhook.

use sqlx::PgPool;
use uuid::Uuid;

use super::model::{PersonName, Role};
use crate::{
    accounts::token,
    error::{Error, Result},
    ids::WallLinkId,
};

/// A team whose door was opened to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct TeamId(Uuid);

impl TeamId {
    /// The id as it is told to other processes; there is no way back from it.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

/// What a deed needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Everybody in the team.
    Read,
    /// Owners and members: boards, columns, tasks, comments, invitations.
    Write,
    /// Owners: roles, removals, team settings.
    Govern,
}

/// Proof that a person may act in a team.
#[derive(Clone, Debug)]
pub struct Access {
    db: PgPool,
    team: TeamId,
    slug: String,
    person: PersonName,
    role: Role,
    permission: Permission,
}

impl Access {
    /// Opens the team's door to a person who may do this.
    ///
    /// # Errors
    /// 404 when there is no such team or the person is not in it, alike; 403 when the role is too small.
    pub async fn enter(
        db: &PgPool,
        person: &PersonName,
        slug: &str,
        permission: Permission,
    ) -> Result<Self> {
        Self::enter_only(db, person, None, slug, permission).await
    }

    /// The same for somebody who may be in no other team than `only`, if that is given.
    ///
    /// # Errors
    /// Those of [`Access::enter`]; every other team is one that there is not.
    pub async fn enter_only(
        db: &PgPool,
        person: &PersonName,
        only: Option<Uuid>,
        slug: &str,
        permission: Permission,
    ) -> Result<Self> {
        let (team, role) = super::store::membership(db, slug, person.id)
            .await?
            .filter(|(team, _)| only.is_none_or(|only| only == *team))
            .ok_or_else(Error::not_found)?;
        let access = Self {
            db: db.clone(),
            team: TeamId(team),
            slug: slug.to_owned(),
            person: person.clone(),
            role,
            permission,
        };
        access.check(role)?;
        Ok(access)
    }

    /// The founder's way into the team that a transaction has just made.
    pub(super) fn founder(db: &PgPool, team: Uuid, slug: &str, person: &PersonName) -> Self {
        Self {
            permission: Permission::Govern,
            ..Self::invited(db, team, slug, person, Role::Owner)
        }
    }

    /// The way in of somebody who holds a valid invitation, to make themselves a member.
    pub(super) fn invited(
        db: &PgPool,
        team: Uuid,
        slug: &str,
        person: &PersonName,
        role: Role,
    ) -> Self {
        Self {
            db: db.clone(),
            team: TeamId(team),
            slug: slug.to_owned(),
            person: person.clone(),
            role,
            permission: Permission::Read,
        }
    }

    /// The way out of somebody whose account is being deleted, while their places are held.
    pub(super) fn leaving(
        db: &PgPool,
        team: Uuid,
        slug: &str,
        person: &PersonName,
        role: Role,
    ) -> Self {
        Self::invited(db, team, slug, person, role)
    }

    /// Whether a role that was read again, inside the change, still allows it.
    pub fn check(&self, role: Role) -> Result<()> {
        let allowed = match self.permission {
            Permission::Read => true,
            Permission::Write => role.may_write(),
            Permission::Govern => role.may_govern(),
        };
        if allowed {
            return Ok(());
        }
        Err(Error::forbidden(match self.permission {
            Permission::Govern => "Only an owner of the team can do this.",
            _ => "Viewers can read, but not change anything. Ask an owner for another role.",
        }))
    }

    pub fn db(&self) -> &PgPool {
        &self.db
    }

    pub fn team(&self) -> TeamId {
        self.team
    }

    pub fn slug(&self) -> &str {
        &self.slug
    }

    pub fn person(&self) -> &PersonName {
        &self.person
    }

    pub fn role(&self) -> Role {
        self.role
    }

    pub fn permission(&self) -> Permission {
        self.permission
    }
}

/// Proof that a display may show a team's Now page. Only the slices `now` and `live` know it.
#[derive(Clone, Debug)]
pub struct DisplayAccess {
    team: TeamId,
    link: WallLinkId,
}

impl DisplayAccess {
    /// Opens the Now page to whoever holds the token of a wall link.
    ///
    /// # Errors
    /// 404 in the same words for a token that is unknown or revoked.
    pub async fn enter(db: &PgPool, token: &str) -> Result<Self> {
        let (team, link) = super::store::wall_links::opened(db, &token::hash(token))
            .await?
            .ok_or_else(Error::not_found)?;
        Ok(Self {
            team: TeamId(team),
            link,
        })
    }

    pub fn team(&self) -> TeamId {
        self.team
    }

    pub fn link(&self) -> WallLinkId {
        self.link
    }
}
