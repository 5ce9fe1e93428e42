//! A mail server that keeps what it gets.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::PgPool;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

use super::TestApp;
use crate::server::settings::Given;

/// All mails that were received.
#[derive(Clone, Default)]
pub struct Mailbox {
    mails: Arc<Mutex<Vec<Received>>>,
    arrived: Arc<Notify>,
    refusals: Arc<Mutex<VecDeque<&'static str>>>,
    loses_next_answer: Arc<AtomicBool>,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub to: String,
    pub head: String,
    pub text: String,
}

impl Mailbox {
    /// An app that sends its mails here.
    pub async fn app(db: PgPool, change: impl FnOnce(&mut Given)) -> (TestApp, Self) {
        let (mailbox, url) = Self::start().await;
        let app = TestApp::with(db, |given| {
            given.smtp_url = Some(url);
            given.mail_from = Some("Skateboard <board@example.test>".into());
            change(given);
        });
        (app, mailbox)
    }

    /// The mail server alone, and its address for `SMTP_URL`.
    pub async fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let mailbox = Self::default();
        tokio::spawn(serve(listener, mailbox.clone()));
        (mailbox, url)
    }

    /// Answers the next mail with this instead of taking it: `450 later` or `550 never`.
    pub fn refuse_next(&self, answer: &'static str) {
        self.refusals.lock().unwrap().push_back(answer);
    }

    /// Takes the next mail and hangs up without saying so.
    pub fn lose_next_answer(&self) {
        self.loses_next_answer.store(true, Ordering::Relaxed);
    }

    /// Everything that was received.
    pub fn all(&self) -> Vec<Received> {
        self.mails.lock().unwrap().clone()
    }

    /// Waits until so many mails have arrived, and gives the last one.
    pub async fn wait_for(&self, number: usize) -> Received {
        let enough = async {
            loop {
                let arrived = self.arrived.notified();
                if let Some(mail) = self.mails.lock().unwrap().get(number - 1) {
                    return mail.clone();
                }
                arrived.await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), enough)
            .await
            .expect("a mail in time")
    }

    pub fn count(&self) -> usize {
        self.mails.lock().unwrap().len()
    }
}

impl Received {
    /// The path of the first link in the text that leads to such a page.
    pub fn link(&self, page: &str) -> String {
        let origin = "http://127.0.0.1:3000";
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix(origin))
            .find(|path| path.starts_with(page))
            .unwrap_or_else(|| panic!("no link to {page} in {}", self.text))
            .to_owned()
    }
}

async fn serve(listener: TcpListener, mailbox: Mailbox) {
    while let Ok((stream, _)) = listener.accept().await {
        let mailbox = mailbox.clone();
        tokio::spawn(async move {
            // A client that hangs up early sent no mail.
            let _ = receive(stream, &mailbox).await;
        });
    }
}

/// As much of RFC 5321 as a client needs to hand over one mail after the other.
async fn receive(stream: TcpStream, mailbox: &Mailbox) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "RCPT" => {
                line.trim_end().clone_into(&mut to);
                let refusal = mailbox.refusals.lock().unwrap().pop_front();
                if let Some(refusal) = refusal {
                    stream.write_all(refusal.as_bytes()).await?;
                    b"\r\n"
                } else {
                    b"250 ok\r\n"
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mail = read_mail(&mut stream, &to).await?;
                mailbox.mails.lock().unwrap().push(mail);
                mailbox.arrived.notify_waiters();
                if mailbox.loses_next_answer.swap(false, Ordering::Relaxed) {
                    return Ok(());
                }
                b"250 ok\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).await?;
    }
}

async fn read_mail(stream: &mut BufReader<TcpStream>, to: &str) -> std::io::Result<Received> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        if line == "." {
            break;
        }
        lines.push(line);
    }
    let blank = lines.iter().position(String::is_empty).unwrap_or_default();
    let head = lines[..blank].join("\n");
    let body = lines[blank + 1..].join("\n");
    let text = match headers(&head)
        .get("content-transfer-encoding")
        .map(String::as_str)
    {
        Some("quoted-printable") => body.replace("=\n", "").replace("=3D", "="),
        Some("base64") => {
            use base64::{Engine, engine::general_purpose::STANDARD};
            String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap()
        }
        // Its parts are.
        _ if head.contains("multipart/alternative") => body.replace("=\n", "").replace("=3D", "="),
        _ => body,
    };
    Ok(Received {
        to: to.to_owned(),
        head,
        text,
    })
}

fn headers(head: &str) -> HashMap<String, String> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect()
}
