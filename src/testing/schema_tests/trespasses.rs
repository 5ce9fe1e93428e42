//! The ways out of a team, one for each foreign key.

use crate::testing::World;

/// For every foreign key a statement, plain SQL, by which a row of team `a` would point into team `b`.
pub(super) fn trespasses(a: &World, b: &World) -> Vec<(&'static str, String)> {
    let (team, ana, their_ben) = (a.team.id, a.people.ana.id, b.people.ben.id);
    let (board, task, column) = (a.board, a.todo.id, a.columns[0].id);
    let (their_board, their_task, their_column) = (b.board, b.todo.id, b.columns[0].id);
    let (their_comment, their_webhook) = (b.comment, b.webhook.id);
    let (hypothesis, their_hypothesis) = (a.hypothesis.open, b.hypothesis.open);
    vec![
        (
            "risks_task_fkey",
            format!(
                "INSERT INTO risks (team_id, task_id, due_on, reason)
                 VALUES ('{team}', '{their_task}', '2026-11-27', 'x')"
            ),
        ),
        (
            "usage_person_fkey",
            format!(
                "INSERT INTO usage (team_id, id, kind, person_id)
                 VALUES ('{team}', gen_random_uuid(), 'similar.shown', '{their_ben}')"
            ),
        ),
        (
            "invitations_created_by_fkey",
            format!(
                "INSERT INTO invitations (team_id, id, token_hash, role, created_by, expires_at)
                 VALUES ('{team}', gen_random_uuid(), '\\x01', 'owner', '{their_ben}', now())"
            ),
        ),
        (
            "invitations_used_by_fkey",
            format!("UPDATE invitations SET used_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "wall_links_created_by_fkey",
            format!("UPDATE wall_links SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "imports_board_fkey",
            format!(
                "INSERT INTO imports (team_id, id, source, file_hash, board_id, tasks, comments, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'csv', '\\x01', '{their_board}', 0, 0, '{ana}')"
            ),
        ),
        (
            "imports_created_by_fkey",
            format!(
                "INSERT INTO imports (team_id, id, source, file_hash, board_id, tasks, comments, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'csv', '\\x02', '{board}', 0, 0, '{their_ben}')"
            ),
        ),
        (
            "boards_created_by_fkey",
            format!(
                "INSERT INTO boards (team_id, id, key, name, created_as, created_by)
                 VALUES ('{team}', gen_random_uuid(), 'X', 'X', '{{}}', '{their_ben}')"
            ),
        ),
        (
            "columns_board_fkey",
            format!(
                "INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
                 VALUES ('{team}', '{their_board}', gen_random_uuid(), 'X', 'todo', '\\x80', '{{}}')"
            ),
        ),
        (
            "task_numbers_board_fkey",
            format!("INSERT INTO task_numbers (team_id, board_id) VALUES ('{team}', '{their_board}')"),
        ),
        (
            "tasks_board_fkey",
            format!(
                "INSERT INTO tasks (team_id, id, board_id, number, kind, position, title, created_as, created_by,
                                    deleted_at, deleted_by)
                 VALUES ('{team}', gen_random_uuid(), '{their_board}', 900, 'todo', '\\x80', 'X', '{{}}', '{ana}',
                         now(), '{ana}')"
            ),
        ),
        (
            "tasks_column_fkey",
            format!("UPDATE tasks SET column_id = '{their_column}' WHERE team_id = '{team}' AND id = '{task}'"),
        ),
        (
            "tasks_assignee_fkey",
            format!("UPDATE tasks SET assignee_id = '{their_ben}' WHERE team_id = '{team}' AND id = '{task}'"),
        ),
        (
            "tasks_created_by_fkey",
            format!(
                "INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, created_as,
                                    created_by)
                 VALUES ('{team}', gen_random_uuid(), '{board}', 901, '{column}', 'todo', '\\x80', 'X', '{{}}',
                         '{their_ben}')"
            ),
        ),
        (
            "tasks_deleted_by_fkey",
            format!(
                "UPDATE tasks SET deleted_at = now(), deleted_by = '{their_ben}'
                 WHERE team_id = '{team}' AND id = '{task}'"
            ),
        ),
        (
            "comments_task_fkey",
            format!(
                "INSERT INTO comments (team_id, task_id, id, author_id, body, created_as)
                 VALUES ('{team}', '{their_task}', gen_random_uuid(), '{ana}', 'X', '{{}}')"
            ),
        ),
        (
            "comments_author_fkey",
            format!("UPDATE comments SET author_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "watchers_task_fkey",
            format!(
                "INSERT INTO watchers (team_id, task_id, person_id) VALUES ('{team}', '{their_task}', '{ana}')"
            ),
        ),
        (
            "watchers_person_fkey",
            format!(
                "INSERT INTO watchers (team_id, task_id, person_id) VALUES ('{team}', '{task}', '{their_ben}')"
            ),
        ),
        (
            "events_actor_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{their_ben}')"
            ),
        ),
        (
            "events_board_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id, board_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{ana}', '{their_board}')"
            ),
        ),
        (
            "events_task_fkey",
            format!(
                "INSERT INTO events (team_id, seq, change_id, kind, actor_id, task_id)
                 VALUES ('{team}', 1, gen_random_uuid(), 'x', '{ana}', '{their_task}')"
            ),
        ),
        (
            "notifications_person_fkey",
            format!("UPDATE notifications SET person_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_actor_fkey",
            format!("UPDATE notifications SET actor_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_task_fkey",
            format!("UPDATE notifications SET task_id = '{their_task}' WHERE team_id = '{team}'"),
        ),
        (
            "notifications_comment_fkey",
            format!("UPDATE notifications SET comment_id = '{their_comment}' WHERE team_id = '{team}'"),
        ),
        (
            "notification_settings_person_fkey",
            format!("INSERT INTO notification_settings (team_id, person_id) VALUES ('{team}', '{their_ben}')"),
        ),
        (
            "digests_person_fkey",
            format!(
                "INSERT INTO digests (team_id, person_id, day, due_again_at)
                 VALUES ('{team}', '{their_ben}', now()::date, now())"
            ),
        ),
        (
            "digest_links_person_fkey",
            format!(
                "INSERT INTO digest_links (team_id, token_hash, person_id)
                 VALUES ('{team}', '\\x02', '{their_ben}')"
            ),
        ),
        (
            "hypotheses_created_by_fkey",
            format!("UPDATE hypotheses SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "hypotheses_withdrawn_by_fkey",
            format!(
                "UPDATE hypotheses SET withdrawn_by = '{their_ben}', withdrawn_at = now() WHERE team_id = '{team}'"
            ),
        ),
        (
            "decisions_hypothesis_fkey",
            format!(
                "INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
                 VALUES ('{team}', '{their_hypothesis}', 'pivot', 'So', '{{}}', '{ana}')"
            ),
        ),
        (
            "decisions_decided_by_fkey",
            format!(
                "INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
                 VALUES ('{team}', '{hypothesis}', 'pivot', 'So', '{{}}', '{their_ben}')"
            ),
        ),
        (
            "toggles_changed_by_fkey",
            format!("INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{their_ben}')"),
        ),
        (
            "toggle_people_toggle_fkey",
            format!("INSERT INTO toggle_people (team_id, name, person_id) VALUES ('{team}', 'none', '{ana}')"),
        ),
        (
            "toggle_people_person_fkey",
            format!(
                "INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{ana}');
                 INSERT INTO toggle_people (team_id, name, person_id) VALUES ('{team}', 'x', '{their_ben}')"
            ),
        ),
        (
            "toggle_arms_toggle_fkey",
            format!(
                "INSERT INTO toggle_arms (team_id, name, person_id, is_on) VALUES ('{team}', 'none', '{ana}', true)"
            ),
        ),
        (
            "toggle_arms_person_fkey",
            format!(
                "INSERT INTO toggles (team_id, name, changed_by) VALUES ('{team}', 'x', '{ana}');
                 INSERT INTO toggle_arms (team_id, name, person_id, is_on) VALUES ('{team}', 'x', '{their_ben}', true)"
            ),
        ),
        (
            "feedback_person_fkey",
            format!("UPDATE feedback SET person_id = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "feedback_prompts_person_fkey",
            format!(
                "INSERT INTO feedback_prompts (team_id, person_id, occasion)
                 VALUES ('{team}', '{their_ben}', 'first_week')"
            ),
        ),
        (
            "webhooks_created_by_fkey",
            format!("UPDATE webhooks SET created_by = '{their_ben}' WHERE team_id = '{team}'"),
        ),
        (
            "webhook_deliveries_webhook_fkey",
            format!(
                "INSERT INTO webhook_deliveries (team_id, webhook_id, id, kind)
                 VALUES ('{team}', '{their_webhook}', gen_random_uuid(), 'ping')"
            ),
        ),
    ]
}
