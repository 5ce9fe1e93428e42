//! What a test starts from, written straight into the tables. A test of a deed does that deed through
//! the router; only what it needs to stand on comes from here.

use fractional_index::FractionalIndex;
use sqlx::PgPool;
use uuid::Uuid;

use tokio::sync::OnceCell;

use crate::{
    accounts::{model::Password, password, token, tokens},
    people::model::Role,
};

/// The password of everybody.
pub const PASSWORD: &str = "harbour lantern beside the pier 4";

/// To hash is made to be slow, so it is done once.
static PASSWORD_HASH: OnceCell<String> = OnceCell::const_new();

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

/// A column of a seeded board.
#[derive(Clone, Debug)]
pub struct Column {
    pub board: Uuid,
    pub id: Uuid,
    pub kind: &'static str,
}

/// A seeded task.
#[derive(Clone, Debug)]
pub struct Task {
    pub id: Uuid,
    /// Such as `WEB-1`.
    pub key: String,
}

/// A seeded invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: Uuid,
    pub token: String,
}

/// A seeded API token.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub id: Uuid,
    pub token: String,
}

/// A seeded wall link.
#[derive(Clone, Debug)]
pub struct WallLink {
    pub id: Uuid,
    pub token: String,
}

/// Seeded hypotheses.
#[derive(Clone, Debug)]
pub struct Hypothesis {
    /// One that runs.
    pub open: Uuid,
    /// One about which something was decided.
    pub decided: Uuid,
}

/// A seeded webhook, and something that was sent to it.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: Uuid,
    pub secret: String,
    pub delivery: Uuid,
}

/// An account. The address is made unique, so that a name can be used in many worlds.
pub async fn person(db: &PgPool, name: &str) -> Person {
    let id = Uuid::now_v7();
    let person = Person {
        id,
        name: name.to_owned(),
        email: format!(
            "{}-{}@example.test",
            name.to_lowercase().replace(' ', "."),
            id.simple()
        ),
    };
    let password = Password::parse("password", PASSWORD).expect("a password");
    let hash = PASSWORD_HASH
        .get_or_init(|| async { password::hash(&password).await.expect("a hash") })
        .await;
    sqlx::query(
        r#"
        INSERT INTO people (id, name, email, email_confirmed_at, password_hash)
        VALUES ($1, $2, $3, now(), $4)
        "#,
    )
    .bind(id)
    .bind(&person.name)
    .bind(&person.email)
    .bind(hash)
    .execute(db)
    .await
    .expect("a person");
    person
}

/// A session of a person, and the token that belongs into its cookie.
pub async fn session(db: &PgPool, person: &Person) -> String {
    let token = token::random();
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, person_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')",
    )
    .bind(Uuid::now_v7())
    .bind(token::hash(&token))
    .bind(person.id)
    .execute(db)
    .await
    .expect("a session");
    token
}

/// A team with its log.
pub async fn team(db: &PgPool, slug: &str, name: &str) -> Uuid {
    let team = Uuid::now_v7();
    sqlx::query("INSERT INTO teams (team_id, slug, name) VALUES ($1, $2, $3)")
        .bind(team)
        .bind(slug)
        .bind(name)
        .execute(db)
        .await
        .expect("a team");
    sqlx::query("INSERT INTO event_counters (team_id) VALUES ($1)")
        .bind(team)
        .execute(db)
        .await
        .expect("a log");
    team
}

/// Puts a person into a team.
pub async fn member(db: &PgPool, team: Uuid, person: &Person, role: Role) {
    sqlx::query("INSERT INTO memberships (team_id, person_id, role) VALUES ($1, $2, $3)")
        .bind(team)
        .bind(person.id)
        .bind(role.as_str())
        .execute(db)
        .await
        .expect("a member");
}

/// An invitation for a week.
pub async fn invitation(db: &PgPool, team: Uuid, by: &Person, role: Role) -> Invitation {
    let token = token::random();
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        INSERT INTO invitations (team_id, id, token_hash, role, created_by, expires_at)
        VALUES ($1, $2, $3, $4, $5, now() + interval '7 days')
        "#,
    )
    .bind(team)
    .bind(id)
    .bind(token::hash(&token))
    .bind(role.as_str())
    .bind(by.id)
    .execute(db)
    .await
    .expect("an invitation");
    Invitation { id, token }
}

