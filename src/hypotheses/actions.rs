//! What owners can do with hypotheses, and what they are told of them.

use time::{Date, Duration};

use super::{
    draft::{Draft, EVERYBODY},
    evidence::{self, Evidence},
    model::{
        DecisionRow, DecisionView, HypothesesView, HypothesisRow, HypothesisView, MOST_OPEN,
        NewHypothesisView, Reason, SHOWN, Standing, Verdict,
    },
    record,
    store::{self, Decision, Hypothesis, Which},
    words,
};
use crate::{
    error::{Code, Error, Result},
    ids::HypothesisId,
    insights::metric::Metric,
    live::change::{Change, NewEvent},
    people::{self, access::Access},
    toggles::model::Toggle,
    ui,
};

/// Hypotheses written down.
pub const HYPOTHESES: &str = "hypotheses_total";
/// Decisions taken, by `verdict`.
pub const DECISIONS: &str = "decisions_total";

/// How long a hypothesis runs unless somebody says otherwise, in days.
const USUAL_PERIOD: i64 = 28;

/// Withdrawn hypotheses that the page lists: the first to end.
const WITHDRAWN_SHOWN: i64 = 50;

/// The hypotheses that are not decided, with what is measured of them so far.
pub async fn hypotheses(access: &Access) -> Result<HypothesesView> {
    let (db, team) = (access.db(), access.team());
    let today = today(access).await?;
    let mut open = Vec::new();
    for hypothesis in store::some(db, team, Which::Open, MOST_OPEN).await? {
        let evidence = evidence::gather(access, &hypothesis, today).await?;
        open.push(row(&hypothesis, evidence.as_ref(), today));
    }
    let is_full = open.len() as i64 >= MOST_OPEN;
    open.sort_by_key(|row| match row.standing {
        Standing::Ended => 0,
        Standing::Running => 1,
        _ => 2,
    });
    let withdrawn = store::some(db, team, Which::Withdrawn, WITHDRAWN_SHOWN).await?;
    Ok(HypothesesView {
        open,
        withdrawn: withdrawn.iter().map(|one| row(one, None, today)).collect(),
        is_full,
    })
}

/// What was decided, the latest first.
pub async fn decisions(access: &Access) -> Result<Vec<DecisionRow>> {
    let today = today(access).await?;
    let decided = store::some(access.db(), access.team(), Which::Decided, SHOWN).await?;
    let rows = decided.into_iter().filter_map(|hypothesis| {
        let decision = hypothesis.decision.as_ref()?;
        Some(DecisionRow {
            hypothesis: hypothesis.id,
            evidence: decision.evidence.words().to_owned(),
            decision: decision_view(&hypothesis, decision, today),
            statement: hypothesis.statement,
        })
    });
    Ok(rows.collect())
}

/// One hypothesis: with what is measured so far, or, when it is decided, with what was measured then.
///
/// # Errors
/// 404 when the team has no such hypothesis.
pub async fn hypothesis(access: &Access, id: HypothesisId) -> Result<HypothesisView> {
    let today = today(access).await?;
    let hypothesis = store::one(access.db(), access.team(), id).await?;
    let standing = hypothesis.standing(today);
    let evidence = match (&hypothesis.decision, standing) {
        (Some(decision), _) => Some(decision.evidence.clone()),
        (None, Standing::Withdrawn) => None,
        (None, _) => evidence::gather(access, &hypothesis, today).await?,
    };
    let decision = hypothesis.decision.as_ref();
    Ok(HypothesisView {
        id,
        standing,
        facts: facts(&hypothesis, today),
        progress: evidence.map(|evidence| evidence.view(&hypothesis, today)),
        decision: decision.map(|decision| decision_view(&hypothesis, decision, today)),
        statement: hypothesis.statement,
    })
}

