//! What a test starts from, written straight into the tables. A test of a deed does that deed through
//! the router; only what it needs to stand on comes from here.

mod learning;
mod outside;
mod work;

pub use learning::{Hypothesis, feedback, hypothesis};
pub use outside::{ApiToken, WallLink, Webhook, api_token, revoke_wall_link, wall_link, webhook};
pub use work::{
    Column, Task, archive, assign, board, comment, delete, delete_comment, due, last_column,
    notification, task,
};

use sqlx::PgPool;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{
    accounts::{model::Password, password, token},
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

/// A seeded invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: Uuid,
    pub token: String,
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
