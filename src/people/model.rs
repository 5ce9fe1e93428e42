//! Teams, their members and invitations, as server and browser share them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    ids::{InvitationId, PersonId, WallLinkId},
    ui::text,
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

    /// Owners and members invite, and only an owner invites an owner.
    pub fn may_invite(self, role: Self) -> bool {
        self.may_write() && self >= role
    }

    /// The role as it stands on a page.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Member => "Member",
            Self::Viewer => "Viewer",
        }
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
    pub fn parse(text: &str) -> Result<Self> {
        text::line("team_name", text, 80).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of everybody whose account is deleted.
pub const DELETED: &str = "Deleted account";

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PersonName {
    pub id: PersonId,
    pub name: String,
}

impl PersonName {
    /// The name of whoever holds a task; `left` says that they have left the team with it.
    pub fn as_holder(&self, left: bool) -> String {
        let former = if left { " (former member)" } else { "" };
        format!("{}{former}", self.name)
    }
}

/// A team and the reader's place in it: what the page around every team page needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    pub slug: String,
    pub name: String,
    pub role: Role,
    pub me: PersonName,
    /// The number of the team's last event.
    pub seq: i64,
    /// How many notifications the reader has not read.
    pub unread: i64,
    /// Whether this may be a moment to ask the reader for feedback.
    pub asks: bool,
    /// All teams of the reader, to switch between.
    pub teams: Vec<TeamLink>,
}

/// One team in the switcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamLink {
    pub slug: String,
    pub name: String,
}

/// What would become of one's teams if one's account was deleted now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartureView {
    /// Teams with others in them, of which one is the last owner: the account stays until there is another.
    pub needs_owner: Vec<TeamLink>,
    /// Teams in which nobody else is: they are deleted too.
    pub ends: Vec<TeamLink>,
}

/// The people page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    pub members: Vec<MemberView>,
    /// Only for those who may invite.
    pub invitations: Vec<InvitationView>,
    /// Who was removed and still holds open tasks.
    pub former: Vec<FormerMemberView>,
    /// The id of the invitation that the form on the page would make.
    pub next_invitation: InvitationId,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// One row of the people page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    pub person: PersonName,
    /// For owners and members to see.
    pub email: Option<String>,
    pub role: Role,
    /// Seconds since 1970.
    pub joined_at: i64,
}

/// Somebody who is not in the team any more, and the open tasks that are still theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerMemberView {
    pub person: PersonName,
    /// Seconds since 1970.
    pub removed_at: i64,
    pub tasks: Vec<HeldTask>,
}

/// A task that a former member still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTask {
    pub key: String,
    pub title: String,
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

/// What an invitation says to whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationOffer {
    pub team: String,
    pub slug: String,
    pub role: Role,
    /// The name of the inviter.
    pub invited_by: String,
}

/// How long an invitation can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime(i32);

impl Lifetime {
    pub const DAYS: [i32; 3] = [1, 7, 30];

    pub fn days(self) -> i32 {
        self.0
    }
}

impl FromStr for Lifetime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::DAYS
            .into_iter()
            .find(|days| days.to_string() == text)
            .map(Self)
            .ok_or_else(|| Error::field("expires", "An invitation expires after 1, 7 or 30 days."))
    }
}

/// What the owners set for the whole team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamSettings {
    pub name: String,
    /// A name of the tz database, such as `Europe/Berlin`.
    pub time_zone: String,
    pub working_days: WorkingDays,
    /// More tasks in progress than this are too many for one person.
    pub in_progress_limit: i16,
    /// A task in progress is stale after so many days without a change.
    pub stale_after_days: i16,
}

/// The days of the week on which a team works: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingDays([bool; 7]);

impl WorkingDays {
    /// The names of the days' fields, from Monday on.
    pub const FIELDS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];

    /// The names of the days, from Monday on.
    pub const NAMES: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];

    /// Reads the checkboxes, from Monday on.
    ///
    /// # Errors
    /// A field error on `working_days` when no day is chosen.
    pub fn parse(days: [bool; 7]) -> Result<Self> {
        if days.contains(&true) {
            Ok(Self(days))
        } else {
            Err(Error::field(
                "working_days",
                "Choose at least one working day.",
            ))
        }
    }

    /// The days by their ISO numbers, Monday being 1, as they are stored.
    pub fn from_numbers(numbers: &[i16]) -> Self {
        let mut days = [false; 7];
        for (day, number) in days.iter_mut().zip(1_i16..) {
            *day = numbers.contains(&number);
        }
        Self(days)
    }

    pub fn numbers(self) -> Vec<i16> {
        (1_i16..)
            .zip(self.0)
            .filter(|(_, works)| *works)
            .map(|(number, _)| number)
            .collect()
    }

    /// Whether the team works on a day, counted from Monday, which is 0.
    pub fn includes(self, day: usize) -> bool {
        self.0.get(day).copied().unwrap_or_default()
    }

    /// `monday, tuesday`.
    pub fn in_words(self) -> String {
        let days: Vec<&str> = Self::FIELDS
            .into_iter()
            .zip(self.0)
            .filter(|(_, works)| *works)
            .map(|(day, _)| day)
            .collect();
        days.join(", ")
    }
}

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub settings: TeamSettings,
    /// The time zones to choose from.
    pub time_zones: Vec<String>,
    /// The links that displays can be opened with, the newest first.
    pub wall_links: Vec<WallLinkView>,
    /// The id of the wall link that the form on the page would make.
    pub next_wall_link: WallLinkId,
    /// The server's clock, in seconds since 1970.
    pub now: i64,
}

/// A link by which a display shows the Now page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallLinkView {
    pub id: WallLinkId,
    pub created_by: PersonName,
    /// Seconds since 1970.
    pub created_at: i64,
    /// Seconds since 1970; none when nobody has opened it yet.
    pub last_opened_at: Option<i64>,
}

/// The page of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationPageView {
    pub offer: InvitationOffer,
    /// Who is signed in, if anybody is.
    pub me: Option<PersonName>,
    pub is_member: bool,
}

/// The form for a new team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTeamView {
    /// The id of the team that the form would found.
    pub id: Uuid,
    /// Who is signed in.
    pub me: PersonId,
    /// The team used last, if there is one.
    pub team: Option<TeamLink>,
}
