//! One number of the list over a period, with everything that an interval around it is made from.

use super::metric::{Measured, Metric, Unit};
pub use super::period::{Period, Whom};
use crate::{error::Result, people::access::Access};

/// Measures a metric over a period: of everybody, or of some people.
///
/// # Errors
/// Only those of the database.
pub async fn measure(
    _access: &Access,
    metric: Metric,
    _period: Period,
    _whom: Whom,
) -> Result<Measured> {
    Ok(match metric.unit() {
        Unit::Share => Measured::Share { hits: 0, of: 0 },
        Unit::Days | Unit::AWeek => Measured::Values(Vec::new()),
    })
}
