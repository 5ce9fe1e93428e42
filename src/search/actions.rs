//! Searching, for whoever may read the team.

use std::time::Duration;

use super::{
    model::{self, SearchView},
    store,
};
use crate::{accounts::limits::Limit, error::Result, people::access::Access};

/// Searches of one person. Each of them reads an index of all the team's words.
const SEARCHES: Limit = Limit::new("searches_per_person", 120, Duration::from_secs(60));

/// The tasks that a query finds. An empty query finds none.
///
/// # Errors
/// A field error on `query`, and 429 after too many.
pub async fn search(access: &Access, query: &str) -> Result<SearchView> {
    let query = model::parse(query)?;
    if query.is_empty() {
        return Ok(SearchView::default());
    }
    SEARCHES
        .count(access.db(), &access.person().id.to_string())
        .await?;
    store::find(access.db(), access.team(), &query).await
}
