//! The daily digest by mail. Every instance looks for what is due; a row of the table `digests` says who
//! sends what. What is in it is read when it is sent, as its receiver may read it at that moment.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::timeout;

use super::{
    digest_mail::{Contents, Line, compose},
    store::digests::{self, Claimed},
};
use crate::{
    accounts::token,
    error::{Code, Result},
    now::{self, model::TaskNow},
    people::access::{Access, Permission},
    server::{
        mail::{self, Delivery},
        settings::{self, Settings},
    },
    ui::time::due,
};

/// How long a claim lasts: longer than sending can take. A process that dies leaves it to the others then.
const LEASE: Duration = Duration::from_secs(120);
/// How long sending one mail may take.
const PATIENCE: Duration = Duration::from_secs(45);
/// The longest pause before a mail that could not be sent is tried again, on the same day.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Sends every digest that is due and that nobody else sends, and tells how many were sent.
pub async fn send_due(db: &PgPool, settings: &Settings) -> Result<u64> {
    let Some(server) = &settings.mail else {
        return Ok(0);
    };
    let mut sent = 0;
    while let Some(claimed) = digests::claim(db, LEASE).await? {
        let result = match send(db, settings, server, &claimed).await {
            Ok(result) => result,
            Err(error) => {
                tracing::warn!(error = %error, "A digest could not be made");
                "failed"
            }
        };
        metrics::counter!("digests_total", "result" => result).increment(1);
        sent += u64::from(result == "sent");
    }
    Ok(sent)
}

async fn send(
    db: &PgPool,
    settings: &Settings,
    server: &settings::Mail,
    claimed: &Claimed,
) -> Result<&'static str> {
    let Some(contents) = contents(db, claimed).await? else {
        digests::settle(db, claimed, "nothing").await?;
        return Ok("nothing");
    };
    let token = token::random();
    digests::insert_link(db, claimed, &token::hash(&token)).await?;
    let mail = compose(settings, claimed, &contents, &token);
    if !digests::hold(db, claimed, LEASE).await? {
        return Ok("left");
    }
    let delivery = timeout(PATIENCE, mail::hand_over(server, &mail)).await;
    match delivery.unwrap_or(Delivery::Failed) {
        Delivery::Sent => {
            digests::settle(db, claimed, "sent").await?;
            Ok("sent")
        }
        Delivery::Refused => {
            digests::settle(db, claimed, "refused").await?;
            Ok("refused")
        }
        Delivery::Failed => {
            digests::hold(db, claimed, pause(claimed.attempt)).await?;
            Ok("failed")
        }
    }
}

/// Longer after each attempt: two minutes, four, eight, up to an hour.
fn pause(attempt: i32) -> Duration {
    let doubled = 60_u64 << attempt.clamp(1, 10);
    Duration::from_secs(doubled).min(LONGEST_PAUSE)
}

/// What there is to say to somebody. None when that is nothing, or they are not in the team any more.
async fn contents(db: &PgPool, claimed: &Claimed) -> Result<Option<Contents>> {
    let entered = Access::enter(db, &claimed.person, &claimed.slug, Permission::Read).await;
    let access = match entered {
        Err(error) if error.code == Code::NotFound => return Ok(None),
        entered => entered?,
    };
    let (team, me) = (access.team(), claimed.person.id);
    let (now, (due_tasks, today)) = tokio::try_join!(
        now::store::now(db, team, Some(me)),
        digests::due_this_week(db, team, me),
    )?;
    let mine = now
        .people
        .into_iter()
        .find(|row| row.person.id == me)
        .map(|row| row.tasks)
        .unwrap_or_default();
    let mut contents = Contents::default();
    for task in &mine {
        if task.is_late() {
            contents.late.push(line(task));
        }
    }
    for task in due_tasks {
        let risk = mine.iter().find(|it| it.key == task.key);
        let risk = risk.and_then(TaskNow::risk);
        let is_today = task.due_on == today;
        let section = match risk {
            _ if is_today => &mut contents.today,
            Some(_) => &mut contents.at_risk,
            None => &mut contents.week,
        };
        section.push(Line {
            note: match risk {
                Some(risk) => risk.to_owned(),
                None if is_today => String::new(),
                None => due(&task.due_on, &today),
            },
            key: task.key,
            title: task.title,
        });
    }
    for task in mine.iter().filter(|task| task.risk().is_some()) {
        if !contents.has(&task.key) {
            contents.at_risk.push(line(task));
        }
    }
    if access.role().may_govern() {
        contents.unheld = now.unheld.iter().map(line).collect();
    }
    Ok(Some(contents).filter(|contents| !contents.is_empty()))
}

/// A task with all that is to be said of it.
fn line(task: &TaskNow) -> Line {
    let notes = task.due.iter().chain(&task.notes);
    let notes: Vec<&str> = notes.map(|note| &*note.words).collect();
    Line {
        key: task.key.clone(),
        title: task.title.clone(),
        note: notes.join("; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_longer_than_the_one_before_up_to_an_hour() {
        let minutes: Vec<u64> = (1..=8)
            .map(|attempt| pause(attempt).as_secs() / 60)
            .collect();
        assert_eq!(minutes, [2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pause(i32::MAX), LONGEST_PAUSE);
    }
}
