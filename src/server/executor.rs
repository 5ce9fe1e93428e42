//! What Leptos begins while it renders a page belongs to the request that the page answers: its lines in the log carry
//! the same number.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument as _;

struct InSpan;

impl CustomExecutor for InSpan {
    fn spawn(&self, task: PinnedFuture<()>) {
        tokio::spawn(task.in_current_span());
    }

    fn spawn_local(&self, task: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(task.in_current_span());
    }

    fn poll_local(&self) {}
}

/// Makes Leptos begin its tasks so. To be called before Leptos chooses by itself.
pub fn start() {
    // It fails only if it was called before.
    let _ = Executor::init_custom_executor(InSpan);
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use sqlx::PgPool;
    use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _};

    use crate::{
        server::request_log::X_REQUEST_ID,
        testing::{Ask, TestApp},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn why_a_page_failed_stands_in_the_log_under_the_number_that_the_person_sees(db: PgPool) {
        let world = TestApp::new(db).world().await;
        sqlx::raw_sql("ALTER TABLE columns RENAME TO gone")
            .execute(&world.app.db)
            .await
            .expect("a broken schema");
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::registry()
            .with(EnvFilter::new("info"))
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(move || writer.clone()),
            );
        let written = tracing::subscriber::set_default(log);
        let board = Ask::page(&world.team.path("/boards/WEB"));
        let answer = world.ana.ask(board).await.expect(500);
        drop(written);

        let number = answer.headers[X_REQUEST_ID].to_str().expect("text");
        assert!(answer.text().contains(number));
        assert!(!answer.text().contains("columns\\\""), "SQL is in the page");
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).expect("text");
        let why = lines
            .lines()
            .find(|line| line.contains("a query failed"))
            .expect("the reason");
        assert!(why.contains(number), "{number} is not in {why}");
        assert!(why.contains("does not exist"), "the cause is not in {why}");
    }
}
