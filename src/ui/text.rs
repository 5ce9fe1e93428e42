//! Text that people type: what is accepted, and how it is refused.

use crate::error::{Error, Result};

/// One line of 1 to `max` characters, without the white space around it.
///
/// # Errors
/// A field error when nothing is left, when it is too long, or when it holds control characters.
pub fn line(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field(field, "Fill in this field."));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field(
            field,
            "This has to be one line, without control characters.",
        ));
    }
    within(field, text, max)?;
    Ok(text.to_owned())
}

/// Text of any number of lines and up to `max` characters, kept as it was typed. Line ends become `\n`,
/// because browsers send the others.
///
/// # Errors
/// A field error when it is too long or holds a character that Postgres cannot store.
pub fn passage(field: &str, text: &str, max: usize) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::field(
            field,
            "This text contains a character that cannot be stored (NUL).",
        ));
    }
    let text = text.replace("\r\n", "\n");
    within(field, &text, max)?;
    Ok(text)
}

fn within(field: &str, text: &str, max: usize) -> Result<()> {
    let length = text.chars().count();
    if length > max {
        return Err(Error::field(
            field,
            format!("This has {length} characters; {max} are possible."),
        ));
    }
    Ok(())
}
