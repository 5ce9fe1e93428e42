//! Where the name of somebody stands beside their account: copied by the log, and as `@name` in comments and
//! descriptions, as they stand, as they were created, and as the log keeps them. What a team wrote about a person in
//! other words is the team's.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    comments::{self, model::CommentBody},
    error::Result,
    live,
    notifications::mentions,
    people::{
        self,
        model::{DELETED, PersonName},
    },
    tasks::{self, model::Description},
};

/// Rows that are read at once.
const PAGE: i64 = 500;

/// What a mention becomes where the longer name would make a text too long. No name is shorter.
const SHORT: &str = "?";

/// Takes a person's name out of the comments and descriptions of these teams.
pub async fn leave_texts(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: &PersonName,
) -> Result<()> {
    for team in teams {
        let nameless = Nameless::of(&mut *connection, *team, person).await?;
        in_comments(&mut *connection, *team, &nameless).await?;
        in_tasks(&mut *connection, *team, &nameless).await?;
    }
    Ok(())
}

/// Takes a person's name out of what the log of these teams holds after the number beside each, and gives the numbers
/// of the last events.
pub async fn leave_log(
    connection: &mut PgConnection,
    teams: Vec<(Uuid, i64)>,
    person: &PersonName,
) -> Result<Vec<(Uuid, i64)>> {
    let ids: Vec<Uuid> = teams.iter().map(|(team, _)| *team).collect();
    let last = live::store::last_seqs(&mut *connection, &ids).await?;
    for (team, after) in teams {
        let nameless = Nameless::of(&mut *connection, team, person).await?;
        live::store::forgetting::rename(&mut *connection, team, after, person.id, DELETED).await?;
        in_log(&mut *connection, team, after, &nameless).await?;
    }
    Ok(last)
}

/// Somebody, among the members of a team.
struct Nameless<'a> {
    person: &'a PersonName,
    members: Vec<PersonName>,
}

impl<'a> Nameless<'a> {
    async fn of(connection: &mut PgConnection, team: Uuid, person: &'a PersonName) -> Result<Self> {
        let members = people::store::departing::mentionable(connection, team, person.id).await?;
        Ok(Self { person, members })
    }

    /// Takes the name out of a text of up to so many characters. Says whether it stood there.
    fn leaves(&self, text: &mut String, most: usize) -> bool {
        let under = |name| mentions::renamed(text, self.person.id, &self.members, name);
        let renamed = under(DELETED)
            .filter(|renamed| renamed.chars().count() <= most)
            .or_else(|| under(SHORT));
        match renamed {
            Some(renamed) => {
                *text = renamed;
                true
            }
            None => false,
        }
    }

    fn leaves_any(&self, text: &mut Option<String>, most: usize) -> bool {
        text.as_mut().is_some_and(|text| self.leaves(text, most))
    }
}

async fn in_comments(
    connection: &mut PgConnection,
    team: Uuid,
    nameless: &Nameless<'_>,
) -> Result<()> {
    use comments::store::forgetting;

    let mut after = Uuid::nil();
    loop {
        let texts = forgetting::with_mentions(&mut *connection, team, after, PAGE).await?;
        let Some(last) = texts.last() else {
            return Ok(());
        };
        after = last.id;
        for mut text in texts {
            let stands = nameless.leaves(&mut text.body, CommentBody::MAX);
            let stood = nameless.leaves_any(&mut text.created_as, CommentBody::MAX);
            if stands || stood {
                forgetting::put_texts(&mut *connection, team, &text).await?;
            }
        }
    }
}

async fn in_tasks(
    connection: &mut PgConnection,
    team: Uuid,
    nameless: &Nameless<'_>,
) -> Result<()> {
    use tasks::store::mentioning;

    let mut after = Uuid::nil();
    loop {
        let texts = mentioning::with_mentions(&mut *connection, team, after, PAGE).await?;
        let Some(last) = texts.last() else {
            return Ok(());
        };
        after = last.id;
        for mut text in texts {
            let stands = nameless.leaves(&mut text.description, Description::MAX);
            let stood = nameless.leaves_any(&mut text.created_as, Description::MAX);
            if stands || stood {
                mentioning::put_description(&mut *connection, team, &text).await?;
            }
        }
    }
}

async fn in_log(
    connection: &mut PgConnection,
    team: Uuid,
    mut after: i64,
    nameless: &Nameless<'_>,
) -> Result<()> {
    use live::store::forgetting;

    loop {
        let events = forgetting::with_mentions(&mut *connection, team, after, PAGE).await?;
        let Some(last) = events.last() else {
            return Ok(());
        };
        after = last.seq;
        for mut event in events {
            let mut stood = false;
            let texts = event.changes.0.iter_mut();
            for change in
                texts.filter(|change| ["description", "comment"].contains(&&*change.field))
            {
                stood |= nameless.leaves_any(&mut change.from, usize::MAX);
                stood |= nameless.leaves_any(&mut change.to, usize::MAX);
            }
            if stood {
                forgetting::put_changes(&mut *connection, team, &event).await?;
            }
        }
    }
}
