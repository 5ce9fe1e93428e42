use clap::Parser as _;

use super::*;
use crate::accounts::model::tokens::Scope;

fn given(change: impl FnOnce(&mut Given)) -> Result<Settings, Problems> {
    let mut given = Given {
        database_url: Some("postgres://localhost/x".into()),
        ..Given::default()
    };
    change(&mut given);
    Settings::understand(given)
}

fn problem(change: impl FnOnce(&mut Given)) -> String {
    given(change).expect_err("a problem").to_string()
}

#[test]
fn links_follow_the_base_url() {
    let settings = given(|given| given.base_url = Some("https://board.example.com/".into()))
        .expect("settings");
    assert_eq!(
        settings.link("/invitations/x"),
        "https://board.example.com/invitations/x"
    );
    assert!(settings.secure_cookies());
}

#[test]
fn without_a_base_url_the_address_is_used() {
    let settings =
        given(|given| given.leptos_site_addr = Some("127.0.0.1:0".into())).expect("settings");
    let settings = settings.listening_on(SocketAddr::from(([127, 0, 0, 1], 4000)));
    assert_eq!(settings.link("/"), "http://127.0.0.1:4000/");
    assert!(!settings.secure_cookies());
    assert!(settings.base_url_is_loopback());
}

#[test]
fn plain_http_away_from_loopback_is_refused_unless_it_is_asked_for() {
    for (name, value) in [
        ("BASE_URL", "http://board.example.com"),
        ("LEPTOS_SITE_ADDR", "0.0.0.0:3000"),
    ] {
        let set = |given: &mut Given| match name {
            "BASE_URL" => given.base_url = Some(value.into()),
            _ => given.leptos_site_addr = Some(value.into()),
        };
        assert!(problem(set).contains(name), "{name}");
        let allowed = given(|given| {
            set(given);
            given.insecure_http = Some("1".into());
        });
        assert!(allowed.is_ok(), "{name}");
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let said = problem(|given| {
        given.base_url = Some("board".into());
        given.leptos_site_addr = Some("nowhere".into());
        given.registration = Some("all".into());
        given.smtp_url = Some("smtps://mail.example.com".into());
        given.trusted_proxies = Some("10.0.0.0/99".into());
        given.webhook_allow = Some("the cellar".into());
        given.otel_exporter_otlp_endpoint = Some("collector:4318".into());
        given.log_format = Some("xml".into());
        given.rust_log = Some("skateboard=loud".into());
    });
    for name in [
        "BASE_URL",
        "LEPTOS_SITE_ADDR",
        "REGISTRATION",
        "MAIL_FROM",
        "TRUSTED_PROXIES",
        "WEBHOOK_ALLOW",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "LOG_FORMAT",
        "RUST_LOG",
    ] {
        assert!(said.contains(name), "{name} is missing in: {said}");
    }
}

#[test]
fn an_empty_value_counts_as_not_given() {
    let settings = given(|given| {
        given.metrics_token = Some(String::new());
        given.registration = Some(" ".into());
    })
    .expect("settings");
    assert!(settings.metrics_token.is_none());
    assert_eq!(settings.registration, Registration::Invite);
}

#[test]
fn no_secret_is_ever_printed() {
    let settings = given(|given| {
        given.database_url = Some("postgres://someone:hush@localhost/x".into());
        given.metrics_token = Some("hush".into());
        given.smtp_url = Some("smtps://someone:hush@mail.example.com".into());
        given.mail_from = Some("Board <board@example.com>".into());
    })
    .expect("settings");
    assert!(!format!("{settings:?}").contains("hush"));
    let said = problem(|given| given.database_url = Some("mysql://someone:hush@localhost".into()));
    assert!(
        said.contains("DATABASE_URL") && !said.contains("hush"),
        "{said}"
    );
}

#[test]
fn a_proxy_is_trusted_in_either_way_of_writing_its_address() {
    let settings = given(|given| given.trusted_proxies = Some("10.0.0.0/8, 192.0.2.7".into()))
        .expect("settings");
    for trusted in ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7"] {
        assert!(
            settings.is_trusted_proxy(trusted.parse().expect("an address")),
            "{trusted}"
        );
    }
    assert!(!settings.is_trusted_proxy(IpAddr::from([192, 0, 2, 8])));
}

#[test]
fn flags_have_the_names_of_the_variables() {
    use clap::CommandFactory;
    CommandLine::command().debug_assert();
    let line = CommandLine::parse_from([
        "skateboard",
        "check",
        "--base-url",
        "https://x.example",
        "--insecure-http",
    ]);
    assert!(matches!(line.command, Some(Command::Check)));
    assert_eq!(line.given.base_url.as_deref(), Some("https://x.example"));
    assert_eq!(line.given.insecure_http.as_deref(), Some("1"));
}

#[test]
fn a_file_is_all_that_an_import_needs() {
    let line = CommandLine::try_parse_from(["skateboard", "import", "trello", "board.json"]);
    let Some(Command::Import(ImportCommand::Trello { team, as_email, .. })) =
        line.expect("a command").command
    else {
        panic!("an import");
    };
    assert_eq!((team, as_email), (None, None));
}

#[test]
fn a_token_reads_and_works_for_90_days_unless_more_is_asked_for() {
    let asked = [
        "skateboard",
        "user",
        "token",
        "a@example.org",
        "--name",
        "Export",
    ];
    let with = |more: &[&str]| CommandLine::try_parse_from(asked.iter().chain(more));
    let line = with(&[]).expect("a command");
    let Some(Command::User(UserCommand::Token { scope, days, .. })) = line.command else {
        panic!("{:?}", line.command);
    };
    assert_eq!((scope, days.days()), (Scope::Read, 90));
    for (flag, value, reason) in [
        ("--scope", "all", "read or write"),
        ("--days", "366", "1 to 365 days"),
        ("--days", "soon", "1 to 365 days"),
    ] {
        let refused = with(&[flag, value]).expect_err(value).to_string();
        assert!(refused.contains(reason), "{refused}");
    }
}
