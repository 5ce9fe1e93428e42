//! What is kept of one person: each part as the texts of JSON objects. Of teams that they have left it is their
//! membership, their own comments and their feedback.

use sqlx::PgExecutor;

use super::Page;
use crate::{error::Result, ids::PersonId};

/// Rows that are read at once.
const PAGE: i64 = 500;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident: $sql:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>, person: PersonId) -> Result<Vec<String>> {
            Ok(sqlx::query_scalar!($sql, person as _).fetch_all(db).await?)
        }
    )*};
}

parts! {
    /// The account, without its password.
    account: r#"SELECT (to_jsonb(people) - 'password_hash')::text AS "row!" FROM people WHERE id = $1"#;
    memberships: r#"
        SELECT jsonb_build_object('team', teams.slug, 'team_name', teams.name, 'role', role, 'joined_at', joined_at,
                                  'removed_at', removed_at)::text AS "row!"
        FROM memberships JOIN teams USING (team_id) WHERE person_id = $1 ORDER BY joined_at, team_id"#;
    /// Where they are signed in, without what signs them in.
    sessions: r#"
        SELECT (to_jsonb(sessions) - 'token_hash')::text AS "row!" FROM sessions WHERE person_id = $1 ORDER BY id"#;
    /// Their API tokens, without what a program shows.
    tokens: r#"
        SELECT (to_jsonb(api_tokens) - '{token_hash,only_team_id}'::text[])::text AS "row!" FROM api_tokens
        WHERE person_id = $1 ORDER BY id"#;
    notification_settings: r#"
        SELECT jsonb_build_object('team', teams.slug, 'muted', muted, 'digest', digest)::text AS "row!"
        FROM notification_settings
        JOIN teams USING (team_id) JOIN memberships USING (team_id, person_id)
        WHERE person_id = $1 AND removed_at IS NULL ORDER BY team_id"#;
    watched: r#"
        SELECT jsonb_build_object('team', teams.slug, 'task', boards.key || '-' || number, 'at', watchers.at)::text
               AS "row!"
        FROM watchers JOIN memberships USING (team_id, person_id) JOIN teams USING (team_id)
        JOIN tasks ON tasks.team_id = watchers.team_id AND tasks.id = watchers.task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE person_id = $1 AND removed_at IS NULL ORDER BY watchers.at, watchers.task_id"#;
    /// Which features were tried out with them, and when.
    toggles: r#"
        SELECT jsonb_build_object('team', teams.slug, 'toggle', toggle_arms.name, 'is_on', is_on, 'since', since,
                                  'until', until)::text AS "row!"
        FROM toggle_arms JOIN memberships USING (team_id, person_id) JOIN teams USING (team_id)
        WHERE person_id = $1 AND removed_at IS NULL ORDER BY since, team_id, toggle_arms.name"#;
    /// What they said about working with the product, also in teams that they have left: the words are their own.
    feedback: r#"
        SELECT jsonb_build_object('team', teams.slug, 'occasion', occasion, 'most_useful', most_useful,
                                  'in_the_way', in_the_way, 'missing', missing, 'page', page, 'version', version,
                                  'created_at', feedback.created_at)::text AS "row!"
        FROM feedback JOIN teams USING (team_id) WHERE person_id = $1 ORDER BY feedback.created_at, id"#;
    /// When they were asked for it.
    feedback_prompts: r#"
        SELECT jsonb_build_object('team', teams.slug, 'occasion', occasion, 'shown_at', shown_at,
                                  'dismissed_at', dismissed_at, 'answered_at', answered_at)::text AS "row!"
        FROM feedback_prompts JOIN memberships USING (team_id, person_id) JOIN teams USING (team_id)
        WHERE person_id = $1 AND removed_at IS NULL ORDER BY team_id, occasion"#;
    /// What they expected, of teams that they are in.
    hypotheses: r#"
        SELECT jsonb_build_object('team', teams.slug, 'if_we', if_we, 'then_it', then_it, 'because', because,
                                  'metric', metric, 'target', target, 'starts_on', starts_on, 'ends_on', ends_on,
                                  'created_at', hypotheses.created_at, 'withdrawn_at', withdrawn_at)::text AS "row!"
        FROM hypotheses JOIN teams USING (team_id)
        JOIN memberships ON memberships.team_id = hypotheses.team_id AND person_id = created_by
        WHERE created_by = $1 AND removed_at IS NULL ORDER BY hypotheses.created_at, id"#;
    /// What they decided, and why.
    decisions: r#"
        SELECT jsonb_build_object('team', teams.slug, 'if_we', if_we, 'verdict', verdict, 'reason', reason,
                                  'decided_at', decided_at)::text AS "row!"
        FROM decisions JOIN hypotheses ON hypotheses.team_id = decisions.team_id AND id = hypothesis_id
        JOIN teams ON teams.team_id = decisions.team_id
        JOIN memberships ON memberships.team_id = decisions.team_id AND person_id = decided_by
        WHERE decided_by = $1 AND removed_at IS NULL ORDER BY decided_at, id"#;
    usage: r#"
        SELECT jsonb_build_object('team', teams.slug, 'kind', kind, 'at', at, 'detail', detail)::text AS "row!"
        FROM usage JOIN memberships USING (team_id, person_id) JOIN teams USING (team_id)
        WHERE person_id = $1 AND removed_at IS NULL ORDER BY at, id"#;
}

