//! Two teams with a cast of named people. Every call makes teams of their own, so that one test can
//! have many worlds in one database.

use serde_json::Value;
use uuid::Uuid;

use super::{
    Browser, Person, TestApp,
    seed::{self, ApiToken, Column, Hypothesis, Invitation, Task, WallLink, Webhook},
};
use crate::people::model::Role;

/// A team and its address.
#[derive(Clone, Debug)]
pub struct Team {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
}

impl Team {
    /// The path of one of its pages: `team.path("/boards")`.
    pub fn path(&self, rest: &str) -> String {
        format!("/teams/{}{rest}", self.slug)
    }
}

/// What every world has. Browsers are signed in; the people behind them have the same names.
#[derive(Clone)]
pub struct World {
    pub app: TestApp,
    pub team: Team,
    /// An owner of the team.
    pub ana: Browser,
    /// A member of it.
    pub ben: Browser,
    /// A viewer of it.
    pub vera: Browser,
    /// Owner of another team, and in no way in this one.
    pub otto: Browser,
    /// Not signed in.
    pub nobody: Browser,
    pub people: People,
    pub other_team: Team,
    /// The board `WEB` of the team.
    pub board: Uuid,
    pub columns: [Column; 3],
    /// A fourth column, without tasks.
    pub empty_column: Column,
    pub archived_board: Uuid,
    /// A task that nobody has, in `To do`.
    pub todo: Task,
    /// Ben's task, in `In progress`.
    pub doing: Task,
    /// In `Done`.
    pub done: Task,
    pub deleted: Task,
    /// Ben's comment on `todo`.
    pub comment: Uuid,
    /// Ben's, deleted.
    pub deleted_comment: Uuid,
    /// Ben's, that Ana gave him `doing`. He has not read it.
    pub notification: Uuid,
    /// The token of a link by which Ana chooses a new password.
    pub reset: String,
    /// The token of a link by which Ana confirms another address.
    pub confirmation: String,
    /// Ana's, to read and write in all her teams.
    pub token: ApiToken,
    /// For a member, made by Ana.
    pub invitation: Invitation,
    /// Made by Ana.
    pub wall_link: WallLink,
    /// Made by Ana, and revoked.
    pub revoked_wall_link: WallLink,
    /// Otto's, of his team.
    pub other_wall_link: WallLink,
    /// Made by Ana.
    pub webhook: Webhook,
    /// Vera's, with the tag `phone`.
    pub feedback: Uuid,
    /// Written down by Ana.
    pub hypothesis: Hypothesis,
}

/// The people behind the browsers.
#[derive(Clone, Debug)]
pub struct People {
    pub ana: Person,
    pub ben: Person,
    pub vera: Person,
    pub otto: Person,
}

