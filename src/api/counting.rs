//! How often one person asks, counted in the memory of this process: what only reads writes nothing down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{accounts::limits::too_many, error::Result, ids::PersonId};

/// Requests of one person in a window, whatever their tokens.
pub const MOST: u32 = 6_000;
const WINDOW: Duration = Duration::from_secs(60);

/// How often each person has asked in the window that runs. Clones count into the same.
#[derive(Clone, Default)]
pub struct Requests(Arc<Mutex<Window>>);

/// It begins with a request. One number for each person who has asked in it, so never more than there are people.
#[derive(Default)]
struct Window {
    began: Option<Instant>,
    counts: HashMap<PersonId, u32>,
}

impl Requests {
    /// Counts a request of a person.
    ///
    /// # Errors
    /// 429 with the seconds to wait when there were too many.
    pub fn count(&self, person: PersonId) -> Result<()> {
        self.count_at(Instant::now(), person).inspect_err(|_| {
            metrics::counter!("limited_total", "limit" => "api_requests_per_person").increment(1);
        })
    }

    fn count_at(&self, now: Instant, person: PersonId) -> Result<()> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = window
            .began
            .map(|began| now.saturating_duration_since(began))
            .filter(|age| *age < WINDOW);
        if age.is_none() {
            *window = Window {
                began: Some(now),
                counts: HashMap::new(),
            };
        }
        let count = window.counts.entry(person).or_default();
        *count = count.saturating_add(1);
        if *count <= MOST {
            return Ok(());
        }
        let left = WINDOW.saturating_sub(age.unwrap_or_default());
        let seconds = left.as_millis().div_ceil(1_000);
        Err(too_many(u32::try_from(seconds).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_person_may_ask_so_often_in_one_window_and_again_in_the_next() {
        let (requests, start) = (Requests::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let (ana, ben) = (PersonId::new(), PersonId::new());
        for _ in 0..MOST {
            requests.count_at(start, ana).expect("not too many");
        }
        let refused = requests.count_at(after(20), ana).expect_err("too many");
        assert_eq!(refused.code, Code::TooManyRequests);
        assert_eq!(refused.retry_after, Some(40));
        requests.count_at(after(20), ben).expect("somebody else");
        let refused = requests.clone().count_at(after(59), ana);
        assert_eq!(refused.expect_err("still too many").retry_after, Some(1));
        requests.count_at(after(60), ana).expect("the next window");
        let window = requests.0.lock().expect("a window");
        assert_eq!(window.counts, HashMap::from([(ana, 1)]));
    }
}
