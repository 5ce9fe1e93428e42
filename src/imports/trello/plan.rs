//! What becomes of a board: the place of every card, once the choices are made.

use std::collections::HashMap;

use super::survey::{NO_LIST, Survey, SurveyedCard};
use crate::{
    columns::model::{ColumnKind, ColumnName},
    error::{Error, Result},
    ids::{ColumnId, PersonId, TaskId},
    imports::{
        model::{Archived, ClosedLists},
        text,
    },
    people::model::PersonName,
    tasks::position,
};

/// More columns than this no board has.
const MOST_COLUMNS: usize = 50;

/// What somebody chose for an import. Lists and people are those of the survey, by their numbers; a list without
/// a choice has the kind that its name says.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub archived: Archived,
    pub closed_lists: ClosedLists,
    pub kinds: HashMap<usize, ColumnKind>,
    pub people: HashMap<usize, PersonName>,
}

/// A column that is going to be made.
#[derive(Clone, Debug)]
pub struct PlannedColumn {
    pub id: ColumnId,
    pub name: String,
    pub kind: ColumnKind,
}

/// Where a card goes.
#[derive(Debug)]
pub struct Placed {
    pub task: TaskId,
    pub number: i32,
    pub column: u32,
    pub position: Box<[u8]>,
    pub deleted: bool,
}

/// An import, ready to be made.
pub struct Plan {
    pub columns: Vec<PlannedColumn>,
    pub cards: HashMap<Box<str>, Placed>,
    pub people: HashMap<usize, PersonName>,
}

impl Plan {
    /// Who somebody of the file is here.
    pub fn person(&self, survey: &Survey, id: &str) -> Option<PersonId> {
        let number = survey.person(id)?;
        Some(self.people.get(&number)?.id)
    }
}

/// The kind that a list's name says it has.
pub fn kind_of(name: &str) -> ColumnKind {
    const DOING: &[&str] = &[
        "doing",
        "progress",
        "working",
        "wip",
        "review",
        "testing",
        "qa",
        "in arbeit",
        "bearbeitung",
        "en cours",
        "en curso",
        "in corso",
        "andamento",
        "started",
        "current sprint",
        "blocked",
        "verify",
    ];
    const DONE: &[&str] = &[
        "done",
        "complete",
        "finished",
        "shipped",
        "released",
        "deployed",
        "closed",
        "erledigt",
        "fertig",
        "terminé",
        "hecho",
        "fatto",
        "feito",
        "concluído",
        "live",
        "archive",
        "resolved",
    ];
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let says = |of: &[&str]| {
        of.iter().any(|word| match word.len() {
            0..=4 => words.contains(word),
            _ => name.contains(word),
        })
    };
    if says(DONE) && !name.contains("not done") {
        ColumnKind::Done
    } else if says(DOING) {
        ColumnKind::Doing
    } else {
        ColumnKind::Todo
    }
}

/// The lists in their order, by their numbers.
pub fn order(survey: &Survey) -> Vec<usize> {
    let mut order: Vec<usize> = (0..survey.lists.len())
        .filter(|list| survey.lists[*list].is_there)
        .collect();
    order.sort_by(|a, b| survey.lists[*a].pos.total_cmp(&survey.lists[*b].pos));
    order
}

/// The list of a card, if the file has it.
pub fn list_of(survey: &Survey, card: &SurveyedCard) -> Option<usize> {
    let list = Some(card.list).filter(|list| *list != NO_LIST)? as usize;
    survey.lists.get(list)?.is_there.then_some(list)
}

/// Gives every card its place.
///
/// # Errors
/// A field error when there is nothing to import.
pub fn plan(survey: &Survey, choices: &Choices) -> Result<Plan> {
    let mut columns = Columns::default();
    let mut column_of = HashMap::new();
    for list in order(survey) {
        let surveyed = &survey.lists[list];
        if surveyed.closed && choices.closed_lists == ClosedLists::Archived {
            continue;
        }
        let kind = choices.kinds.get(&list).copied();
        let kind = kind.unwrap_or_else(|| kind_of(&surveyed.name));
        column_of.insert(list, columns.add(&surveyed.name, kind));
    }
    let mut places: Vec<Option<(u32, bool)>> = Vec::with_capacity(survey.cards.len());
    for card in &survey.cards {
        let list = list_of(survey, card);
        let in_closed = list.is_some_and(|list| survey.lists[list].closed)
            && choices.closed_lists == ClosedLists::Archived;
        let column = list.and_then(|list| column_of.get(&list).copied());
        places.push(if !card.closed && !in_closed {
            let column =
                column.unwrap_or_else(|| columns.others("Without a list", ColumnKind::Todo));
            Some((column, false))
        } else {
            match choices.archived {
                Archived::Skip => None,
                Archived::Deleted => {
                    let column = column.unwrap_or_else(|| columns.first());
                    Some((column, true))
                }
                Archived::Done => Some((columns.done(column), false)),
            }
        });
    }
    columns.complete();
    let numbers = numbers(survey, &places);
    let positions = positions(survey, &places, &columns.0);
    let mut cards = HashMap::with_capacity(places.len());
    let each = survey.cards.iter().zip(places).zip(numbers).zip(positions);
    for (((card, place), number), position) in each {
        if let Some((column, deleted)) = place {
            let placed = Placed {
                task: TaskId::new(),
                number,
                column,
                position,
                deleted,
            };
            cards.insert(card.id.clone(), placed);
        }
    }
    Ok(Plan {
        columns: columns.0,
        cards,
        people: choices.people.clone(),
    })
}

