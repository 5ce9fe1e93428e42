//! What an export of a board looks like, one element at a time.
//!
//! Source: "Exporting data from Trello" and the object definitions of Trello's REST API. What is not named here is
//! passed over.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{
    error::{Error, Result},
    imports::reading::Stored,
};

/// A list of the board.
#[derive(Debug, Deserialize)]
pub struct List {
    pub id: String,
    pub name: Option<String>,
    pub closed: Option<bool>,
    pub pos: Option<f64>,
}

/// A card.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    pub id: String,
    pub name: Option<String>,
    pub desc: Option<String>,
    pub closed: Option<bool>,
    pub id_list: Option<String>,
    pub id_short: Option<i64>,
    pub pos: Option<f64>,
    pub due: Option<String>,
    pub start: Option<String>,
    pub date_last_activity: Option<String>,
    #[serde(default)]
    pub id_members: Few,
    #[serde(default)]
    pub id_labels: Few,
    pub labels: Option<Vec<Label>>,
    #[serde(default)]
    pub attachments: Count,
    #[serde(default)]
    pub custom_field_items: Count,
    #[serde(default)]
    pub id_members_voted: Count,
    #[serde(default)]
    pub stickers: Count,
    #[serde(default)]
    pub plugin_data: Count,
    pub cover: Option<Cover>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cover {
    pub color: Option<String>,
    pub id_attachment: Option<String>,
    pub id_uploaded_background: Option<String>,
}

impl Cover {
    pub fn is_there(&self) -> bool {
        self.color.is_some()
            || self.id_attachment.is_some()
            || self.id_uploaded_background.is_some()
    }
}

#[derive(Debug, Deserialize)]
pub struct Label {
    pub id: Option<String>,
    pub name: Option<String>,
    pub color: Option<String>,
}

/// A checklist of a card.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checklist {
    pub id_card: Option<String>,
    pub name: Option<String>,
    pub pos: Option<f64>,
    pub check_items: Option<Vec<CheckItem>>,
}

#[derive(Debug, Deserialize)]
pub struct CheckItem {
    pub name: Option<String>,
    pub state: Option<String>,
    pub pos: Option<f64>,
}

/// Somebody of the board, or who wrote there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    pub id: String,
    pub full_name: Option<String>,
    pub username: Option<String>,
}

/// Something that happened. Only comments are of interest.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    pub id: Option<String>,
    pub r#type: Option<String>,
    pub date: Option<String>,
    pub id_member_creator: Option<String>,
    pub member_creator: Option<Member>,
    pub data: Option<ActionData>,
}

#[derive(Debug, Deserialize)]
pub struct ActionData {
    pub text: Option<String>,
    pub card: Option<Reference>,
}

#[derive(Debug, Deserialize)]
pub struct Reference {
    pub id: Option<String>,
}

impl Action {
    /// The card and the text of a comment.
    pub fn comment(&self) -> Option<(&str, &str)> {
        let kind = self.r#type.as_deref()?;
        let data = self.data.as_ref()?;
        let card = data.card.as_ref()?.id.as_deref()?;
        let is_comment = matches!(kind, "commentCard" | "copyCommentCard");
        is_comment.then_some((card, data.text.as_deref()?))
    }

    pub fn author(&self) -> Option<&str> {
        let named = self
            .member_creator
            .as_ref()
            .map(|member| member.id.as_str());
        self.id_member_creator.as_deref().or(named)
    }
}

/// How many elements a list has. They are passed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(pub usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counting;
        impl<'de> Visitor<'de> for Counting {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<Count, E> {
                Ok(Count(0))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_any(Counting)
    }
}

/// The ids of a few things; of many, the first hundred.
#[derive(Clone, Debug, Default)]
pub struct Few(pub Vec<String>);

impl<'de> Deserialize<'de> for Few {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default();
        all.truncate(100);
        Ok(Self(all))
    }
}

/// Who takes the elements of an export, in the order of the file. What is not wanted is passed over unread.
pub trait Sink {
    fn name(&mut self, _name: String) {}
    fn id(&mut self, _id: String) {}

    fn wants_small_things(&self) -> bool {
        false
    }
    fn list(&mut self, _list: List) -> Taken {
        Ok(())
    }
    fn label(&mut self, _label: Label) -> Taken {
        Ok(())
    }
    fn member(&mut self, _member: Member) -> Taken {
        Ok(())
    }
    fn checklist(&mut self, _checklist: Checklist) -> Taken {
        Ok(())
    }

    fn wants_cards(&self) -> bool {
        false
    }
    fn card(&mut self, _card: Card) -> Taken {
        Ok(())
    }

    fn wants_actions(&self) -> bool {
        false
    }
    fn action(&mut self, _action: Action) -> Taken {
        Ok(())
    }
}

/// Whether an element was taken, or the words for why the reading ends.
pub type Taken = std::result::Result<(), String>;

/// Reads an export from its beginning to its end.
///
/// # Errors
/// A field error on `file` that says what is wrong and where.
pub fn read(file: &Stored, sink: &mut impl Sink) -> Result<()> {
    let mut json = serde_json::Deserializer::from_reader(file.open_json());
    Board(sink)
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|error| unreadable(&error))
}

/// What is wrong with a file, in words for whoever chose it.
pub fn unreadable(error: &serde_json::Error) -> Error {
    Error::field("file", format!("This file cannot be imported: {error}."))
}

struct Board<'a, S>(&'a mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Board<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Board<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the export of a Trello board")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut board: A) -> Result<(), A::Error> {
        let sink = self.0;
        let small = sink.wants_small_things();
        while let Some(key) = board.next_key::<String>()? {
            match key.as_str() {
                "id" => sink.id(board.next_value::<Option<String>>()?.unwrap_or_default()),
                "name" => sink.name(board.next_value::<Option<String>>()?.unwrap_or_default()),
                "lists" if small => board.next_value_seed(each("lists", |it| sink.list(it)))?,
                "labels" if small => board.next_value_seed(each("labels", |it| sink.label(it)))?,
                "members" if small => {
                    board.next_value_seed(each("members", |it| sink.member(it)))?;
                }
                "checklists" if small => {
                    board.next_value_seed(each("checklists", |it| sink.checklist(it)))?;
                }
                "cards" if sink.wants_cards() => {
                    board.next_value_seed(each("cards", |it| sink.card(it)))?;
                }
                "actions" if sink.wants_actions() => {
                    board.next_value_seed(each("actions", |it| sink.action(it)))?;
                }
                _ => {
                    board.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A list of this name, of which each element is handed on and none is kept.
struct Each<T, F>(&'static str, F, PhantomData<T>);

fn each<T, F: FnMut(T) -> Taken>(name: &'static str, take: F) -> Each<T, F> {
    Each(name, take, PhantomData)
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Taken> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Taken> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.0)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self(name, mut take, _) = self;
        let mut number = 0;
        loop {
            number += 1;
            let at = |error: &dyn fmt::Display| {
                A::Error::custom(format_args!("number {number} of its {name}: {error}"))
            };
            match list.next_element::<T>() {
                Ok(Some(element)) => take(element).map_err(|error| at(&error))?,
                Ok(None) => return Ok(()),
                Err(error) => return Err(at(&error)),
            }
        }
    }
}
