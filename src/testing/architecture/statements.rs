//! What the tests over the source read in it: its functions, the statements in it, and the tables that these write.

use std::collections::BTreeSet;

/// A function of a source.
pub struct Function<'a> {
    pub name: &'a str,
    /// From its name to the next function.
    pub text: &'a str,
}

impl Function<'_> {
    /// Whether it runs on a pool as well, so that each of its statements is a transaction of its own.
    pub fn takes_a_pool(&self) -> bool {
        let head = self.text.split('{').next().unwrap_or_default();
        ["Executor<", "Acquire<", "Pool<", "PgPool"]
            .into_iter()
            .any(|pool| head.contains(pool))
    }
}

/// The functions of a source, in their order. By our habit none stands inside of another.
pub fn functions(code: &str) -> impl Iterator<Item = Function<'_>> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        if let Some((before, _)) = line.split_once("fn ")
            && begins_a_function(before)
        {
            starts.push(at + before.len() + "fn ".len());
        }
        at += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([code.len()]).collect();
    starts.into_iter().zip(ends).map(move |(start, end)| {
        let text = &code[start..end];
        let name = text.split(['(', '<']).next().unwrap_or_default();
        Function { name, text }
    })
}

/// Whether nothing but what may stand there stands before the `fn` of a line.
fn begins_a_function(before: &str) -> bool {
    before
        .split_whitespace()
        .all(|word| word.starts_with("pub") || ["async", "const"].contains(&word))
}

/// The texts in quotes of a source, with the place at which each begins.
fn literals(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let (before, here) = rest.split_at(at);
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        let Some(quoted) = here.strip_prefix('"') else {
            // A quote that is a character begins no text.
            let quote = ["'\"'", "'\\\"'"]
                .into_iter()
                .find(|quote| here.starts_with(quote));
            rest = &here[quote.map_or(1, str::len)..];
            continue;
        };
        let opened = before.trim_end_matches('#');
        let end = if opened.ends_with('r') {
            let hashes = "#".repeat(before.len() - opened.len());
            quoted.find(&format!("\"{hashes}"))
        } else {
            end_of_text(quoted)
        };
        let text = &quoted[..end.unwrap_or(quoted.len())];
        found.push((code.len() - quoted.len(), text));
        rest = quoted.get(text.len() + 1..).unwrap_or_default();
    }
    found.into_iter()
}

/// Where a text with escapes ends.
fn end_of_text(quoted: &str) -> Option<usize> {
    let mut is_escaped = false;
    quoted.find(|c: char| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    })
}

/// The texts in quotes that are statements, with the line that each begins in. What is written for people begins with
/// a capital letter.
pub fn statements(code: &str) -> impl Iterator<Item = (usize, &str)> {
    literals(code)
        .filter(|(_, text)| is_statement(text))
        .map(move |(start, text)| (line_of(code, start), text))
}

/// The number of the line in which a place of a text is.
fn line_of(text: &str, place: usize) -> usize {
    text[..place].matches('\n').count() + 1
}

fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default().to_ascii_lowercase(),
    );
    let shouted = first.chars().all(|c| c.is_ascii_uppercase());
    let whispered = first.chars().all(|c| c.is_ascii_lowercase());
    if second.is_empty() || !(shouted || whispered) {
        return false;
    }
    let has = |wanted: &str| {
        text.split_whitespace()
            .any(|word| word.eq_ignore_ascii_case(wanted))
    };
    match first.to_ascii_lowercase().as_str() {
        "insert" | "merge" => second == "into",
        "delete" => second == "from",
        "update" => has("set"),
        "with" => has("as") && text.contains('('),
        "select" => shouted || has("from"),
        "truncate" => true,
        "alter" | "copy" | "create" | "do" | "drop" | "listen" | "lock" | "set" => shouted,
        _ => false,
    }
}

