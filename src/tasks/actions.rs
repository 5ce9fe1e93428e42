//! What can be done with a task. Each deed: allowed? valid? then store, record, commit. They all begin
//! on the same [`ground`].

mod claiming;
mod creating;
mod deleting;
mod editing;
pub(crate) mod ground;
mod log;
mod moving;
mod rekinding;
mod similar;
mod wanted;
mod watching;

pub use claiming::claim_task;
pub use creating::create_task;
pub use deleting::{delete_task, restore_task};
pub use editing::edit_task;
pub use moving::move_task;
pub use rekinding::rekind_tasks;
pub use similar::similar_tasks;
pub use wanted::Edit;
pub use watching::{unwatch_task, watch_task};
