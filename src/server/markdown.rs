//! Markdown, as people write it in descriptions and comments, turned into HTML that is safe to show.
//!
//! HTML inside Markdown is shown as the text that it is. What the renderer makes is sanitised once
//! more, so that a mistake in one of the two is no hole.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{
    CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html,
};

use crate::{tasks::model::TaskKey, ui::text::in_field};

/// Quotes in lists in quotes: what is nested deeper than this is shown without its frame. Browsers,
/// and the sanitiser, take quadratic time for what is nested without end.
const DEEPEST: usize = 16;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sanitiser = Builder::empty();
    sanitiser
        .tags(HashSet::from([
            "p",
            "br",
            "hr",
            "h3",
            "h4",
            "h5",
            "h6",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .tag_attributes(
            [
                ("a", HashSet::from(["href"])),
                ("ol", HashSet::from(["start"])),
            ]
            .into(),
        )
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Custom(Box::new(only_tasks)))
        .link_rel(Some("nofollow noopener"));
    sanitiser
});

/// The tasks that a text may name.
#[derive(Clone, Copy)]
pub struct Tasks<'a> {
    /// The team, as addresses have it.
    pub team: &'a str,
    /// The keys of its boards. What else looks like a task key, such as `UTF-8`, is a word.
    pub boards: &'a [String],
}

impl Tasks<'_> {
    /// The address of the task that a word names.
    fn address(&self, word: &str) -> Option<String> {
        let (board, _) = word.split_once('-')?;
        let is_known = self.boards.iter().any(|known| known == board);
        let key: TaskKey = is_known.then(|| word.parse().ok()).flatten()?;
        (key.to_string() == word).then(|| format!("/teams/{}/tasks/{word}", self.team))
    }
}

/// Of the addresses on this site only those of tasks are let through.
fn only_tasks(address: &str) -> Option<Cow<'_, str>> {
    let (team, task) = address.strip_prefix("/teams/")?.split_once("/tasks/")?;
    let is_slug = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (team.bytes().all(is_slug) && task.parse::<TaskKey>().is_ok()).then(|| address.into())
}

/// Renders Markdown to sanitised HTML. Line ends are kept, headings begin below those of the page,
/// images become links, and bare web addresses and the keys of tasks become links too.
pub fn to_html(markdown: &str, tasks: Tasks) -> String {
    if markdown.trim().is_empty() {
        return String::new();
    }
    // Programs may end lines as they like.
    let markdown = &in_field(markdown);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut frames = Frames::new(tasks);
    let events = Parser::new_ext(markdown, options).into_offset_iter();
    let events = TextMergeWithOffset::new(events)
        .flat_map(|(event, range)| frames.allow(event, &markdown[range]));
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    SANITISER.clean(&rendered).to_string()
}

/// The frames around the event that is being looked at: whether each of them is shown.
struct Frames<'t> {
    tasks: Tasks<'t>,
    shown: Vec<bool>,
    links: usize,
    code_blocks: usize,
    /// How many more cells the row of a table was written with. The parser fills short rows up, and a few
    /// thousand empty cells for each line would make megabytes of a short text.
    cells: usize,
}

impl<'t> Frames<'t> {
    fn new(tasks: Tasks<'t>) -> Self {
        Self {
            tasks,
            shown: Vec::new(),
            links: 0,
            code_blocks: 0,
            cells: 0,
        }
    }

    fn allow<'a>(&mut self, event: Event<'a>, source: &str) -> Vec<Event<'a>> {
        match event {
            Event::Start(tag) => self.open(tag, source).into_iter().collect(),
            Event::End(tag) => self.close(tag).into_iter().collect(),
            Event::Text(text) if self.links == 0 && self.code_blocks == 0 => {
                linked(&text, self.tasks)
            }
            Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
            Event::SoftBreak => vec![Event::HardBreak],
            Event::TaskListMarker(done) => {
                vec![Event::Text(CowStr::Borrowed(if done {
                    "☑ "
                } else {
                    "☐ "
                }))]
            }
            other => vec![other],
        }
    }

    fn open<'a>(&mut self, tag: Tag<'a>, source: &str) -> Option<Event<'a>> {
        let is_filled_up = match tag {
            Tag::TableHead | Tag::TableRow => {
                self.cells = source.matches('|').count() + 1;
                false
            }
            Tag::TableCell => match self.cells.checked_sub(1) {
                Some(left) => {
                    self.cells = left;
                    false
                }
                None => true,
            },
            _ => false,
        };
        let tag = match tag {
            Tag::Image {
                dest_url,
                title,
                id,
                ..
            } => Tag::Link {
                link_type: LinkType::Inline,
                dest_url,
                title,
                id,
            },
            Tag::HtmlBlock => Tag::Paragraph,
            Tag::Heading {
                level,
                id,
                classes,
                attrs,
            } => Tag::Heading {
                level: below_the_page(level),
                id,
                classes,
                attrs,
            },
            tag => tag,
        };
        let nested_link = matches!(tag, Tag::Link { .. }) && self.links > 0;
        let shown = self.shown.len() < DEEPEST && !nested_link && !is_filled_up;
        self.shown.push(shown);
        match tag {
            Tag::Link { .. } => self.links += 1,
            Tag::CodeBlock(_) => self.code_blocks += 1,
            _ => {}
        }
        shown.then_some(Event::Start(tag))
    }

    fn close<'a>(&mut self, tag: TagEnd) -> Option<Event<'a>> {
        let tag = match tag {
            TagEnd::Image => TagEnd::Link,
            TagEnd::HtmlBlock => TagEnd::Paragraph,
            TagEnd::Heading(level) => TagEnd::Heading(below_the_page(level)),
            tag => tag,
        };
        match tag {
            TagEnd::Link => self.links -= 1,
            TagEnd::CodeBlock => self.code_blocks -= 1,
            _ => {}
        }
        self.shown
            .pop()
            .unwrap_or_default()
            .then_some(Event::End(tag))
    }
}

