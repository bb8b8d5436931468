//! The one place that decides whether a request is sent again.
//!
//! Sending again is safe only if it cannot do a thing twice. For an operation with an effect (a call
//! placed, a text sent, a number bought) that is known in four cases alone: the request never left;
//! the API refused it for its rate; the API said that it was not available and when to come back;
//! the API itself reported that the carrier failed. In every other case the outcome is unknown,
//! and the error says so instead of a phone ringing twice.
//!
//! `contract/vectors/decisions.json` is the table, cell for cell, for the tests of both languages.

use super::Millis;
use super::budget::{Budget, RETRY, RETRY_AFTER_TIMEOUT};
use super::catalogue::Cure;
use super::failure::{Answered, Failure};
use super::operation::EffectClass;

/// The caller's word on repeating operations with an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Replay {
    /// Only where it cannot do a thing twice.
    #[default]
    Safe,
    /// As if every operation could be repeated.
    Always,
    /// No retries at all.
    Never,
}

/// What is known when an attempt has failed.
#[derive(Debug)]
pub struct Situation<'a> {
    /// What a repeat of the operation would do.
    pub effect: EffectClass,
    /// The caller's word on it.
    pub replay: Replay,
    /// How the attempt failed.
    pub failure: &'a Failure,
    /// Requests sent so far, this one included.
    pub attempts: u32,
    /// Retries allowed after the first request.
    pub max_retries: u32,
    /// The longest wait that is worth it.
    pub max_delay: Millis,
    /// What is left of the total time, if that is bounded.
    pub time_left: Option<Millis>,
    /// The wait that backoff proposes.
    pub backoff: Millis,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Send again.
    Retry {
        /// After this wait.
        after: Millis,
        /// True where the wait is that of the operation's rate limiter, because the server has refused the rate.
        rate_limited: bool,
    },
    /// Give up.
    Fail,
}

/// Whether an operation with an effect may have happened although its attempt failed. It does not
/// depend on the caller's options: `replay: "always"` proves nothing.
pub fn may_have_happened(effect: EffectClass, failure: &Failure) -> bool {
    let unsure = match failure {
        Failure::Answered(answer) => answer.cure == Cure::Unsure,
        _ => false,
    };
    unsure || (effect == EffectClass::Effect && !harmless(failure))
}

/// True where a failure proves that the operation was not carried out.
fn harmless(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent => true,
        Failure::NoAnswer | Failure::TimedOut | Failure::Unreadable => false,
        Failure::Answered(answer) => match answer.status {
            408 => false,
            400..=499 => true,
            501 | 505 => true,
            502 if carrier(answer) => true,
            503 => answer.wait.is_some_and(|wait| wait.explicit),
            _ => false,
        },
    }
}

/// The carrier's failure counts as the API's own word only in its documented envelope.
fn carrier(answer: &Answered) -> bool {
    answer.envelope && answer.cure == Cure::Carrier
}

/// True where the same request may succeed at another time, whatever its effect.
pub fn time_may_cure(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent | Failure::NoAnswer | Failure::TimedOut => true,
        Failure::Unreadable => false,
        Failure::Answered(answer) => {
            !matches!(answer.cure, Cure::NotTime | Cure::Unsure)
                && matches!(answer.status, 408 | 429 | 500 | 502..=504 | 506..)
        }
    }
}

/// The least wait after a refused rate whose answer names none: a second, doubled with each attempt. The API's
/// windows are seconds to a minute long, and a few tenths of a second only use up the next one's allowance.
fn floor(attempts: u32) -> Millis {
    1_000 << attempts.saturating_sub(1).min(16)
}

/// Decides, and takes what a retry costs from the budget.
pub fn decide(situation: &Situation<'_>, budget: &mut Budget) -> Decision {
    let Situation { effect, replay, failure, attempts, max_retries, .. } = *situation;
    if replay == Replay::Never || attempts > max_retries || !time_may_cure(failure) {
        return Decision::Fail;
    }
    if replay == Replay::Safe && may_have_happened(effect, failure) {
        return Decision::Fail;
    }
    let wait = match failure {
        Failure::Answered(Answered { status, wait, .. }) => wait.filter(|w| w.explicit || *status == 429),
        _ => None,
    };
    let after = match (wait, failure) {
        (Some(wait), _) => situation.backoff.max(wait.millis),
        (None, Failure::Answered(Answered { status: 429, .. })) => {
            floor(attempts).saturating_add(situation.backoff).min(situation.max_delay)
        }
        _ => situation.backoff,
    };
    if after > situation.max_delay || situation.time_left.is_some_and(|left| after >= left) {
        return Decision::Fail;
    }
    let rate_limited = wait.is_some() && matches!(failure, Failure::Answered(Answered { status: 429, .. }));
    let cost = if *failure == Failure::TimedOut { RETRY_AFTER_TIMEOUT } else { RETRY };
    // The rate limiter governs rate limits; the budget is there for outages.
    if rate_limited || budget.take(cost) { Decision::Retry { after, rate_limited } } else { Decision::Fail }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "decide_tests.rs"]
mod tests;
