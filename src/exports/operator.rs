//! A team comes back out of its export, on the command line.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    fs::File,
    path::Path,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;
use sqlx::PgPool;
use tokio::{
    sync::mpsc::{self, Sender},
    task::spawn_blocking,
};
use uuid::Uuid;

use super::{
    store::returning::{self, PARTS},
    team::{FORMAT, VERSION},
};
use crate::{
    accounts::{self, model::EmailAddress},
    error::{Error, Result},
    ids::PersonId,
    imports::reading::Stored,
    live,
    people::{self, model::PersonName},
    server::database::Transaction,
};

/// Rows that are stored at once.
const BATCH: usize = 500;

/// Parts that documents of earlier programs do not have.
pub(super) const ADDED: &[&str] = &[
    "feedback",
    "hypotheses",
    "decisions",
    "risks",
    "toggles",
    "toggle_people",
    "toggle_arms",
];

/// Parts that only documents of earlier programs have: what is each person's own, and no owner's to take along.
pub(super) const FORMER: &[&str] = &[
    "watchers",
    "notification_counters",
    "notification_settings",
    "notifications",
    "feedback_prompts",
];

/// What came back.
#[derive(Debug)]
pub struct Returned {
    pub slug: String,
    pub name: String,
    /// Emails for which there was no account.
    pub new_people: Vec<String>,
    pub rows: u64,
}

/// Brings a team back out of its export, all of it or nothing. `tell` hears how many rows there are so far.
///
/// # Errors
/// A field error on `file` that says what is wrong with it.
pub async fn import_team(db: &PgPool, file: &Path, tell: impl Fn(u64)) -> Result<Returned> {
    let opened = File::open(file)
        .map_err(|error| refused(format!("{} cannot be read: {error}", file.display())))?;
    let file = Stored::new(opened);
    let (sender, mut coming) = mpsc::channel(2);
    let reading = spawn_blocking(move || read(&file, &sender));
    let mut transaction = Transaction::begin(db).await?;
    live::store::take_time(transaction.connection()).await?;
    let mut returning = Returning {
        transaction,
        names: HashMap::new(),
        returned: Returned {
            slug: String::new(),
            name: String::new(),
            new_people: Vec::new(),
            rows: 0,
        },
    };
    while let Some((part, rows)) = coming.recv().await {
        returning.take(&part, rows).await?;
        tell(returning.returned.rows);
    }
    reading.await.map_err(|_| Error::internal())??;
    returning.transaction.commit().await?;
    Ok(returning.returned)
}

fn refused(why: impl fmt::Display) -> Error {
    Error::field("file", format!("The team cannot be imported: {why}."))
}

struct Returning {
    transaction: Transaction,
    /// Ids of the document that are others here.
    names: HashMap<String, String>,
    returned: Returned,
}

impl Returning {
    async fn take(&mut self, part: &str, mut rows: Vec<Value>) -> Result<()> {
        match part {
            "team" => self.name_team(&mut rows).await?,
            "people" => return self.take_people(rows).await,
            _ => {}
        }
        if !self.names.is_empty() {
            rows.iter_mut().for_each(|row| rename(row, &self.names));
        }
        self.returned.rows += rows.len() as u64;
        let rows = Value::Array(rows);
        returning::store(self.transaction.connection(), part, &rows)
            .await
            .map_err(|error| refused(format!("its {part}: {error}")))
    }

    /// The team keeps its id and its address, unless a team of this instance has them.
    async fn name_team(&mut self, rows: &mut [Value]) -> Result<()> {
        let [Value::Object(team)] = rows else {
            return Err(refused("it has more than one team"));
        };
        let text = |name: &str| team.get(name).and_then(Value::as_str).unwrap_or_default();
        let id: Uuid = text("team_id")
            .parse()
            .map_err(|_| refused("its team has no id"))?;
        let (slug, name) = (text("slug").to_owned(), text("name").to_owned());
        if people::store::exists(self.transaction.connection(), id).await? {
            let other = Uuid::now_v7().to_string();
            self.names.insert(id.to_string(), other);
        }
        let mut free = slug.clone();
        let mut number = 2;
        while returning::is_taken(self.transaction.connection(), &free).await? {
            free = format!("{slug}-{number}");
            number += 1;
        }
        team.insert("slug".to_owned(), Value::String(free.clone()));
        self.returned.slug = free;
        self.returned.name = name;
        Ok(())
    }

