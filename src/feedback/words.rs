//! The three questions.

/// What one would miss.
pub const MOST_USEFUL: &str = "What was most useful?";
/// What to change.
pub const IN_THE_WAY: &str = "What got in the way?";
/// What to add.
pub const MISSING: &str = "What is missing?";
