//! Searching, for whoever may read the team.

use std::time::Duration;

use super::{
    cursor::Cursor,
    facets::{encoded, facets},
    model::{self, MOST_FOUND, SearchView},
    query::{Asks, Due, Filter, Query, State, Who},
    store::{self, Condition, Known, Listed, Wanted},
};
use crate::{
    accounts::limits::Limit,
    error::{Error, Result},
    people,
    people::access::Access,
    tasks::model::TaskKey,
};

/// Searches of one person. Each of them reads an index of all the team's words.
const SEARCHES: Limit = Limit::new("searches_per_person", 120, Duration::from_secs(60));

/// The tasks that a query finds, from the beginning or from where a page before ended. An empty query
/// finds none. `is_counted`: this very search was counted before.
///
/// # Errors
/// A field error on `query` or `cursor`, and 429 after too many.
pub async fn search(
    access: &Access,
    text: &str,
    cursor: Option<&str>,
    is_counted: bool,
) -> Result<SearchView> {
    let (db, team) = (access.db(), access.team());
    let text = model::parse(text)?;
    let after = cursor.map(Cursor::parse).transpose()?;
    let query = Query::parse(&text);
    if !query.is_empty() && !is_counted {
        SEARCHES.count(db, &access.person().id.to_string()).await?;
    }
    let Understood {
        known,
        mut wanted,
        notes,
    } = understand(access, &query).await?;
    let words = query.words();
    let mut view = SearchView {
        is_older: after.is_some(),
        today: wanted.calendar.today.to_string(),
        here: encoded(&text),
        unfiltered: query.filters().next().map(|_| encoded(&words)),
        query: text,
        words,
        notes,
        ..SearchView::default()
    };
    let mut labels = Vec::new();
    if !query.is_empty() && view.notes.is_empty() {
        wanted.after = after;
        let found = store::find(db, team, &wanted).await?;
        view.found = found.tasks;
        view.older = found.last.map(|last| last.to_string());
        view.has_more_comments = found.has_more_comments;
        labels = found.labels;
    }
    view.facets = facets(&query, &known, labels);
    Ok(view)
}

/// What a program asks of a list of tasks.
#[derive(Debug)]
pub struct Asked {
    /// As it would be typed into the search.
    pub query: Option<String>,
    pub conditions: Vec<Condition>,
    pub cursor: Option<String>,
    pub most: usize,
}

/// One page of the tasks that fulfil all that is asked, as whole as they are.
///
/// # Errors
/// A field error on `q` or `cursor`, and 429 after too many with a query.
pub async fn list(access: &Access, asked: Asked) -> Result<Listed> {
    let (db, team) = (access.db(), access.team());
    let after = asked.cursor.as_deref().map(Cursor::parse).transpose()?;
    let text = model::parse_as("q", asked.query.as_deref().unwrap_or_default())?;
    let query = Query::parse(&text);
    let mut wanted = if query.is_empty() {
        Wanted {
            me: access.person().id,
            words: None,
            named: None,
            conditions: Vec::new(),
            calendar: people::store::calendar(db, team).await?,
            most: asked.most,
            after,
        }
    } else {
        SEARCHES.count(db, &access.person().id.to_string()).await?;
        let understood = understand(access, &query).await?;
        if let Some(note) = understood.notes.first() {
            return Err(Error::field("q", note));
        }
        Wanted {
            most: asked.most,
            after,
            ..understood.wanted
        }
    };
    let conditions = asked.conditions.into_iter();
    wanted
        .conditions
        .extend(conditions.map(|condition| (false, condition)));
    store::list(db, team, &wanted).await
}

/// A query as a team understands it.
pub struct Understood {
    known: Known,
    pub wanted: Wanted,
    /// What nobody here knows, in sentences.
    notes: Vec<String>,
}

/// Reads the names in a query among those that there are in the team.
pub async fn understand(access: &Access, query: &Query) -> Result<Understood> {
    let (db, team) = (access.db(), access.team());
    let (known, calendar) =
        tokio::try_join!(store::known(db, team), people::store::calendar(db, team))?;
    let (mut conditions, mut notes) = (Vec::new(), Vec::new());
    for filter in query.filters() {
        match condition(filter, &known, access) {
            Ok(condition) => conditions.push((filter.not, condition)),
            Err(note) => notes.push(note),
        }
    }
    let words = query.words();
    let named = words.parse::<TaskKey>().ok().and_then(|key| {
        let board = known.boards.iter().find(|board| board.key == key.board)?;
        Some((board.id, key.number))
    });
    Ok(Understood {
        wanted: Wanted {
            me: access.person().id,
            words: (!words.is_empty()).then_some(words),
            named,
            conditions,
            calendar,
            most: MOST_FOUND,
            after: None,
        },
        notes,
        known,
    })
}

/// What a filter asks for among what there is in the team, or a sentence that says that there is no such.
fn condition(filter: &Filter, known: &Known, access: &Access) -> Result<Condition, String> {
    Ok(match &filter.asks {
        Asks::Assignee(Who::Me) => Condition::HeldBy(vec![access.person().id]),
        Asks::Assignee(Who::Nobody) => Condition::Unassigned,
        Asks::Assignee(Who::Named(name)) => {
            let people = called(&known.people, name, |person| &person.name);
            if people.is_empty() {
                return Err(format!("Nobody here is called “{name}”."));
            }
            Condition::HeldBy(people.iter().map(|person| person.id).collect())
        }
        Asks::Board(name) => {
            let by_key = known
                .boards
                .iter()
                .find(|board| board.key.eq_ignore_ascii_case(name));
            let boards = match by_key {
                Some(board) => vec![board],
                None => called(&known.boards, name, |board| &board.name),
            };
            if boards.is_empty() {
                return Err(format!("No board here is called “{name}”."));
            }
            Condition::OnBoard(boards.iter().map(|board| board.id).collect())
        }
        Asks::State(State::Open) => Condition::Open,
        Asks::State(State::Kind(kind)) => Condition::Kind(*kind),
        Asks::State(State::Late) | Asks::Due(Due::Late) => Condition::Late,
        Asks::State(State::Watched) => Condition::Watched,
        Asks::Label(label) => Condition::Labelled(label.clone()),
        Asks::Due(due) => Condition::Due(*due),
        Asks::Priority(priority) => Condition::Priority(*priority),
        Asks::Unknown(sentence) => return Err(sentence.clone()),
    })
}

/// Those whose whole name is asked for, otherwise those of whose name a word begins so.
fn called<'a, T>(all: &'a [T], asked: &str, name: impl Fn(&T) -> &str) -> Vec<&'a T> {
    let asked = asked.to_lowercase();
    let lower = |one: &T| name(one).to_lowercase();
    let whole: Vec<&T> = all.iter().filter(|one| lower(one) == asked).collect();
    if !whole.is_empty() {
        return whole;
    }
    let begins = |name: &str| {
        name.starts_with(&asked) || name.split_whitespace().any(|word| word.starts_with(&asked))
    };
    all.iter().filter(|one| begins(&lower(one))).collect()
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn a_name_is_meant_by_its_whole_or_by_the_beginning_of_a_word() {
        let all = ["Ana Silva", "Ana", "Anatol Berg"].map(str::to_owned);
        let found = |asked| called(&all, asked, |name| name.as_str());
        assert_eq!(found("ana"), ["Ana"]);
        assert_eq!(found("an"), ["Ana Silva", "Ana", "Anatol Berg"]);
        assert_eq!(found("SIL"), ["Ana Silva"]);
        assert!(found("lva").is_empty());
    }
}
