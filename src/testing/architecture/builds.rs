//! Where the build of the server and that of the browser part.

use super::{fail_on, lines_with, listed, sources};

/// Files that are no front files and yet name a build. Everything else is parted in the front file of
/// its slice, `name.rs` beside `name/`.
const BUILDS_OUTSIDE_FRONT_FILES: &[(&str, &str)] = &[
    (
        "app.rs",
        "the shell of the document exists on the server only",
    ),
    (
        "forms/view.rs",
        "a textarea is written as HTML on the server and filled with text in the browser",
    ),
    ("ids.rs", "ids are columns on the server"),
    ("lib.rs", "the list of the slices"),
    (
        "tasks/task_page/data.rs",
        "what only the page's loader uses stands beside it",
    ),
    (
        "ui/data.rs",
        "the server alone writes what comes with a page, and the browser's part holds nothing for it",
    ),
    (
        "ui/derived.rs",
        "the server reads once what the browser reads again and again",
    ),
    (
        "ui/page.rs",
        "an error page sets the status on the server and the address in the browser",
    ),
];

#[test]
fn a_slice_parts_the_two_builds_in_its_front_file() {
    let builds = [
        concat!("feature", " = \"ssr\""),
        concat!("feature", " = \"hydrate\""),
    ];
    let sources = sources();
    let violations: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_front_file() && !source.is_entrance() && !source.is_for_tests())
        .filter(|source| !listed(BUILDS_OUTSIDE_FRONT_FILES, &source.path))
        .flat_map(|source| {
            lines_with(&source.code, &builds).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "Only the front file of a slice says which build a module belongs to. The body of a server function exists \
         on the server only, so it can `use` what it needs without a cfg.",
    );
    for (path, _) in BUILDS_OUTSIDE_FRONT_FILES {
        let needed = sources.iter().any(|source| {
            source.path == *path && lines_with(&source.code, &builds).next().is_some()
        });
        assert!(
            needed,
            "src/{path} does not need to be in BUILDS_OUTSIDE_FRONT_FILES any more: take it out"
        );
    }
}
