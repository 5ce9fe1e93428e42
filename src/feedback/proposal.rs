//! The task that could be made of an answer. The team reads it, so it does not say whose words they are.

use super::{
    model::FeedbackItem,
    words::{IN_THE_WAY, MISSING, MOST_USEFUL},
};
use crate::ui::text::is_blank;

/// How long a proposed title is at most, in characters.
const TITLE: usize = 100;

/// The first line with a word in it of what got in the way, of what is missing, or else of what was most useful.
pub fn title(item: &FeedbackItem) -> String {
    let texts = [&item.in_the_way, &item.missing, &item.most_useful];
    let lines: Vec<String> = texts
        .into_iter()
        .flat_map(|text| text.lines())
        .map(|line| {
            line.chars()
                .filter(|character| !character.is_control())
                .collect::<String>()
        })
        .filter(|line| !is_blank(line))
        .collect();
    let with_a_word = lines
        .iter()
        .find(|line| line.chars().any(char::is_alphanumeric));
    let line = with_a_word.or_else(|| lines.first());
    line.map(|line| shortened(line.trim())).unwrap_or_default()
}

/// A line that ends with a whole word where it is too long.
fn shortened(line: &str) -> String {
    if line.chars().count() <= TITLE {
        return line.to_owned();
    }
    let start: String = line.chars().take(TITLE - 1).collect();
    let whole = start.rsplit_once(' ').map_or(&*start, |(words, _)| words);
    format!("{}…", whole.trim_end())
}

/// What was said, quoted, and where.
pub fn description(item: &FeedbackItem) -> String {
    let mut text = format!(
        "Feedback on `{}`, version {}.\n",
        item.page.replace('`', ""),
        item.version
    );
    let parts = [
        (IN_THE_WAY, &item.in_the_way),
        (MISSING, &item.missing),
        (MOST_USEFUL, &item.most_useful),
    ];
    for (question, answer) in parts {
        if !answer.is_empty() {
            text.push_str(&format!("\n**{question}**\n\n"));
            for line in answer.lines() {
                text.push_str(format!("> {line}").trim_end());
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        feedback::model::Occasion,
        ids::{FeedbackId, PersonId},
        people::model::PersonName,
    };

    fn item(in_the_way: &str, missing: &str, most_useful: &str) -> FeedbackItem {
        FeedbackItem {
            id: FeedbackId::new(),
            by: PersonName {
                id: PersonId::new(),
                name: "Vera".to_owned(),
            },
            left: false,
            occasion: Occasion::Button,
            most_useful: most_useful.to_owned(),
            in_the_way: in_the_way.to_owned(),
            missing: missing.to_owned(),
            page: "/teams/blue/boards/WEB".to_owned(),
            version: "1.2.3".to_owned(),
            tags: Vec::new(),
            created_at: 0,
            task: None,
        }
    }

    #[test]
    fn a_title_is_the_first_line_that_says_something() {
        assert_eq!(
            title(&item("\n \nToo slow\nindeed", "Dark", "")),
            "Too slow"
        );
        assert_eq!(title(&item("", "Dark\u{7} theme", "Board")), "Dark theme");
        assert_eq!(title(&item("", "", "Board")), "Board");
        assert_eq!(title(&item("```\nno entry", "", "")), "no entry");
        assert_eq!(title(&item("", "", "\n👍")), "👍");
        let long = title(&item(&"word ".repeat(60), "", ""));
        assert!(
            long.chars().count() <= TITLE && long.ends_with("word…"),
            "{long}"
        );
        let unbroken = title(&item(&"ä".repeat(300), "", ""));
        assert_eq!(unbroken.chars().count(), TITLE);
    }

    #[test]
    fn a_description_quotes_every_line_and_names_nobody() {
        let text = description(&item("Slow.\n\n> really", "", "Board"));
        assert_eq!(
            text,
            "Feedback on `/teams/blue/boards/WEB`, version 1.2.3.\n\n**What got in the way?**\n\n> Slow.\n>\n> > really\n\n\
             **What was most useful?**\n\n> Board\n"
        );
    }
}