macro_rules! paged {
    ($($(#[$doc:meta])* $name:ident: $sql:literal;)*) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl PgExecutor<'_>, person: PersonId, after: (uuid::Uuid, i64)) -> Result<Page<(uuid::Uuid, i64)>> {
            let found = sqlx::query!($sql, person as _, after.0, after.1, PAGE).fetch_all(db).await?;
            let next = found.last().map(|row| (row.id, row.place));
            Ok(Page { rows: found.into_iter().map(|row| row.row).collect(), next })
        }
    )*};
}

paged! {
    /// Tasks that they created or hold.
    tasks: r#"
        SELECT tasks.id, 0::bigint AS "place!", jsonb_build_object(
                   'team', teams.slug, 'task', boards.key || '-' || number, 'title', title,
                   'description', description, 'kind', kind, 'due_on', due_on, 'priority', priority, 'labels', labels,
                   'created_by_me', tasks.created_by = $1, 'assigned_to_me', coalesce(assignee_id = $1, false),
                   'created_at', tasks.created_at, 'completed_at', completed_at, 'deleted_at', deleted_at
               )::text AS "row!"
        FROM tasks JOIN teams USING (team_id)
        JOIN memberships ON memberships.team_id = tasks.team_id AND person_id = $1 AND removed_at IS NULL
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE (tasks.created_by = $1 OR assignee_id = $1) AND tasks.id > $2 AND $3::bigint IS NOT NULL
        ORDER BY tasks.id LIMIT $4"#;
    /// What they said.
    comments: r#"
        SELECT comments.id, 0::bigint AS "place!", jsonb_build_object(
                   'team', teams.slug, 'task', boards.key || '-' || number, 'body', body,
                   'created_at', comments.created_at, 'edited_at', edited_at, 'deleted_at', comments.deleted_at
               )::text AS "row!"
        FROM comments JOIN teams USING (team_id)
        JOIN tasks ON tasks.team_id = comments.team_id AND tasks.id = task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE author_id = $1 AND comments.id > $2 AND $3::bigint IS NOT NULL
        ORDER BY comments.id LIMIT $4"#;
    /// What they did.
    events: r#"
        SELECT team_id AS id, seq AS place, jsonb_build_object(
                   'team', teams.slug, 'seq', seq, 'kind', kind, 'at', at, 'changes', changes)::text AS "row!"
        FROM events JOIN teams USING (team_id)
        JOIN memberships USING (team_id)
        WHERE actor_id = $1 AND person_id = $1 AND removed_at IS NULL AND (team_id, seq) > ($2, $3)
        ORDER BY team_id, seq LIMIT $4"#;
    /// What they were told.
    notifications: r#"
        SELECT notifications.id, 0::bigint AS "place!", jsonb_build_object(
                   'team', teams.slug, 'kind', notifications.kind, 'task', boards.key || '-' || tasks.number,
                   'created_at', notifications.created_at, 'read_at', read_at)::text AS "row!"
        FROM notifications JOIN memberships USING (team_id, person_id) JOIN teams USING (team_id)
        JOIN tasks ON tasks.team_id = notifications.team_id AND tasks.id = notifications.task_id
        JOIN boards ON boards.team_id = tasks.team_id AND boards.id = tasks.board_id
        WHERE person_id = $1 AND removed_at IS NULL AND notifications.id > $2 AND $3::bigint IS NOT NULL
        ORDER BY notifications.id LIMIT $4"#;
}
