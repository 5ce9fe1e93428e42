//! A decision is asked for at the end, and keeps what was known.

use serde_json::Value;
use sqlx::PgPool;

use super::{DECIDE, day, decide, let_days_pass, let_it_end, page, run, told, work, write};
use crate::testing::{Ask, TestApp};

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn at_the_end_the_page_asks_for_a_decision_and_keeps_it_with_the_evidence(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    let other = write(&world, &[]).await;
    work(&world, &world.ben, 10, 9).await;
    let_it_end(&world, id).await;
    let_it_end(&world, other).await;
    let_days_pass(&world, 14).await;
    let insights = world.ana.get(&world.team.path("/insights")).await.page();
    let first = insights.texts(".hypothesis .badge").into_iter().next();
    assert_eq!(first.as_deref(), Some("Waits for a decision"));
    let asked = page(&world, id).await;
    assert!(asked.shows("Pivot or persevere?") && asked.shows("Waits for a decision"));
    let known = told(&asked);
    assert!(known.starts_with("Very likely reached"), "{known}");

    // Without a choice it is refused, and what was typed stays.
    let form = asked.form("Decide");
    let filled = form.fill("Reason", "It works,\nas <far> as we see.");
    let refused = world.ana.submit(filled).await.page();
    assert!(!refused.alerts().is_empty());
    let reason = refused.value("Reason").unwrap_or_default();
    assert!(reason.contains("as <far> as we see."), "{reason}");

    let reason = ("reason", "It works, as <far> as we see.");
    decide(&world, id, &[reason]).await.expect(200);
    decide(&world, id, &[reason]).await.expect(200);
    let second = decide(&world, id, &[("reason", "On a second thought")]);
    let second = second.await.expect(409).error().unwrap();
    assert_eq!(second.message, "Ana decided this a moment before you did.");
    assert_eq!(world.events("decision.taken").await.len(), 1);
    // Whoever had the form open then has what they wrote.
    let hypothesis = id.to_string();
    let typed = [
        ("team", world.team.slug.as_str()),
        ("hypothesis", &hypothesis),
        ("verdict", "pivot"),
        ("reason", "Nobody will read this otherwise."),
    ];
    let late = world.ana.post(DECIDE, &typed).await;
    let late = world.ana.follow(late).await.page();
    assert!(
        late.alerts()
            .concat()
            .contains("decided this a moment before"),
        "{:?}",
        late.alerts()
    );
    assert!(late.shows("Nobody will read this otherwise."));
    let decided = page(&world, id).await;
    assert!(decided.shows("Decision: Persevere") && !decided.has_button("Decide"));
    assert_eq!(told(&decided), known);

    // Whatever becomes of the data, the evidence stays.
    assert_eq!(told(&page(&world, other).await), known);
    let_days_pass(&world, 400).await;
    assert_eq!(told(&page(&world, id).await), known);
    assert!(told(&page(&world, other).await).ends_with("0 of 10 observations"));
    let insights = world.ana.get(&world.team.path("/insights")).await.page();
    assert!(insights.shows("It works, as <far> as we see."));
    assert!(insights.link("Markdown record").is_some());
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn before_the_end_it_has_to_be_meant(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    let running = page(&world, id).await;
    assert!(running.shows("Decide early") && !running.shows("Pivot or persevere?"));
    let refused = decide(&world, id, &[]).await.expect(422);
    assert!(refused.error().unwrap().on("early").is_some());
    decide(&world, id, &[("early", "off")]).await.expect(422);
    // Also with too few to tell.
    decide(&world, id, &[("early", "on"), ("verdict", "pivot")])
        .await
        .expect(200);
    assert!(page(&world, id).await.shows("Decision: Pivot"));
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn the_period_ends_when_the_day_ends_for_the_team(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    // There it is always another day than here: the one is 26 hours before the other.
    let sql = "UPDATE hypotheses SET starts_on = starts_on - 5, ends_on = (now() AT TIME ZONE 'Etc/GMT+12')::date
               WHERE team_id = $1 AND id = $2";
    run(&world, sql, id).await;
    for (zone, standing) in [
        ("Etc/GMT+12", "Running"),
        ("Pacific/Kiritimati", "Waits for a decision"),
    ] {
        sqlx::query("UPDATE teams SET time_zone = $2 WHERE team_id = $1")
            .bind(world.team.id)
            .bind(zone)
            .execute(&world.app.db)
            .await
            .expect("another place");
        assert!(page(&world, id).await.shows(standing), "{zone}");
    }
    decide(&world, id, &[]).await.expect(200);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn decisions_leave_as_markdown_in_which_text_is_only_text(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let begun = day(&world, -10).await;
    let statement = [
        ("starts_on", begun.as_str()),
        ("if_we", "# shout <script>alert(1)</script>"),
        ("because", "[they](https://example.org) *look*"),
    ];
    let id = write(&world, &statement).await;
    work(&world, &world.ben, 10, 9).await;
    let reason = "First.\n# Second\n- third <img src=x onerror=alert(1)>";
    let early = [("early", "on"), ("reason", reason)];
    decide(&world, id, &early).await.expect(200);

    let path = world
        .team
        .path(&format!("/insights/hypotheses/{id}/record.md"));
    let answer = world.ana.ask(Ask::page(&path)).await.expect(200);
    let header = |name| answer.header(name).unwrap_or_default().to_owned();
    assert_eq!(
        header(axum::http::header::CONTENT_TYPE),
        "text/markdown; charset=utf-8"
    );
    let named = header(axum::http::header::CONTENT_DISPOSITION);
    assert_eq!(named, format!("attachment; filename=\"decision-{id}.md\""));
    let record = answer.text();
    for line in [
        "# Persevere: \\# shout &lt;script&gt;alert(1)&lt;/script&gt;",
        "- Decided by: Ana",
        "- Target: at least 40 %",
        "- Counted: Of the tasks created in the period: those that are done at its end. In a comparison those that somebody of the group holds; what nobody holds is on neither side.",
        "- At least: 10 observations",
        "- Measured: 90 %, 95 % interval 59.6 % to 98.2 %, of 10 observations",
        "> First.",
        "> \\# Second",
        "> \\- third &lt;img src=x onerror=alert(1)&gt;",
    ] {
        assert!(
            record.lines().any(|other| other == line),
            "{line}: {record}"
        );
    }
    // Of ten days something was known already, and of others not yet.
    let said = |line: &str| {
        record
            .lines()
            .find(|other| other.starts_with(line))
            .unwrap_or_default()
            .to_owned()
    };
    assert!(
        said("- Date: ").ends_with(", before its period had ended"),
        "{record}"
    );
    assert!(
        said("- Written down: ").ends_with(", by Ana, after its period had begun"),
        "{record}"
    );
    assert!(record.contains("because \\[they\\](https&#58;//example.org) \\*look\\*."));
    assert!(!record.contains("<script") && !record.contains("<img"));

    let all = world.team.path("/insights/decisions.md");
    let all = world.ana.ask(Ask::page(&all)).await.expect(200).text();
    assert!(all.starts_with("# Decisions of Blue Lantern\n\n## Persevere: \\# shout"));
    assert!(all.contains("## Persevere: light the lantern") && all.contains("Too few to tell"));
    // What is not decided is no record.
    let open = world.team.path(&format!(
        "/insights/hypotheses/{}/record.md",
        world.hypothesis.open
    ));
    world.ana.get(&open).await.expect(404);
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn of_too_few_no_number_is_kept_either(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let id = write(&world, &[]).await;
    work(&world, &world.ben, 9, 9).await;
    decide(&world, id, &[("early", "on")]).await.expect(200);
    let kept: Value = sqlx::query_scalar(
        "SELECT evidence FROM decisions WHERE team_id = $1 AND hypothesis_id = $2",
    )
    .bind(world.team.id)
    .bind(id)
    .fetch_one(&world.app.db)
    .await
    .unwrap();
    assert_eq!(kept["groups"][0]["observations"], 9);
    assert_eq!(kept["groups"][0]["estimate"], Value::Null);
    assert_eq!(kept["outcome"], Value::Null);
    assert!(page(&world, id).await.shows("9 of 10 observations"));
}
