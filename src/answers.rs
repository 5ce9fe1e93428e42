//! Answers: how well and how fast the server answered the people of each team.
//!
//! A page, an action or a REST resource that opens a team's door says so in the request's [`door::Door`]. When the
//! answer is there the log of requests hands it to [`counting::Answers`], which adds it up in memory; a job writes
//! the sums into the table `answers` every 30 seconds and at the end of the process. What was counted since then is
//! lost when the process is killed. Nobody is named: a sum is of a team and an hour. They are kept for 400 days.

pub mod counting;
pub mod door;
mod store;

#[cfg(test)]
mod tests;
