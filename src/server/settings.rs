//! What the operator decides: environment variables, or flags with the same names.

mod command_line;
#[cfg(test)]
mod tests;

use std::{
    env, fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use ipnet::IpNet;
use lettre::{SmtpTransport, message::Mailbox};
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

pub use command_line::{Command, CommandLine, ImportCommand, UserCommand};

/// The settings as they were given, not yet understood. An empty one counts as not given.
#[derive(Debug, Default, Args)]
pub struct Given {
    /// Postgres to use; without it a private one runs in SKATEBOARD_DATA
    #[arg(long, env, global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of the private Postgres [default: skateboard in the user's data folder]
    #[arg(long, env, global = true, value_name = "FOLDER")]
    pub skateboard_data: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env, global = true, value_name = "ADDRESS:PORT")]
    pub leptos_site_addr: Option<String>,
    /// Where people reach the server; links and cookies follow it [default: http:// and the address above]
    #[arg(long, env, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// 1 to allow plain http on other addresses than this machine's own
    #[arg(long, env, global = true, num_args = 0..=1, default_missing_value = "1", value_name = "1")]
    pub insecure_http: Option<String>,
    /// Who may register: invite or open [default: invite]
    #[arg(long, env, global = true, value_name = "WHO")]
    pub registration: Option<String>,
    /// Mail server, such as smtps://name:password@mail.example.com
    #[arg(long, env, global = true, hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<String>,
    /// Sender of the mails, such as "Skateboard <board@example.com>"
    #[arg(long, env, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Bearer token that /metrics then asks for
    #[arg(long, env, global = true, hide_env_values = true, value_name = "TOKEN")]
    pub metrics_token: Option<String>,
    /// Proxies whose X-Forwarded-For counts, such as 10.0.0.0/8,192.0.2.7
    #[arg(long, env, global = true, value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,
    /// Private networks that webhooks may call, such as 10.1.0.0/16,127.0.0.1
    #[arg(long, env, global = true, value_name = "NETWORKS")]
    pub webhook_allow: Option<String>,
    /// OpenTelemetry collector that gets traces by OTLP over http, such as http://127.0.0.1:4318
    #[arg(long, env, global = true, hide_env_values = true, value_name = "URL")]
    pub otel_exporter_otlp_endpoint: Option<String>,
    /// Form of the log: text or json [default: text]
    #[arg(long, env, global = true, value_name = "FORM")]
    pub log_format: Option<String>,
    /// What is logged, such as info,skateboard=debug [default: info]
    #[arg(long, env, global = true, value_name = "FILTER")]
    pub rust_log: Option<String>,
}

/// The settings, understood and fitting together.
#[derive(Debug, Clone)]
pub struct Settings {
    pub database: Database,
    /// Where the server listens.
    pub site_addr: SocketAddr,
    pub registration: Registration,
    /// How mail is sent; `None` means that links are shown instead.
    pub mail: Option<Mail>,
    pub metrics_token: Option<Secret>,
    pub trusted_proxies: Vec<IpNet>,
    /// What webhooks may call besides the public network.
    pub webhook_allow: Vec<IpNet>,
    /// The collector of traces, if there is one.
    pub otlp_endpoint: Option<Url>,
    pub log_format: LogFormat,
    /// In the syntax of `RUST_LOG`; known to parse.
    pub log_filter: String,
    base_url: Url,
    base_url_follows_address: bool,
}

/// Which Postgres holds the data.
#[derive(Debug, Clone)]
pub enum Database {
    /// The operator's own, by its URL.
    Given(Secret),
    /// One of our own, in this folder.
    Private(PathBuf),
}

/// Who may create an account, once there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Invite,
    Open,
}

