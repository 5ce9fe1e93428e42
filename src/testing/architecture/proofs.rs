//! What lets code into a team.

use std::collections::BTreeSet;

use super::{fail_on, lines_with, listed, sources};

/// Stores that read the id of a team out of a row.
const TEAMS_OUT_OF_ROWS: &[(&str, &str)] = &[(
    "webhooks/store/deliveries.rs",
    "the sender has no person behind it: an owner made the webhook",
)];

#[test]
fn a_team_is_known_by_a_proof() {
    let decoded = [concat!("Team", "Id\"")];
    let sources = sources();
    let found: BTreeSet<&str> = sources
        .iter()
        .filter(|source| lines_with(&source.code, &decoded).next().is_some())
        .map(|source| source.path.as_str())
        .collect();
    let violations: Vec<String> = found
        .iter()
        .filter(|path| !listed(TEAMS_OUT_OF_ROWS, path))
        .map(|path| format!("src/{path}"))
        .collect();
    fail_on(
        &violations,
        "The id of a team comes out of an Access. What a job reads out of a row is a Uuid.",
    );
    for (path, _) in TEAMS_OUT_OF_ROWS {
        assert!(
            found.contains(path),
            "src/{path} does not need to be in TEAMS_OUT_OF_ROWS any more: take it out"
        );
    }
}

#[test]
fn a_display_is_let_into_now_and_its_feed_alone() {
    let proof = [concat!("Display", "Access")];
    let may = ["people/access.rs", "live/stream.rs", "now/wall_page.rs"];
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| !may.contains(&source.path.as_str()))
        .flat_map(|source| {
            lines_with(&source.code, &proof).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "A display may see the Now page and nothing else: no other code takes its proof.",
    );
}

#[test]
fn a_program_gets_into_a_team_by_its_token_alone() {
    let ways = [concat!("Access::", "enter"), concat!("session", "::")];
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| source.path.starts_with("api/") && !source.is_for_tests())
        .filter(|source| source.path != "api/auth.rs")
        .flat_map(|source| {
            lines_with(&source.code, &ways).map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "A handler takes `Entered`, which knows what the token may and is for. There is no other way in.",
    );
}
