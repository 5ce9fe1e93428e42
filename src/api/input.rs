//! What is given: bodies and parameters, each read to the letter, so that a mistake is named and not guessed at.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use percent_encoding::percent_decode;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::{Map, Value, error::Category};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

use super::problem::Problem;
use crate::{
    error::{Code, Error, Result},
    server::state::State,
    ui::date::written,
};

/// A body of JSON: one object with fields that are known, each of them once.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<State> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &State) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send this as JSON, with Content-Type: application/json.",
            ));
        }
        let fields = parse(&read(request).await?)?;
        Ok(Self(understood(fields)?))
    }
}

/// No body, or an object without fields.
pub struct NoBody;

impl FromRequest<State> for NoBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &State) -> Result<Self, Problem> {
        let body = read(request).await?;
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self);
        }
        match parse(&body)?.keys().next() {
            Some(field) => Err(Error::field(field, "Nothing is taken here.").into()),
            None => Ok(Self),
        }
    }
}

/// The layer around has read it before, so it neither breaks off nor is too long.
async fn read(request: Request) -> Result<Bytes> {
    let read = to_bytes(request.into_body(), usize::MAX).await;
    read.map_err(|_| Error::new(Code::BadRequest, "The body did not arrive in one piece."))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn parse(body: &[u8]) -> Result<Map<String, Value>> {
    let mut unread = None;
    let mut json = serde_json::Deserializer::from_slice(body);
    let fields = json
        .deserialize_map(Fields {
            unread: &mut unread,
        })
        .and_then(|fields| json.end().map(|()| fields))
        .map_err(|error| unreadable(unread, &error))??;
    match fields.iter().find(|(_, value)| holds_nul(value)) {
        Some((name, _)) => Err(Error::field(
            name,
            "This text contains a character that cannot be stored (NUL).",
        )),
        None => Ok(fields),
    }
}

/// Names the field at which the reading ended, where it was inside of one.
fn unreadable(field: Option<String>, error: &serde_json::Error) -> Error {
    let place = format!(
        "cannot be read as JSON, from line {} column {} on.",
        error.line(),
        error.column()
    );
    match (field, error.classify()) {
        (Some(field), _) => Error::field(field, format!("This {place}")),
        // What is no object has no field to be named.
        (None, Category::Data) => Error::new(Code::Invalid, "The body has to be one JSON object."),
        (None, _) => Error::new(Code::BadRequest, format!("The body {place}")),
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

/// Reads an object whose fields were each sent once, or gives the error that names the one that was not.
struct Fields<'a> {
    /// The field whose value cannot be read.
    unread: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Result<Map<String, Value>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let Self { unread } = self;
        let (mut fields, mut twice) = (Map::new(), None);
        while let Some(name) = object.next_key::<String>()? {
            let value = object.next_value::<Value>();
            let value = value.inspect_err(|_| *unread = Some(name.clone()))?;
            if fields.insert(name.clone(), value).is_some() {
                twice.get_or_insert(name);
            }
        }
        Ok(match twice {
            Some(name) => Err(Error::field(name, "This field was sent twice.")),
            None => Ok(fields),
        })
    }
}

/// Reads a type out of fields.
fn understood<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T> {
    T::deserialize(Value::Object(fields.clone()))
        .map_err(|error| blame::<T>(fields, &error.to_string()))
}

/// Names the field that a type cannot be read from.
fn blame<T: DeserializeOwned>(fields: Map<String, Value>, error: &str) -> Error {
    if let Some(name) = quoted(error, "unknown field `") {
        return Error::field(name, "There is no such field here.");
    }
    if let Some(name) = quoted(error, "missing field `") {
        return Error::field(name, "This field is missing.");
    }
    for (name, value) in fields {
        let alone = Map::from_iter([(name.clone(), value)]);
        let refused = T::deserialize(Value::Object(alone)).map(drop).err();
        if refused.is_some_and(|error| quoted(&error.to_string(), "missing field `").is_none()) {
            return Error::field(name, "This is not of the type that is documented.");
        }
    }
    Error::new(
        Code::Invalid,
        "The body is not of the type that is documented.",
    )
}

fn quoted<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (name, _) = text.strip_prefix(before)?.split_once('`')?;
    Some(name)
}

/// A field that may be left out, but is not null where its type knows none: leaving out and emptying are
/// two things.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// The parameters of an address, each of them known and given once.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<State> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Problem> {
        let mut fields = Map::new();
        let query = parts.uri.query().unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded(name).unwrap_or_else(|| "?".to_owned());
            let value = decoded(value)
                .filter(|value| !value.contains('\0'))
                .ok_or_else(|| Error::field(&name, "This is no text."))?;
            if fields.insert(name.clone(), value.into()).is_some() {
                return Err(Error::field(name, "This was given twice.").into());
            }
        }
        Ok(Self(understood(fields)?))
    }
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode(spaced.as_bytes()).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Reads a date.
///
/// # Errors
/// A field error on `field`.
pub fn date(field: &str, text: &str) -> Result<Date> {
    let date = written(text).filter(|date| (0..10_000).contains(&date.year()));
    date.ok_or_else(|| Error::field(field, "Write the date as YYYY-MM-DD."))
}

/// Reads a moment.
///
/// # Errors
/// A field error on `field`.
pub fn moment(field: &str, text: &str) -> Result<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        Error::field(
            field,
            "Write the moment as RFC 3339 does: 2026-12-01T09:30:00Z.",
        )
    })
}
