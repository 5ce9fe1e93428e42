//! What can be done with a task. Each deed: allowed? valid? then store, record, commit. They all begin
//! on the same [`ground`].

mod bulk;
mod claiming;
mod creating;
mod deleting;
mod editing;
pub(crate) mod ground;
mod log;
mod moving;
mod rekinding;
mod similar;
mod undoing;
mod wanted;
mod watching;

pub use bulk::change_tasks;
pub use claiming::claim_task;
pub use creating::{NewTask, create_task, create_whole_task};
pub use deleting::{delete_task, restore_task};
pub use editing::{Base, edit_task};
pub use moving::move_task;
pub use rekinding::{Rekinded, rekind_tasks};
pub use similar::similar_tasks;
pub use undoing::undo_change;
pub use wanted::Edit;
pub use watching::{unwatch_task, watch_task};
