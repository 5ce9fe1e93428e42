//! Somebody leaves all their teams, because their account is deleted.

use std::collections::BTreeSet;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::membership::event;
use crate::{
    error::{Code, Error, Result},
    live::change::{Change, Written},
    people::{
        access::Access,
        model::{PersonName, Role},
        store::{self, departing::HeldMember},
    },
    server::database::Transaction,
};

/// The teams that somebody leaves, held until the transaction ends.
#[derive(Debug)]
pub struct Departure {
    /// Those that go on without them, each with their role.
    stays: Vec<Access>,
    /// Those in which nobody else is.
    ends: Vec<Uuid>,
    /// Every other team that has something of them, also where they left before.
    keeps: Vec<Uuid>,
}

impl Departure {
    /// Takes hold of everybody in the teams that a person is in.
    ///
    /// # Errors
    /// 409 that names the teams whose last owner they are and in which others are.
    pub async fn hold(
        connection: &mut PgConnection,
        db: &PgPool,
        person: &PersonName,
    ) -> Result<Self> {
        let held = store::departing::hold_members(&mut *connection, person.id).await?;
        let (mine, others): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|held| held.person == person.id);
        let peopled: BTreeSet<Uuid> = others.iter().map(|other| other.team).collect();
        let owned: BTreeSet<Uuid> = others
            .iter()
            .filter(|other| other.role == Role::Owner)
            .map(|other| other.team)
            .collect();
        let (stays, ends): (Vec<_>, Vec<_>) = mine
            .into_iter()
            .partition(|place| peopled.contains(&place.team));
        keep_owners(&stays, &owned)?;
        let ends: Vec<Uuid> = ends.into_iter().map(|place| place.team).collect();
        if !ends.is_empty() {
            store::departing::shut(&mut *connection, &ends).await?;
            if store::departing::is_another_in(&mut *connection, &ends, person.id).await? {
                return Err(Error::new(
                    Code::Contended,
                    "Somebody joined one of these teams just now. Try again.",
                ));
            }
        }
        let all = store::departing::all_of(connection, person.id).await?;
        Ok(Self {
            stays: stays
                .into_iter()
                .map(|place| Access::leaving(db, place.team, &place.slug, person, place.role))
                .collect(),
            keeps: all
                .into_iter()
                .filter(|team| !ends.contains(team))
                .collect(),
            ends,
        })
    }

    /// Every team that keeps something of them.
    pub fn teams(&self) -> &[Uuid] {
        &self.keeps
    }

    /// Ends the memberships, and the teams that nobody else is in, and gives the transaction back with what is to be
    /// counted when it lasts. What they hold stays theirs until somebody else takes it.
    pub async fn leave(self, mut transaction: Transaction) -> Result<(Transaction, Written)> {
        let mut written = Written::default();
        store::departing::remove_teams(transaction.connection(), &self.ends).await?;
        let roles: Vec<String> = Role::ALL.map(|role| role.as_str().to_owned()).into();
        for access in self.stays {
            let (team, person, role) = (access.team(), access.person().id, access.role());
            let mut change = Change::proved(transaction, access);
            store::set_removed(change.connection(), team, person).await?;
            store::invitations::revoke_of(change.connection(), team, person, &roles).await?;
            change.record(event("member.left", person, (Some(role), None)));
            let (back, left) = change.hand_back().await?;
            transaction = back;
            written.extend(left);
        }
        Ok((transaction, written))
    }
}

fn keep_owners(stays: &[HeldMember], owned: &BTreeSet<Uuid>) -> Result<()> {
    let orphaned: Vec<&str> = stays
        .iter()
        .filter(|place| place.role == Role::Owner && !owned.contains(&place.team))
        .map(|place| place.team_name.as_str())
        .collect();
    if orphaned.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Code::Conflict,
        format!(
            "This is the last owner of {}. Make somebody else an owner there, or remove everybody else, and try again.",
            orphaned.join(", ")
        ),
    ))
}