    /// Whoever has an account with the same Email is that person; the others get one without a password, but for
    /// those who had deleted theirs.
    async fn take_people(&mut self, rows: Vec<Value>) -> Result<()> {
        for row in rows {
            let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
            let id: Uuid = text("id")
                .parse()
                .map_err(|_| refused("somebody has no id"))?;
            if row.get("email").is_some_and(Value::is_null) {
                let here = self.nobody(id.into()).await?;
                if here.0 != id {
                    self.names.insert(id.to_string(), here.to_string());
                }
                continue;
            }
            let email = text("email");
            EmailAddress::parse(email)
                .map_err(|_| refused(format!("{email:?} is no address of a person")))?;
            let here = match returning::person_of(self.transaction.connection(), email).await? {
                Some(known) => known,
                None => {
                    let taken = returning::is_person(self.transaction.connection(), id).await?;
                    let person = PersonName {
                        id: if taken { Uuid::now_v7() } else { id }.into(),
                        name: text("name").to_owned(),
                    };
                    let connection = self.transaction.connection();
                    accounts::store::insert_person(connection, &person, email, None, true).await?;
                    self.returned.new_people.push(email.to_owned());
                    person.id.0
                }
            };
            if here != id {
                self.names.insert(id.to_string(), here.to_string());
            }
        }
        Ok(())
    }

    /// Somebody whose account was deleted, under this id or another.
    async fn nobody(&mut self, id: PersonId) -> Result<PersonId> {
        let mut id = id;
        let connection = self.transaction.connection();
        while !accounts::store::deleting::ensure(&mut *connection, id).await? {
            id = PersonId::new();
        }
        Ok(id)
    }
}

/// Puts the ids of this instance into the place of those of the document, wherever they stand alone.
fn rename(value: &mut Value, names: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(name) = names.get(text) {
                name.clone_into(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| rename(value, names)),
        Value::Object(object) => object.values_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// The name of a part, and some of its rows.
type Part = (String, Vec<Value>);

/// Reads a document and hands its parts on.
fn read(file: &Stored, sender: &Sender<Part>) -> Result<()> {
    let mut json = serde_json::Deserializer::from_reader(file.open_json());
    Document(sender)
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(refused)
}

struct Document<'a>(&'a Sender<Part>);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the export of a team")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "format" => {
                    if map.next_value::<String>()? != FORMAT {
                        return Err(A::Error::custom("it is no export of a team"));
                    }
                }
                "version" => {
                    if map.next_value::<u64>()? > VERSION {
                        return Err(A::Error::custom("it was written by a newer skateboard"));
                    }
                }
                "exported_at" => drop(map.next_value::<String>()?),
                _ if !seen.contains("format") => {
                    return Err(A::Error::custom("it is no export of a team"));
                }
                "team" => {
                    let row = map.next_value::<Value>()?;
                    hand_on(self.0, "team", vec![row])?;
                }
                name if name == "people" || PARTS.contains(&name) => {
                    map.next_value_seed(Rows(self.0, name))?;
                }
                name => {
                    return Err(A::Error::custom(format_args!(
                        "it has a part {name:?}, which is unknown here"
                    )));
                }
            }
            if !seen.insert(key) {
                return Err(A::Error::custom("it has a part twice"));
            }
        }
        let may_lack = |part| ADDED.contains(&part) || FORMER.contains(&part);
        match ["team", "people"]
            .into_iter()
            .chain(PARTS.iter().copied())
            .find(|part| !seen.contains(*part) && !may_lack(*part))
        {
            Some(part) => Err(A::Error::custom(format_args!("its {part} are missing"))),
            None => Ok(()),
        }
    }
}

struct Rows<'a>(&'a Sender<Part>, &'a str);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {}", self.1)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = list.next_element::<RowOf>()? {
            rows.push(row.0);
            if rows.len() >= BATCH {
                hand_on(self.0, self.1, std::mem::take(&mut rows))?;
            }
        }
        match rows.is_empty() {
            true => Ok(()),
            false => hand_on(self.0, self.1, rows),
        }
    }
}

/// A row is an object.
struct RowOf(Value);

impl<'de> Deserialize<'de> for RowOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = serde_json::Map::<String, Value>::deserialize(deserializer)?;
        Ok(Self(Value::Object(row)))
    }
}

fn hand_on<E: serde::de::Error>(
    sender: &Sender<Part>,
    part: &str,
    rows: Vec<Value>,
) -> Result<(), E> {
    let sent = sender.blocking_send((part.to_owned(), rows));
    sent.map_err(|_| E::custom("the import was given up"))
}
