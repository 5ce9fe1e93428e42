//! What one person may do again and again, and how often.

use sqlx::PgPool;

use super::{Actor, app, matrix::borrowed, table};

/// The actions that cost others something, with the number that is answered before it is too many.
const LIMITED: &[(&str, usize)] = &[
    ("people/requests/create_invitation", 60),
    ("people/requests/create_team", 20),
    ("comments/requests/add_comment", 100),
    ("search/search_page/load_search", 120),
    ("tasks/requests/similar_tasks", 240),
    ("insights/requests/record_warning", 240),
    ("feedback/requests/give_feedback", 20),
];

#[sqlx::test(migrator = "crate::server::database::MIGRATOR")]
async fn what_costs_others_something_is_limited_for_that_person_alone(db: PgPool) {
    let app = app(db);
    let world = app.world().await;
    for (path, most) in LIMITED {
        let action = table::actions()
            .find(|action| action.path == *path)
            .expect("a row of the table");
        let fields = action.sample_of(&world, Actor::Member);
        for number in 1..=*most {
            let answer = world.ben.call(&action.url(), &borrowed(&fields)).await;
            assert_ne!(answer.status, 429, "{path}, number {number}");
        }
        // The next window may have begun meanwhile, and then it takes as many again.
        let mut refused = world.ben.call(&action.url(), &borrowed(&fields)).await;
        for _ in 0..*most {
            if refused.status == 429 {
                break;
            }
            refused = world.ben.call(&action.url(), &borrowed(&fields)).await;
        }
        assert_eq!(refused.status, 429, "{path}");
        assert!(refused.headers.contains_key("retry-after"), "{path}");
        let fields = action.sample_of(&world, Actor::Owner);
        let other = world.ana.call(&action.url(), &borrowed(&fields)).await;
        assert_ne!(other.status, 429, "{path}, somebody else");
    }
}
