//! What the binary says to whoever types it.
#![cfg(feature = "ssr")]

use std::{
    net::TcpListener,
    os::unix::process::CommandExt as _,
    process::{Command, Output},
};

use rustix::process::geteuid;

/// Runs the program with these settings alone.
fn run(settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    program(settings, arguments).output().expect("the program")
}

fn program(settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skateboard"));
    command
        .env_clear()
        .envs(settings.iter().copied())
        .args(arguments);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Nothing listens on port 1.
const AWAY: (&str, &str) = ("DATABASE_URL", "postgres://someone:hush@127.0.0.1:1/board");

#[test]
fn every_wrong_setting_is_named_and_no_secret_is_shown() {
    let wrong = [
        ("BASE_URL", "board"),
        ("REGISTRATION", "all"),
        ("DATABASE_URL", "mysql://a:hush@b/c"),
    ];
    let output = run(&wrong, &["check"]);
    assert!(!output.status.success());
    for (name, _) in wrong {
        assert!(said(&output).contains(name), "{}", said(&output));
    }
    assert!(!said(&output).contains("hush"));
}

#[test]
fn a_database_that_is_away_is_said_in_a_sentence() {
    let output = run(&[AWAY], &["check"]);
    assert!(!output.status.success());
    let last = said(&output);
    assert!(
        last.contains("the database at 127.0.0.1:1 does not answer"),
        "{last}"
    );
    assert!(!last.contains("hush"), "{last}");
}

#[test]
fn the_help_lists_every_setting_and_no_value() {
    let output = run(&[AWAY, ("METRICS_TOKEN", "hush")], &["--help"]);
    let help = String::from_utf8_lossy(&output.stdout);
    for name in [
        "DATABASE_URL",
        "SKATEBOARD_DATA",
        "LEPTOS_SITE_ADDR",
        "BASE_URL",
        "INSECURE_HTTP",
        "REGISTRATION",
        "SMTP_URL",
        "MAIL_FROM",
        "METRICS_TOKEN",
        "TRUSTED_PROXIES",
        "WEBHOOK_ALLOW",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "LOG_FORMAT",
        "RUST_LOG",
    ] {
        assert!(help.contains(name), "{name} is missing in {help}");
    }
    assert!(!help.contains("hush"), "{help}");
}

#[test]
fn it_does_not_serve_as_root() {
    if !geteuid().is_root() {
        return;
    }
    let output = run(&[AWAY], &[]);
    assert!(!output.status.success());
    assert!(said(&output).contains("root"), "{}", said(&output));
}

#[test]
fn a_taken_port_ends_the_start_at_once() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program(&[AWAY, ("LEPTOS_SITE_ADDR", &address)], &[]);
    if geteuid().is_root() {
        // The checkout may lie where nobody else can read, and root does not serve.
        let copy = folder.path().join("skateboard");
        std::fs::copy(env!("CARGO_BIN_EXE_skateboard"), &copy).expect("a copy");
        std::os::unix::fs::chown(folder.path(), Some(65_534), Some(65_534)).expect("root may");
        command = Command::new(copy);
        command
            .env_clear()
            .envs([AWAY, ("LEPTOS_SITE_ADDR", &address)])
            .uid(65_534)
            .gid(65_534)
            .current_dir("/");
    }
    let output = command.output().expect("the program");
    assert!(!output.status.success());
    assert!(
        said(&output).contains(&address) && said(&output).contains("LEPTOS_SITE_ADDR"),
        "{}",
        said(&output)
    );
}
