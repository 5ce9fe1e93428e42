//! The first reading of an export: what there is, and of it only what is small.

use std::collections::{HashMap, HashSet};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::format::{self, Action, Card, Checklist, Label, List, Member, Sink, Taken};
use crate::{
    comments::model::CommentBody,
    error::{Error, Result},
    imports::{reading::Stored, text},
    tasks::model::{Description, Labels, TaskTitle},
    ui::text::is_blank,
};

/// More than this is no board of people.
const MOST_CARDS: usize = 200_000;
const MOST_LISTS: usize = 5_000;
const MOST_LABELS: usize = 20_000;
const MOST_PEOPLE: usize = 5_000;
/// Checklists that are kept until their cards are read, in bytes.
const MOST_CHECKLISTS: usize = 32 * 1024 * 1024;
/// The longest id. Trello's have 24 characters.
const LONGEST_ID: usize = 64;
/// So many actions of a board are in an export, and no more.
const ACTIONS_OF_AN_EXPORT: usize = 1_000;

/// The number of a list that a card does not have.
pub const NO_LIST: u32 = u32::MAX;

/// What is known of an export after the first reading.
#[derive(Debug, Default)]
pub struct Survey {
    pub id: String,
    pub name: String,
    pub lists: Vec<SurveyedList>,
    pub cards: Vec<SurveyedCard>,
    pub people: Vec<Somebody>,
    /// Those named by the board's own labels, by id.
    pub labels: HashMap<Box<str>, String>,
    /// Checklists in Markdown, by their card, each with its place.
    pub checklists: HashMap<Box<str>, Vec<(f64, String)>>,
    pub checklist_count: usize,
    pub comments: usize,
    /// Of cards that are not in the file.
    pub lost_comments: usize,
    pub actions: usize,
    pub duplicates: usize,
    pub left: LeftOut,
    pub changed: Changed,
    person_numbers: HashMap<Box<str>, usize>,
    list_numbers: HashMap<Box<str>, u32>,
    card_ids: HashSet<Box<str>>,
    comments_of: HashMap<Box<str>, usize>,
    checklist_bytes: usize,
    has_lists: bool,
    has_cards: bool,
}

/// What is not imported.
#[derive(Debug, Default)]
pub struct LeftOut {
    pub attachments: usize,
    pub custom_fields: usize,
    pub votes: usize,
    pub stickers: usize,
    pub covers: usize,
    pub power_ups: usize,
    pub start_dates: usize,
}

/// What has to be made to fit.
#[derive(Debug, Default)]
pub struct Changed {
    pub titles: usize,
    pub descriptions: usize,
    pub comments: usize,
    pub labels: usize,
    pub nul: usize,
    pub more_members: usize,
}

#[derive(Debug, Default)]
pub struct SurveyedList {
    pub name: String,
    pub closed: bool,
    pub pos: f64,
    /// Whether the file has the list, and not only cards in it.
    pub is_there: bool,
    pub open: usize,
    pub archived: usize,
}

#[derive(Debug)]
pub struct SurveyedCard {
    pub id: Box<str>,
    pub list: u32,
    pub pos: f64,
    pub closed: bool,
    /// The number that the card has on its board; 0 for none.
    pub number: i64,
}

/// Somebody of the board, or who wrote there.
#[derive(Debug)]
pub struct Somebody {
    pub name: String,
    pub username: String,
    pub cards: usize,
    pub comments: usize,
}

/// Reads an export for the first time.
///
/// # Errors
/// A field error on `file` that says what is wrong, and where.
pub fn survey(file: &Stored) -> Result<Survey> {
    let mut survey = Survey::default();
    format::read(file, &mut survey)?;
    if !survey.has_cards || !survey.has_lists {
        return Err(Error::field(
            "file",
            "This is not the export of a Trello board: it has no lists and cards. In Trello, choose Print, export, and share, then Export as JSON.",
        ));
    }
    survey.conclude();
    Ok(survey)
}

impl Survey {
    /// Whether Trello has left older comments out.
    pub fn is_cut_off(&self) -> bool {
        self.actions >= ACTIONS_OF_AN_EXPORT
    }

    pub fn archived_cards(&self) -> usize {
        self.cards.iter().filter(|card| card.closed).count()
    }

    pub fn person(&self, id: &str) -> Option<usize> {
        self.person_numbers.get(id).copied()
    }

