//! What the search reads. It has no table of its own; `tasks` and `comments` keep indexes of words for it.

mod listing;

pub use listing::{Listed, list};

use std::collections::BTreeSet;

use sqlx::{FromRow as _, PgExecutor, Postgres, QueryBuilder, Row as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    cursor::Cursor,
    model::{FoundTask, MOST_COMMENTS},
    query::Due,
};
use crate::{
    columns::model::ColumnKind,
    error::Result,
    ids::{BoardId, ColumnId, PersonId},
    people::{access::TeamId, week::Calendar},
    tasks::model::Priority,
};

/// Signs between words separate them here as in the indexes `tasks_search` and `comments_search`, whose
/// expressions these repeat.
const TASK_WORDS: &str = r#"to_tsvector('simple', translate(title || ' ' || description, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))"#;
const COMMENT_WORDS: &str = r#"to_tsvector('simple', translate(body, '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))"#;
/// Each word of the query, or one that begins with it.
const WORDS: [&str; 2] = [
    "words AS MATERIALIZED (SELECT NULLIF(regexp_replace(plainto_tsquery('simple', translate(",
    r#", '/.:_-@#+&=?()[]{}<>"''`,;|*~', '                           '))::text, '''( & |$)', ''':*\1', 'g'), '')::tsquery AS query), "#,
];
/// What is open comes before what is done, as in the index `tasks_latest`.
const OPEN: &str = "(CASE WHEN kind = 'done' THEN 0 ELSE 1 END)";
/// What is read of a task before it is known whether it is shown.
const CANDIDATE: &str =
    "id, board_id, number, column_id, kind, assignee_id, due_on, priority, labels, updated_at";

/// What there is in a team to search by.
#[derive(Debug)]
pub struct Known {
    pub people: Vec<KnownPerson>,
    pub boards: Vec<KnownBoard>,
}

/// Somebody who is or was in the team.
#[derive(Debug)]
pub struct KnownPerson {
    pub id: PersonId,
    pub name: String,
    /// Whether they are in it, and no viewer.
    pub can_hold: bool,
}

#[derive(Debug)]
pub struct KnownBoard {
    pub id: BoardId,
    pub key: String,
    pub name: String,
    pub archived: bool,
}