/// What the form for a hypothesis offers.
pub async fn blank(access: &Access) -> Result<NewHypothesisView> {
    let today = today(access).await?;
    let metrics = Metric::ALL.into_iter().map(|metric| {
        let unit = words::unit(metric.unit());
        let better = if metric.is_better_lower() {
            "less"
        } else {
            "more"
        };
        let words = format!("{} ({unit}, {better} is better)", metric.label());
        (metric.as_str().to_owned(), words)
    });
    let about = Metric::ALL.map(|metric| (metric.label().to_owned(), metric.about().to_owned()));
    let compared = Toggle::ALL.into_iter().map(|toggle| {
        let name = toggle.as_str();
        let words = format!("Compare {}", words::audience(Some(name)));
        (name.to_owned(), words)
    });
    let everybody = (EVERYBODY.to_owned(), "Everybody".to_owned());
    Ok(NewHypothesisView {
        id: HypothesisId::new(),
        starts_on: today.to_string(),
        ends_on: today
            .saturating_add(Duration::days(USUAL_PERIOD - 1))
            .to_string(),
        metrics: metrics.collect(),
        about: about.to_vec(),
        audiences: std::iter::once(everybody).chain(compared).collect(),
    })
}

/// Writes a hypothesis down. The same request again is the same hypothesis.
///
/// # Errors
/// A field error on `ends_on` when the period is over already, 409 when the id was used for another hypothesis or the
/// team has as many open ones as it can have.
pub async fn create_hypothesis(access: &Access, id: HypothesisId, draft: &Draft) -> Result<()> {
    let today = today(access).await?;
    let mut change = Change::begin(access).await?;
    let (team, me) = (access.team(), access.person().id);
    store::hold_all(change.connection(), team).await?;
    let connection = change.connection();
    if !store::insert(&mut *connection, team, id, draft, me).await? {
        return match store::is_same(connection, team, id, draft, me).await? {
            true => Ok(()),
            false => Err(Error::new(
                Code::Conflict,
                "This form was used already. Reload the page to write another hypothesis.",
            )),
        };
    }
    if draft.period.to < today {
        return Err(Error::field(
            "ends_on",
            "This period is over: what is known already is no hypothesis.",
        ));
    }
    if store::count_open(connection, team).await? > MOST_OPEN {
        return Err(Error::new(
            Code::Conflict,
            format!(
                "A team has up to {MOST_OPEN} hypotheses without a decision. Decide one first."
            ),
        ));
    }
    change.record(NewEvent::of_team("hypothesis.created", Vec::new()));
    change.commit().await?;
    metrics::counter!(HYPOTHESES).increment(1);
    Ok(())
}

/// Takes a hypothesis back that was a mistake. One that was withdrawn before stays so.
///
/// # Errors
/// 404 when the team has no such hypothesis, 409 when it was decided.
pub async fn withdraw_hypothesis(access: &Access, id: HypothesisId) -> Result<()> {
    let (team, me) = (access.team(), access.person().id);
    let mut change = Change::begin(access).await?;
    let connection = change.connection();
    store::hold(&mut *connection, team, id).await?;
    let hypothesis = store::one(&mut *connection, team, id).await?;
    if let Some(decision) = &hypothesis.decision {
        return Err(decided_already(decision));
    }
    if hypothesis.is_withdrawn {
        return Ok(());
    }
    store::withdraw(connection, team, id, me).await?;
    change.record(NewEvent::of_team("hypothesis.withdrawn", Vec::new()));
    change.commit().await.map(drop)
}

