//! Which choices fit what is typed, and which of them comes first.

use super::choice::{Choice, Group};

/// How many choices of one group are shown.
pub const MOST: usize = 8;

/// How well a choice fits, the lower the better: it begins so, its words begin so, its words with what stands
/// beside them do, or it has the letters somewhere.
pub fn fit(typed: &str, choice: &Choice) -> Option<u8> {
    let typed = typed.trim().to_lowercase();
    let words = choice.words.to_lowercase();
    let beside = choice.beside.to_lowercase();
    let both = format!("{words} {beside}");
    let parts = || typed.split_whitespace();
    let has_beginnings = |text: &str| parts().all(|part| begins_a_word(text, part));
    if words.starts_with(&typed) || (!typed.is_empty() && beside.starts_with(&typed)) {
        Some(0)
    } else if has_beginnings(&words) {
        Some(1)
    } else if has_beginnings(&both) {
        Some(2)
    } else if parts().all(|part| part.chars().count() > 1 && both.contains(part)) {
        Some(3)
    } else {
        None
    }
}

fn begins_a_word(text: &str, part: &str) -> bool {
    let mut before = None;
    text.char_indices().any(|(at, letter)| {
        let is_beginning = !before.replace(letter).is_some_and(char::is_alphanumeric);
        is_beginning && text[at..].starts_with(part)
    })
}

/// The choices that fit, the best first: of each group some, and first the group with the best of all.
pub fn fitting(typed: &str, groups: Vec<Group>) -> Vec<Group> {
    let mut found: Vec<(u8, Group)> = groups
        .into_iter()
        .filter_map(|group| {
            let fits = |choice: Choice| Some((fit(typed, &choice)?, choice));
            let mut fitting: Vec<_> = group.choices.into_iter().filter_map(fits).collect();
            fitting.sort_by_key(|(fit, _)| *fit);
            let best = fitting.first()?.0;
            let choices = fitting.into_iter().map(|(_, choice)| choice).take(MOST);
            let group = Group {
                choices: choices.collect(),
                ..group
            };
            Some((best, group))
        })
        .collect();
    found.sort_by_key(|(best, _)| *best);
    found.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(words: &str, beside: &str) -> Choice {
        Choice::to(words, beside, String::new())
    }

    #[test]
    fn a_choice_fits_better_the_earlier_in_it_the_letters_stand() {
        let fits = |typed| fit(typed, &choice("Move to In progress", "WEB-12"));
        assert_eq!(fits("Move to"), Some(0));
        assert_eq!(fits("web-1"), Some(0));
        assert_eq!(fits("prog mo"), Some(1));
        assert_eq!(fits("move web"), Some(2));
        assert_eq!(fits("rogres"), Some(3));
        assert_eq!(fits("done"), None);
        assert_eq!(fits("r"), None);
    }

    #[test]
    fn letters_of_every_language_are_letters() {
        assert_eq!(fit("école", &choice("Fermer l’École", "")), Some(1));
        assert_eq!(fit("ole", &choice("Fermer l’École", "")), Some(3));
    }

    #[test]
    fn the_group_with_the_best_choice_comes_first_and_the_others_stay_in_order() {
        let group = |name: &str, words: &[&str]| Group {
            name: name.to_owned(),
            choices: words.iter().map(|words| choice(words, "")).collect(),
        };
        let groups = vec![
            group("Task", &["Assign to Ana", "Delete"]),
            group("Boards", &["Website"]),
            group("People", &["Joana", "Ana Silva"]),
        ];
        let found = fitting("ana", groups);
        let shown: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|group| {
                let words = group.choices.iter().map(|choice| choice.words.as_str());
                (group.name.as_str(), words.collect())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("People", vec!["Ana Silva", "Joana"]),
                ("Task", vec!["Assign to Ana"])
            ]
        );
    }
}
