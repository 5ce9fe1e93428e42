//! When something is tried again, and whether that makes sense.

use std::time::Duration;

use crate::error::{Code, Error};

/// The first pause, and the longest of those that grow.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The pause before somebody is asked for who is not here: they may sign in again at any time.
const FOR_A_PERSON: Duration = Duration::from_secs(5);

/// How often the server may fail by itself before that counts as its answer.
const FAILURES: u32 = 8;

/// The pause before something is asked for once more, or none when it was refused for good. `attempt`
/// counts from 1; `is_heard` says that the feed is heard, so that the network is not in the way.
pub fn pause(error: &Error, attempt: u32, is_heard: bool) -> Option<Duration> {
    let growing = || LONGEST.min(PAUSE * 2u32.saturating_pow(attempt.saturating_sub(1)));
    match error.code {
        Code::Unreachable if !is_heard => Some(PAUSE),
        Code::Unreachable => Some(growing()),
        Code::Unauthenticated => Some(FOR_A_PERSON),
        Code::Unavailable | Code::Contended | Code::TooManyRequests => {
            let asked = error
                .retry_after
                .map(|seconds| Duration::from_secs(seconds.into()));
            Some(asked.unwrap_or_else(growing))
        }
        Code::Internal => (attempt < FAILURES).then(growing),
        Code::BadRequest
        | Code::Forbidden
        | Code::NotFound
        | Code::Conflict
        | Code::TooLarge
        | Code::Invalid => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(code: Code, attempt: u32) -> Option<u64> {
        pause(&Error::new(code, ""), attempt, true).map(|pause| pause.as_secs())
    }

    #[test]
    fn what_may_pass_is_waited_for_however_long_it_takes() {
        for code in [
            Code::Unreachable,
            Code::Unauthenticated,
            Code::Unavailable,
            Code::Contended,
            Code::TooManyRequests,
        ] {
            assert!(after(code, 1_000).is_some(), "{code:?}");
        }
        assert_eq!(
            [1, 2, 3, 1_000].map(|n| after(Code::Unreachable, n)),
            [1, 2, 4, 30].map(Some)
        );
    }

    #[test]
    fn the_server_says_itself_when_to_ask_again() {
        let limited = Error {
            retry_after: Some(40),
            ..Error::new(Code::TooManyRequests, "")
        };
        assert_eq!(pause(&limited, 1, true), Some(Duration::from_secs(40)));
    }

    #[test]
    fn what_is_refused_is_refused_and_a_server_that_always_fails_has_answered() {
        for code in [
            Code::Forbidden,
            Code::NotFound,
            Code::Conflict,
            Code::Invalid,
        ] {
            assert_eq!(after(code, 1), None, "{code:?}");
        }
        assert!(after(Code::Internal, 7).is_some());
        assert_eq!(after(Code::Internal, 8), None);
    }
}
