//! What pages ask of hypotheses: thin entrances to the same door. All of them are the owners'.

use leptos::prelude::*;

use super::model::{DecisionRow, HypothesesView, HypothesisView, NewHypothesisView};
use crate::error::Result;

#[cfg(feature = "ssr")]
use super::{
    actions,
    draft::{Draft, Typed},
    model::Reason,
};
#[cfg(feature = "ssr")]
use crate::{
    ids::HypothesisId,
    people::access::{Access, Permission},
    server::request,
};

#[cfg(feature = "ssr")]
async fn access(team: &str) -> Result<Access> {
    request::access(team, Permission::Govern).await
}

/// The hypotheses of a team that are not decided.
#[server]
pub async fn load_hypotheses(team: String) -> Result<HypothesesView> {
    actions::hypotheses(&access(&team).await?).await
}

/// What the team decided.
#[server]
pub async fn load_decisions(team: String) -> Result<Vec<DecisionRow>> {
    actions::decisions(&access(&team).await?).await
}

/// One hypothesis.
#[server]
pub async fn load_hypothesis(team: String, hypothesis: String) -> Result<HypothesisView> {
    let access = access(&team).await?;
    let id = HypothesisId::parse("hypothesis", &hypothesis)?;
    actions::hypothesis(&access, id).await
}

/// What the form for a hypothesis offers.
#[server]
pub async fn load_blank_hypothesis(team: String) -> Result<NewHypothesisView> {
    actions::blank(&access(&team).await?).await
}

/// Writes a hypothesis down. `audience` is `everybody`, or the toggle whose two sides are compared.
#[server]
pub async fn create_hypothesis(
    team: String,
    id: String,
    if_we: String,
    then_it: String,
    because: String,
    metric: String,
    target: String,
    starts_on: String,
    ends_on: String,
    audience: String,
    sample: String,
) -> Result<()> {
    let access = access(&team).await?;
    let id = HypothesisId::parse("id", &id)?;
    let draft = Draft::parse(&Typed {
        if_we: &if_we,
        then_it: &then_it,
        because: &because,
        metric: &metric,
        target: &target,
        starts_on: &starts_on,
        ends_on: &ends_on,
        audience: &audience,
        sample: &sample,
    })?;
    actions::create_hypothesis(&access, id, &draft).await?;
    request::redirect(&format!(
        "/teams/{}/insights/hypotheses/{id}",
        access.slug()
    ));
    Ok(())
}

/// Takes a hypothesis back.
#[server]
pub async fn withdraw_hypothesis(team: String, hypothesis: String) -> Result<()> {
    let access = access(&team).await?;
    let id = HypothesisId::parse("hypothesis", &hypothesis)?;
    actions::withdraw_hypothesis(&access, id).await
}

/// Decides about a hypothesis: `pivot` or `persevere`. `early` is `on` when it is
/// meant although the period goes on.
#[server]
pub async fn take_decision(
    team: String,
    hypothesis: String,
    verdict: String,
    reason: String,
    early: Option<String>,
) -> Result<()> {
    let access = access(&team).await?;
    let id = HypothesisId::parse("hypothesis", &hypothesis)?;
    let (verdict, reason) = (verdict.parse()?, Reason::parse(&reason)?);
    let is_early = early.as_deref() == Some("on");
    actions::take_decision(&access, id, verdict, &reason, is_early).await
}