/// The page has an `h1`, and its parts have `h2`.
fn below_the_page(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H1, H2, H3, H4, H5, H6};
    match level {
        H1 => H3,
        H2 => H4,
        H3 => H5,
        H4 | H5 | H6 => H6,
    }
}

/// The text with its bare web addresses and the keys of tasks as links.
fn linked<'a>(text: &str, tasks: Tasks) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some((before, address, after)) = next_address(rest) {
        name_tasks(before, tasks, &mut events);
        link(address, address.to_owned(), &mut events);
        rest = after;
    }
    name_tasks(rest, tasks, &mut events);
    events
}

/// The text with the keys of tasks as links.
fn name_tasks(text: &str, tasks: Tasks, events: &mut Vec<Event>) {
    let is_between = |c: char| !c.is_alphanumeric() && c != '-' && c != '_';
    let mut plain = String::new();
    for piece in text.split_inclusive(is_between) {
        let word = piece.trim_end_matches(is_between);
        match tasks.address(word) {
            Some(address) => {
                events.push(Event::Text(std::mem::take(&mut plain).into()));
                link(word, address, events);
                plain.push_str(&piece[word.len()..]);
            }
            None => plain.push_str(piece),
        }
    }
    if !plain.is_empty() {
        events.push(Event::Text(plain.into()));
    }
}

fn link(words: &str, address: String, events: &mut Vec<Event>) {
    events.push(Event::Start(Tag::Link {
        link_type: LinkType::Autolink,
        dest_url: address.into(),
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    }));
    events.push(Event::Text(words.to_owned().into()));
    events.push(Event::End(TagEnd::Link));
}

/// Splits a text at its first web address. What ends a sentence does not belong to the address.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from
            + ["https://", "http://"]
                .iter()
                .filter_map(|scheme| text[from..].find(scheme))
                .min()?;
        let end = text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
            .map_or(text.len(), |length| start + length);
        let address = text[start..end]
            .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
        let host = address
            .split_once("://")
            .map_or(Cow::Borrowed(""), |(_, host)| Cow::Borrowed(host));
        let stands_alone = !text[..start].ends_with(char::is_alphanumeric);
        if stands_alone && host.starts_with(char::is_alphanumeric) {
            let after = start + address.len();
            return Some((&text[..start], address, &text[after..]));
        }
        from = end.max(start + 1);
    }
}

#[cfg(test)]
mod tests {

    use super::{Tasks, to_html as render};

    fn to_html(markdown: &str) -> String {
        let boards = ["WEB".to_owned(), "A2".to_owned()];
        let tasks = Tasks {
            team: "lantern-works",
            boards: &boards,
        };
        render(markdown, tasks)
    }

