//! The second and the third reading of an export: cards become tasks, and actions comments.

use std::collections::HashSet;

use time::OffsetDateTime;

use super::{
    format::{self, Action, Card, Sink, Taken},
    plan::{Placed, Plan},
    survey::{Survey, label_name, moment, moment_of_id},
};
use crate::{
    comments::{model::CommentBody, store::ImportedComment},
    error::Result,
    ids::{CommentId, PersonId, TaskId},
    imports::{coming::Gathering, reading::Stored, text},
    tasks::{
        model::{Description, Labels, Priority, TaskTitle, has_label},
        store::{Due, ImportedTask},
    },
    ui::text::is_blank,
};

/// What goes on in a further comment begins with this.
const CONTINUED: &str = "(continued)\n\n";

/// Reads an export twice more and hands on what it brings. `by` is the author of what nobody here wrote.
///
/// # Errors
/// A field error on `file`, also when nobody takes what comes any more.
pub fn make(
    file: &Stored,
    survey: &Survey,
    plan: &Plan,
    by: PersonId,
    gathering: &mut Gathering,
) -> Result<()> {
    let mut maker = Maker {
        survey,
        plan,
        by,
        gathering,
        is_at_cards: true,
        made: HashSet::new(),
    };
    format::read(file, &mut maker)?;
    maker.is_at_cards = false;
    format::read(file, &mut maker)?;
    // Nobody is left to be told when it was given up.
    let _ = maker.gathering.hand_on();
    Ok(())
}

struct Maker<'a> {
    survey: &'a Survey,
    plan: &'a Plan,
    by: PersonId,
    gathering: &'a mut Gathering,
    is_at_cards: bool,
    made: HashSet<TaskId>,
}

impl Sink for Maker<'_> {
    fn wants_cards(&self) -> bool {
        self.is_at_cards
    }

    fn card(&mut self, card: Card) -> Taken {
        let Some(placed) = self.plan.cards.get(card.id.as_str()) else {
            return Ok(());
        };
        if !self.made.insert(placed.task) {
            return Ok(());
        }
        let created_at = moment_of_id(&card.id);
        let mut pieces = pieces_of(self.survey, self.plan, &card).into_iter();
        let task = self.task(&card, placed, pieces.next().unwrap_or_default(), created_at);
        self.gathering.task(task).map_err(|_| abandoned())?;
        for piece in pieces {
            let comment = ImportedComment {
                task: placed.task,
                id: CommentId::new(),
                author: self.by,
                body: format!("{CONTINUED}{piece}"),
                created_at,
            };
            self.gathering.comment(comment).map_err(|_| abandoned())?;
        }
        Ok(())
    }

    fn wants_actions(&self) -> bool {
        !self.is_at_cards
    }

    fn action(&mut self, action: Action) -> Taken {
        let Some((card, said)) = action.comment().filter(|(_, said)| !is_blank(said)) else {
            return Ok(());
        };
        let Some(placed) = self.plan.cards.get(card) else {
            return Ok(());
        };
        let author = action.author().unwrap_or_default();
        let person = self.plan.person(self.survey, author);
        let named = match person {
            Some(_) => String::new(),
            None => format!("**{}** in Trello:\n\n", plain(self.name_of(author))),
        };
        let said = named + &text::storable(said);
        let max = CommentBody::MAX;
        let at = action.date.as_deref();
        let created_at = moment(at).or_else(|| moment_of_id(action.id.as_deref()?));
        for (number, piece) in text::pieces(&said, max, max - CONTINUED.len())
            .iter()
            .enumerate()
        {
            let body = match number {
                0 => piece.clone(),
                _ => format!("{CONTINUED}{piece}"),
            };
            let comment = ImportedComment {
                task: placed.task,
                id: CommentId::new(),
                author: person.unwrap_or(self.by),
                body,
                created_at,
            };
            self.gathering.comment(comment).map_err(|_| abandoned())?;
        }
        Ok(())
    }
}

fn abandoned() -> String {
    "the import was given up".to_owned()
}

