//! Imports as the operator makes them.

use std::{io::Write as _, path::Path};

use sqlx::PgPool;
use uuid::Uuid;

use super::{board, texts};
use crate::{
    error::Result,
    imports::operator::{Outcome, Wanted, import_trello},
    people::model::Role,
    testing::{TestApp, World, seed},
};

async fn import(world: &World, file: &Path, change: impl FnOnce(&mut Wanted)) -> Result<Outcome> {
    let mut wanted = Wanted {
        team: Some(world.team.slug.clone()),
        as_email: Some(world.people.ana.email.to_uppercase()),
        ..Wanted::default()
    };
    change(&mut wanted);
    import_trello(&world.app.db, file, wanted, |_, _| {}).await
}

fn said(outcome: Result<Outcome>) -> String {
    outcome.err().map(|error| error.message).unwrap_or_default()
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_operator_imports_as_somebody_of_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(format!("\u{feff}{}", board()).as_bytes())
        .expect("a file");
    let people = format!("jo*hn={}", world.people.ben.email);
    let ask = |wanted: &mut Wanted| wanted.people = vec![people.clone()];

    let dry = import(&world, file.path(), |wanted| {
        ask(wanted);
        wanted.dry_run = true;
    });
    let Ok(Outcome::Preview(preview)) = dry.await else {
        panic!("a preview")
    };
    assert_eq!(preview.key, "GS");
    assert!(
        preview
            .members
            .iter()
            .all(|member| member.proposed.is_some())
    );
    let boards = "SELECT key FROM boards WHERE team_id = $1 AND key = 'GS'";
    assert_eq!(texts(&world, boards).await, [""; 0]);

    let Ok(Outcome::Imported(imported, path)) = import(&world, file.path(), ask).await else {
        panic!("an import")
    };
    assert_eq!((imported.tasks, imported.comments), (6, 2));
    assert_eq!(path, world.team.path("/boards/GS"));
    let authors = "SELECT people.name FROM comments JOIN people ON people.id = author_id JOIN tasks ON tasks.id = task_id
                   WHERE comments.team_id = $1 AND number = 1 AND title = 'Choose the wood'";
    assert_eq!(texts(&world, authors).await, ["Ben", "Ben"]);

    let again = import(&world, file.path(), ask).await;
    assert!(matches!(again, Ok(Outcome::Already(same)) if same == path));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_only_team_and_its_first_owner_go_without_saying(db: PgPool) {
    let app = TestApp::new(db);
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(board().to_string().as_bytes())
        .expect("a file");
    let import = async |team: Option<&str>| {
        let wanted = Wanted {
            team: team.map(str::to_owned),
            ..Wanted::default()
        };
        import_trello(&app.db, file.path(), wanted, |_, _| {}).await
    };
    assert!(said(import(None).await).contains("There is no team yet"));
    let team = seed::team(&app.db, "blue", "Blue").await;
    assert!(said(import(None).await).contains("Say with --as EMAIL"));
    let (zoe, ana) = (app.person("Zoe").await, app.person("Ana").await);
    for owner in [&zoe, &ana] {
        seed::member(&app.db, team, owner, Role::Owner).await;
    }
    let Ok(Outcome::Imported(_, path)) = import(None).await else {
        panic!("an import")
    };
    assert_eq!(path, "/teams/blue/boards/GS");
    let by: Uuid = sqlx::query_scalar("SELECT created_by FROM imports")
        .fetch_one(&app.db)
        .await
        .expect("one import");
    assert_eq!(by, zoe.id);

    for number in 0..10 {
        seed::team(&app.db, &format!("red-{number}"), "Red").await;
    }
    let refused = said(import(None).await);
    assert!(refused.contains("Say with --team SLUG"), "{refused}");
    assert!(refused.contains(": blue, red-0, "), "{refused}");
    assert!(refused.contains("red-8 and others"), "{refused}");
    assert!(matches!(import(Some("blue")).await, Ok(Outcome::Already(same)) if same == path));
    assert!(said(import(Some("red-3")).await).contains("Say with --as EMAIL"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn a_viewer_a_stranger_and_a_file_that_is_not_there_are_told_so(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(board().to_string().as_bytes())
        .expect("a file");
    let path = file.path();
    let vera = world.people.vera.email.clone();
    let otto = world.people.otto.email.clone();
    assert!(
        said(import(&world, path, |w| w.as_email = Some(vera)).await).contains("Viewers can read")
    );
    assert!(
        said(import(&world, path, |w| w.as_email = Some(otto)).await).contains("is not in a team")
    );
    assert!(
        said(import(&world, path, |w| w.as_email = Some("x@y.example".into())).await)
            .contains("Nobody signs in")
    );
    assert!(
        said(import(&world, path, |w| w.people = vec!["a=b@c.example".into()]).await)
            .contains("b@c.example")
    );
    assert!(said(import(&world, Path::new("/nothing"), |_| {}).await).contains("cannot be read"));
}
