//! The body of a form: text fields, each of them once.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, header},
};

use crate::error::{Code, Error, Result};

/// The largest form: a description of 50,000 characters of four bytes, percent-encoded, fits.
pub const MAX_FORM_BYTES: usize = 1024 * 1024;

/// What was typed, by the fields' names.
pub type Fields = BTreeMap<String, String>;

/// A body that cannot be taken, with what could be read of it.
pub struct Unreadable {
    pub fields: Fields,
    pub error: Error,
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Self {
            fields: Fields::new(),
            error,
        }
    }
}

/// Checks that the body is a form of text and gives its fields beside the request.
pub async fn read(request: Request) -> Result<(Request, Fields), Unreadable> {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Error::new(Code::BadRequest, "Send this as a form.").into());
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(unreadable)?;
    let body = Bytes::from(with_line_ends_of_fields(&body));
    // It may be shorter now.
    parts.headers.remove(header::CONTENT_LENGTH);
    let fields = fields(&body)?;
    // The redirect is the layer's own, so that the error does not travel in its address.
    parts
        .headers
        .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    Ok((Request::from_parts(parts, Body::from(body)), fields))
}

/// A body that is too long, or that broke off or was garbled on its way.
pub fn unreadable(error: axum::Error) -> Error {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return Error::too_large();
        }
        cause = error.source();
    }
    Error::new(Code::BadRequest, "The form did not arrive in one piece.")
}

const CR: [&[u8]; 3] = [b"\r", b"%0D", b"%0d"];
const LF: [&[u8]; 3] = [b"\n", b"%0A", b"%0a"];

/// The form with the line ends that its fields held: LF, of which a browser makes CR and LF when it sends them.
fn with_line_ends_of_fields(form: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(form.len());
    let mut left = form;
    while let [first, rest @ ..] = left {
        left = match behind(left, CR) {
            Some(next) if behind(next, LF).is_some() => next,
            _ => {
                kept.push(*first);
                rest
            }
        };
    }
    kept
}

/// What follows one of these, if the form begins with it.
fn behind<'a>(form: &'a [u8], ways: [&[u8]; 3]) -> Option<&'a [u8]> {
    ways.iter().find_map(|way| form.strip_prefix(*way))
}

fn fields(body: &Bytes) -> Result<Fields, Unreadable> {
    let mut fields = Fields::new();
    let mut fault = None;
    for pair in body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let (name, name_fault) = text(halves.next().unwrap_or_default());
        let (value, value_fault) = text(halves.next().unwrap_or_default());
        if name_fault.is_some() {
            fault
                .get_or_insert_with(|| Error::new(Code::BadRequest, "The form could not be read."));
            continue;
        }
        if let Some(sentence) = value_fault {
            fault.get_or_insert_with(|| Error::field(&name, sentence));
        }
        if fields.contains_key(&name) {
            fault.get_or_insert_with(|| Error::field(&name, "This field was sent twice."));
            continue;
        }
        fields.insert(name, value);
    }
    match fault {
        None => Ok(fields),
        Some(error) => Err(Unreadable { fields, error }),
    }
}

/// A percent-encoded text, with a mark in the place of what cannot be text, and what is wrong with it.
fn text(encoded: &[u8]) -> (String, Option<&'static str>) {
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => (
            text.replace('\0', "\u{fffd}"),
            Some("This text contains a character that cannot be stored (NUL)."),
        ),
        Ok(text) => (text, None),
        Err(error) => (
            String::from_utf8_lossy(error.as_bytes()).replace('\0', "\u{fffd}"),
            Some("This text is not valid UTF-8."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_is_one_character_however_it_is_encoded() {
        for (sent, held) in [
            ("a%0D%0Ab", "a%0Ab"),
            ("a%0d%0ab\r\n", "a%0ab\n"),
            ("%0D%0A%0D%0A", "%0A%0A"),
            ("%0D%0D%0A", "%0D%0A"),
            ("a%0Db%0A%0D", "a%0Db%0A%0D"),
            ("%250D%0A%%0D%0A", "%250D%0A%%0A"),
            ("a=1&b=%C3%A4+2", "a=1&b=%C3%A4+2"),
            ("%0", "%0"),
        ] {
            let form = with_line_ends_of_fields(sent.as_bytes());
            assert_eq!(String::from_utf8(form).unwrap(), held, "{sent}");
        }
    }
}
