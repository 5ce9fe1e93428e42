//! What comes in, whatever it comes from, on its way from the reader of the file to the tables.

use tokio::sync::mpsc::Sender;

use crate::{comments::store::ImportedComment, tasks::store::ImportedTask};

/// Things of a batch, and the most text in it, in bytes.
const MOST_THINGS: usize = 1_000;
const MOST_TEXT: usize = 2 * 1024 * 1024;

/// Some of what comes in. Tasks come before the comments on them.
pub enum Batch {
    Tasks(Vec<ImportedTask>),
    Comments(Vec<ImportedComment>),
}

/// Gathers what comes in, and hands it on in batches. It waits while the tables are behind.
pub struct Gathering {
    sender: Sender<Batch>,
    tasks: Vec<ImportedTask>,
    comments: Vec<ImportedComment>,
    text: usize,
}

/// Nobody takes what comes in any more.
pub struct Abandoned;

impl Gathering {
    pub fn new(sender: Sender<Batch>) -> Self {
        Self {
            sender,
            tasks: Vec::new(),
            comments: Vec::new(),
            text: 0,
        }
    }

    pub fn task(&mut self, task: ImportedTask) -> Result<(), Abandoned> {
        self.text += task.description.len() + task.title.len();
        self.tasks.push(task);
        self.hand_on_if_full()
    }

    pub fn comment(&mut self, comment: ImportedComment) -> Result<(), Abandoned> {
        self.text += comment.body.len();
        self.comments.push(comment);
        self.hand_on_if_full()
    }

    fn hand_on_if_full(&mut self) -> Result<(), Abandoned> {
        if self.tasks.len() + self.comments.len() >= MOST_THINGS || self.text >= MOST_TEXT {
            return self.hand_on();
        }
        Ok(())
    }

    /// Hands on what is gathered.
    pub fn hand_on(&mut self) -> Result<(), Abandoned> {
        self.text = 0;
        let (tasks, comments) = (
            std::mem::take(&mut self.tasks),
            std::mem::take(&mut self.comments),
        );
        let batches = [
            (!tasks.is_empty()).then_some(Batch::Tasks(tasks)),
            (!comments.is_empty()).then_some(Batch::Comments(comments)),
        ];
        for batch in batches.into_iter().flatten() {
            self.sender.blocking_send(batch).map_err(|_| Abandoned)?;
        }
        Ok(())
    }
}
