//! The architecture as tests over the source: where SQL stands, who writes which table, where the two
//! builds part. A failure says what to do.

mod builds;
mod proofs;
mod sql;
mod statements;
mod tables;
mod transactions;

use std::{
    fs,
    path::{Path, PathBuf},
};

struct Source {
    /// Below `src/`, with slashes.
    path: String,
    /// Without its unit tests.
    code: String,
    /// Its unit tests.
    tests: String,
}

impl Source {
    fn is_store(&self) -> bool {
        self.path.ends_with("/store.rs") || self.path.contains("/store/")
    }

    fn is_front_file(&self) -> bool {
        !self.path.contains('/') && root().join(self.path.trim_end_matches(".rs")).is_dir()
    }

    /// Server functions that share imports which only the server has.
    fn is_entrance(&self) -> bool {
        self.path.ends_with("/requests.rs")
    }

    fn is_for_tests(&self) -> bool {
        self.path == "testing.rs"
            || self.path.starts_with("testing/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path.ends_with("_tests.rs")
    }

    fn slice(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push(read(&path));
            }
        }
    }
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source file");
    let relative = path.strip_prefix(root()).expect("below src");
    let path = relative.to_string_lossy().replace('\\', "/");
    // By our habit the unit tests are the last thing of a file.
    let (code, tests) = match text.find("\n#[cfg(test)]\nmod tests {") {
        Some(start) => text.split_at(start),
        None => (text.as_str(), ""),
    };
    Source {
        path,
        code: code.to_owned(),
        tests: tests.to_owned(),
    }
}

fn fail_on(violations: &[String], advice: &str) {
    assert!(
        violations.is_empty(),
        "{}\n\n{advice}",
        violations.join("\n")
    );
}

fn listed(list: &[(&str, &str)], path: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == path)
}

/// The number of every line that holds one of the words, comments left out.
fn lines_with<'a>(text: &'a str, words: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
        .map(|(index, _)| index + 1)
}

#[test]
fn no_test_sleeps_to_wait() {
    let sleeping = [concat!("sle", "ep("), concat!("sle", "ep_until(")];
    let mut violations = Vec::new();
    for source in sources() {
        let text = if source.is_for_tests() {
            &source.code
        } else {
            &source.tests
        };
        violations.extend(
            lines_with(text, &sleeping)
                .map(|line| format!("src/{} (test line {line})", source.path)),
        );
    }
    fail_on(&violations, "A test waits for the thing, not for a while.");
}
