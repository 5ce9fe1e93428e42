//! Who is meant by `@name`: the longest full name of a member that stands there, otherwise a first name
//! that only one member has. Upper and lower case are the same. An address mentions nobody, be it of a mail or
//! of a page.

use std::collections::BTreeSet;

use crate::{ids::PersonId, people::model::PersonName};

/// The members that a text mentions.
pub fn mentioned(text: &str, members: &[PersonName]) -> BTreeSet<PersonId> {
    let mut found = BTreeSet::new();
    for (place, _) in text.match_indices('@') {
        let (before, after) = (&text[..place], &text[place + 1..]);
        if !is_inside_an_address(before) {
            found.extend(meant(after, members).1);
        }
    }
    found
}

/// A text in which a member that it mentions has another name; none when it does not mention them. Where two members
/// of the same name are meant it stays as it is.
pub fn renamed(text: &str, person: PersonId, members: &[PersonName], name: &str) -> Option<String> {
    let mut renamed = String::new();
    let mut kept = 0;
    for (place, _) in text.match_indices('@') {
        if place < kept || is_inside_an_address(&text[..place]) {
            continue;
        }
        let name_at = place + 1;
        let (length, meant) = meant(&text[name_at..], members);
        if meant == [person] {
            renamed.push_str(&text[kept..name_at]);
            renamed.push_str(name);
            kept = name_at + length;
        }
    }
    (kept > 0).then(|| renamed + &text[kept..])
}

/// Whether an `@` behind this text belongs to an address: to one of a mail, whose name stands before it, or to
/// that of a page.
fn is_inside_an_address(before: &str) -> bool {
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let lowercase = word.to_lowercase();
    let mut letters = word.chars().rev();
    let ends_with_a_name = match letters.next() {
        Some('_' | '%' | '+' | '-') => letters.next().is_some_and(char::is_alphanumeric),
        last => last.is_some_and(char::is_alphanumeric),
    };
    ends_with_a_name
        || lowercase.contains("://")
        || lowercase.contains("www.")
        || lowercase.contains("mailto:")
        || word.contains('/') && word.contains('.')
}

/// Whoever the beginning of a text names, and how many bytes of it do so. Two members of the same full name are
/// both meant, because nobody can tell them apart.
fn meant(text: &str, members: &[PersonName]) -> (usize, Vec<PersonId>) {
    let by_full_name = longest(text, members, |member| &member.name);
    if !by_full_name.1.is_empty() {
        return by_full_name;
    }
    let by_first_name = longest(text, members, |member| {
        member.name.split_whitespace().next().unwrap_or_default()
    });
    match by_first_name.1.as_slice() {
        [_] => by_first_name,
        _ => (0, Vec::new()),
    }
}

/// The members of the longest name that a text begins with, and its length in bytes.
fn longest<'a>(
    text: &str,
    members: &'a [PersonName],
    name: impl Fn(&'a PersonName) -> &'a str,
) -> (usize, Vec<PersonId>) {
    let named: Vec<(usize, PersonId)> = members
        .iter()
        .filter_map(|member| Some((length_of(text, name(member))?, member.id)))
        .collect();
    let longest = named.iter().map(|(length, _)| *length).max();
    let longest = longest.unwrap_or_default();
    let people = named
        .into_iter()
        .filter(|(length, _)| *length == longest)
        .map(|(_, id)| id)
        .collect();
    (longest, people)
}

/// How many bytes of a text are this name, when it begins with it and the name ends there. Any blank is as good
/// as another, because lines break.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for character in name.chars() {
        let found = rest.next()?;
        let same = found.to_lowercase().eq(character.to_lowercase())
            || found.is_whitespace() && character.is_whitespace();
        if !same {
            return None;
        }
    }
    let rest = rest.as_str();
    let length = text.len() - rest.len();
    (length > 0 && !goes_on(rest)).then_some(length)
}