    fn conclude(&mut self) {
        for card in &self.cards {
            if let Some(list) = self.lists.get_mut(card.list as usize) {
                list.open += usize::from(!card.closed);
                list.archived += usize::from(card.closed);
            }
        }
        self.lost_comments = self
            .comments_of
            .iter()
            .filter(|(card, _)| !self.card_ids.contains(*card))
            .map(|(_, count)| count)
            .sum();
        self.comments -= self.lost_comments;
        for somebody in &mut self.people {
            if somebody.name.is_empty() {
                "Somebody without a name".clone_into(&mut somebody.name);
            }
        }
        // Only the reading needs these.
        self.card_ids = HashSet::new();
        self.comments_of = HashMap::new();
        self.list_numbers = HashMap::new();
    }

    fn list_number(&mut self, id: &str) -> Result<u32, String> {
        if let Some(number) = self.list_numbers.get(id) {
            return Ok(*number);
        }
        within(self.lists.len(), MOST_LISTS, "lists")?;
        let number = u32::try_from(self.lists.len()).map_err(|_| "too many".to_owned())?;
        self.list_numbers.insert(own(id)?, number);
        self.lists.push(SurveyedList::default());
        Ok(number)
    }

    fn person_number(&mut self, member: &Member) -> Result<usize, String> {
        let username = text::line(member.username.as_deref().unwrap_or_default(), 80, "").0;
        let name = text::line(
            member.full_name.as_deref().unwrap_or_default(),
            80,
            &username,
        )
        .0;
        if let Some(number) = self.person_numbers.get(member.id.as_str()) {
            // Cards and actions may name them before the board's members do.
            let known = &mut self.people[*number];
            if known.name.is_empty() {
                (known.name, known.username) = (name, username);
            }
            return Ok(*number);
        }
        within(self.people.len(), MOST_PEOPLE, "people")?;
        let number = self.people.len();
        self.person_numbers.insert(own(&member.id)?, number);
        self.people.push(Somebody {
            name,
            username,
            cards: 0,
            comments: 0,
        });
        Ok(number)
    }
}

impl Sink for Survey {
    fn name(&mut self, name: String) {
        self.name = text::line(&name, 10_000, "Imported board").0;
    }

    fn id(&mut self, id: String) {
        self.id = text::line(&id, LONGEST_ID, "").0;
    }

    fn wants_small_things(&self) -> bool {
        true
    }

    fn list(&mut self, list: List) -> Taken {
        self.has_lists = true;
        let number = self.list_number(&list.id)?;
        let known = &mut self.lists[number as usize];
        if known.is_there {
            self.duplicates += 1;
            return Ok(());
        }
        *known = SurveyedList {
            name: text::line(list.name.as_deref().unwrap_or_default(), 10_000, "Untitled").0,
            closed: list.closed.unwrap_or_default(),
            pos: list.pos.unwrap_or_default(),
            is_there: true,
            ..SurveyedList::default()
        };
        Ok(())
    }

    fn label(&mut self, label: Label) -> Taken {
        within(self.labels.len(), MOST_LABELS, "labels")?;
        if let (Some(id), Some(name)) = (&label.id, label_name(&label)) {
            self.labels.insert(own(id)?, name);
        }
        Ok(())
    }

    fn member(&mut self, member: Member) -> Taken {
        self.person_number(&member).map(drop)
    }

    fn checklist(&mut self, checklist: Checklist) -> Taken {
        let Some(card) = checklist.id_card.as_deref() else {
            return Ok(());
        };
        let written = write_checklist(&checklist);
        self.checklist_count += 1;
        self.checklist_bytes += written.len() + card.len();
        if self.checklist_bytes > MOST_CHECKLISTS {
            return Err("all checklists together have more than 32 MB".to_owned());
        }
        let place = checklist.pos.unwrap_or_default();
        self.checklists
            .entry(own(card)?)
            .or_default()
            .push((place, written));
        Ok(())
    }

    fn wants_cards(&self) -> bool {
        true
    }

