//! What is learned from the work.

use sqlx::PgPool;
use uuid::Uuid;

use super::Person;

/// Seeded hypotheses.
#[derive(Clone, Debug)]
pub struct Hypothesis {
    /// One that runs.
    pub open: Uuid,
    /// One about which something was decided.
    pub decided: Uuid,
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
