//! What was typed into the search: words, and filters among them such as `assignee:ana`.
//!
//! A filter is a name that is known here, a colon and a value; the value may stand in quotes, and `-` in
//! front turns the filter round. Everything else is words.

use time::Date;

use crate::{columns::model::ColumnKind, tasks::model::Priority, ui::date::written};

/// A query, in the order in which it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// As it was typed.
    text: String,
    filter: Option<Filter>,
}

/// One filter of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Whether it asks for all that is otherwise.
    pub not: bool,
    pub asks: Asks,
}

/// What a filter asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    Assignee(Who),
    /// The key of a board, or a name.
    Board(String),
    State(State),
    Label(String),
    Due(Due),
    Priority(Priority),
    /// What no such filter knows, and a sentence that says what it does know.
    Unknown(String),
}

/// Whose a task is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Me,
    Nobody,
    Named(String),
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Kind(ColumnKind),
    Late,
    Watched,
}

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Today,
    /// In the next seven days, of which today is the first.
    Week,
    Late,
    Never,
    On(Date),
    Before(Date),
    After(Date),
}

/// What is chosen of by a click. Of each there is one in a query that was clicked together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Assignee,
    Board,
    State,
    Label,
    Due,
    Priority,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let parts = parts(text).into_iter();
        let read = |text: String| Part {
            filter: filter(&text),
            text,
        };
        Self(parts.map(read).collect())
    }

    /// The words, without the filters.
    pub fn words(&self) -> String {
        let words = self.0.iter().filter(|part| part.filter.is_none());
        let words: Vec<&str> = words.map(|part| part.text.as_str()).collect();
        words.join(" ")
    }

    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.0.iter().filter_map(|part| part.filter.as_ref())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The query with another choice of a facet, or with none.
    pub fn choosing(&self, facet: Facet, choice: Option<&str>) -> String {
        let others = self.0.iter().filter(|part| part.facet() != Some(facet));
        let mut texts: Vec<&str> = others.map(|part| part.text.as_str()).collect();
        texts.extend(choice);
        texts.join(" ")
    }

    /// How the choice of a facet was typed, if there is one.
    pub fn chosen(&self, facet: Facet) -> Option<&str> {
        let part = self.0.iter().find(|part| part.facet() == Some(facet));
        part.map(|part| part.text.as_str())
    }
}

impl Part {
    fn facet(&self) -> Option<Facet> {
        let filter = self.filter.as_ref()?;
        match filter.asks {
            Asks::Assignee(_) => Some(Facet::Assignee),
            Asks::Board(_) => Some(Facet::Board),
            Asks::State(State::Open | State::Kind(_)) => Some(Facet::State),
            Asks::State(State::Late) | Asks::Due(_) => Some(Facet::Due),
            Asks::Label(_) => Some(Facet::Label),
            Asks::Priority(_) => Some(Facet::Priority),
            Asks::State(State::Watched) | Asks::Unknown(_) => None,
        }
    }
}

/// A filter as it is typed: with quotes where the value needs them.
pub fn typed(name: &str, value: &str) -> String {
    let plain = !value.contains(char::is_whitespace) && !value.is_empty();
    if plain {
        format!("{name}:{value}")
    } else {
        format!("{name}:\"{value}\"")
    }
}

/// Parts a text at its spaces, except inside of quotes. A quote that is not closed goes to the end.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut quoted = false;
    for letter in text.chars() {
        if letter == '"' {
            quoted = !quoted;
        }
        if letter.is_whitespace() && !quoted {
            parts.extend(Some(std::mem::take(&mut part)).filter(|part| !part.is_empty()));
        } else {
            part.push(letter);
        }
    }
    parts.extend(Some(part).filter(|part| !part.is_empty()));
    parts
}

fn filter(part: &str) -> Option<Filter> {
    let (not, rest) = match part.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, part),
    };
    let (name, value) = rest.split_once(':')?;
    let value = value.replace('"', "");
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let known = value.to_lowercase();
    let asks = match name.to_ascii_lowercase().as_str() {
        "assignee" => Asks::Assignee(match known.as_str() {
            "me" => Who::Me,
            "none" | "nobody" => Who::Nobody,
            _ => Who::Named(value.to_owned()),
        }),
        "board" => Asks::Board(value.to_owned()),
        "label" => Asks::Label(value.to_owned()),
        "is" => state(&known).unwrap_or_else(|| {
            Asks::Unknown(format!(
                "Nothing is “{value}”: there is open, todo, doing, done, late, unassigned, mine and watched."
            ))
        }),
        "due" => due(&known).map_or_else(
            || {
                Asks::Unknown(format!(
                    "“{value}” is no due date: there is today, week, late, none, a date such as 2026-12-01, and < or > before a date."
                ))
            },
            Asks::Due,
        ),
        "priority" => known.parse().map_or_else(
            |_| {
                Asks::Unknown(format!(
                    "“{value}” is no priority: there is low, normal, high and urgent."
                ))
            },
            Asks::Priority,
        ),
        _ => return None,
    };
    Some(Filter { not, asks })
}