/// A link by which a display shows the Now page.
pub async fn wall_link(db: &PgPool, team: Uuid, by: &Person) -> WallLink {
    let token = token::random();
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO wall_links (team_id, id, token_hash, created_by) VALUES ($1, $2, $3, $4)",
    )
    .bind(team)
    .bind(id)
    .bind(token::hash(&token))
    .bind(by.id)
    .execute(db)
    .await
    .expect("a wall link");
    WallLink { id, token }
}

/// A webhook that is turned off, to an address that leads nowhere, and the delivery of the team's first event to it.
pub async fn webhook(db: &PgPool, team: Uuid, by: &Person) -> Webhook {
    let webhook = Webhook {
        id: Uuid::now_v7(),
        secret: token::random(),
        delivery: Uuid::now_v7(),
    };
    sqlx::query(
        r#"
        WITH webhook AS (
            INSERT INTO webhooks (team_id, id, url, topics, secret, last_seq, created_by, disabled_at,
                                  disabled_reason)
            VALUES ($1, $2, 'https://hooks.example.test/', '{team}', $3, 1, $4, now(), 'It answered 500.')
            RETURNING team_id, id
        )
        INSERT INTO webhook_deliveries (team_id, webhook_id, id, seq, kind, status, attempts, tried_at)
        SELECT team_id, id, $5, 1, 'team.created', 'failed', 1, now() FROM webhook
        "#,
    )
    .bind(team)
    .bind(webhook.id)
    .bind(&webhook.secret)
    .bind(by.id)
    .bind(webhook.delivery)
    .execute(db)
    .await
    .expect("a webhook");
    webhook
}

/// What a person said by the button on the board `WEB`.
pub async fn feedback(db: &PgPool, team: Uuid, slug: &str, by: &Person) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        INSERT INTO feedback (team_id, id, person_id, occasion, most_useful, in_the_way, page, version, tags)
        VALUES ($1, $2, $3, 'button', 'Seeing who has what.', 'The board is slow on my phone.', $4, '0.1.0', '{phone}')
        "#,
    )
    .bind(team)
    .bind(id)
    .bind(by.id)
    .bind(format!("/teams/{slug}/boards/WEB"))
    .execute(db)
    .await
    .expect("feedback");
    id
}

/// Two hypotheses: one runs from ten days ago to ten days from now, the other was decided with too few to tell.
pub async fn hypothesis(db: &PgPool, team: Uuid, by: &Person) -> Hypothesis {
    let hypothesis = Hypothesis {
        open: Uuid::now_v7(),
        decided: Uuid::now_v7(),
    };
    sqlx::query(
        r#"
        WITH made AS (
            INSERT INTO hypotheses (team_id, id, if_we, then_it, because, metric, target, starts_on, ends_on, sample,
                                    created_by, created_at)
            SELECT $1, id, 'light the lantern', 'ships come home', 'they see it', 'due_kept', 80,
                   current_date - 10, current_date + days, 20, $4, now() - interval '10 days'
            FROM (VALUES ($2::uuid, 10), ($3::uuid, -3)) AS each (id, days)
            RETURNING team_id, id
        )
        INSERT INTO decisions (team_id, hypothesis_id, verdict, reason, evidence, decided_by)
        SELECT team_id, id, 'persevere', 'It is warm, too.',
               '{"from": "2026-01-01", "to": "2026-01-07", "groups": [{"people": null, "observations": 3, "estimate": null}],
                 "switched": 0, "outcome": null}', $4
        FROM made WHERE id = $3
        "#,
    )
    .bind(team)
    .bind(hypothesis.open)
    .bind(hypothesis.decided)
    .bind(by.id)
    .execute(db)
    .await
    .expect("hypotheses");
    hypothesis
}

