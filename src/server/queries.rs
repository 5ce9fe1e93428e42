//! How long each statement takes, by a name that says where it stands: `tasks.reading.whole` is made by the function
//! `whole` in `src/tasks/store/reading.rs`.
//!
//! sqlx tells the log of every statement, with its text and its time. The build script has made a table of the texts
//! in the stores and the names of their places, so that there are as many names as there are functions.

use std::{collections::HashMap, sync::OnceLock};

use metrics::{Histogram, histogram};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::Context,
};

include!(concat!(env!("OUT_DIR"), "/queries.rs"));

/// Time that a statement took, by its name.
pub const QUERY_DURATION: &str = "db_query_duration_seconds";
/// Fewer than for requests, as there are many names.
pub const BOUNDARIES: [f64; 7] = [0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0];

/// Where sqlx tells of statements.
pub const TARGET: &str = concat!("sqlx", "::query");
/// What sqlx says by itself, by its first word.
static OWN: [(&str, &str); 4] = [
    ("BEGIN", "begin"),
    ("COMMIT", "commit"),
    ("ROLLBACK", "rollback"),
    ("LISTEN", "listen"),
];
/// What stands in no store.
const OTHER: &str = "other";

/// The layer of the log that measures statements.
pub struct QueryTimes {
    places: HashMap<&'static str, Place>,
    /// The place of each statement that is always the same.
    whole: HashMap<&'static str, &'static str>,
    /// The beginnings of those that are put together, the longest first.
    begun: Vec<(&'static str, &'static str)>,
}

/// What is measured of a name, made when it is first used: what was never asked is no series.
type Place = OnceLock<Histogram>;

impl Default for QueryTimes {
    fn default() -> Self {
        let mut begun: Vec<_> = NAMED
            .iter()
            .copied()
            .filter(|(statement, _)| statement.ends_with(' '))
            .collect();
        begun.sort_by_key(|(statement, _)| std::cmp::Reverse(statement.len()));
        let names = NAMED.iter().map(|(_, name)| *name);
        Self {
            places: names
                .chain(OWN.iter().map(|(_, name)| *name))
                .chain([OTHER])
                .map(|name| (name, Place::new()))
                .collect(),
            whole: NAMED.iter().copied().collect(),
            begun,
        }
    }
}

impl QueryTimes {
    /// Only what sqlx tells of statements.
    pub fn filter() -> Targets {
        Targets::new().with_target(TARGET, LevelFilter::TRACE)
    }

    /// The name of a statement.
    pub fn name(&self, statement: &str) -> &'static str {
        if let Some(name) = self.whole.get(statement) {
            return name;
        }
        let begun = self
            .begun
            .iter()
            .find(|(beginning, _)| statement.starts_with(beginning));
        let own = OWN.iter().find(|(word, _)| statement.starts_with(word));
        begun.or(own).map_or(OTHER, |(_, name)| *name)
    }

    /// The name of the statement that an event of sqlx tells of, and how many seconds it took.
    pub fn told(&self, event: &Event<'_>) -> (&'static str, f64) {
        let mut told = Told {
            times: self,
            name: OTHER,
            seconds: 0.0,
        };
        event.record(&mut told);
        (told.name, told.seconds)
    }
}

impl<S: Subscriber> Layer<S> for QueryTimes {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let (name, seconds) = self.told(event);
        if let Some(place) = self.places.get(name) {
            place
                .get_or_init(|| histogram!(QUERY_DURATION, "query" => name))
                .record(seconds);
        }
    }
}

/// What is read of an event.
struct Told<'a> {
    times: &'a QueryTimes,
    name: &'static str,
    seconds: f64,
}

impl Visit for Told<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        // Of a long statement the summary is the beginning only, and it stands as a whole, between empty lines, behind
        // that. Of a short one the second is empty.
        let statement = match field.name() {
            "summary" => value,
            "db.statement" => match value.strip_prefix("\n\n") {
                Some(rest) => rest.strip_suffix('\n').unwrap_or(rest),
                None => return,
            },
            _ => return,
        };
        self.name = self.times.name(statement);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::Value;
    use sqlx::PgPool;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::testing::TestApp;

    #[test]
    fn every_statement_that_is_checked_when_it_is_compiled_has_a_name() {
        let times = QueryTimes::default();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
        let mut nameless = Vec::new();
        let mut count = 0;
        for entry in fs::read_dir(folder).expect("the statements") {
            let text = fs::read(entry.expect("an entry").path()).expect("a statement");
            let statement: Value = serde_json::from_slice(&text).expect("JSON");
            let statement = statement["query"].as_str().expect("its text").to_owned();
            count += 1;
            if times.name(&statement) == OTHER {
                nameless.push(statement);
            }
        }
        assert!(count > 100, "only {count} were found");
        assert_eq!(
            nameless, [""; 0],
            "build.rs finds these in no store; what is not used any more goes with script/prepare"
        );
    }

    #[test]
    fn a_name_says_where_a_statement_stands() {
        for (statement, name) in NAMED {
            let parts: Vec<&str> = name.split('.').collect();
            let is_word = |part: &&str| {
                part.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                    && !part.is_empty()
            };
            assert!(
                parts.len() >= 2 && parts.iter().all(is_word),
                "{name} is the name of {statement}"
            );
        }
    }

    #[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
    async fn statements_are_measured_by_their_names(db: PgPool) {
        let world = TestApp::new(db).world().await;
        let times = QueryTimes::default().with_filter(QueryTimes::filter());
        let log = tracing_subscriber::registry().with(times);
        let measured = tracing::subscriber::set_default(log);
        world
            .ana
            .get(&world.team.path("/boards/WEB"))
            .await
            .expect(200);
        drop(measured);
        let metrics = world.nobody.get("/metrics").await.expect(200).text();
        for name in ["people.membership", "accounts.session"] {
            let series = format!("{QUERY_DURATION}_count{{query=\"{name}\"}}");
            assert!(
                metrics.contains(&series),
                "{series} is missing in {metrics}"
            );
        }
        let other = format!("query=\"{OTHER}\"");
        assert!(!metrics.contains(&other), "a statement has no name");
    }
}
