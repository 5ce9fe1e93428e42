//! Decisions as Markdown, to keep elsewhere: next to the code, or in another tool.

use super::{
    store::{Decision, Hypothesis},
    words,
};

/// The decisions of a team as one document.
pub fn all(team: &str, decided: &[Hypothesis]) -> String {
    let mut document = format!("# Decisions of {}\n", escaped(team));
    if decided.is_empty() {
        document.push_str("\nNothing was decided yet.\n");
    }
    for hypothesis in decided {
        if let Some(decision) = &hypothesis.decision {
            document.push('\n');
            document.push_str(&record("##", hypothesis, decision));
        }
    }
    document
}

/// One decision as a document of its own; there is none before it is taken.
pub fn one(hypothesis: &Hypothesis) -> Option<String> {
    let decision = hypothesis.decision.as_ref()?;
    Some(record("#", hypothesis, decision))
}

fn record(level: &str, hypothesis: &Hypothesis, decision: &Decision) -> String {
    let statement = &hypothesis.statement;
    let (if_we, then_it, because) = (
        escaped(&statement.if_we),
        escaped(&statement.then_it),
        escaped(&statement.because),
    );
    let each = match hypothesis.toggle {
        Some(_) => " in each group",
        None => "",
    };
    let evidence = &decision.evidence;
    let measured: String = evidence
        .facts(hypothesis)
        .into_iter()
        .map(|fact| format!("- {}\n", escaped(&fact)))
        .collect();
    let reason: String = decision
        .reason
        .lines()
        .map(|line| format!("> {}\n", escaped(line)))
        .collect();
    format!(
        "{level} {verdict}: {if_we}\n\
         \n\
         - Date: {date}{early}\n\
         - Decided by: {by}\n\
         - Verdict: {verdict}\n\
         \n\
         {level}# Hypothesis\n\
         \n\
         If we {if_we}, then {then_it}, because {because}.\n\
         \n\
         - Metric: {metric}\n\
         - Counted: {about}\n\
         - Target: {target}\n\
         - Period: {from} to {to}\n\
         - For whom: {whom}\n\
         - At least: {sample} observations{each}\n\
         - Written down: {created_on}, by {created_by}{late}\n\
         \n\
         {level}# Evidence\n\
         \n\
         {words}. Measured from {measured_from} to {measured_to}.\n\
         \n\
         {measured}\n\
         {level}# Reason\n\
         \n\
         {reason}",
        verdict = decision.verdict.in_words(),
        date = decision.on,
        early = hypothesis.was_early(decision),
        by = escaped(&decision.by),
        metric = escaped(hypothesis.metric.label()),
        about = escaped(hypothesis.metric.about()),
        target = escaped(&hypothesis.target_in_words()),
        from = hypothesis.starts_on,
        to = hypothesis.ends_on,
        whom = escaped(&words::audience(hypothesis.toggle.as_deref())),
        sample = hypothesis.sample,
        created_on = hypothesis.created_on,
        created_by = escaped(&hypothesis.created_by),
        late = hypothesis.was_late(),
        words = evidence.words(),
        measured_from = evidence.from,
        measured_to = evidence.to,
    )
}

/// Text that Markdown reads as nothing but text, and no HTML either. Each line comes behind other words or a `> `, at
/// whose beginning a sign could still make a list, a heading or a line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = text.trim();
    for (place, c) in text.char_indices() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '^' | '$' | '!' => {
                escaped.extend(['\\', c]);
            }
            '-' | '+' | '=' if place == 0 => escaped.extend(['\\', c]),
            '.' | ')' if is_number_of_item(&text[..place], &text[place + 1..]) => {
                escaped.extend(['\\', c]);
            }
            // A definition, or what some renderers make a link of by itself.
            ':' if place == 0 || text[place..].starts_with("://") => escaped.push_str("&#58;"),
            '@' => escaped.push_str("&#64;"),
            // A tab at the beginning would make it code; the others show nothing.
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether a sign stands behind a number and before a gap, as in a list.
fn is_number_of_item(before: &str, after: &str) -> bool {
    before.bytes().all(|byte| byte.is_ascii_digit())
        && after.chars().next().is_none_or(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser};

    use super::escaped;

    #[test]
    fn what_people_type_stays_the_text_that_it_is() {
        for text in [
            "# no heading",
            "- no list",
            "+ nor here",
            "1. nor here",
            "12) nor here",
            "> no quote",
            "=== no line",
            "*** no line",
            "`no code` *nor* _this_ ~~gone~~ **loud**",
            "[no link](https://example.org) ![no picture](x)",
            "<script>alert(1)</script> <!-- no comment -->",
            "https://example.org <https://example.org> ana@example.org",
            "| no | table |",
            "a &amp; b &lt; c \\* d",
            "[^1]: no footnote",
            "$no$ {#formula}",
            ": no definition x^2^",
            "--- no line",
            "3.5 days - less, and more...",
        ] {
            for before in ["", "> ", "- ", "Because "] {
                let document = format!("{before}{}\n", escaped(text));
                let mut read = String::new();
                for event in Parser::new_ext(&document, Options::all()) {
                    match event {
                        Event::Text(text) => read.push_str(&text),
                        Event::Start(tag) => {
                            let tag = format!("{tag:?}");
                            let is_frame = ["Paragraph", "BlockQuote", "List", "Item"]
                                .iter()
                                .any(|frame| tag.starts_with(frame));
                            assert!(is_frame, "{text:?} becomes {tag}");
                            assert!(
                                tag == "Paragraph" || !before.trim().is_empty(),
                                "{text:?} becomes {tag}"
                            );
                        }
                        Event::End(_) => {}
                        other => panic!("{text:?} becomes {other:?}"),
                    }
                }
                // Smart punctuation is the renderer's own choice.
                let plain = |text: &str| {
                    text.replace('\u{2026}', "...")
                        .replace('\u{2013}', "--")
                        .replace('\u{2014}', "---")
                };
                assert_eq!(
                    plain(&read).trim_start_matches("Because ").trim(),
                    plain(text),
                    "{document}"
                );
            }
        }
    }
}