/// An API token of a person, which is limited to a team if one is given.
pub async fn api_token(
    db: &PgPool,
    person: &Person,
    scope: &str,
    only_team: Option<Uuid>,
) -> ApiToken {
    let (id, token) = (Uuid::now_v7(), tokens::random());
    sqlx::query(
        r#"
        INSERT INTO api_tokens (id, person_id, name, token_hash, hint, scope, only_team_id, expires_at)
        VALUES ($1, $2, 'Seeded', $3, $4, $5, $6, now() + interval '1 day')
        "#,
    )
    .bind(id)
    .bind(person.id)
    .bind(token::hash(&token))
    .bind(tokens::hint(&token))
    .bind(scope)
    .bind(only_team)
    .execute(db)
    .await
    .expect("an API token");
    ApiToken { id, token }
}

/// Revokes a wall link.
pub async fn revoke_wall_link(db: &PgPool, team: Uuid, link: &WallLink) {
    sqlx::query("UPDATE wall_links SET revoked_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(link.id)
        .execute(db)
        .await
        .expect("a revoked wall link");
}

/// A board with the columns `To do`, `In progress` and `Done`.
pub async fn board(
    db: &PgPool,
    team: Uuid,
    by: &Person,
    key: &str,
    name: &str,
) -> (Uuid, [Column; 3]) {
    let board = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO boards (team_id, id, key, name, created_as, created_by) VALUES ($1, $2, $3, $4, '{}', $5)",
    )
    .bind(team)
    .bind(board)
    .bind(key)
    .bind(name)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a board");
    sqlx::query("INSERT INTO task_numbers (team_id, board_id) VALUES ($1, $2)")
        .bind(team)
        .bind(board)
        .execute(db)
        .await
        .expect("the numbers of a board");
    let columns = [
        ("To do", "todo"),
        ("In progress", "doing"),
        ("Done", "done"),
    ];
    let mut position = FractionalIndex::default();
    let mut seeded = Vec::new();
    for (name, kind) in columns {
        seeded.push(column(db, team, board, name, kind, &position).await);
        position = FractionalIndex::new_after(&position);
    }
    let columns = seeded.try_into().expect("three columns");
    (board, columns)
}

/// A column behind the others of its board.
pub async fn last_column(
    db: &PgPool,
    team: Uuid,
    board: Uuid,
    name: &str,
    kind: &'static str,
) -> Column {
    let last: Vec<u8> = sqlx::query_scalar(
        "SELECT position FROM columns WHERE team_id = $1 AND board_id = $2 ORDER BY position DESC LIMIT 1",
    )
    .bind(team)
    .bind(board)
    .fetch_one(db)
    .await
    .expect("the last column");
    column(db, team, board, name, kind, &after(last)).await
}

fn after(position: Vec<u8>) -> FractionalIndex {
    FractionalIndex::new_after(
        &FractionalIndex::from_bytes(position).expect("a position that was stored"),
    )
}

async fn column(
    db: &PgPool,
    team: Uuid,
    board: Uuid,
    name: &str,
    kind: &'static str,
    position: &FractionalIndex,
) -> Column {
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        INSERT INTO columns (team_id, board_id, id, name, kind, position, created_as)
        VALUES ($1, $2, $3, $4, $5, $6, '{}')
        "#,
    )
    .bind(team)
    .bind(board)
    .bind(id)
    .bind(name)
    .bind(kind)
    .bind(position.as_bytes())
    .execute(db)
    .await
    .expect("a column");
    Column { board, id, kind }
}

/// A task at the end of a column.
pub async fn task(db: &PgPool, team: Uuid, by: &Person, column: &Column, title: &str) -> Task {
    let last: Option<Vec<u8>> = sqlx::query_scalar(
        "SELECT position FROM tasks WHERE team_id = $1 AND column_id = $2 ORDER BY position DESC LIMIT 1",
    )
    .bind(team)
    .bind(column.id)
    .fetch_optional(db)
    .await
    .expect("the last position");
    let position = match last {
        Some(last) => after(last),
        None => FractionalIndex::default(),
    };
    let id = Uuid::now_v7();
    let key: String = sqlx::query_scalar(
        r#"
        WITH next AS (
            UPDATE task_numbers SET last_number = last_number + 1
            WHERE team_id = $1 AND board_id = $2 RETURNING last_number
        ),
        task AS (
            INSERT INTO tasks (team_id, id, board_id, number, column_id, kind, position, title, created_as, created_by,
                               started_at, completed_at)
            SELECT $1, $3, $2, last_number, $4, $5, $6, $7, '{}', $8,
                   CASE WHEN $5 <> 'todo' THEN now() END, CASE WHEN $5 = 'done' THEN now() END
            FROM next RETURNING number
        )
        SELECT boards.key || '-' || task.number FROM task, boards WHERE boards.team_id = $1 AND boards.id = $2
        "#,
    )
    .bind(team)
    .bind(column.board)
    .bind(id)
    .bind(column.id)
    .bind(column.kind)
    .bind(position.as_bytes())
    .bind(title)
    .bind(by.id)
    .fetch_one(db)
    .await
    .expect("a task");
    Task { id, key }
}

