use axum::body::{Body, to_bytes};
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;

use super::*;
use crate::{
    server::{serve::Shutdown, settings::Given},
    testing::{Program, TestApp},
};

fn settings(change: impl FnOnce(&mut Given)) -> Arc<Settings> {
    let mut given = Given {
        database_url: Some("postgres://localhost/x".into()),
        ..Given::default()
    };
    change(&mut given);
    Arc::new(Settings::understand(given).expect("settings"))
}

async fn ask(settings: &Arc<Settings>, peer: [u8; 4], headers: &[(&str, &str)]) -> Response {
    let db = PgPoolOptions::new()
        .connect_lazy("postgres://localhost/x")
        .expect("a pool");
    let mut request = Request::get("/metrics").extension(ConnectInfo(SocketAddr::from((peer, 5))));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let health = Health::new((*db.connect_options()).clone(), Shutdown::default());
    routes(settings.clone(), db, health)
        .oneshot(request)
        .await
        .expect("an answer")
}

const HERE: [u8; 4] = [127, 0, 0, 1];
const AWAY: [u8; 4] = [192, 0, 2, 1];

#[tokio::test]
async fn without_a_token_only_this_machine_may_read() {
    let plain = settings(|_| ());
    assert_eq!(ask(&plain, HERE, &[]).await.status(), StatusCode::OK);
    assert_eq!(ask(&plain, AWAY, &[]).await.status(), StatusCode::NOT_FOUND);
    for header in FORWARDING {
        assert_eq!(
            ask(&plain, HERE, &[(header, "x")]).await.status(),
            StatusCode::NOT_FOUND,
            "{header}"
        );
    }
}

#[tokio::test]
async fn without_a_token_nobody_may_read_behind_a_proxy() {
    let proxied = settings(|given| given.trusted_proxies = Some("127.0.0.1".into()));
    let public = settings(|given| given.base_url = Some("https://board.example.com".into()));
    for settings in [proxied, public] {
        assert_eq!(
            ask(&settings, HERE, &[]).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn with_a_token_whoever_has_it_may_read() {
    let settings = settings(|given| {
        given.metrics_token = Some("token".into());
        given.base_url = Some("https://board.example.com".into());
    });
    for (value, status) in [
        ("Bearer token", StatusCode::OK),
        ("bearer token", StatusCode::OK),
        ("Bearer tokem", StatusCode::UNAUTHORIZED),
        ("Bearer ", StatusCode::UNAUTHORIZED),
        ("Basic token", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(
            ask(&settings, AWAY, &[("authorization", value)])
                .await
                .status(),
            status,
            "{value}"
        );
    }
    assert_eq!(
        ask(&settings, HERE, &[]).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn everything_has_a_help_text_and_what_never_happened_is_zero() {
    start();
    request_answered(
        "/help-test",
        "GET",
        StatusCode::OK,
        Duration::from_millis(3),
    );
    let answer = ask(&settings(|_| ()), HERE, &[]).await;
    assert_eq!(
        answer.headers()[CONTENT_TYPE],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = to_bytes(answer.into_body(), 1_000_000)
        .await
        .expect("a body");
    let text = String::from_utf8(text.to_vec()).expect("text");
    for name in [TASKS_CREATED, TASKS_COMPLETED] {
        assert!(
            text.contains(&format!("\n{name} 0\n")),
            "{name} is missing in {text}"
        );
    }
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().expect("a name");
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} has no help"
        );
    }
}

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_was_refused_is_counted_by_its_code_whoever_was_told(db: PgPool) {
    let world = TestApp::new(db).world().await;
    let told = async |code: &str| -> u64 {
        let text = world.nobody.get("/metrics").await.expect(200).text();
        let series = format!("{ERROR_ANSWERS}{{code=\"{code}\"}} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&series));
        line.expect("a series").parse().expect("a number")
    };
    let before = told("not_found").await;
    let program = Program::of(&world.app, &world.people.otto).await;
    let claim = [("team", world.team.slug.as_str()), ("task", "WEB-1")];
    let url = "/actions/skateboard/tasks/requests/claim_task";
    // A page, an action, a form without JavaScript, a program, the feed, and what there is not.
    world.otto.get(&world.team.path("")).await.expect(404);
    world.otto.call(url, &claim).await.expect(404);
    world.otto.post(url, &claim).await.expect(303);
    let api = format!("/teams/{}", world.team.slug);
    program.get(&api).await.expect(404);
    world.otto.get(&world.team.path("/live")).await.expect(404);
    world.otto.get("/nothing").await.expect(404);
    assert_eq!(told("not_found").await - before, 6);
}

#[tokio::test]
async fn the_short_form_is_json() {
    start();
    request_answered(
        "/short-test",
        "GET",
        StatusCode::BAD_GATEWAY,
        Duration::from_millis(3),
    );
    let answer = ask(&settings(|_| ()), HERE, &[("accept", "application/json")]).await;
    let body = to_bytes(answer.into_body(), 10_000).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body[TASKS_CREATED], 0);
    assert!(body[ERRORS].as_u64().is_some_and(|errors| errors >= 1));
    assert!(body["uptime_ms"].is_u64() && body[TASKS_COMPLETED].is_u64());
}