impl World {
    pub(super) async fn new(app: &TestApp) -> Self {
        let db = &app.db;
        let people = People {
            ana: app.person("Ana").await,
            ben: app.person("Ben").await,
            vera: app.person("Vera").await,
            otto: app.person("Otto").await,
        };
        let team = team(app, "Blue Lantern").await;
        let other_team = self::team(app, "Red Kite").await;
        seed::member(db, team.id, &people.ana, Role::Owner).await;
        seed::member(db, team.id, &people.ben, Role::Member).await;
        seed::member(db, team.id, &people.vera, Role::Viewer).await;
        seed::member(db, other_team.id, &people.otto, Role::Owner).await;

        let (board, columns) = seed::board(db, team.id, &people.ana, "WEB", "Website").await;
        let empty_column = seed::last_column(db, team.id, board, "Some day", "todo").await;
        let (archived_board, _) = seed::board(db, team.id, &people.ana, "OLD", "Old one").await;
        seed::archive(db, team.id, archived_board).await;
        let [first, second, third] = &columns;
        let todo = seed::task(db, team.id, &people.ana, first, "Choose a colour").await;
        let doing = seed::task(db, team.id, &people.ana, second, "Draw the sign").await;
        seed::assign(db, team.id, &doing, &people.ben).await;
        let done = seed::task(db, team.id, &people.ana, third, "Buy a lantern").await;
        let deleted = seed::task(db, team.id, &people.ana, first, "Buy a kite").await;
        seed::delete(db, team.id, &people.ana, &deleted).await;
        let comment = seed::comment(db, team.id, &people.ben, &todo, "Blue, I think.").await;
        let deleted_comment = seed::comment(db, team.id, &people.ben, &todo, "Or red.").await;
        seed::delete_comment(db, team.id, deleted_comment).await;
        let notification = seed::notification(db, team.id, &people.ben, &people.ana, &doing).await;
        let reset = seed::link(db, &people.ana, "reset_password", None).await;
        let new_address = format!("new-{}", people.ana.email);
        let confirmation = seed::link(db, &people.ana, "confirm_email", Some(&new_address)).await;
        let token = seed::api_token(db, &people.ana, "write", None).await;
        let invitation = seed::invitation(db, team.id, &people.ana, Role::Member).await;
        let wall_link = seed::wall_link(db, team.id, &people.ana).await;
        let revoked_wall_link = seed::wall_link(db, team.id, &people.ana).await;
        seed::revoke_wall_link(db, team.id, &revoked_wall_link).await;
        let other_wall_link = seed::wall_link(db, other_team.id, &people.otto).await;
        let webhook = seed::webhook(db, team.id, &people.ana).await;
        let feedback = seed::feedback(db, team.id, &team.slug, &people.vera).await;
        let hypothesis = seed::hypothesis(db, team.id, &people.ana).await;

        Self {
            ana: app.signed_in(&people.ana).await,
            ben: app.signed_in(&people.ben).await,
            vera: app.signed_in(&people.vera).await,
            otto: app.signed_in(&people.otto).await,
            nobody: app.browser(),
            app: app.clone(),
            team,
            people,
            other_team,
            board,
            columns,
            empty_column,
            archived_board,
            todo,
            doing,
            done,
            deleted,
            comment,
            deleted_comment,
            notification,
            reset,
            confirmation,
            token,
            invitation,
            wall_link,
            revoked_wall_link,
            other_wall_link,
            webhook,
            feedback,
            hypothesis,
        }
    }

    /// Further members of the team, each in a browser of their own.
    pub async fn more_members(&self, count: usize) -> Vec<Browser> {
        let mut browsers = Vec::with_capacity(count);
        for number in 1..=count {
            let person = self.app.person(&format!("Member {number}")).await;
            seed::member(&self.app.db, self.team.id, &person, Role::Member).await;
            browsers.push(self.app.signed_in(&person).await);
        }
        browsers
    }

    /// Lets the database give up the first changes of tasks, as it does with a deadlock.
    pub async fn give_up_the_first(&self, count: i32) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            r#"
            CREATE SEQUENCE IF NOT EXISTS attempts;
            SELECT setval('attempts', 1, false);
            CREATE OR REPLACE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('attempts') <= {count} THEN
                    RAISE EXCEPTION 'given up' USING ERRCODE = 'deadlock_detected';
                END IF;
                RETURN NEW;
            END $$;
            CREATE OR REPLACE TRIGGER give_up BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION give_up();
            "#
        )))
        .execute(&self.app.db)
        .await
        .expect("a trigger");
    }

    /// The changes of every event of a kind in the team's log, in order.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        sqlx::query_scalar(
            "SELECT changes FROM events WHERE team_id = $1 AND kind = $2 ORDER BY seq",
        )
        .bind(self.team.id)
        .bind(kind)
        .fetch_all(&self.app.db)
        .await
        .expect("the log")
    }
}

async fn team(app: &TestApp, name: &str) -> Team {
    let unique = Uuid::new_v4().simple().to_string();
    let slug = format!("{}-{}", slug::slugify(name), &unique[..12]);
    Team {
        id: seed::team(&app.db, &slug, name).await,
        slug,
        name: name.to_owned(),
    }
}