/// The mail server, and who the mails are from.
#[derive(Debug, Clone)]
pub struct Mail {
    pub smtp_url: Secret,
    pub from: Mailbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// A value that no log and no error message may show.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

/// Everything that is wrong with the settings, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("the settings need a change:\n  {}", .0.join("\n  "))]
pub struct Problems(Vec<String>);

impl Settings {
    /// Understands what was given.
    ///
    /// # Errors
    /// Names everything that is wrong at once, so that it can be repaired at once.
    pub fn understand(given: Given) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let site_addr = site_addr(given.leptos_site_addr, &mut problems);
        let base_url = base_url(given.base_url, &mut problems);
        let base_url_follows_address = base_url.is_none();
        let settings = Self {
            database: database(given.database_url, given.skateboard_data, &mut problems),
            site_addr,
            registration: registration(given.registration, &mut problems),
            mail: mail(given.smtp_url, given.mail_from, &mut problems),
            metrics_token: metrics_token(given.metrics_token, &mut problems),
            trusted_proxies: networks("TRUSTED_PROXIES", given.trusted_proxies, &mut problems),
            webhook_allow: networks("WEBHOOK_ALLOW", given.webhook_allow, &mut problems),
            otlp_endpoint: otlp_endpoint(given.otel_exporter_otlp_endpoint, &mut problems),
            log_format: log_format(given.log_format, &mut problems),
            log_filter: log_filter(given.rust_log, &mut problems),
            base_url: base_url.unwrap_or_else(|| url_of(site_addr)),
            base_url_follows_address,
        };
        let insecure_http = insecure_http(given.insecure_http, &mut problems);
        if !insecure_http && let Some(problem) = settings.plain_http_away_from_loopback() {
            problems.push(problem);
        }
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(Problems(problems))
        }
    }

    /// The same settings for a server that listens on `address`, which port 0 leaves to the system.
    #[must_use]
    pub fn listening_on(mut self, address: SocketAddr) -> Self {
        self.site_addr = address;
        if self.base_url_follows_address {
            self.base_url = url_of(address);
        }
        self
    }

    /// Where people reach the server.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Scheme, host and port of [`Self::base_url`], as a browser writes them into `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.base_url.origin().ascii_serialization()
    }

    /// Whether a URL leads to this server. On one's own machine `localhost` and `127.0.0.1` are the same server, if the
    /// port is the same.
    #[must_use]
    pub fn is_here(&self, url: &Url) -> bool {
        let own = &self.base_url;
        url.origin() == own.origin()
            || (is_loopback(own)
                && is_loopback(url)
                && url.scheme() == own.scheme()
                && url.port_or_known_default() == own.port_or_known_default())
    }

    /// A link to show or to mail. `path` begins with a slash; the request's Host plays no part.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        debug_assert!(path.starts_with('/'));
        format!("{}{path}", self.origin())
    }

    /// Whether cookies carry `Secure` and the `__Host-` prefix.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// Whether people reach the server only from the machine that it runs on.
    #[must_use]
    pub fn base_url_is_loopback(&self) -> bool {
        is_loopback(&self.base_url)
    }

    /// Whether what this address says about its clients may be believed.
    #[must_use]
    pub fn is_trusted_proxy(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies
            .iter()
            .any(|network| network.contains(&address))
    }

    fn plain_http_away_from_loopback(&self) -> Option<String> {
        if self.secure_cookies() {
            return None;
        }
        let away = if !self.base_url_is_loopback() && !self.base_url_follows_address {
            format!("BASE_URL {}", self.origin())
        } else if !self.site_addr.ip().to_canonical().is_loopback() {
            format!("LEPTOS_SITE_ADDR {}", self.site_addr)
        } else {
            return None;
        };
        Some(format!(
            "{away} is plain http that other machines reach, so passwords could be read on the way. Set BASE_URL to \
             the https address of the proxy in front, or INSECURE_HTTP=1 if the network is trusted."
        ))
    }
}

/// Whether a URL leads to the machine that it is used on.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn present(value: Option<String>) -> Option<String> {
    value
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

/// Every address at once (0.0.0.0) is none that a browser could open, so this machine's own name stands for it.
fn url_of(address: SocketAddr) -> Url {
    let text = match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{}", address.port()),
        _ => format!("http://{address}"),
    };
    // An address and a port always make a URL.
    Url::parse(&text).expect("an address and a port")
}

fn database(url: Option<String>, folder: Option<String>, problems: &mut Vec<String>) -> Database {
    if let Some(url) = present(url) {
        let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if !is_postgres || url.parse::<PgConnectOptions>().is_err() {
            problems.push(
                "DATABASE_URL is not of the form postgres://name:password@host:5432/database."
                    .into(),
            );
        }
        return Database::Given(Secret(url));
    }
    let folder = present(folder)
        .map(PathBuf::from)
        .or_else(user_data_folder)
        .and_then(|folder| std::path::absolute(folder).ok());
    if folder.is_none() {
        problems.push(
            "There is no folder for the data: set SKATEBOARD_DATA to one, or DATABASE_URL to a Postgres of your own."
                .into(),
        );
    }
    Database::Private(folder.unwrap_or_default())
}

fn user_data_folder() -> Option<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let folder = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")))?;
    Some(folder.join("skateboard"))
}