/// Decides, and keeps what is measured at this moment. The same decision again is the same decision.
///
/// # Errors
/// 404 when the team has no such hypothesis; 409 when it was decided otherwise, was withdrawn or has not begun; a field
/// error on `early` when its period has not ended and nobody said that this is meant.
pub async fn take_decision(
    access: &Access,
    id: HypothesisId,
    verdict: Verdict,
    reason: &Reason,
    is_early: bool,
) -> Result<()> {
    let (team, me) = (access.team(), access.person().id);
    let today = today(access).await?;
    let hypothesis = store::one(access.db(), team, id).await?;
    let evidence = match hypothesis.standing(today) {
        Standing::Running | Standing::Ended => evidence::gather(access, &hypothesis, today).await?,
        _ => None,
    };
    let mut change = Change::begin(access).await?;
    let connection = change.connection();
    store::hold(&mut *connection, team, id).await?;
    let hypothesis = store::one(&mut *connection, team, id).await?;
    if let Some(decision) = &hypothesis.decision {
        let is_same = (decision.verdict, decision.reason.as_str()) == (verdict, reason.as_str());
        return match is_same {
            true => Ok(()),
            false => Err(decided_already(decision)),
        };
    }
    let conflict = |words: &str| Err(Error::new(Code::Conflict, words));
    match hypothesis.standing(today) {
        Standing::Withdrawn => return conflict("This hypothesis was withdrawn meanwhile."),
        Standing::Running if !is_early => {
            return Err(Error::field(
                "early",
                "The period has not ended. Say that you decide all the same, or wait.",
            ));
        }
        _ => {}
    }
    let Some(evidence) = evidence else {
        return conflict("The period has not begun. Withdraw the hypothesis if it was a mistake.");
    };
    store::decide(connection, team, id, verdict, reason, &evidence, me).await?;
    change.record(NewEvent::of_team("decision.taken", Vec::new()));
    change.commit().await?;
    metrics::counter!(DECISIONS, "verdict" => verdict.as_str()).increment(1);
    Ok(())
}

/// All decisions as a Markdown document.
pub async fn records(access: &Access) -> Result<String> {
    let (db, team) = (access.db(), access.team());
    let name = store::team_name(db, team).await?;
    let decided = store::some(db, team, Which::Decided, i64::MAX).await?;
    Ok(record::all(&name, &decided))
}

/// One decision as a Markdown document.
///
/// # Errors
/// 404 when the team has no such hypothesis, or nothing was decided about it.
pub async fn record(access: &Access, id: HypothesisId) -> Result<String> {
    let hypothesis = store::one(access.db(), access.team(), id).await?;
    record::one(&hypothesis).ok_or_else(Error::not_found)
}

/// Which day it is for the team.
async fn today(access: &Access) -> Result<Date> {
    let calendar = people::store::calendar(access.db(), access.team()).await?;
    Ok(calendar.today)
}

fn decided_already(decision: &Decision) -> Error {
    Error::new(
        Code::Conflict,
        format!("{} decided this a moment before you did.", decision.by),
    )
}

fn row(hypothesis: &Hypothesis, evidence: Option<&Evidence>, today: Date) -> HypothesisRow {
    let (metric, target) = (hypothesis.metric.label(), hypothesis.target_in_words());
    let period = period(hypothesis, today);
    HypothesisRow {
        id: hypothesis.id,
        statement: hypothesis.statement.clone(),
        standing: hypothesis.standing(today),
        facts: format!("{metric}: {target} · {period}"),
        progress: evidence.map(|evidence| evidence.view(hypothesis, today)),
    }
}

fn period(hypothesis: &Hypothesis, today: Date) -> String {
    let (from, to) = (hypothesis.starts_on, hypothesis.ends_on);
    let today = today.to_string();
    let day = |date: Date| ui::time::day(&date.to_string(), &today);
    match from == to {
        true => day(from),
        false => format!("{} to {}", day(from), day(to)),
    }
}

fn facts(hypothesis: &Hypothesis, today: Date) -> Vec<(String, String)> {
    let each = match hypothesis.toggle {
        Some(_) => " in each group",
        None => "",
    };
    let day = ui::time::day(&hypothesis.created_on.to_string(), &today.to_string());
    [
        ("Metric", hypothesis.metric.label().to_owned()),
        ("Counted", hypothesis.metric.about().to_owned()),
        ("Target", hypothesis.target_in_words()),
        ("Period", period(hypothesis, today)),
        ("For whom", words::audience(hypothesis.toggle.as_deref())),
        (
            "At least",
            format!("{} observations{each}", hypothesis.sample),
        ),
        (
            "Written down",
            format!(
                "{day}, by {}{}",
                hypothesis.created_by,
                hypothesis.was_late()
            ),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn decision_view(hypothesis: &Hypothesis, decision: &Decision, today: Date) -> DecisionView {
    let day = ui::time::day(&decision.on.to_string(), &today.to_string());
    DecisionView {
        verdict: decision.verdict,
        reason: decision.reason.clone(),
        by: decision.by.clone(),
        on: format!("{day}{}", hypothesis.was_early(decision)),
    }
}
