//! Texts from elsewhere, made to fit without losing anything of them.

use crate::ui::text::is_blank;

/// A text as it can be stored: line ends are `\n`, and a mark stands in the place of a NUL.
pub fn storable(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\0', "\u{fffd}")
}

/// A text in one line of up to `max` characters, and whether that is less than the text.
pub fn line(text: &str, max: usize, instead: &str) -> (String, bool) {
    let plain: String = text
        .chars()
        .map(|c| match c {
            '\0' => '\u{fffd}',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let plain = plain.trim();
    if is_blank(plain) {
        return (instead.to_owned(), false);
    }
    match plain.char_indices().nth(max) {
        None => (plain.to_owned(), false),
        Some(_) => {
            let begin: String = plain.chars().take(max - 1).collect();
            (format!("{}…", begin.trim_end()), true)
        }
    }
}

/// A text in pieces: the first of up to `first` characters, the others of up to `further`. It is parted at line
/// ends where there are some.
pub fn pieces(text: &str, first: usize, further: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut max = first;
    while let Some((end, _)) = rest.char_indices().nth(max) {
        let cut = match rest[..end].rfind('\n') {
            Some(line) if line > end / 2 => line + 1,
            _ => end,
        };
        let (piece, after) = rest.split_at(cut);
        pieces.push(piece.to_owned());
        rest = after;
        max = further;
    }
    pieces.push(rest.to_owned());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_pieces_is_the_whole_text() {
        let text = "eins zwei\ndrei vier\n".repeat(50);
        let parts = pieces(&text, 100, 33);
        assert!(parts.len() > 20);
        assert_eq!(parts.concat(), text);
        assert!(parts[0].chars().count() <= 100);
        assert!(parts[1..].iter().all(|part| part.chars().count() <= 33));
        assert_eq!(pieces("", 5, 5), [""]);
        assert_eq!(pieces("äöüäöü", 3, 2), ["äöü", "äö", "ü"]);
    }

    #[test]
    fn a_line_says_when_it_is_not_all() {
        assert_eq!(line(" a\nb\0 ", 10, "x"), ("a b\u{fffd}".to_owned(), false));
        assert_eq!(line("\u{200b}", 10, "x"), ("x".to_owned(), false));
        assert_eq!(line("abcdef", 4, "x"), ("abc…".to_owned(), true));
    }
}
