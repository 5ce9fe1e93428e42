//! Boards as Trello exports them, in JSON.

mod format;
mod making;
mod plan;
mod preview;
mod survey;

pub use making::make;
pub use plan::{Choices, PlannedColumn, kind_of, number_of, plan};
pub use preview::preview;
pub use survey::{Survey, survey};
