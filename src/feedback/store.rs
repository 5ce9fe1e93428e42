//! The tables `feedback` and `feedback_prompts`.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::model::{Answers, FeedbackItem, MadeTask, Occasion, PagePath, PageVersion, Tag};
use crate::{
    error::{Code, Error, Result},
    ids::{FeedbackId, PersonId, TaskId},
    people::{access::TeamId, model::PersonName},
};

/// What is stored of an answer when it is given.
#[derive(Clone, Copy)]
pub struct NewFeedback<'a> {
    pub id: FeedbackId,
    pub person: PersonId,
    pub occasion: Occasion,
    pub answers: &'a Answers,
    pub page: &'a PagePath,
    pub version: &'a PageVersion,
}

/// Inserts an answer, and says whether it was new.
///
/// # Errors
/// 409 when the team has another answer of this id.
pub async fn insert(
    connection: &mut PgConnection,
    team: TeamId,
    given: NewFeedback<'_>,
) -> Result<bool> {
    let answers = given.answers;
    let inserted = sqlx::query!(
        r#"
        INSERT INTO feedback (team_id, id, person_id, occasion, most_useful, in_the_way, missing, page, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT ON CONSTRAINT feedback_pkey DO NOTHING
        "#,
        team as _,
        given.id as _,
        given.person as _,
        given.occasion.as_str(),
        answers.most_useful(),
        answers.in_the_way(),
        answers.missing(),
        given.page.as_str(),
        given.version.as_str(),
    )
    .execute(&mut *connection)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(true);
    }
    // What was said is never changed, so the row still says how it was given.
    let is_same = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM feedback
            WHERE team_id = $1 AND id = $2 AND person_id = $3 AND occasion = $4
              AND most_useful = $5 AND in_the_way = $6 AND missing = $7
        ) AS "is_same!"
        "#,
        team as _,
        given.id as _,
        given.person as _,
        given.occasion.as_str(),
        answers.most_useful(),
        answers.in_the_way(),
        answers.missing(),
    )
    .fetch_one(connection)
    .await?;
    if is_same {
        return Ok(false);
    }
    Err(Error::new(
        Code::Conflict,
        "This was sent already, in other words. Send it again to add it as it is now.",
    ))
}

/// The moment at which a member can be asked now, if it is one. Nobody is asked within 30 days after they were asked
/// or said something, in whichever team.
pub async fn due(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
) -> Result<Option<Occasion>> {
    sqlx::query_scalar!(
        r#"
        SELECT moment.occasion AS "occasion!"
        FROM (VALUES ('tenth_task', 1), ('first_week', 2)) AS moment (occasion, place)
        JOIN memberships ON memberships.team_id = $1 AND memberships.person_id = $2 AND removed_at IS NULL
        WHERE NOT EXISTS (
            SELECT FROM feedback_prompts AS asked
            WHERE asked.person_id = $2 AND asked.shown_at > now() - interval '30 days'
        ) AND NOT EXISTS (
            SELECT FROM feedback AS said
            WHERE said.person_id = $2 AND said.created_at > now() - interval '30 days'
        ) AND NOT EXISTS (
            SELECT FROM feedback_prompts AS settled
            WHERE settled.team_id = $1 AND settled.person_id = $2 AND settled.occasion = moment.occasion
              AND (settled.dismissed_at IS NOT NULL OR settled.answered_at IS NOT NULL)
        ) AND CASE moment.occasion
            WHEN 'first_week' THEN joined_at <= now() - interval '7 days'
            ELSE 10 = (
                SELECT count(*) FROM (
                    SELECT FROM tasks
                    WHERE tasks.team_id = $1 AND tasks.assignee_id = $2 AND kind = 'done' AND deleted_at IS NULL
                    ORDER BY completed_at LIMIT 10
                ) AS finished
            )
        END
        ORDER BY moment.place LIMIT 1
        "#,
        team as _,
        person as _,
    )
    .fetch_optional(db)
    .await?
    .map(|occasion| occasion.parse())
    .transpose()
}

