//! Teams, their members, and invitations.
//!
//! A team is founded with its owner, its log and its first board in one change. A person comes in by
//! an invitation: a link whose token leaves the address at once (`link`), shows what it offers
//! (`invitation_page`) and makes one person a member (`actions`). Who may do what is decided by
//! `access` alone; a removed member's next request is answered as if there were no such team.

pub mod invitation_page;
pub mod model;
pub mod new_team_page;
pub mod own_header;
pub mod people_page;
pub mod requests;
mod search_field;
pub mod settings_page;
pub mod shell;
pub mod shown_once;
pub mod wall_links;

#[cfg(feature = "ssr")]
pub mod access;
#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod link;
#[cfg(feature = "ssr")]
mod slug;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(all(test, feature = "ssr"))]
mod tests;
#[cfg(feature = "ssr")]
pub mod week;