/// Whether a name that stands before this text is only the beginning of a longer one: `@ana` of `@Ana-Maria`,
/// `@ana_b`, `@ana.example` and `@ana@example.org`, but not of `@ana's` or `@ana.`.
fn goes_on(rest: &str) -> bool {
    let mut letters = rest.chars();
    match letters.next() {
        Some('-' | '_' | '.' | '@' | '/') => letters.next().is_some_and(char::is_alphanumeric),
        next => next.is_some_and(char::is_alphanumeric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(names: &[&str]) -> Vec<PersonName> {
        names
            .iter()
            .map(|name| PersonName {
                id: PersonId::new(),
                name: (*name).to_owned(),
            })
            .collect()
    }

    fn names(text: &str, of: &[&str]) -> Vec<String> {
        let members = members(of);
        let found = mentioned(text, &members);
        let named = members.into_iter().filter(|it| found.contains(&it.id));
        named.map(|member| member.name).collect()
    }

    #[test]
    fn a_full_name_or_a_first_name_that_one_member_has_is_a_mention() {
        let team = ["Ana Silva", "Ben Okafor", "Chloé Martin"];
        assert_eq!(names("ask @Ana Silva, please", &team), ["Ana Silva"]);
        assert_eq!(names("@ben: have a look", &team), ["Ben Okafor"]);
        assert_eq!(names("(@CHLOÉ MARTIN)", &team), ["Chloé Martin"]);
        assert_eq!(names("@ana and @ben.", &team), ["Ana Silva", "Ben Okafor"]);
        assert_eq!(
            names("_@ana_, **@ben**", &team),
            ["Ana Silva", "Ben Okafor"]
        );
        assert_eq!(names("@ana/@ben", &team), ["Ana Silva", "Ben Okafor"]);
    }

    #[test]
    fn a_name_with_a_hyphen_or_a_blank_is_one_name() {
        let team = ["Ana", "Ana-Maria", "Mia de la Cruz", "Mia"];
        assert_eq!(names("@Ana-Maria?", &team), ["Ana-Maria"]);
        assert_eq!(names("@ana-maria's", &team), ["Ana-Maria"]);
        assert_eq!(names("@Ana - Maria", &team), ["Ana"]);
        assert_eq!(names("@Mia de\nla Cruz", &team), ["Mia de la Cruz"]);
        assert_eq!(names("@Mia de la", &team), ["Mia"]);
        assert!(names("@Ana-Lena", &team).is_empty());
    }

    #[test]
    fn the_longest_name_that_stands_there_is_meant() {
        let team = ["Ana", "Ana Silva", "Ana Silva Costa"];
        assert_eq!(names("@Ana Silva is it", &team), ["Ana Silva"]);
        assert_eq!(names("@Ana Silva Costa", &team), ["Ana Silva Costa"]);
        assert_eq!(names("@Ana is it", &team), ["Ana"]);
    }

    #[test]
    fn a_first_name_of_two_members_means_neither_and_a_full_name_of_two_means_both() {
        assert!(names("@Ana", &["Ana Silva", "Ana Costa"]).is_empty());
        assert_eq!(
            names("@Ana-Lena", &["Ana Silva", "Ana-Lena Costa"]),
            ["Ana-Lena Costa"]
        );
        assert_eq!(
            names("@Ana Silva", &["Ana Silva", "Ana Silva", "Ben"]),
            ["Ana Silva", "Ana Silva"]
        );
    }

    #[test]
    fn a_mention_is_given_another_name_and_nothing_else_is() {
        let members = members(&["Ana Silva", "Ben", "Ben"]);
        let ana = |text: &str| renamed(text, members[0].id, &members, "somebody");
        assert_eq!(
            ana("@ana, ask @Ben or @ANA\nsilva's friend; ana@ana.example").as_deref(),
            Some("@somebody, ask @Ben or @somebody's friend; ana@ana.example")
        );
        assert_eq!(ana("Ana Silva was here, @Anatol"), None);
        assert_eq!(renamed("@Ben", members[1].id, &members, "somebody"), None);
    }

    #[test]
    fn addresses_and_beginnings_of_other_words_mention_nobody() {
        let team = ["Ana Silva", "Ben"];
        for text in [
            "mail@ana",
            "@Anatol",
            "@ana_b",
            "@ ana",
            "first.last+@ben",
            "mail_@ben",
            "@ben.example",
            "@ben@example.org",
            "@ben/core",
            "https://example.org/@ben",
            "see HTTPS://example.org/people/@ben, please",
            "(https://example.org/?who=@ben)",
            "www.example.org/@ben",
            "example.org/@ben",
            "mailto:@ben",
            "@",
            "@@",
            "ana",
            "b@ben.example",
        ] {
            assert!(names(text, &team).is_empty(), "{text}");
        }
        assert_eq!(names("@@ana", &team), ["Ana Silva"]);
        assert_eq!(names("@ben's", &team), ["Ben"]);
    }
}
