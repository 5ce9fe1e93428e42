//! What people can do with teams, members and invitations. Who belongs to a team, and as what, is
//! decided while the rows that decide it are held still.

mod departing;
mod founding;
mod invitations;
mod membership;
mod settings;
mod wall_links;

pub use departing::Departure;
pub use founding::{begin_in_zone, create_team, found_team};
pub use invitations::{
    accept_invitation, create_invitation, invitation_offer, join_team, revoke_invitation,
};
pub use membership::{change_role, leave_team, remove_member};
pub use settings::{Limits, change_settings};
pub use wall_links::{create_wall_link, revoke_wall_link};
