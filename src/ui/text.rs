//! Text that people type: what is accepted, and how it is refused.

use crate::error::{Error, Result};

/// One line of 1 to `max` characters, without the white space around it.
///
/// # Errors
/// A field error when nothing is left, when it is too long, or when it holds control characters.
pub fn line(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if is_blank(text) {
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

/// Whether nobody could see anything of a text.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// Characters that take part in how others look, and show nothing alone: `Default_Ignorable_Code_Point` of
/// Unicode's `DerivedCoreProperties.txt`, and the empty Braille pattern.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Text of any number of lines and up to `max` characters, kept as it came in.
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
    within(field, text, max)?;
    Ok(text.to_owned())
}

/// The text as a field of a page holds it, and gives it back: every line end is `\n`, whichever it was.
pub fn in_field(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
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

#[cfg(test)]
mod tests {
    use super::{in_field, line, passage};

    #[test]
    fn a_line_shows_something() {
        for refused in [
            "",
            " \u{3000}",
            "\u{200b}",
            "\u{feff}\u{ad}",
            "\u{3164}",
            "\u{2800}",
            "\u{202e}\u{2066}",
            "a\nb",
        ] {
            assert!(line("title", refused, 10).is_err(), "{refused:?}");
        }
        for taken in ["a\u{200d}b", "\u{2764}\u{fe0f}", "שלום\u{200f}!"] {
            assert_eq!(line("title", taken, 10).unwrap(), taken);
        }
    }

    #[test]
    fn a_passage_keeps_its_line_ends_and_a_field_has_one_kind() {
        let text = "a\r\n\rb\n\r\n";
        assert_eq!(passage("body", text, 8).unwrap(), text);
        assert_eq!(in_field(text), "a\n\nb\n\n");
    }
}
