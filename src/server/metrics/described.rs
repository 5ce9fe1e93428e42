//! What the sources count is what the metrics page explains.

use std::{cell::RefCell, collections::BTreeSet, fs, path::Path};

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};

use super::describe;

/// Files that count a whole list of names, each a text or a constant that is described itself.
const LISTS: [&str; 2] = ["live/metrics.rs", "server/metrics.rs"];

/// Hears what is described, and counts nothing.
#[derive(Default)]
struct Described(RefCell<BTreeSet<String>>);

impl Described {
    fn hear(&self, name: &KeyName) {
        self.0.borrow_mut().insert(name.as_str().to_owned());
    }
}

impl Recorder for Described {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.hear(&name);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.hear(&name);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.hear(&name);
    }

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// What a macro that counts is given first.
#[derive(Debug, PartialEq, Eq)]
enum Counted<'a> {
    Name(&'a str),
    /// A constant that does not stand in the same file, or something that is known only when it runs.
    Unknown(&'a str),
}

/// Every name that a source counts.
fn counted(code: &str) -> Vec<Counted<'_>> {
    let mut found = Vec::new();
    for kind in ["counter", "gauge", "histogram"] {
        let call = format!("{kind}!(");
        for (at, _) in code.match_indices(&call) {
            if code[..at].ends_with("describe_") {
                continue;
            }
            let argument = code[at + call.len()..].trim_start();
            found.push(match argument.strip_prefix('"') {
                Some(text) => Counted::Name(until_quote(text)),
                None => {
                    let word = argument.split([',', ')']).next().unwrap_or_default();
                    constant(code, word).map_or(Counted::Unknown(word), Counted::Name)
                }
            });
        }
    }
    found
}

fn constant<'a>(code: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = code.split_once(&format!("const {name}: &str ="))?;
    rest.trim_start().strip_prefix('"').map(until_quote)
}

fn until_quote(text: &str) -> &str {
    text.split('"').next().unwrap_or_default()
}

/// Calls `look` with the path below `src/` and the code of every source, without comments and unit tests.
fn in_sources(folder: &Path, look: &mut impl FnMut(&str, &str)) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root.join(folder)).expect("a folder of the sources") {
        let path = entry.expect("an entry").path();
        let below = path.strip_prefix(&root).expect("below src");
        if path.is_dir() {
            in_sources(below, look);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let code = text.split("\n#[cfg(test)]\nmod tests {").next();
            let lines = code.unwrap_or_default().lines();
            let code: Vec<_> = lines
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            look(&below.to_string_lossy(), &code.join("\n"));
        }
    }
}

#[test]
fn whatever_the_sources_count_is_described() {
    let described = Described::default();
    with_local_recorder(&described, describe);
    let described = described.0.into_inner();
    let (mut found, mut missing) = (0, Vec::new());
    in_sources(Path::new(""), &mut |path, code| {
        for counted in counted(code) {
            found += 1;
            match counted {
                Counted::Name(name) if described.contains(name) => {}
                Counted::Unknown(_) if LISTS.contains(&path) => {}
                counted => missing.push(format!("src/{path}: {counted:?}")),
            }
        }
    });
    assert!(found > 40, "only {found} places that count were found");
    assert!(
        missing.is_empty(),
        "{}\n\nSay in src/server/metrics.rs what each counts (COUNTED_ELSEWHERE). A constant stands in the file that \
         counts it.",
        missing.join("\n")
    );
}

#[test]
fn whoever_is_refused_for_asking_too_often_is_counted() {
    // In pieces, so that this file does not find itself.
    let limit = concat!("Error::", "new(Code::TooManyRequests,");
    let (mut found, mut missing) = (0, Vec::new());
    in_sources(Path::new(""), &mut |path, code| {
        let words: String = code.split_whitespace().collect();
        if words.contains(limit) {
            found += 1;
            if !code.contains("count_refusal(") {
                missing.push(path.to_owned());
            }
        }
    });
    assert!(found >= 4, "only {found} limits were found");
    assert!(
        missing.is_empty(),
        "{}: say it to accounts::limits::count_refusal",
        missing.join(", ")
    );
}

#[test]
fn names_are_found_however_they_are_written() {
    // Not quite as they are written, so that this file does not find itself.
    let code = [
        "const RUNS: &str = \"runs_total\";",
        "const LONG: &str =\n    \"long_seconds\";",
        "describe_COUNT!(RUNS, \"Runs.\");",
        "metrics::COUNT!(\"starts_total\").increment(1);",
        "COUNT!(\n    RUNS,\n    \"name\" => name\n);",
        "HISTO!(LONG)",
        "COUNT!(*name).absolute(0)",
    ];
    let code = code.join("\n");
    let code = code
        .replace("COUNT", "counter")
        .replace("HISTO", "histogram");
    assert_eq!(
        counted(&code),
        [
            Counted::Name("starts_total"),
            Counted::Name("runs_total"),
            Counted::Unknown("*name"),
            Counted::Name("long_seconds"),
        ]
    );
}