/// The columns as they come together. No two have the same name.
#[derive(Default)]
struct Columns(Vec<PlannedColumn>);

impl Columns {
    fn add(&mut self, name: &str, kind: ColumnKind) -> u32 {
        if self.0.len() + 3 >= MOST_COLUMNS {
            return self.others("Other lists", kind);
        }
        self.push(name, kind)
    }

    fn push(&mut self, name: &str, kind: ColumnKind) -> u32 {
        let mut own = text::line(name, ColumnName::MAX, "Untitled").0;
        let mut number = 2;
        while self.find(&own).is_some() {
            let suffix = format!(" {number}");
            let begin = text::line(name, ColumnName::MAX - suffix.len(), "Untitled").0;
            own = begin + &suffix;
            number += 1;
        }
        self.0.push(PlannedColumn {
            id: ColumnId::new(),
            name: own,
            kind,
        });
        last(self.0.len())
    }

    fn find(&self, name: &str) -> Option<u32> {
        let name = name.to_lowercase();
        let at = self
            .0
            .iter()
            .position(|column| column.name.to_lowercase() == name)?;
        u32::try_from(at).ok()
    }

    /// The column for what has none of its own.
    fn others(&mut self, name: &str, kind: ColumnKind) -> u32 {
        self.find(name).unwrap_or_else(|| self.push(name, kind))
    }

    fn first(&mut self) -> u32 {
        if self.0.is_empty() {
            self.push("Without a list", ColumnKind::Todo);
        }
        0
    }

    /// Where archived cards go: their own column if it is done, otherwise the last that is.
    fn done(&mut self, own: Option<u32>) -> u32 {
        let is_done = |column: u32| {
            let column = self.0.get(column as usize);
            column.is_some_and(|column| column.kind == ColumnKind::Done)
        };
        if let Some(own) = own.filter(|own| is_done(*own)) {
            return own;
        }
        match self
            .0
            .iter()
            .rposition(|column| column.kind == ColumnKind::Done)
        {
            Some(at) => last(at + 1),
            None => self.others("Archived", ColumnKind::Done),
        }
    }

    /// An empty board has the columns of every new one.
    fn complete(&mut self) {
        if self.0.is_empty() {
            for kind in ColumnKind::ALL {
                self.push(kind.label(), kind);
            }
        }
    }
}

fn last(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_sub(1)
}

/// The numbers of the cards: those that they have in Trello, when each has one of its own; otherwise in their order.
fn numbers(survey: &Survey, places: &[Option<(u32, bool)>]) -> Vec<i32> {
    let own: Option<Vec<i32>> = survey
        .cards
        .iter()
        .map(|card| i32::try_from(card.number).ok())
        .map(|number| number.filter(|number| (1..=1_000_000).contains(number)))
        .collect();
    if let Some(own) = own {
        let mut sorted = own.clone();
        sorted.sort_unstable();
        if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
            return own;
        }
    }
    let mut next = 0;
    let numbered = places.iter().map(|place| {
        next += i32::from(place.is_some());
        next
    });
    numbered.collect()
}

/// The positions of the cards in their columns.
fn positions(
    survey: &Survey,
    places: &[Option<(u32, bool)>],
    columns: &[PlannedColumn],
) -> Vec<Box<[u8]>> {
    let mut positions = vec![Box::<[u8]>::default(); places.len()];
    for (index, column) in columns.iter().enumerate() {
        let mut here: Vec<usize> = places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.is_some_and(|(column, _)| column as usize == index))
            .map(|(card, _)| card)
            .collect();
        here.sort_by(|a, b| survey.cards[*a].pos.total_cmp(&survey.cards[*b].pos));
        if column.kind == ColumnKind::Done {
            for card in here {
                positions[card] = position::of_done().into();
            }
            continue;
        }
        for (card, position) in here.iter().zip(position::evenly(here.len())) {
            positions[*card] = position.into();
        }
    }
    positions
}

/// Reads a key out of the form, and says which was meant.
///
/// # Errors
/// A field error on `people` or `kinds`.
pub fn number_of(field: &str, name: &str, most: usize) -> Result<usize> {
    name.get(1..)
        .and_then(|number| number.parse().ok())
        .filter(|number| *number < most)
        .ok_or_else(|| {
            Error::field(
                format!("{field}[{name}]"),
                "The file has nothing like this.",
            )
        })
}