fn state(value: &str) -> Option<Asks> {
    Some(match value {
        "unassigned" => Asks::Assignee(Who::Nobody),
        "mine" => Asks::Assignee(Who::Me),
        "open" => Asks::State(State::Open),
        "late" => Asks::State(State::Late),
        "watched" => Asks::State(State::Watched),
        kind => Asks::State(State::Kind(kind.parse().ok()?)),
    })
}

fn due(value: &str) -> Option<Due> {
    Some(match value {
        "today" => Due::Today,
        "week" => Due::Week,
        "late" => Due::Late,
        "none" => Due::Never,
        value => match (value.strip_prefix('<'), value.strip_prefix('>')) {
            (Some(before), _) => Due::Before(written(before)?),
            (_, Some(after)) => Due::After(written(after)?),
            _ => Due::On(written(value)?),
        },
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn asks(text: &str) -> Vec<Asks> {
        let query = Query::parse(text);
        query.filters().map(|filter| filter.asks.clone()).collect()
    }

    #[test]
    fn filters_stand_anywhere_among_the_words() {
        let query = Query::parse("  login assignee:me  page is:late ");
        assert_eq!(query.words(), "login page");
        assert_eq!(query.filters().count(), 2);
        assert!(Query::parse(" ").is_empty());
    }

    #[test]
    fn every_filter_is_read_in_any_case() {
        assert_eq!(
            asks("Assignee:Ana assignee:ME assignee:none is:mine is:unassigned"),
            [
                Asks::Assignee(Who::Named("Ana".to_owned())),
                Asks::Assignee(Who::Me),
                Asks::Assignee(Who::Nobody),
                Asks::Assignee(Who::Me),
                Asks::Assignee(Who::Nobody),
            ]
        );
        assert_eq!(
            asks("board:web label:Bug priority:HIGH is:Open is:doing is:late is:watched"),
            [
                Asks::Board("web".to_owned()),
                Asks::Label("Bug".to_owned()),
                Asks::Priority(Priority::High),
                Asks::State(State::Open),
                Asks::State(State::Kind(ColumnKind::Doing)),
                Asks::State(State::Late),
                Asks::State(State::Watched),
            ]
        );
        let first = date!(2026 - 12 - 01);
        assert_eq!(
            asks(
                "due:today due:week due:late due:none due:2026-12-01 due:<2026-12-01 due:>2026-12-01"
            ),
            [
                Due::Today,
                Due::Week,
                Due::Late,
                Due::Never,
                Due::On(first),
                Due::Before(first),
                Due::After(first)
            ]
            .map(Asks::Due)
        );
    }

    #[test]
    fn a_value_with_spaces_stands_in_quotes() {
        let named = |name: &str| [Asks::Assignee(Who::Named(name.to_owned()))];
        assert_eq!(asks("assignee:\"Ana Silva\""), named("Ana Silva"));
        assert_eq!(asks("assignee:\"Ana Silva"), named("Ana Silva"));
        assert_eq!(typed("assignee", "Ana Silva"), "assignee:\"Ana Silva\"");
        assert_eq!(typed("assignee", "Ana"), "assignee:Ana");
    }

    #[test]
    fn a_minus_turns_a_filter_round_and_is_no_more_than_a_sign_before_a_word() {
        let query = Query::parse("-is:done -login");
        assert_eq!(query.words(), "-login");
        assert!(query.filters().all(|filter| filter.not));
    }

    #[test]
    fn what_is_no_filter_is_words() {
        for words in [
            "http://x.test",
            "\"is:open\"",
            "is:",
            "note:this",
            "12:30",
            ":",
        ] {
            assert_eq!(Query::parse(words).words(), words);
        }
    }

    #[test]
    fn a_value_that_a_filter_does_not_know_is_said() {
        for text in [
            "is:nothing",
            "due:soon",
            "due:2026-13-01",
            "due:<",
            "priority:5",
        ] {
            let said = asks(text);
            assert!(matches!(said.as_slice(), [Asks::Unknown(_)]), "{text}");
        }
    }

    #[test]
    fn a_choice_takes_the_place_of_the_one_before() {
        let query = Query::parse("login assignee:ana is:late");
        let chosen = query.choosing(Facet::Assignee, Some("assignee:me"));
        assert_eq!(chosen, "login is:late assignee:me");
        assert_eq!(query.choosing(Facet::Due, None), "login assignee:ana");
        assert_eq!(query.chosen(Facet::Due), Some("is:late"));
        assert_eq!(query.chosen(Facet::Board), None);
    }
}
