//! Dates that people and programs write: what is accepted, and how it is refused.

use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use crate::error::{Error, Result};

const WRITTEN: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A date that there is, written `YYYY-MM-DD`.
pub fn written(text: &str) -> Option<Date> {
    Date::parse(text, WRITTEN).ok()
}

/// Reads a date that is to be kept.
///
/// # Errors
/// A field error on what is no day between 2000 and 2199.
pub fn parse(field: &str, text: &str) -> Result<Date> {
    let date = written(text).filter(|date| (2000..2200).contains(&date.year()));
    date.ok_or_else(|| {
        Error::field(
            field,
            "Write the date as YYYY-MM-DD, between 2000 and 2199.",
        )
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::parse;

    #[test]
    fn a_date_to_be_kept_is_a_day_of_two_centuries() {
        for (text, day) in [
            ("2000-01-01", date!(2000 - 01 - 01)),
            ("2028-02-29", date!(2028 - 02 - 29)),
            ("2199-12-31", date!(2199 - 12 - 31)),
        ] {
            assert_eq!(parse("due_on", text).unwrap(), day);
        }
        for refused in [
            "1999-12-31",
            "2200-01-01",
            "2027-02-29",
            "2027-2-9",
            "soon",
            "",
        ] {
            let error = parse("due_on", refused).expect_err(refused);
            assert_eq!(error.fields[0].field, "due_on");
        }
    }
}