    #[test]
    fn what_people_write_is_rendered() {
        let html = to_html(
            "# Plan\n\nfirst\nsecond **bold** ~~gone~~\n\n- [ ] todo\n- [x] done\n\n| a |\n|--:|\n| b |\n",
        );
        for part in [
            "<h3>Plan</h3>",
            "first<br>\nsecond",
            "<strong>bold</strong>",
            "<del>gone</del>",
            "☐ todo",
            "☑ done",
            "<td>b</td>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
    }

    #[test]
    fn every_line_end_is_rendered_alike() {
        let text =
            "# Plan\n\nfirst\nsecond\n\n```\na\n\nb\n```\n\n<b>\nx\n</b>\n\n| a |\n|--|\n| b |\n";
        for end in ["\r\n", "\r"] {
            let html = to_html(&text.replace('\n', end));
            assert_eq!(html, to_html(text), "{end:?}");
        }
    }

    #[test]
    fn a_short_text_does_not_become_a_huge_table() {
        let columns = 1_000;
        let table = format!(
            "{}\n{}\n{}",
            "|a".repeat(columns),
            "|-".repeat(columns),
            "b\n".repeat(2_000)
        );
        let html = to_html(&table);
        assert_eq!(html.matches("<th>").count(), columns);
        assert!(html.len() < table.len() * 20, "{} bytes", html.len());
    }

    #[test]
    fn links_lead_to_the_web_or_to_mail_and_are_not_vouched_for() {
        let html = to_html("[a](https://example.org/x?a=1&b=2) [m](mailto:a@example.org)");
        assert!(
            html.contains(r#"href="https://example.org/x?a=1&amp;b=2""#),
            "{html}"
        );
        assert!(html.contains(r#"href="mailto:a@example.org""#), "{html}");
        assert_eq!(html.matches(r#"rel="nofollow noopener""#).count(), 2);
    }

    #[test]
    fn bare_addresses_become_links_without_the_end_of_the_sentence() {
        let html = to_html("See https://example.org/a_b_c?d=1, or (http://example.org/).");
        assert!(html.contains(r#"<a href="https://example.org/a_b_c?d=1" rel="nofollow noopener">https://example.org/a_b_c?d=1</a>, or"#), "{html}");
        assert!(html.contains(r#">http://example.org/</a>)."#), "{html}");
        for plain in ["https://", "xhttps://example.org", "`https://example.org`"] {
            assert!(!to_html(plain).contains("<a "), "{plain}");
        }
    }

    #[test]
    fn the_keys_of_tasks_lead_to_them() {
        let link = |key: &str| {
            let address = format!("/teams/lantern-works/tasks/{key}");
            format!(r#"<a href="{address}" rel="nofollow noopener">{key}</a>"#)
        };
        for (markdown, html) in [
            ("WEB-12", link("WEB-12")),
            ("see (WEB-12).", format!("see ({}).", link("WEB-12"))),
            (
                "WEB-1, A2-3/WEB-4",
                format!("{}, {}/{}", link("WEB-1"), link("A2-3"), link("WEB-4")),
            ),
            (
                "- **WEB-12**",
                format!("<strong>{}</strong>", link("WEB-12")),
            ),
            ("WEB-12’s", format!("{}’s", link("WEB-12"))),
        ] {
            let rendered = to_html(markdown);
            assert!(rendered.contains(&html), "{markdown} became {rendered}");
        }
        for plain in [
            "UTF-8",
            "web-12",
            "WEB-0",
            "WEB-012",
            "WEB-12-rc",
            "XWEB-12",
            "ÄWEB-12",
            "WEB_WEB-12",
            "WEB-99999999999",
            "`WEB-12`",
            "```\nWEB-12\n```",
        ] {
            let rendered = to_html(plain);
            assert!(!rendered.contains("<a "), "{plain} became {rendered}");
        }
        let named = to_html("[WEB-12](https://example.org) https://example.org/WEB-12");
        assert!(!named.contains("/tasks/"), "a link stays one: {named}");
    }

    #[test]
    fn nothing_that_runs_or_loads_gets_through() {
        let attacks = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<iframe src=\"https://evil.example\"></iframe>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<style>*{display:none}</style>",
            "<div style=\"position:fixed\" class=\"button\" id=\"content\">x</div>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java&#x73;cript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox)",
            "[x](//evil.example/)",
            "[x](/teams/other/delete)",
            "[x](/teams/other/tasks/WEB-1/../../delete)",
            "[x](/teams/../delete/tasks/WEB-1)",
            "[x](/teams/other/tasks/WEB-1?next=//evil.example)",
            "<javascript:alert(1)>",
            "![x](https://evil.example/pixel.png)",
            "![x](x\" onerror=\"alert(1))",
            "[x](https://a.example \"t\\\" onmouseover=alert(1)\")",
            "[x](https://a.example/\"onmouseover=alert(1))",
            "https://a.example/\"onmouseover=alert(1)",
            "```js\"onload=alert(1)\ncode\n```",
            "<form action=https://evil.example><input name=password></form>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "a <b>b</b> <!-- c --> <?php d ?> <![CDATA[e]]>",
        ];
        for attack in attacks {
            let html = to_html(attack);
            for tag in html.split('<').skip(1) {
                let tag = tag.split('>').next().unwrap_or_default();
                let name = tag
                    .trim_start_matches('/')
                    .split(' ')
                    .next()
                    .unwrap_or_default();
                assert!(
                    ["p", "a", "pre", "code", "br"].contains(&name),
                    "{attack} became {html}"
                );
                for forbidden in ["on", "style=", "class=", "id=", "src=", "title="] {
                    assert!(
                        !tag.contains(&format!(" {forbidden}")),
                        "{attack} became {html}"
                    );
                }
                if let Some((_, address)) = tag.split_once("href=\"") {
                    let allowed = ["https://evil.example/pixel.png", "https://a.example"];
                    assert!(
                        allowed.iter().any(|start| address.starts_with(start)),
                        "{attack} became {html}"
                    );
                }
            }
        }
    }
}