impl Maker<'_> {
    fn name_of(&self, member: &str) -> &str {
        let number = self.survey.person(member);
        number.map_or("Somebody", |number| &self.survey.people[number].name)
    }

    fn task(
        &self,
        card: &Card,
        placed: &Placed,
        description: String,
        created_at: Option<OffsetDateTime>,
    ) -> ImportedTask {
        let column = &self.plan.columns[placed.column as usize];
        let name = card.name.as_deref().unwrap_or_default();
        let members = card.id_members.0.iter();
        let mut labels = labels_of(self.survey, card);
        labels.truncate(Labels::MAX);
        ImportedTask {
            id: placed.task,
            number: placed.number,
            column: column.id,
            kind: column.kind,
            position: placed.position.to_vec(),
            title: text::line(name, TaskTitle::MAX, "Untitled").0,
            description,
            assignee: members
                .filter_map(|member| self.plan.person(self.survey, member))
                .next(),
            due: moment(card.due.as_deref())
                .filter(|due| is_in_range(*due))
                .map(Due::At),
            priority: Priority::Normal,
            labels,
            created_at,
            updated_at: moment(card.date_last_activity.as_deref()).or(created_at),
            deleted: placed.deleted,
        }
    }
}

fn is_in_range(due: OffsetDateTime) -> bool {
    (2001..2199).contains(&due.year())
}

/// A name as Markdown that shows nothing but the name.
fn plain(name: &str) -> String {
    name.chars()
        .flat_map(|c| {
            let mark = (c.is_ascii_punctuation() && c != '.' && c != '-').then_some('\\');
            mark.into_iter().chain([c])
        })
        .collect()
}

fn labels_of(survey: &Survey, card: &Card) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let own = card.labels.iter().flatten().filter_map(label_name);
    let of_board = card.id_labels.0.iter();
    let of_board = of_board.filter_map(|id| survey.labels.get(id.as_str()).cloned());
    // Either says the same, in most files.
    for label in own.chain(of_board) {
        if !has_label(&labels, &label) {
            labels.push(label);
        }
    }
    labels
}

/// A card's whole description: with its title before it when that was too long, and below it its checklists and what
/// has no field of its own. The first piece fits into a description, the others into comments.
fn pieces_of(survey: &Survey, plan: &Plan, card: &Card) -> Vec<String> {
    let mut parts = Vec::new();
    let name = card.name.as_deref().unwrap_or_default();
    if text::line(name, TaskTitle::MAX, "").1 {
        parts.push(text::storable(name));
    }
    let description = text::storable(card.desc.as_deref().unwrap_or_default());
    if !is_blank(&description) {
        parts.push(description);
    }
    if let Some(checklists) = survey.checklists.get(card.id.as_str()) {
        let mut checklists: Vec<_> = checklists.iter().collect();
        checklists.sort_by(|a, b| a.0.total_cmp(&b.0));
        parts.extend(checklists.into_iter().map(|(_, written)| written.clone()));
    }
    let members: Vec<&str> = card.id_members.0.iter().map(String::as_str).collect();
    let unknown = |member: &&str| plan.person(survey, member).is_none();
    if members.len() > 1 || members.iter().any(unknown) {
        let names = members.iter().filter_map(|member| survey.person(member));
        let names: Vec<String> = names.map(|it| plain(&survey.people[it].name)).collect();
        parts.push(format!("Members in Trello: {}", names.join(", ")));
    }
    let labels = labels_of(survey, card);
    if let Some(more) = labels.get(Labels::MAX..).filter(|more| !more.is_empty()) {
        parts.push(format!("More labels: {}", more.join(", ")));
    }
    if let Some(due) = &card.due {
        let fits = moment(Some(due)).is_some_and(is_in_range);
        if !fits {
            parts.push(format!("Due in Trello: {}", text::line(due, 60, "").0));
        }
    }
    let whole = parts.join("\n\n");
    text::pieces(&whole, Description::MAX, CommentBody::MAX - CONTINUED.len())
}
