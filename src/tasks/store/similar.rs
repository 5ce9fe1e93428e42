//! Which titles say the same in other words.

use sqlx::PgExecutor;

use super::named;
use crate::{
    error::Result,
    people::access::TeamId,
    tasks::model::{SimilarTask, TaskKey},
};

/// The five tasks whose titles are most like one, among what is open and what was finished in the last 60 days.
///
/// A word that is rare in the team says more than one that is everywhere, and a word counts for others that
/// begin alike (`crash`, `crashes`) as far as their trigrams agree. What has one of the rare words, or two of
/// the common ones, is compared as a whole: how much of what was asked it covers, how much of it that is, and
/// how alike both are letter by letter. So it stays quick however many tasks have the common words.
///
/// The weights and the least score were chosen on one half of `benches/similar/pairs.tsv`.
pub async fn similar(
    db: impl PgExecutor<'_>,
    team: TeamId,
    title: &str,
    except: Option<&TaskKey>,
) -> Result<Vec<SimilarTask>> {
    let key = title
        .split_whitespace()
        .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()))
        .find_map(|word| word.parse::<TaskKey>().ok());
    let rows = sqlx::query!(
        r#"
        WITH size AS MATERIALIZED (
            SELECT greatest(sum(last_number), 1)::float8 AS tasks FROM task_numbers WHERE team_id = $1
        ),
        asked AS MATERIALIZED (
            SELECT typed.word, known.uses
            FROM (SELECT word COLLATE "C" AS word FROM unnest(words_of_title($2)) AS word LIMIT 40) AS typed
            LEFT JOIN title_words AS known ON known.team_id = $1 AND known.word = typed.word
        ),
        variant AS MATERIALIZED (
            SELECT asked.word AS asked, alike.word, alike.uses, alike.likeness,
                   ln(1 + size.tasks / greatest(alike.uses, asked.uses)) ^ 2 AS weight
            FROM size, asked CROSS JOIN LATERAL (
                SELECT known.word, known.uses,
                       CASE WHEN known.word = asked.word THEN 1
                            WHEN length(asked.word) >= 3 AND starts_with(known.word, asked.word)
                            THEN greatest(0.6, similarity(known.word, asked.word))
                            ELSE similarity(known.word, asked.word) END AS likeness
                FROM title_words AS known
                WHERE known.team_id = $1
                  AND known.word >= left(asked.word, 3)
                  AND known.word < left(asked.word, 3) || chr(1114111)
                  AND (length(asked.word) >= 3 OR known.word = asked.word)
                ORDER BY likeness DESC, known.uses LIMIT 10
            ) AS alike
            WHERE alike.likeness >= 0.4
        ),
        ranked AS MATERIALIZED (
            SELECT word, uses, sum(uses) OVER (ORDER BY uses, word) AS together
            FROM (SELECT word, max(uses) AS uses FROM variant GROUP BY word) AS each
        ),
        rare AS MATERIALIZED (SELECT word FROM ranked WHERE together <= 2000 OR together = uses),
        common AS MATERIALIZED (
            SELECT word, row_number() OVER (ORDER BY uses, word) AS place FROM asked
            WHERE uses IS NOT NULL AND word NOT IN (SELECT word FROM rare)
            ORDER BY uses, word LIMIT 4
        ),
        wanted AS MATERIALIZED (
            SELECT ARRAY[word] AS words FROM rare
            UNION ALL
            SELECT ARRAY[one.word, other.word] FROM common AS one JOIN common AS other ON one.place < other.place
        ),
        candidate AS MATERIALIZED (
            SELECT DISTINCT found.id, found.board_id, found.number, found.words
            FROM wanted CROSS JOIN LATERAL (
                (SELECT tasks.id, tasks.board_id, tasks.number, tasks.words FROM tasks
                 WHERE tasks.team_id = $1 AND tasks.deleted_at IS NULL AND tasks.kind <> 'done'
                   AND tasks.words @> wanted.words LIMIT 400)
                UNION ALL
                (SELECT tasks.id, tasks.board_id, tasks.number, tasks.words FROM tasks
                 WHERE tasks.team_id = $1 AND tasks.deleted_at IS NULL AND tasks.kind = 'done'
                   AND (tasks.completed_at AT TIME ZONE 'UTC')::date >= (now() AT TIME ZONE 'UTC')::date - 60
                   AND tasks.words @> wanted.words LIMIT 400)
            ) AS found
        ),
        covering AS MATERIALIZED (
            SELECT id, words, sum(best) AS covered
            FROM (
                SELECT candidate.id, candidate.words, variant.asked, max(variant.likeness * variant.weight) AS best
                FROM candidate
                JOIN boards ON boards.team_id = $1 AND boards.id = candidate.board_id
                CROSS JOIN unnest(candidate.words) AS own (word)
                JOIN variant ON variant.word = own.word
                WHERE boards.archived_at IS NULL AND (boards.key, candidate.number) IS DISTINCT FROM ($3, $4)
                GROUP BY candidate.id, candidate.words, variant.asked
            ) AS matched
            GROUP BY id, words ORDER BY covered DESC, id LIMIT 40
        ),
        whole AS (
            SELECT sum(coalesce(ln(1 + size.tasks / asked.uses) ^ 2,
                                (SELECT max(variant.weight) FROM variant WHERE variant.asked = asked.word),
                                0.5 * ln(1 + size.tasks) ^ 2)) AS weight
            FROM asked, size
        ),
        scored AS (
            SELECT tasks.id, (2 * covering.covered / whole.weight
                              + covering.covered / greatest(own.weight, covering.covered)
                              + 3 * similarity(tasks.title, $2)) / 6 AS score
            FROM covering CROSS JOIN whole
            CROSS JOIN LATERAL (
                SELECT sum(ln(1 + size.tasks / known.uses) ^ 2) AS weight
                FROM size, unnest(covering.words) AS own (word)
                JOIN title_words AS known ON known.team_id = $1 AND known.word = own.word
            ) AS own
            JOIN tasks ON tasks.team_id = $1 AND tasks.id = covering.id
            UNION ALL
            SELECT tasks.id, 2
            FROM tasks JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
            WHERE tasks.team_id = $1 AND boards.key = $5 AND tasks.number = $6 AND boards.archived_at IS NULL
              AND tasks.deleted_at IS NULL AND (boards.key, tasks.number) IS DISTINCT FROM ($3, $4)
              AND (tasks.kind <> 'done' OR tasks.completed_at >= now() - interval '60 days')
        ),
        best AS (
            SELECT id, max(score) AS score FROM scored WHERE score >= 0.15 GROUP BY id
            ORDER BY max(score) DESC, id LIMIT 5
        )
        SELECT boards.key || '-' || tasks.number AS "key!", tasks.title, columns.name AS "column!",
               tasks.assignee_id, people.name AS "assignee_name?",
               memberships.removed_at IS NOT NULL AS "assignee_left!"
        FROM best
        JOIN tasks ON tasks.team_id = $1 AND tasks.id = best.id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        JOIN columns ON columns.team_id = tasks.team_id AND columns.board_id = tasks.board_id
                    AND columns.id = tasks.column_id
        LEFT JOIN people ON people.id = tasks.assignee_id
        LEFT JOIN memberships
            ON memberships.team_id = tasks.team_id AND memberships.person_id = tasks.assignee_id
        ORDER BY best.score DESC, best.id
        "#,
        team as _,
        title,
        except.map(|key| key.board.as_str()),
        except.map(|key| key.number),
        key.as_ref().map(|key| key.board.as_str()),
        key.as_ref().map(|key| key.number),
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SimilarTask {
            key: row.key,
            title: row.title,
            column: row.column,
            assignee: named(row.assignee_id, row.assignee_name),
            assignee_left: row.assignee_left,
        })
        .collect())
}