fn site_addr(value: Option<String>, problems: &mut Vec<String>) -> SocketAddr {
    let default = SocketAddr::from(([127, 0, 0, 1], 3000));
    let Some(value) = present(value) else {
        return default;
    };
    value.parse().unwrap_or_else(|_| {
        problems.push(format!(
            "LEPTOS_SITE_ADDR {value:?} is not an address and a port such as 127.0.0.1:3000."
        ));
        default
    })
}

fn base_url(value: Option<String>, problems: &mut Vec<String>) -> Option<Url> {
    let value = present(value)?;
    let url = Url::parse(&value).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if url.is_none() {
        problems.push(
            "BASE_URL is not an http or https address without a path, such as https://board.example.com.".into(),
        );
    }
    url
}

fn insecure_http(value: Option<String>, problems: &mut Vec<String>) -> bool {
    match present(value).as_deref() {
        None | Some("0" | "false" | "no") => false,
        Some("1" | "true" | "yes") => true,
        Some(other) => {
            problems.push(format!("INSECURE_HTTP is 1 or 0, not {other:?}."));
            true
        }
    }
}

fn registration(value: Option<String>, problems: &mut Vec<String>) -> Registration {
    match present(value).as_deref() {
        None | Some("invite") => Registration::Invite,
        Some("open") => Registration::Open,
        Some(other) => {
            problems.push(format!("REGISTRATION is invite or open, not {other:?}."));
            Registration::Invite
        }
    }
}

fn mail(url: Option<String>, from: Option<String>, problems: &mut Vec<String>) -> Option<Mail> {
    let url = present(url);
    if url
        .as_deref()
        .is_some_and(|url| SmtpTransport::from_url(url).is_err())
    {
        problems.push(
            "SMTP_URL is not of the form smtps://name:password@host, or smtp://host:25 for a server without TLS.".into(),
        );
    }
    let (url, from) = match (url, present(from)) {
        (None, None) => return None,
        (Some(_), None) => {
            problems.push("SMTP_URL needs MAIL_FROM beside it: who the mails are from.".into());
            return None;
        }
        (None, Some(_)) => {
            problems.push(
                "MAIL_FROM needs SMTP_URL beside it: the server that sends the mails.".into(),
            );
            return None;
        }
        (Some(url), Some(from)) => (url, from),
    };
    let Ok(from) = from.parse() else {
        problems.push(format!(
            "MAIL_FROM {from:?} is not an address such as board@example.com."
        ));
        return None;
    };
    Some(Mail {
        smtp_url: Secret(url),
        from,
    })
}

fn metrics_token(value: Option<String>, problems: &mut Vec<String>) -> Option<Secret> {
    let value = present(value)?;
    if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        problems.push(
            "METRICS_TOKEN has characters that no header can carry: use letters and digits.".into(),
        );
    }
    Some(Secret(value))
}

fn networks(name: &str, value: Option<String>, problems: &mut Vec<String>) -> Vec<IpNet> {
    let value = present(value).unwrap_or_default();
    let mut networks = Vec::new();
    for part in value.split([',', ' ']).filter(|part| !part.is_empty()) {
        match part
            .parse::<IpNet>()
            .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
        {
            Ok(network) => networks.push(network),
            Err(_) => problems.push(format!(
                "{name} has {part:?}, which is neither an address nor a network such as 10.0.0.0/8."
            )),
        }
    }
    networks
}

fn otlp_endpoint(value: Option<String>, problems: &mut Vec<String>) -> Option<Url> {
    let value = present(value)?;
    let url = Url::parse(&value).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if url.is_none() {
        problems.push(
            "OTEL_EXPORTER_OTLP_ENDPOINT is not an http or https address such as http://127.0.0.1:4318. What the \
             collector wants to know of the sender goes into OTEL_EXPORTER_OTLP_HEADERS."
                .into(),
        );
    }
    url
}

fn log_format(value: Option<String>, problems: &mut Vec<String>) -> LogFormat {
    match present(value).as_deref() {
        None | Some("text") => LogFormat::Text,
        Some("json") => LogFormat::Json,
        Some(other) => {
            problems.push(format!("LOG_FORMAT is text or json, not {other:?}."));
            LogFormat::Text
        }
    }
}

fn log_filter(value: Option<String>, problems: &mut Vec<String>) -> String {
    let filter = present(value).unwrap_or_else(|| "info,sqlx::postgres::notice=warn".into());
    if EnvFilter::try_new(&filter).is_err() {
        problems.push(format!(
            "RUST_LOG {filter:?} is not a filter such as info or skateboard=debug,warn."
        ));
    }
    filter
}
