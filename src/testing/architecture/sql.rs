//! Where SQL stands, and that it is checked.

use super::{
    fail_on, lines_with, listed, sources,
    statements::{handed_over, statements},
};

/// Other files than stores that may hold SQL. They may not write to a table.
const SQL_OUTSIDE_STORES: &[(&str, &str)] = &[
    (
        "server/database.rs",
        "asks which migrations have been run, which is no slice's",
    ),
    (
        "server/private_postgres.rs",
        "asks Postgres itself, not our tables",
    ),
];

/// What a statement that calls sqlx looks like. In pieces, so that this file does not find itself.
const SQL: &[&str] = &[
    concat!("sqlx::", "query"),
    concat!("query", "!("),
    concat!("query", "_as!("),
    concat!("query", "_scalar!("),
    concat!("query", "_file"),
    concat!("_unchecked", "!("),
    concat!("Query", "Builder"),
    concat!("raw", "_sql"),
];

/// SQL that is not checked when it is compiled, or stands in a file that nothing here reads.
const UNCHECKED: &[&str] = &[
    concat!("query", "_file"),
    concat!("_unchecked", "!("),
    concat!("sqlx::", "query("),
    concat!("sqlx::", "query_as("),
    concat!("sqlx::", "query_scalar("),
    concat!("sqlx::", "query_as::"),
    concat!("sqlx::", "query_scalar::"),
    concat!("raw", "_sql"),
];

#[test]
fn sql_stands_in_stores() {
    let sources = sources();
    let violations: Vec<String> = sources
        .iter()
        .filter(|source| !source.is_store() && !source.is_for_tests())
        .filter(|source| !listed(SQL_OUTSIDE_STORES, &source.path))
        .flat_map(|source| {
            lines_with(&source.code, SQL)
                .chain(statements(&source.code).map(|(line, _)| line))
                .map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "SQL stands in the store.rs of its slice: make it a function there.",
    );
    for (path, _) in SQL_OUTSIDE_STORES {
        let needed = sources
            .iter()
            .any(|source| source.path == *path && lines_with(&source.code, SQL).next().is_some());
        assert!(
            needed,
            "src/{path} does not need to be in SQL_OUTSIDE_STORES any more: take it out"
        );
    }
}

#[test]
fn sql_is_checked_when_it_is_compiled() {
    let violations: Vec<String> = sources()
        .iter()
        .filter(|source| source.is_store())
        .flat_map(|source| {
            lines_with(&source.code, UNCHECKED)
                .chain(handed_over(&source.code))
                .map(|line| format!("src/{}:{line}", source.path))
        })
        .collect();
    fail_on(
        &violations,
        "Use the macros, which check the statement against the schema. What has to be put together from typed \
         filters uses sqlx's builder with bound values.",
    );
}
