//! The daily digest by mail. Every instance looks for what is due; a row of the table `digests` says who
//! sends what. What is in it is read when it is sent, as its receiver may read it at that moment.

use std::time::Duration;

use sqlx::PgPool;

use super::{
    digest_mail::{Contents, Line, compose},
    store::digests::{self, Claimed, Due},
};
use crate::{
    accounts::token,
    error::{Code, Result},
    now::{
        self,
        model::{AT_RISK, PersonNow, TaskNow},
    },
    people::access::{Access, Permission},
    server::{
        mail::{self, Delivery},
        serve::Shutdown,
        settings::{self, Settings},
    },
    tasks::due,
};

/// How long a claim lasts: longer than making a digest takes. A process that dies leaves it to the others then.
const LEASE: Duration = Duration::from_secs(120);
/// The longest pause before a mail that was not taken is tried again, on the same day.
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Sends every digest that is due and that nobody else sends, and tells how many were sent. It ends early when
/// the server does, between two mails.
pub async fn send_due(db: &PgPool, settings: &Settings, shutdown: &Shutdown) -> Result<u64> {
    let Some(server) = &settings.mail else {
        return Ok(0);
    };
    let mut sent = 0;
    let mut last: Option<Due> = None;
    loop {
        let batch = digests::due(db, last.as_ref()).await?;
        if batch.is_empty() {
            return Ok(sent);
        }
        for due in &batch {
            if shutdown.has_begun() {
                return Ok(sent);
            }
            let Some(claimed) = digests::claim(db, due, LEASE).await? else {
                continue;
            };
            let result = send(db, settings, server, &claimed).await;
            let result = result.unwrap_or_else(|error| {
                tracing::warn!(error = %error, "A digest could not be made");
                "failed"
            });
            metrics::counter!("digests_total", "result" => result).increment(1);
            sent += u64::from(result == "sent");
        }
        last = batch.into_iter().next_back();
    }
}

/// Makes one digest and hands it over. The mail server is asked first, so that what is in the mail is as it was
/// a moment before, and so that most failures are certain not to have sent anything.
async fn send(
    db: &PgPool,
    settings: &Settings,
    server: &settings::Mail,
    claimed: &Claimed,
) -> Result<&'static str> {
    if !mail::is_there(server).await {
        digests::put_off(db, claimed, pause(claimed.attempt)).await?;
        return Ok("failed");
    }
    let Some(contents) = contents(db, claimed).await? else {
        digests::settle(db, claimed, "nothing").await?;
        return Ok("nothing");
    };
    let token = token::random();
    digests::insert_link(db, claimed, &token::hash(&token)).await?;
    let mail = compose(settings, claimed, &contents, &token);
    if !digests::hand_over(db, claimed).await? {
        return Ok("left");
    }
    let (result, written) = match mail::hand_over(server, &mail).await {
        Delivery::Sent => ("sent", digests::settle(db, claimed, "sent").await),
        Delivery::Refused => ("refused", digests::settle(db, claimed, "refused").await),
        Delivery::Unknown => ("unknown", digests::settle(db, claimed, "unknown").await),
        Delivery::NotYet => (
            "failed",
            digests::put_off(db, claimed, pause(claimed.attempt)).await,
        ),
    };
    // It was handed over all the same, and nobody does so again.
    if let Err(error) = written {
        tracing::warn!(result, error = %error, "What became of a digest was not written down: {result}");
    }
    Ok(result)
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
    for task in mine.iter().filter(|task| task.is_late()) {
        let mut line = line(task, &["Late, "]);
        line.note = format!("due {}", line.note);
        contents.late.push(line);
    }
    for due_task in due_tasks {
        let task = mine.iter().find(|it| it.key == due_task.key);
        let is_today = due_task.due_on == today;
        match task {
            Some(task) if is_today => {
                let line = line(task, &[AT_RISK, "due today, ", "Due today"]);
                contents.today.push(line);
            }
            Some(task) if task.risk().is_some() => contents.at_risk.push(line(task, &[AT_RISK])),
            _ if is_today => contents
                .today
                .push(Line::new(due_task.key, due_task.title, "")),
            _ => {
                let note = due::words(&due_task.due_on, &today);
                contents
                    .week
                    .push(Line::new(due_task.key, due_task.title, &note));
            }
        }
    }
    for task in mine.iter().filter(|task| task.risk().is_some()) {
        if !contents.has(&task.key) {
            contents.at_risk.push(line(task, &[AT_RISK]));
        }
    }
    if access.role().may_govern() {
        let said = [" and held by nobody", ", held by nobody"];
        contents.unheld = now.unheld.iter().map(|task| line(task, &said)).collect();
        contents.former = now.former.iter().flat_map(left_behind).collect();
    }
    Ok(Some(contents).filter(|contents| !contents.is_empty()))
}

/// What somebody who left the team still holds, as far as it needs somebody else: what is in progress, and what
/// is late or at risk.
fn left_behind(former: &PersonNow) -> Vec<Line> {
    let needy = |task: &&TaskNow| task.in_progress || task.is_late() || task.risk().is_some();
    let lines = former.tasks.iter().filter(needy).map(|task| {
        let line = line(task, &[]);
        let note = match &*line.note {
            "" => former.person.name.clone(),
            note => format!("{}; {note}", former.person.name),
        };
        Line { note, ..line }
    });
    lines.collect()
}

/// A task with all that is to be said of it but for what its section says already.
fn line(task: &TaskNow, said: &[&str]) -> Line {
    let notes = task.due.iter().chain(&task.notes).map(|note| {
        said.iter()
            .fold(note.words.clone(), |words, said| words.replace(said, ""))
    });
    let notes: Vec<String> = notes.filter(|words| !words.is_empty()).collect();
    Line::new(task.key.clone(), task.title.clone(), &notes.join("; "))
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