/// The lines in which a text in quotes is given to sqlx to run, past the macros that check it.
pub fn handed_over(code: &str) -> impl Iterator<Item = usize> {
    let ways = [
        concat!(".exec", "ute("),
        concat!(".execute", "_many("),
        concat!(".fet", "ch("),
        concat!(".fetch", "_all("),
        concat!(".fetch", "_many("),
        concat!(".fetch", "_one("),
        concat!(".fetch", "_optional("),
        concat!(".prep", "are("),
    ];
    let mut lines: Vec<usize> = ways
        .into_iter()
        .flat_map(|way| code.match_indices(way).map(move |(at, _)| at + way.len()))
        .filter(|at| {
            let given = code[*at..].trim_start();
            ["\"", "r\"", "r#"]
                .iter()
                .any(|text| given.starts_with(text))
        })
        .map(|at| line_of(code, at))
        .collect();
    lines.sort_unstable();
    lines.into_iter()
}

/// The tables that the statements in a source write.
pub fn tables_written(code: &str) -> BTreeSet<String> {
    let without_comments: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut tables = tables_of(&without_comments, false);
    for (_, statement) in statements(code) {
        tables.extend(tables_of(statement, true));
    }
    tables
}

/// The tables that a text writes, which is code with statements in it or a statement alone.
fn tables_of(text: &str, is_statement: bool) -> BTreeSet<String> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let lower = |index: usize| words.get(index).map(|word| word.to_ascii_lowercase());
    let mut tables = BTreeSet::new();
    for (index, _) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(lower).unwrap_or_default();
        let is_clause = ["for", "key", "do", "on"].contains(&before.as_str());
        let shouted = words[index].chars().all(|c| c.is_ascii_uppercase());
        let next = lower(index + 1).unwrap_or_default();
        let start = match lower(index).unwrap_or_default().as_str() {
            "insert" | "merge" if next == "into" => index + 2,
            "delete" if next == "from" => index + 2,
            // These are words of ordinary code, too.
            "update" | "truncate" if (shouted || is_statement) && !is_clause => index + 1,
            _ => continue,
        };
        let skipped = ["only", "table"];
        let table = (start..)
            .map_while(lower)
            .find(|word| !skipped.contains(&word.as_str()));
        tables.extend(table);
    }
    tables
}

#[test]
fn writes_are_recognised() {
    let sql = r#"
        WITH a AS (UPDATE counters SET n = 1 RETURNING n), b AS (DELETE FROM ONLY old)
        INSERT INTO new (x) SELECT n FROM a
        ON CONFLICT DO UPDATE SET x = 1; SELECT 1 FROM held FOR NO KEY UPDATE; SELECT 2 FOR UPDATE OF held;
        merge into lower USING b; insert into tasks
        TRUNCATE gone
        // update the board from the server; this comment is no statement
    "#;
    let written: Vec<String> = tables_written(sql).into_iter().collect();
    assert_eq!(
        written,
        ["counters", "gone", "lower", "new", "old", "tasks"]
    );
    let quiet = r##"
        query!("update quiet set n = 1 where '\"' <> ''"); let quote = '"'; // it's "update comments set n = 1"
        query!(r#"
            with a as (truncate table tub) select n from "held" for update
        "#);
        state.update(|set| set.clear()); title.truncate(3); say("please update the set", "update");
    "##;
    let written: Vec<String> = tables_written(quiet).into_iter().collect();
    assert_eq!(written, ["quiet", "tub"]);
}

#[test]
fn statements_are_recognised() {
    let code = r##"
        db.execute("CREATE TABLE a (b int)");
        db.fetch_all(
            "select a from b",
        );
        let words = ["Select a file from the list", "DELETE", "with this label", "delete", "Update the set"];
        let raw = r#"INSERT
            INTO a"#;
    "##;
    let found: Vec<usize> = statements(code).map(|(line, _)| line).collect();
    assert_eq!(found, [2, 4, 7]);
    assert_eq!(handed_over(code).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn functions_are_told_apart() {
    let code = "
        /// A fn of its own.
        pub async fn one(db: impl PgExecutor<'_>) { a } // fn none
        async fn two<T>(
            connection: &mut PgConnection,
        ) -> T { db: &PgPool }
        pub(crate) fn three(db: &PgPool) {}
        fn four(db: impl Acquire<'_, Database = Postgres>) {}
    ";
    let found: Vec<(&str, bool)> = functions(code)
        .map(|function| (function.name, function.takes_a_pool()))
        .collect();
    assert_eq!(
        found,
        [
            ("one", true),
            ("two", false),
            ("three", true),
            ("four", true)
        ]
    );
}
