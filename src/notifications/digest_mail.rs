//! The digest in words, as plain text and as simple HTML. It names tasks by their titles, and says nothing
//! of what is written in them.

use html_escape::{encode_double_quoted_attribute, encode_text};
use sha2::{Digest, Sha256};

use super::store::digests::Claimed;
use crate::server::{hex::hex, mail::ListMail, settings::Settings};

/// How many tasks a section names.
const MOST_LINES: usize = 20;

/// What a digest says. Each task stands in the first section that fits.
#[derive(Debug, Default)]
pub struct Contents {
    pub late: Vec<Line>,
    pub today: Vec<Line>,
    pub at_risk: Vec<Line>,
    pub week: Vec<Line>,
    /// For owners: what nobody holds and somebody should.
    pub unheld: Vec<Line>,
    /// For owners: what people who left the team still hold.
    pub former: Vec<Line>,
}

/// One task.
#[derive(Debug)]
pub struct Line {
    pub key: String,
    pub title: String,
    pub note: String,
}

impl Line {
    /// The note stands in brackets behind the title and begins small.
    pub fn new(key: String, title: String, note: &str) -> Self {
        let mut letters = note.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        let note = first.into_iter().chain(letters).collect();
        Self { key, title, note }
    }
}

impl Contents {
    fn sections(&self) -> [(&'static str, &[Line]); 6] {
        [
            ("Late", &self.late),
            ("Due today", &self.today),
            ("At risk", &self.at_risk),
            ("Due this week", &self.week),
            ("Held by nobody", &self.unheld),
            ("Held by former members", &self.former),
        ]
    }

    pub fn has(&self, key: &str) -> bool {
        let mut lines = self.sections().into_iter().flat_map(|(_, lines)| lines);
        lines.any(|line| line.key == key)
    }

    pub fn is_empty(&self) -> bool {
        self.sections().iter().all(|(_, lines)| lines.is_empty())
    }

    /// `2 late, 1 due today`
    fn summary(&self) -> String {
        let counts = self.sections().into_iter().map(|(name, lines)| {
            let words = name.to_lowercase();
            (lines.len(), format!("{} {words}", lines.len()))
        });
        let counts: Vec<String> = counts
            .filter(|(count, _)| *count > 0)
            .map(|(_, words)| words)
            .collect();
        counts.join(", ")
    }
}

/// The mail for one person and day. `token` is that of the link that ends it.
pub fn compose(
    settings: &Settings,
    claimed: &Claimed,
    contents: &Contents,
    token: &str,
) -> ListMail {
    let home = settings.link(&format!("/teams/{}", claimed.slug));
    let unsubscribe = settings.link(&format!("/unsubscribe/{token}"));
    ListMail {
        to: claimed.email.clone(),
        subject: format!("{}: {}", claimed.team_name, contents.summary()),
        text: text(claimed, contents, &home, &unsubscribe),
        html: html(claimed, contents, &home, &unsubscribe),
        message_id: message_id(settings, claimed),
        unsubscribe,
    }
}

/// The same for the same person and day, however often it is tried.
fn message_id(settings: &Settings, claimed: &Claimed) -> String {
    let what = format!("{} {} {}", claimed.team, claimed.person.id, claimed.day);
    let hash = Sha256::digest(what.as_bytes());
    let short = hex(&hash[..16]);
    let host = settings.base_url().host_str().unwrap_or("skateboard");
    let host = host.trim_matches(['[', ']']).replace(':', ".");
    format!("<digest.{short}@{host}>")
}

fn text(claimed: &Claimed, contents: &Contents, home: &str, unsubscribe: &str) -> String {
    let mut text = format!("Hello {},\n", claimed.person.name);
    for (name, lines) in contents.sections() {
        if lines.is_empty() {
            continue;
        }
        text += &format!("\n{name}\n");
        for line in lines.iter().take(MOST_LINES) {
            let note = match line.note.as_str() {
                "" => String::new(),
                note => format!(" ({note})"),
            };
            text += &format!(
                "- {} {}{note}\n  {home}/tasks/{}\n",
                line.key, line.title, line.key
            );
        }
        if let Some(words) = more(lines) {
            text += &format!("- {words}\n");
        }
    }
    text + &format!(
        "\nWho is on what:\n{home}\n\n\
         You get this on working days at 07:00 ({}) when there is something to say.\n\
         What you are told: {home}/notifications#told\n\
         No more digests of {}:\n{unsubscribe}\n",
        claimed.time_zone, claimed.team_name
    )
}

fn html(claimed: &Claimed, contents: &Contents, home: &str, unsubscribe: &str) -> String {
    let link = |address: &str, words: &str| {
        let address = encode_double_quoted_attribute(address);
        format!("<a href=\"{address}\">{}</a>", encode_text(words))
    };
    let mut html = format!("<p>Hello {},</p>\n", encode_text(&claimed.person.name));
    for (name, lines) in contents.sections() {
        if lines.is_empty() {
            continue;
        }
        html += &format!("<h2 style=\"font-size:1em\">{name}</h2>\n<ul>\n");
        for line in lines.iter().take(MOST_LINES) {
            let note = match line.note.as_str() {
                "" => String::new(),
                note => format!(" ({})", encode_text(note)),
            };
            let task = link(&format!("{home}/tasks/{}", line.key), &line.title);
            html += &format!("<li>{} {task}{note}</li>\n", line.key);
        }
        if let Some(words) = more(lines) {
            html += &format!("<li>{words}</li>\n");
        }
        html += "</ul>\n";
    }
    html + &format!(
        "<p>{}</p>\n<p>You get this on working days at 07:00 ({}) when there is something to say. {} · {}</p>\n",
        link(home, "Who is on what"),
        encode_text(&claimed.time_zone),
        link(&format!("{home}/notifications#told"), "What you are told"),
        link(
            unsubscribe,
            &format!("No more digests of {}", claimed.team_name)
        ),
    )
}

fn more(lines: &[Line]) -> Option<String> {
    let count = lines.len().saturating_sub(MOST_LINES);
    (count > 0).then(|| format!("and {count} more"))
}
