//! Mail: plain text, sent after the change that it is about has been committed.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::response::Category,
};

use tokio::time::timeout;

use super::settings::{self, Settings};

/// How long a mail server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long it may take to accept a mail that is handed over once.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(45);
/// The pauses before a mail is tried again.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(20)];

/// What to say to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: &'static str,
    pub text: String,
}

/// A mail that comes again, and that its receiver can end with one click (RFC 8058).
#[derive(Clone, Debug)]
pub struct ListMail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// With its angle brackets.
    pub message_id: String,
    /// The address that ends it.
    pub unsubscribe: String,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    Sent,
    /// It will not be taken, however often it is tried.
    Refused,
    /// It was not taken, and may be later.
    NotYet,
    /// The mail server did not say whether it took it.
    Unknown,
}

/// Whether the mail server is there and lets this one in.
pub async fn is_there(server: &settings::Mail) -> bool {
    match transport(server) {
        Some(transport) => transport.test_connection().await.unwrap_or(false),
        None => false,
    }
}

/// Hands a mail to the mail server, once. Whoever asks tries again.
pub async fn hand_over(server: &settings::Mail, mail: &ListMail) -> Delivery {
    let sent = match (transport(server), list_message(server, mail)) {
        (Some(transport), Some(message)) => timeout(PATIENCE_IN_ALL, transport.send(message)).await,
        _ => return counted(Delivery::Refused),
    };
    counted(match sent {
        Ok(Ok(_)) => Delivery::Sent,
        Ok(Err(error)) if is_about_the_mail(&error) => Delivery::Refused,
        Ok(Err(error)) if error.status().is_some() => Delivery::NotYet,
        _ => Delivery::Unknown,
    })
}

fn counted(delivery: Delivery) -> Delivery {
    let result = match delivery {
        Delivery::Sent => "sent",
        Delivery::Refused => "refused",
        Delivery::NotYet => "not_yet",
        Delivery::Unknown => "unknown",
    };
    metrics::counter!("mails_total", "result" => result).increment(1);
    if delivery != Delivery::Sent {
        tracing::warn!(result, "The mail server did not take a digest: {result}");
    }
    delivery
}

/// Sends a mail in the background. Without a mail server nothing is sent.
pub fn send_later(settings: &Settings, mail: Mail) {
    if let Some(server) = settings.mail.clone() {
        tokio::spawn(async move { send(&server, &mail).await });
    }
}

/// Sends a mail and waits for it. Without a mail server nothing is sent.
pub async fn send_now(settings: &Settings, mail: &Mail) {
    if let Some(server) = &settings.mail {
        send(server, mail).await;
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
    let mut pauses = PAUSES.into_iter();
    loop {
        let result = try_once(server, &message).await;
        if matches!(result, "sent" | "refused") {
            return result;
        }
        match pauses.next() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return result,
        }
    }
}

async fn try_once(server: &settings::Mail, message: &Message) -> &'static str {
    let Some(transport) = transport(server) else {
        return "unreachable";
    };
    match transport.send(message.clone()).await {
        Ok(_) => "sent",
        Err(error) if is_about_the_mail(&error) => "refused",
        Err(error) if error.is_timeout() => "timeout",
        Err(_) => "unreachable",
    }
}

fn transport(server: &settings::Mail) -> Option<AsyncSmtpTransport<Tokio1Executor>> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.smtp_url.reveal());
    Some(transport.ok()?.timeout(Some(PATIENCE)).build())
}

fn list_message(server: &settings::Mail, mail: &ListMail) -> Option<Message> {
    let to: Address = mail.to.parse().ok()?;
    let header = |name, value: &str| {
        HeaderValue::dangerous_new_pre_encoded(
            HeaderName::new_from_ascii_str(name),
            value.to_owned(),
            value.to_owned(),
        )
    };
    Message::builder()
        .from(server.from.clone())
        .to(Mailbox::new(None, to))
        .subject(&*mail.subject)
        .message_id(Some(mail.message_id.clone()))
        .raw_header(header(
            "List-Unsubscribe",
            &format!("<{}>", mail.unsubscribe),
        ))
        .raw_header(header(
            "List-Unsubscribe-Post",
            "List-Unsubscribe=One-Click",
        ))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .multipart(MultiPart::alternative_plain_html(
            mail.text.clone(),
            mail.html.clone(),
        ))
        .ok()
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

/// Whether it is this mail that the server will never take. What it says of the sign-in or of itself may be
/// different later.
fn is_about_the_mail(error: &lettre::transport::smtp::Error) -> bool {
    let code = error.status().filter(|_| error.is_permanent());
    code.is_some_and(|code| code.category == Category::MailSystem)
}
