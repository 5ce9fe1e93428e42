//! Mail: plain text, sent after the change that it is about has been committed.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use super::settings::{self, Settings};

/// How long a mail server may take to accept a mail.
const PATIENCE: Duration = Duration::from_secs(15);
/// The pauses before a mail is tried again.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(20)];

/// What to say to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: &'static str,
    pub text: String,
}

/// Sends a mail in the background. Without a mail server nothing is sent.
pub fn send_later(settings: &Settings, mail: Mail) {
    if let Some(server) = settings.mail.clone() {
        tokio::spawn(async move { send(&server, &mail).await });
    }
}

/// Sends a mail, with a few tries. What goes wrong is logged without an address, which an error of the
/// mail server may quote.
async fn send(server: &settings::Mail, mail: &Mail) {
    let result = match message(server, mail) {
        Some(message) => deliver(server, message).await,
        None => "refused",
    };
    metrics::counter!("mails_total", "result" => result).increment(1);
    if result == "sent" {
        tracing::info!(subject = mail.subject, "A mail was sent");
    } else {
        tracing::error!(subject = mail.subject, result, "A mail could not be sent");
    }
}

async fn deliver(server: &settings::Mail, message: Message) -> &'static str {
    let Ok(transport) = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.smtp_url.reveal())
    else {
        return "refused";
    };
    let transport = transport.timeout(Some(PATIENCE)).build();
    let mut pauses = PAUSES.into_iter();
    loop {
        let result = match transport.send(message.clone()).await {
            Ok(_) => return "sent",
            Err(error) if error.is_permanent() => return "refused",
            Err(error) if error.is_timeout() => "timeout",
            Err(_) => "unreachable",
        };
        match pauses.next() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return result,
        }
    }
}

fn message(server: &settings::Mail, mail: &Mail) -> Option<Message> {
    let to: Address = mail.to.parse().ok()?;
    Message::builder()
        .from(server.from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .ok()
}