/// What is looked for.
#[derive(Debug)]
pub struct Wanted {
    pub me: PersonId,
    pub words: Option<String>,
    /// The task whose key the words are, by its board and number.
    pub named: Option<(BoardId, i32)>,
    /// What the task has to be, or, with `true`, must not be.
    pub conditions: Vec<(bool, Condition)>,
    pub calendar: Calendar,
    /// How many tasks a page has.
    pub most: usize,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

/// What a filter asks of a task.
#[derive(Debug)]
pub enum Condition {
    HeldBy(Vec<PersonId>),
    Unassigned,
    OnBoard(Vec<BoardId>),
    /// On the board of this key, if there is one.
    OnBoardOfKey(String),
    InColumn(ColumnId),
    /// Changed then or later.
    ChangedSince(OffsetDateTime),
    Open,
    Kind(ColumnKind),
    Late,
    Watched,
    Labelled(String),
    Due(Due),
    Priority(Priority),
}

/// One page of what was found.
#[derive(Debug)]
pub struct Found {
    pub tasks: Vec<FoundTask>,
    /// The labels of these tasks.
    pub labels: Vec<String>,
    /// The last of them, when there are more.
    pub last: Option<Cursor>,
    /// Whether more comments have the words than were looked at.
    pub has_more_comments: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    open: i32,
    updated_at: OffsetDateTime,
    key: String,
    title: String,
    board: String,
    board_is_archived: bool,
    column_name: Option<String>,
    assignee: Option<String>,
    due_on: Option<String>,
    priority: String,
    labels: Vec<String>,
    said: Option<String>,
}

/// Who was ever in the team and which boards it ever had, by their names.
pub async fn known(db: impl PgExecutor<'_> + Copy, team: TeamId) -> Result<Known> {
    let people = sqlx::query_as!(
        KnownPerson,
        r#"
        SELECT people.id, people.name, removed_at IS NULL AND role <> 'viewer' AS "can_hold!"
        FROM memberships JOIN people ON people.id = person_id
        WHERE team_id = $1 ORDER BY lower(people.name), people.id
        "#,
        team as _,
    );
    let boards = sqlx::query_as!(
        KnownBoard,
        r#"
        SELECT id, key, name, archived_at IS NOT NULL AS "archived!"
        FROM boards WHERE team_id = $1 ORDER BY lower(name), key
        "#,
        team as _,
    );
    let (people, boards) = tokio::try_join!(people.fetch_all(db), boards.fetch_all(db))?;
    Ok(Known { people, boards })
}

/// Finds the tasks that fulfil the conditions and have every word, in the task itself or in one comment;
/// the task whose key is asked for comes first, then what is open, then what changed last.
///
/// Each of the ways to a task is narrowed, ordered and cut by itself, so that none looks at more than it
/// must, and the words are asked of the index of words before the conditions are asked of the tasks. The
/// statement is not kept: the best way depends on what is asked for.
pub async fn find(db: impl PgExecutor<'_>, team: TeamId, wanted: &Wanted) -> Result<Found> {
    let mut sql = Search { team, wanted }.found();
    sql.push(
        r#"
        SELECT has_more_comments, found.id, found.open, found.updated_at, boards.key || '-' || tasks.number AS key, tasks.title,
               boards.name AS board, boards.archived_at IS NOT NULL AS board_is_archived,
               columns.name AS column_name, people.name AS assignee,
               to_char(tasks.due_on, 'YYYY-MM-DD') AS due_on, tasks.priority, tasks.labels, "#,
    );
    // One row comes in any case, so that it tells about the comments when nothing was found.
    if wanted.words.is_some() {
        sql.push(
            r#"
            (SELECT ts_headline('simple', left(body, 4000), (SELECT query FROM words),
                                'StartSel="",StopSel="",MaxWords=24,MinWords=12')
             FROM comments WHERE comments.team_id = tasks.team_id AND comments.id = found.comment_id) AS said
            FROM (SELECT count(*) > "#,
        )
        .push_bind(MOST_COMMENTS)
        .push(" AS has_more_comments FROM latest) AS looked");
    } else {
        sql.push("NULL::text AS said FROM (SELECT false AS has_more_comments) AS looked");
    }
    sql.push(" LEFT JOIN (found JOIN tasks ON tasks.id = found.id AND tasks.team_id = ");
    sql.push_bind(team);
    sql.push(
        r#"
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        LEFT JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                         AND columns.id = tasks.column_id
        LEFT JOIN people ON people.id = tasks.assignee_id) ON true
        ORDER BY found.named DESC, found.open DESC, found.updated_at DESC, found.id DESC"#,
    );
    let rows = sql.build().persistent(false).fetch_all(db).await?;
    let mut has_more_comments = false;
    let mut tasks = Vec::with_capacity(rows.len());
    for row in &rows {
        has_more_comments = row.try_get("has_more_comments")?;
        if row.try_get::<Option<Uuid>, _>("id")?.is_some() {
            tasks.push(Row::from_row(row)?);
        }
    }
    page(tasks, wanted.most, has_more_comments)
}

fn page(mut rows: Vec<Row>, most: usize, has_more_comments: bool) -> Result<Found> {
    let has_more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| has_more).map(|row| Cursor {
        open: row.open,
        changed_at: row.updated_at,
        task: row.id,
    });
    let labels: BTreeSet<&String> = rows.iter().flat_map(|row| &row.labels).collect();
    Ok(Found {
        labels: labels.into_iter().cloned().collect(),
        last,
        has_more_comments,
        tasks: rows.into_iter().map(shown).collect::<Result<_>>()?,
    })
}

fn shown(row: Row) -> Result<FoundTask> {
    Ok(FoundTask {
        key: row.key,
        title: row.title,
        board: row.board,
        board_is_archived: row.board_is_archived,
        column: row.column_name.unwrap_or_default(),
        is_done: row.open == 0,
        assignee: row.assignee,
        due_on: row.due_on,
        priority: row.priority.parse()?,
        comment: row.said,
    })
}

/// The parts of the statement. Everything that was typed is bound.
struct Search<'a> {
    team: TeamId,
    wanted: &'a Wanted,
}

type Sql = QueryBuilder<Postgres>;