/// Lets nobody else ask this person, in whichever team, until the transaction ends.
pub async fn hold_asking(connection: &mut PgConnection, person: PersonId) -> Result<()> {
    sqlx::query!(
        "SELECT pg_advisory_xact_lock(hashtextextended('feedback ' || $1::text, 0))",
        person.to_string(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down that a member was asked.
pub async fn mark_shown(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
    occasion: Occasion,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO feedback_prompts (team_id, person_id, occasion, shown_at) VALUES ($1, $2, $3, now())
        ON CONFLICT ON CONSTRAINT feedback_prompts_pkey DO UPDATE SET shown_at = now()
        "#,
        team as _,
        person as _,
        occasion.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes down that a member does not want to be asked at this moment any more.
pub async fn mark_dismissed(
    db: impl PgExecutor<'_>,
    team: TeamId,
    person: PersonId,
    occasion: Occasion,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO feedback_prompts AS prompt (team_id, person_id, occasion, dismissed_at) VALUES ($1, $2, $3, now())
        ON CONFLICT ON CONSTRAINT feedback_prompts_pkey
        DO UPDATE SET dismissed_at = coalesce(prompt.dismissed_at, now())
        "#,
        team as _,
        person as _,
        occasion.as_str(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes down that a member answered what they were asked, and says whether they were asked at all.
pub async fn mark_answered(
    connection: &mut PgConnection,
    team: TeamId,
    person: PersonId,
    occasion: Occasion,
) -> Result<bool> {
    let marked = sqlx::query!(
        r#"
        UPDATE feedback_prompts SET answered_at = coalesce(answered_at, now())
        WHERE team_id = $1 AND person_id = $2 AND occasion = $3 AND shown_at IS NOT NULL
        "#,
        team as _,
        person as _,
        occasion.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Which answers are wanted.
#[derive(Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// This one alone.
    pub one: Option<FeedbackId>,
    /// Those with this tag.
    pub tag: Option<&'a Tag>,
    /// Those that are older than this one.
    pub before: Option<FeedbackId>,
}

/// Answers of a team, newest first, up to a number.
pub async fn items(
    db: impl PgExecutor<'_>,
    team: TeamId,
    wanted: Wanted<'_>,
    limit: i64,
) -> Result<Vec<FeedbackItem>> {
    let rows = sqlx::query!(
        r#"
        SELECT feedback.id, feedback.person_id, people.name, memberships.removed_at IS NOT NULL AS "left!", occasion,
               most_useful, in_the_way, missing, page, feedback.version, tags, feedback.created_at,
               boards.key || '-' || tasks.number AS "task?", tasks.deleted_at AS "task_deleted_at?"
        FROM feedback
        JOIN people ON people.id = feedback.person_id
        JOIN memberships ON memberships.team_id = feedback.team_id AND memberships.person_id = feedback.person_id
        LEFT JOIN tasks ON tasks.team_id = feedback.team_id AND tasks.id = feedback.task_id
        LEFT JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE feedback.team_id = $1
          AND ($2::uuid IS NULL OR feedback.id = $2)
          AND ($3::text IS NULL OR feedback.tags @> ARRAY[$3])
          AND ($4::uuid IS NULL OR (feedback.created_at, feedback.id) < (
              SELECT newer.created_at, newer.id FROM feedback AS newer WHERE newer.team_id = $1 AND newer.id = $4
          ))
        ORDER BY feedback.created_at DESC, feedback.id DESC LIMIT $5
        "#,
        team as _,
        wanted.one as _,
        wanted.tag.map(Tag::as_str),
        wanted.before as _,
        limit,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(FeedbackItem {
                id: row.id.into(),
                by: PersonName {
                    id: row.person_id.into(),
                    name: row.name,
                },
                left: row.left,
                occasion: row.occasion.parse()?,
                most_useful: row.most_useful,
                in_the_way: row.in_the_way,
                missing: row.missing,
                page: row.page,
                version: row.version,
                tags: row.tags,
                created_at: row.created_at.unix_timestamp(),
                task: row.task.map(|key| MadeTask {
                    key,
                    deleted: row.task_deleted_at.is_some(),
                }),
            })
        })
        .collect()
}

/// The tags of a team's answers, each with how many have it, the most used first.
pub async fn tags(db: impl PgExecutor<'_>, team: TeamId) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"
        SELECT tag AS "tag!", count(*) AS "count!"
        FROM feedback CROSS JOIN unnest(tags) AS tag
        WHERE team_id = $1 GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 50
        "#,
        team as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.tag, row.count)).collect())
}

/// Adds a tag behind those that an answer has, unless it is among them.
///
/// # Errors
/// 404 when the team has no such answer, a field error when it has as many tags as it can have.
pub async fn add_tag(
    connection: &mut PgConnection,
    team: TeamId,
    id: FeedbackId,
    tag: &Tag,
) -> Result<()> {
    let found = sqlx::query!(
        r#"
        UPDATE feedback SET tags = CASE WHEN tags @> ARRAY[$3::text] THEN tags ELSE tags || $3::text END
        WHERE team_id = $1 AND id = $2
        "#,
        team as _,
        id as _,
        tag.as_str(),
    )
    .execute(connection)
    .await?;
    there_was(found.rows_affected())
}

/// Takes a tag away from an answer.
///
/// # Errors
/// 404 when the team has no such answer.
pub async fn remove_tag(
    connection: &mut PgConnection,
    team: TeamId,
    id: FeedbackId,
    tag: &Tag,
) -> Result<()> {
    let found = sqlx::query!(
        "UPDATE feedback SET tags = array_remove(tags, $3::text) WHERE team_id = $1 AND id = $2",
        team as _,
        id as _,
        tag.as_str(),
    )
    .execute(connection)
    .await?;
    there_was(found.rows_affected())
}

fn there_was(rows: u64) -> Result<()> {
    if rows == 0 {
        return Err(Error::not_found());
    }
    Ok(())
}

/// The id of the task that is made of an answer, or would be.
///
/// # Errors
/// 404 when the team has no such answer.
pub async fn task_of(db: impl PgExecutor<'_>, team: TeamId, id: FeedbackId) -> Result<TaskId> {
    sqlx::query_scalar!(
        r#"SELECT task_id AS "task_id: TaskId" FROM feedback WHERE team_id = $1 AND id = $2"#,
        team as _,
        id as _,
    )
    .fetch_optional(db)
    .await?
    .ok_or_else(Error::not_found)
}

/// Forgets when somebody whose account is deleted was asked in these teams. What they said stays without their name,
/// unless it is to go with them; a task that was made of it is the team's.
pub async fn forget_person(
    connection: &mut PgConnection,
    teams: &[Uuid],
    person: PersonId,
    words_go: bool,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM feedback_prompts WHERE team_id = ANY($1) AND person_id = $2",
        teams,
        person as _,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "DELETE FROM feedback WHERE team_id = ANY($1) AND person_id = $2 AND $3",
        teams,
        person as _,
        words_go,
    )
    .execute(connection)
    .await?;
    Ok(())
}
