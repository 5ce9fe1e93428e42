//! Numbers with the word for what they count.

use std::fmt::Display;

/// A number with its word: `1 card`, `2 cards`. It may be written already, as `2.5` is.
pub fn counted(count: impl Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    let word = if count == "1" { one } else { many };
    format!("{count} {word}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn only_one_is_one() {
        let cards = |count: i64| counted(count, "card", "cards");
        assert_eq!(cards(0), "0 cards");
        assert_eq!(cards(1), "1 card");
        assert_eq!(cards(2), "2 cards");
        assert_eq!(cards(21), "21 cards");
        assert_eq!(counted("2.5", "day", "days"), "2.5 days");
    }
}
