//! What Postgres itself knows of the schema, and the few statements that treat every table alike.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt as _;
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::{
    failure::{Failure, Result},
    file::{AppliedMigration, Table},
};
use crate::server::hex::hex;

/// Makes everything that follows in the transaction see the database as it is now.
pub async fn hold_still(connection: &mut PgConnection) -> Result<String> {
    sqlx::query!("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(&mut *connection)
        .await?;
    let now = sqlx::query_scalar!(
        r#"SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "now!""#
    )
    .fetch_one(connection)
    .await?;
    Ok(now)
}

/// The migrations that made the schema, in order; none in an empty database.
pub async fn migrations(connection: &mut PgConnection) -> Result<Vec<AppliedMigration>> {
    if !has_schema(connection).await? {
        return Ok(Vec::new());
    }
    let applied = sqlx::query!("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
        .fetch_all(connection)
        .await?;
    let applied = applied.into_iter().map(|row| AppliedMigration {
        version: row.version,
        checksum: hex(&row.checksum),
    });
    Ok(applied.collect())
}

async fn has_schema(connection: &mut PgConnection) -> Result<bool> {
    let has =
        sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "has!""#)
            .fetch_one(connection)
            .await?;
    Ok(has)
}

/// The tables, each after those that it points at, with the columns that hold what cannot be computed.
pub async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>> {
    let found = sqlx::query!(
        r#"
        SELECT relname AS "name!", array_agg(attname ORDER BY attnum) AS "columns!: Vec<String>"
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> '_sqlx_migrations'
          AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        GROUP BY relname
        "#
    )
    .fetch_all(&mut *connection)
    .await?;
    let pointers = sqlx::query!(
        r#"
        SELECT source.relname AS "source!", target.relname AS "target!"
        FROM pg_constraint
        JOIN pg_class source ON source.oid = conrelid
        JOIN pg_class target ON target.oid = confrelid
        WHERE contype = 'f' AND source.relnamespace = current_schema()::regnamespace AND conrelid <> confrelid
        "#
    )
    .fetch_all(connection)
    .await?;
    let mut open: BTreeMap<String, Vec<String>> = found
        .into_iter()
        .map(|table| (table.name, table.columns))
        .collect();
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let waiting: BTreeSet<&str> = pointers
            .iter()
            .filter(|pointer| open.contains_key(&pointer.target))
            .map(|pointer| pointer.source.as_str())
            .collect();
        let Some(next) = open
            .keys()
            .find(|name| !waiting.contains(name.as_str()))
            .cloned()
        else {
            return Err(Failure::refused(
                "the tables point at each other in a circle",
            ));
        };
        let columns = open.remove(&next).unwrap_or_default();
        ordered.push(Table {
            name: next,
            columns,
        });
    }
    Ok(ordered)
}

/// Reads a table as Postgres writes it.
pub async fn copy_out(
    connection: &mut PgConnection,
    table: &Table,
    mut to: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let statement = format!("COPY {} TO STDOUT", target(table));
    let mut data = connection.copy_out_raw(&statement).await?;
    while let Some(data) = data.try_next().await? {
        to(&data)?;
    }
    Ok(())
}

/// Fills a table with what Postgres has written, and gives the number of its rows.
pub async fn copy_in(
    connection: &mut PgConnection,
    table: &Table,
    mut from: impl FnMut() -> Result<Option<Vec<u8>>>,
) -> Result<u64> {
    let statement = format!("COPY {} FROM STDIN", target(table));
    let mut copy = connection.copy_in_raw(&statement).await?;
    loop {
        match from() {
            Ok(Some(block)) => {
                copy.send(block).await?;
            }
            Ok(None) => return Ok(copy.finish().await?),
            Err(failure) => {
                copy.abort("the file is damaged").await?;
                return Err(failure);
            }
        }
    }
}

/// A table and its columns, by names that a file may have given.
fn target(table: &Table) -> String {
    let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
    let columns: Vec<String> = table.columns.iter().map(quoted).collect();
    format!("{} ({})", quoted(&table.name), columns.join(", "))
}

/// How many others of this program are connected to the database.
pub async fn others(connection: &mut PgConnection) -> Result<i64> {
    let others = sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "others!" FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'skateboard%'
        "#
    )
    .fetch_one(connection)
    .await?;
    Ok(others)
}

/// What is in the database now.
pub enum Holds {
    Nothing,
    /// Teams and people, by their numbers.
    Ours {
        teams: i64,
        people: i64,
    },
    /// Tables that this program has not made.
    Others,
}

pub async fn holds(connection: &mut PgConnection) -> Result<Holds> {
    if !has_schema(connection).await? {
        let tables = sqlx::query_scalar!(
            r#"SELECT count(*) AS "tables!" FROM pg_tables WHERE schemaname = current_schema()"#
        )
        .fetch_one(connection)
        .await?;
        return Ok(if tables == 0 {
            Holds::Nothing
        } else {
            Holds::Others
        });
    }
    let counted = sqlx::query!(
        r#"SELECT (SELECT count(*) FROM teams) AS "teams!", (SELECT count(*) FROM people) AS "people!""#
    )
    .fetch_one(connection)
    .await?;
    Ok(match (counted.teams, counted.people) {
        (0, 0) => Holds::Nothing,
        (teams, people) => Holds::Ours { teams, people },
    })
}

/// Does the same to every table of the schema: a statement around its name.
async fn to_each_table(connection: &mut PgConnection, before: &str, after: &str) -> Result<()> {
    let tables = sqlx::query_scalar!(
        r#"SELECT format('%I', tablename) AS "table!" FROM pg_tables WHERE schemaname = current_schema()"#
    )
    .fetch_all(&mut *connection)
    .await?;
    for table in tables {
        QueryBuilder::<Postgres>::new(before)
            .push(table)
            .push(after)
            .build()
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes every table and function of the schema away, but not what belongs to an extension.
pub async fn clear(connection: &mut PgConnection) -> Result<()> {
    to_each_table(connection, "DROP TABLE ", " CASCADE").await?;
    sqlx::query!(
        r#"
        DO $$
        DECLARE object text;
        BEGIN
            FOR object IN
                SELECT oid::regprocedure::text FROM pg_proc
                WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (
                    SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
                )
            LOOP
                EXECUTE 'DROP FUNCTION ' || object || ' CASCADE';
            END LOOP;
        END $$
        "#
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Lets rows in as they are: what triggers made of them is in the file as well.
pub async fn set_triggers(connection: &mut PgConnection, on: bool) -> Result<()> {
    let after = if on {
        " ENABLE TRIGGER USER"
    } else {
        " DISABLE TRIGGER USER"
    };
    to_each_table(connection, "ALTER TABLE ", after).await
}

/// Lets Postgres know what it has got, so that its first plans are good.
pub async fn analyze(connection: &mut PgConnection) -> Result<()> {
    to_each_table(connection, "ANALYZE ", "").await
}
