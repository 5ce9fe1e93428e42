//! The readable part of a team's address, and the key of its first board: both out of its name.

/// The longest slug without its suffix; the table allows 60 characters.
const MAX_LENGTH: usize = 48;

/// What stands at the same place in the route table.
const RESERVED: [&str; 1] = ["new"];

/// How often a number is tried as a suffix before a random one is taken.
const NUMBERED: u32 = 20;

/// The slugs to try for a team, best first and without an end.
pub fn candidates(name: &str) -> impl Iterator<Item = String> {
    let base = base(name);
    (1_u32..)
        .map(move |attempt| match attempt {
            1 => base.clone(),
            2..=NUMBERED => format!("{base}-{attempt}"),
            _ => format!("{base}-{:08x}", rand::random::<u32>()),
        })
        .filter(|slug| !RESERVED.contains(&slug.as_str()))
}

fn base(name: &str) -> String {
    let mut slug = slug::slugify(name);
    if slug.len() > MAX_LENGTH {
        // A slug is ASCII, so every byte is a character.
        slug.truncate(MAX_LENGTH);
        if let Some(end) = slug.rfind('-') {
            slug.truncate(end);
        }
    }
    if slug.is_empty() {
        "team".to_owned()
    } else {
        slug
    }
}

/// The key of a team's first board: the initials of its name, or the name when it is one short word.
pub fn first_board_key(name: &str) -> String {
    let slug = slug::slugify(name);
    let words: Vec<&str> = slug
        .split('-')
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
        .collect();
    let key: String = match words.as_slice() {
        [] => "team".to_owned(),
        [word] if word.len() <= 5 => (*word).to_owned(),
        [word] => word.chars().take(3).collect(),
        words => words
            .iter()
            .take(4)
            .filter_map(|word| word.chars().next())
            .collect(),
    };
    key.to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(name: &str) -> String {
        candidates(name).next().unwrap_or_default()
    }

    #[test]
    fn a_name_becomes_a_readable_slug() {
        assert_eq!(first("Blue Lantern"), "blue-lantern");
        assert_eq!(first("  Größe & Co. "), "grosse-co");
        assert_eq!(first("Команда"), "komanda");
    }

    #[test]
    fn a_name_without_letters_becomes_team() {
        assert_eq!(first("!!!"), "team");
        assert_eq!(first("---"), "team");
    }

    #[test]
    fn a_slug_never_hides_a_page() {
        assert_eq!(first("New"), "new-2");
    }

    #[test]
    fn every_slug_has_the_form_that_the_table_wants() {
        let long = "long name ".repeat(8);
        for name in ["A", long.as_str(), &"x".repeat(80), "9 lives", "a - b"] {
            for slug in candidates(name).take(25) {
                assert!(slug.len() <= 60, "{slug}");
                assert!(
                    slug.split('-').all(|word| !word.is_empty()
                        && word
                            .chars()
                            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())),
                    "{slug}"
                );
            }
        }
    }

    #[test]
    fn the_first_board_gets_a_key_out_of_the_name() {
        assert_eq!(first_board_key("Blue Lantern"), "BL");
        assert_eq!(first_board_key("Acme"), "ACME");
        assert_eq!(first_board_key("Skateboard"), "SKA");
        assert_eq!(first_board_key("42"), "TEAM");
    }
}