impl Search<'_> {
    /// The first part of the statement: the places of a page of tasks and one more, as `found`.
    fn found(&self) -> Sql {
        let mut sql = Sql::new("WITH ");
        if let Some(words) = &self.wanted.words {
            sql.push(WORDS[0]).push_bind(words.as_str()).push(WORDS[1]);
            self.push_said(&mut sql);
        }
        sql.push("hit AS (");
        match self.wanted.words {
            Some(_) => {
                self.push_with_words(&mut sql);
                sql.push(" UNION ALL ");
                self.push_with_comments(&mut sql);
            }
            None => self.push_without_words(&mut sql),
        }
        if let (Some((board, number)), None) = (self.wanted.named, self.wanted.after) {
            sql.push(" UNION ALL ");
            self.push_named(&mut sql, board, number);
        }
        sql.push(
            r#"),
            found AS (
                SELECT DISTINCT ON (named, open, updated_at, id) * FROM hit
                ORDER BY named DESC, open DESC, updated_at DESC, id DESC, comment_id NULLS FIRST
                LIMIT "#,
        );
        sql.push_bind(self.page_and_one()).push(")");
        sql
    }

    /// A page and one more, which tells whether there is a next.
    fn page_and_one(&self) -> i64 {
        i64::try_from(self.wanted.most)
            .unwrap_or(i64::MAX)
            .saturating_add(1)
    }

    /// The latest comments with the words, and one more, and of those that are looked at one of each task.
    fn push_said(&self, sql: &mut Sql) {
        sql.push(
            r#"latest AS MATERIALIZED (
                SELECT task_id, id, created_at FROM comments WHERE team_id = "#,
        )
        .push_bind(self.team)
        .push(format_args!(
            " AND deleted_at IS NULL AND {COMMENT_WORDS} @@ (SELECT query FROM words)
             ORDER BY created_at DESC, id DESC LIMIT "
        ))
        .push_bind(MOST_COMMENTS.saturating_add(1))
        .push(
            r#"),
            said AS MATERIALIZED (
                SELECT DISTINCT ON (task_id) task_id, id FROM (
                    SELECT * FROM latest ORDER BY created_at DESC, id DESC LIMIT "#,
        )
        .push_bind(MOST_COMMENTS)
        .push(") AS looked_at ORDER BY task_id, created_at DESC, id DESC), ");
    }

    fn push_with_words(&self, sql: &mut Sql) {
        Self::push_begin(sql, "NULL::uuid");
        sql.push(format_args!(
            "(SELECT {CANDIDATE} FROM tasks WHERE team_id = "
        ))
        .push_bind(self.team)
        // OFFSET keeps the conditions outside.
        .push(format_args!(
            " AND deleted_at IS NULL AND {TASK_WORDS} @@ (SELECT query FROM words) OFFSET 0) AS task WHERE true"
        ));
        self.push_rest(sql);
    }

    fn push_with_comments(&self, sql: &mut Sql) {
        Self::push_begin(sql, "comment_id");
        sql.push(format_args!(
            "(SELECT said.id AS comment_id, task.* FROM said CROSS JOIN LATERAL (
                SELECT {CANDIDATE} FROM tasks WHERE tasks.id = said.task_id AND team_id = "
        ))
        .push_bind(self.team)
        .push(" AND deleted_at IS NULL OFFSET 0) AS task) AS task WHERE true");
        self.push_rest(sql);
    }

    fn push_without_words(&self, sql: &mut Sql) {
        Self::push_begin(sql, "NULL::uuid");
        sql.push("tasks WHERE team_id = ")
            .push_bind(self.team)
            .push(" AND deleted_at IS NULL");
        self.push_rest(sql);
    }

    /// The task whose key is asked for, before all others.
    fn push_named(&self, sql: &mut Sql, board: BoardId, number: i32) {
        sql.push(format_args!(
            "(SELECT id, true AS named, {OPEN} AS open, updated_at, NULL::uuid AS comment_id FROM tasks WHERE team_id = "
        ))
        .push_bind(self.team)
        .push(" AND deleted_at IS NULL AND board_id = ")
        .push_bind(board)
        .push(" AND number = ")
        .push_bind(number);
        self.push_conditions(sql);
        sql.push(")");
    }

    fn push_begin(sql: &mut Sql, comment: &str) {
        sql.push(format_args!(
            "(SELECT id, false AS named, {OPEN} AS open, updated_at, {comment} AS comment_id FROM "
        ));
    }

    /// The conditions, where the page begins, the order, and the end.
    fn push_rest(&self, sql: &mut Sql) {
        self.push_conditions(sql);
        if let Some((board, number)) = self.wanted.named {
            sql.push(" AND NOT (board_id = ")
                .push_bind(board)
                .push(" AND number = ")
                .push_bind(number)
                .push(")");
        }
        if let Some(after) = self.wanted.after {
            sql.push(format_args!(" AND ({OPEN}, updated_at, id) < ("))
                .push_bind(after.open)
                .push(", ")
                .push_bind(after.changed_at)
                .push(", ")
                .push_bind(after.task)
                .push(")");
        }
        sql.push(format_args!(
            " ORDER BY {OPEN} DESC, updated_at DESC, id DESC LIMIT "
        ))
        .push_bind(self.page_and_one())
        .push(")");
    }

    fn push_conditions(&self, sql: &mut Sql) {
        for (not, condition) in &self.wanted.conditions {
            sql.push(if *not { " AND (" } else { " AND " });
            self.push_condition(sql, condition);
            if *not {
                // What is not known to be so is otherwise, too.
                sql.push(") IS NOT TRUE");
            }
        }
    }

    fn push_condition(&self, sql: &mut Sql, condition: &Condition) {
        let today = self.wanted.calendar.today;
        match condition {
            Condition::HeldBy(people) => push_one_of(sql, "assignee_id", people),
            Condition::Unassigned => {
                sql.push("assignee_id IS NULL");
            }
            Condition::OnBoard(boards) => push_one_of(sql, "board_id", boards),
            Condition::OnBoardOfKey(key) => {
                sql.push("board_id = (SELECT id FROM boards WHERE team_id = ")
                    .push_bind(self.team)
                    .push(" AND key = ")
                    .push_bind(key.as_str())
                    .push(")");
            }
            Condition::InColumn(column) => {
                sql.push("column_id = ").push_bind(*column);
            }
            Condition::ChangedSince(moment) => {
                sql.push("updated_at >= ").push_bind(*moment);
            }
            Condition::Open => {
                sql.push(OPEN).push(" = 1");
            }
            Condition::Kind(kind) => {
                // The index knows what is open, and a part of it what is in progress.
                sql.push(format_args!("({OPEN} = "))
                    .push_bind(i32::from(*kind != ColumnKind::Done))
                    .push(" AND kind = ")
                    .push_bind(kind.as_str())
                    .push(")");
            }
            Condition::Late => {
                sql.push(format_args!("({OPEN} = 1 AND due_on < "))
                    .push_bind(today)
                    .push(")");
            }
            Condition::Watched => {
                sql.push("id IN (SELECT task_id FROM watchers WHERE team_id = ")
                    .push_bind(self.team)
                    .push(" AND person_id = ")
                    .push_bind(self.wanted.me)
                    .push(")");
            }
            Condition::Labelled(label) => {
                sql.push("labels && ").push_bind(cases(label));
            }
            Condition::Due(due) => self.push_due(sql, *due),
            Condition::Priority(priority) => {
                sql.push("priority = ").push_bind(priority.as_str());
            }
        }
    }

    fn push_due(&self, sql: &mut Sql, due: Due) {
        let calendar = &self.wanted.calendar;
        let (sign, date) = match due {
            Due::Never => {
                sql.push("due_on IS NULL");
                return;
            }
            Due::Week => {
                sql.push("(due_on >= ")
                    .push_bind(calendar.today)
                    .push(" AND due_on <= ")
                    .push_bind(calendar.last_of_seven())
                    .push(")");
                return;
            }
            Due::Late => return self.push_condition(sql, &Condition::Late),
            Due::Today => ("=", calendar.today),
            Due::On(date) => ("=", date),
            Due::Before(date) => ("<", date),
            Due::After(date) => (">", date),
        };
        sql.push(format_args!("due_on {sign} ")).push_bind(date);
    }
}

/// One value is asked for by itself: only then the index gives the rows in their order.
fn push_one_of<T>(sql: &mut Sql, column: &str, ids: &[T])
where
    T: Copy + Into<Uuid>,
{
    let ids: Vec<Uuid> = ids.iter().map(|id| (*id).into()).collect();
    match ids.as_slice() {
        [id] => sql.push(format_args!("{column} = ")).push_bind(*id),
        _ => sql
            .push(format_args!("{column} = ANY("))
            .push_bind(ids)
            .push(")"),
    };
}

/// A label as people may have typed it: an index cannot leave the case of an array's texts out of account.
fn cases(label: &str) -> Vec<String> {
    let lower = label.to_lowercase();
    let mut letters = lower.chars();
    let capital = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    vec![label.to_owned(), label.to_uppercase(), capital, lower]
}
