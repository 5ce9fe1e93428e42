//! Teams, their members and invitations, as server and browser share them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    ids::{InvitationId, PersonId},
};

/// What a member may do. Every role sees every board of its team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Member,
    Owner,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Owner, Self::Member, Self::Viewer];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// Owners and members change boards, columns, tasks and invitations and can hold tasks.
    pub fn may_write(self) -> bool {
        self >= Self::Member
    }

    /// Roles and team settings are the owners'.
    pub fn may_govern(self) -> bool {
        self == Self::Owner
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| Error::field("role", "The role is owner, member or viewer."))
    }
}

/// The name of a team: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamName(String);

impl TeamName {
    /// Reads a team's name out of the field `team_name`.
    ///
    /// # Errors
    /// A field error when it is empty, too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        if name.is_empty() {
            return Err(Error::field("team_name", "Give the team a name."));
        }
        if name.chars().count() > 80 {
            return Err(Error::field(
                "team_name",
                "A team's name has up to 80 characters.",
            ));
        }
        if name.contains(char::is_control) {
            return Err(Error::field(
                "team_name",
                "A team's name is one line of plain text.",
            ));
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    pub id: PersonId,
    pub name: String,
}

/// A team and the reader's place in it: what the page around every team page needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub slug: String,
    pub name: String,
    pub role: Role,
    pub me: PersonName,
    /// All teams of the reader, to switch between.
    pub teams: Vec<TeamLink>,
}

/// One team in the switcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamLink {
    pub slug: String,
    pub name: String,
}

/// One row of the people page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub person: PersonName,
    pub email: String,
    pub role: Role,
    /// Seconds since 1970.
    pub joined_at: i64,
}

/// An invitation that can still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    pub id: InvitationId,
    pub role: Role,
    pub created_by: PersonName,
    /// Seconds since 1970.
    pub expires_at: i64,
}
