//! One request to a target, and what became of it.

use std::{
    error::Error as StdError,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use http::header::{CONTENT_TYPE, USER_AGENT};
use ipnet::IpNet;
use reqwest::{Client, ClientBuilder, Response, redirect::Policy};
use url::Url;

use super::{
    reach::{Lookup, Reach, Resolver, Unreachable, leads_outside, of_the_system},
    signature::sign,
};
use crate::{ids::DeliveryId, server::settings::Secret};

/// How long a target may take for everything.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read, and how many characters of a refusal are kept.
const READ: usize = 4 * 1024;
const KEPT: usize = 500;

const INSIDE: &str = "The address leads into a private network, which requests do not reach.";

/// What to send where.
pub struct Request<'a> {
    pub url: &'a str,
    pub secret: &'a Secret,
    pub delivery: DeliveryId,
    pub kind: &'a str,
    pub body: Vec<u8>,
}

/// What became of a request.
#[derive(Debug)]
pub struct Outcome {
    pub status: Option<u16>,
    pub took: Duration,
    pub failure: Option<Failure>,
}

/// Why a request was no success, in a sentence, and how the target's answer begins.
#[derive(Debug, Default)]
pub struct Failure {
    pub why: String,
    pub answer: Option<String>,
}

impl Failure {
    fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            answer: None,
        }
    }
}

/// The only way to a target.
pub struct Sender {
    allowed: Vec<IpNet>,
    /// Missing when the machine has no root certificates.
    secure: Option<Client>,
    /// For plain `http`, which reaches only what the operator allows.
    plain: Option<Client>,
}

impl Sender {
    pub fn new(allowed: &[IpNet]) -> Self {
        Self::with_lookup(allowed, of_the_system)
    }

    /// A sender that looks names up in this way.
    pub fn with_lookup(allowed: &[IpNet], lookup: Lookup) -> Self {
        // It fails only when there is one already, and then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let secure = client(Reach::secure(allowed), lookup).build();
        if let Err(error) = &secure {
            let cause = innermost(error);
            tracing::warn!(cause, "Webhooks cannot use https: {cause}");
        }
        let plain = client(Reach::plain(allowed), lookup).tls_certs_only([]);
        Self {
            allowed: allowed.to_vec(),
            secure: secure.ok(),
            plain: plain.build().ok(),
        }
    }

    /// Sends a request once.
    pub async fn send(&self, request: Request<'_>) -> Outcome {
        let begun = Instant::now();
        let (status, result) = self.try_to_send(request).await;
        Outcome {
            status,
            took: begun.elapsed(),
            failure: result.err(),
        }
    }

    async fn try_to_send(&self, request: Request<'_>) -> (Option<u16>, Result<(), Failure>) {
        let url = match Url::parse(request.url) {
            Ok(url) if leads_outside(&url, &self.allowed) => url,
            _ => return (None, Err(Failure::new(INSIDE))),
        };
        let client = match url.scheme() {
            "https" => &self.secure,
            _ => &self.plain,
        };
        let Some(client) = client else {
            let why = "This server has no root certificates to check https with. Ask who runs it.";
            return (None, Err(Failure::new(why)));
        };
        let signature = sign(request.secret.reveal(), now(), &request.body);
        let answer = client
            .post(url)
            .header(
                USER_AGENT,
                concat!("Skateboard/", env!("CARGO_PKG_VERSION")),
            )
            .header(CONTENT_TYPE, "application/json")
            .header("Skateboard-Event", request.kind)
            .header("Skateboard-Delivery", request.delivery.to_string())
            .header("Skateboard-Signature", signature)
            .body(request.body)
            .send()
            .await;
        match answer {
            Ok(answer) => (Some(answer.status().as_u16()), judge(answer).await),
            Err(error) => (None, Err(Failure::new(in_words(&error)))),
        }
    }
}

fn client(reach: Reach, lookup: Lookup) -> ClientBuilder {
    Client::builder()
        .dns_resolver(Resolver::new(reach, lookup))
        .no_proxy()
        .redirect(Policy::none())
        .timeout(PATIENCE)
        // Each request is a connection of its own, so where it goes is looked at each time.
        .pool_max_idle_per_host(0)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() as i64)
}

async fn judge(answer: Response) -> Result<(), Failure> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let code = status.as_u16();
    let why = match status.is_redirection() {
        true => format!(
            "It answered with a redirect ({code}), which is not followed. Use the address that it leads to."
        ),
        false => format!("It answered {code}."),
    };
    Err(Failure {
        why,
        answer: beginning(answer).await,
    })
}

/// How an answer begins, as text that can be stored and shown.
async fn beginning(mut answer: Response) -> Option<String> {
    let mut read = Vec::new();
    while read.len() < READ
        && let Ok(Some(chunk)) = answer.chunk().await
    {
        read.extend_from_slice(&chunk);
    }
    read.truncate(READ);
    let text: String = String::from_utf8_lossy(&read)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(KEPT)
        .collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn in_words(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<Unreachable>() {
            return INSIDE.to_owned();
        }
        cause = error.source();
    }
    if error.is_timeout() {
        return format!("It did not answer within {} seconds.", PATIENCE.as_secs());
    }
    let said: String = innermost(error).chars().take(KEPT).collect();
    // The system's number of it tells nobody anything.
    let said = said.split(" (os error").next().unwrap_or_default();
    if error.is_connect() {
        format!("No connection could be made: {said}.")
    } else {
        format!("The connection broke: {said}.")
    }
}

/// The cause of all causes, which is what a person can act on. The others name the address again.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