    fn card(&mut self, card: Card) -> Taken {
        self.has_cards = true;
        within(self.cards.len(), MOST_CARDS, "cards")?;
        let id = own(&card.id)?;
        if !self.card_ids.insert(id.clone()) {
            self.duplicates += 1;
            return Ok(());
        }
        let list = match &card.id_list {
            Some(list) => self.list_number(list)?,
            None => NO_LIST,
        };
        let title = card.name.as_deref().unwrap_or_default();
        let description = card.desc.as_deref().unwrap_or_default();
        self.left.attachments += card.attachments.0;
        self.left.custom_fields += card.custom_field_items.0;
        self.left.votes += card.id_members_voted.0;
        self.left.stickers += card.stickers.0;
        self.left.power_ups += card.plugin_data.0;
        self.left.covers += usize::from(card.cover.is_some_and(|cover| cover.is_there()));
        self.left.start_dates += usize::from(card.start.is_some());
        let labels = card.labels.as_deref().unwrap_or_default().len();
        self.changed.titles += usize::from(text::line(title, TaskTitle::MAX, "").1);
        self.changed.descriptions +=
            usize::from(description.chars().nth(Description::MAX).is_some());
        self.changed.labels += usize::from(labels > Labels::MAX);
        self.changed.nul += usize::from(title.contains('\0') || description.contains('\0'));
        self.changed.more_members += usize::from(card.id_members.0.len() > 1);
        for member in &card.id_members.0 {
            let member = Member {
                id: member.clone(),
                full_name: None,
                username: None,
            };
            let number = self.person_number(&member)?;
            self.people[number].cards += 1;
        }
        self.cards.push(SurveyedCard {
            id,
            list,
            pos: card.pos.unwrap_or_default(),
            closed: card.closed.unwrap_or_default(),
            number: card.id_short.unwrap_or_default(),
        });
        Ok(())
    }

    fn wants_actions(&self) -> bool {
        true
    }

    fn action(&mut self, action: Action) -> Taken {
        self.actions += 1;
        let Some((card, said)) = action.comment().filter(|(_, said)| !is_blank(said)) else {
            return Ok(());
        };
        self.comments += 1;
        within(self.comments_of.len(), MOST_CARDS, "cards with comments")?;
        *self.comments_of.entry(own(card)?).or_default() += 1;
        self.changed.comments += usize::from(said.chars().nth(CommentBody::MAX - 200).is_some());
        self.changed.nul += usize::from(said.contains('\0'));
        if let Some(author) = author(&action) {
            let number = self.person_number(&author)?;
            self.people[number].comments += 1;
        }
        Ok(())
    }
}

fn author(action: &Action) -> Option<Member> {
    let id = action.author()?.to_owned();
    let known = action.member_creator.clone().filter(|known| known.id == id);
    Some(known.unwrap_or(Member {
        id,
        full_name: None,
        username: None,
    }))
}

/// What a label is called: by its name, otherwise by its colour.
pub fn label_name(label: &Label) -> Option<String> {
    let plain = |text: &Option<String>| {
        let text = text.as_deref().unwrap_or_default().replace(',', " ");
        Some(text::line(&text, Labels::MAX_LENGTH, "").0).filter(|name| !name.is_empty())
    };
    plain(&label.name).or_else(|| plain(&label.color))
}

/// A checklist as Markdown.
fn write_checklist(checklist: &Checklist) -> String {
    let name = text::line(
        checklist.name.as_deref().unwrap_or_default(),
        10_000,
        "Checklist",
    )
    .0;
    let mut written = format!("### {name}\n");
    let mut items: Vec<_> = checklist.check_items.iter().flatten().collect();
    items.sort_by(|a, b| {
        let place = |pos: Option<f64>| pos.unwrap_or_default();
        place(a.pos).total_cmp(&place(b.pos))
    });
    for item in items {
        let mark = if item.state.as_deref() == Some("complete") {
            'x'
        } else {
            ' '
        };
        let name = text::line(
            item.name.as_deref().unwrap_or_default(),
            usize::MAX - 1,
            "…",
        )
        .0;
        written.push_str(&format!("\n- [{mark}] {name}"));
    }
    written
}

/// An id of the file, if it is one.
fn own(id: &str) -> Result<Box<str>, String> {
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err("its id has no characters or more than 64".to_owned());
    }
    Ok(id.into())
}

fn within(count: usize, most: usize, what: &str) -> Taken {
    if count >= most {
        return Err(format!("there are more than {most} {what}"));
    }
    Ok(())
}

/// When something was made, which its id begins with: seconds since 1970 in hexadecimal.
pub fn moment_of_id(id: &str) -> Option<OffsetDateTime> {
    let seconds = i64::from(u32::from_str_radix(id.get(..8)?, 16).ok()?);
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// A moment as Trello writes it.
pub fn moment(text: Option<&str>) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text?, &Rfc3339).ok()
}