/// Gives a task to a person.
pub async fn assign(db: &PgPool, team: Uuid, task: &Task, to: &Person) {
    sqlx::query(
        "UPDATE tasks SET assignee_id = $3, assigned_at = now() WHERE team_id = $1 AND id = $2",
    )
    .bind(team)
    .bind(task.id)
    .bind(to.id)
    .execute(db)
    .await
    .expect("an assigned task");
}

/// Lets a task be due so many days from today in UTC, or never.
pub async fn due(db: &PgPool, team: Uuid, task: &Task, days: Option<i32>) {
    sqlx::query(
        r#"
        UPDATE tasks SET due_on = (now() AT TIME ZONE 'UTC')::date + $3::int
        WHERE team_id = $1 AND id = $2
        "#,
    )
    .bind(team)
    .bind(task.id)
    .bind(days)
    .execute(db)
    .await
    .expect("a due date");
}

/// Marks a task as deleted a moment ago.
pub async fn delete(db: &PgPool, team: Uuid, by: &Person, task: &Task) {
    sqlx::query(
        "UPDATE tasks SET deleted_at = now(), deleted_by = $3 WHERE team_id = $1 AND id = $2",
    )
    .bind(team)
    .bind(task.id)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a deleted task");
}

/// Archives a board.
pub async fn archive(db: &PgPool, team: Uuid, board: Uuid) {
    sqlx::query("UPDATE boards SET archived_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(board)
        .execute(db)
        .await
        .expect("an archived board");
}

/// A comment on a task, and its id.
pub async fn comment(db: &PgPool, team: Uuid, by: &Person, task: &Task, body: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO comments (team_id, task_id, id, author_id, body, created_as) VALUES ($1, $2, $3, $4, $5, '{}')",
    )
    .bind(team)
    .bind(task.id)
    .bind(id)
    .bind(by.id)
    .bind(body)
    .execute(db)
    .await
    .expect("a comment");
    id
}

/// Marks a comment as deleted.
pub async fn delete_comment(db: &PgPool, team: Uuid, comment: Uuid) {
    sqlx::query("UPDATE comments SET deleted_at = now() WHERE team_id = $1 AND id = $2")
        .bind(team)
        .bind(comment)
        .execute(db)
        .await
        .expect("a deleted comment");
}

/// A one-time link for a person, and its token.
pub async fn link(db: &PgPool, person: &Person, purpose: &str, email: Option<&str>) -> String {
    let token = token::random();
    sqlx::query(
        r#"
        INSERT INTO account_links (token_hash, purpose, person_id, email, expires_at)
        VALUES ($1, $2, $3, $4, now() + interval '1 hour')
        "#,
    )
    .bind(token::hash(&token))
    .bind(purpose)
    .bind(person.id)
    .bind(email)
    .execute(db)
    .await
    .expect("a one-time link");
    token
}

/// Tells a person that another one assigned a task to them, and gives the id of it.
pub async fn notification(db: &PgPool, team: Uuid, to: &Person, by: &Person, task: &Task) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        r#"
        WITH counter AS (
            INSERT INTO notification_counters (team_id, last_number) VALUES ($1, 1)
            ON CONFLICT (team_id) DO UPDATE SET last_number = notification_counters.last_number + 1
            RETURNING last_number
        )
        INSERT INTO notifications (team_id, id, number, person_id, kind, task_id, actor_id, change_id)
        SELECT $1, $2, last_number, $3, 'assigned', $4, $5, gen_random_uuid() FROM counter
        "#,
    )
    .bind(team)
    .bind(id)
    .bind(to.id)
    .bind(task.id)
    .bind(by.id)
    .execute(db)
    .await
    .expect("a notification");
    id
}
