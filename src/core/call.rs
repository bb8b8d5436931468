//! The life of one call as a state machine. It takes events and returns the next action; it never waits, asks or sends
//! itself, so every order of events can be tested in milliseconds (`call_tests.rs`).
//!
//! ```text
//!  Begin ─► AskKey ─► Wait (rate limiter) ─► Announce ─► Send ─► Done
//!             ▲                                            │
//!             └──────── Wait (backoff) ◄─ Retry ◄──────────┴───► Fail
//! ```
//!
//! Two time limits apply: `timeout` for each attempt and `totalTimeout` for the whole call. [`Call::deadline`] says when
//! the next of them is up; the driver then sends [`Event::Woken`], as it does when the rate limiter grants the permit.

use super::Millis;
use super::backoff;
use super::budget::Budget;
use super::decide::{Decision, Replay, Situation, decide, may_have_happened, time_may_cure};
use super::error::{CallError, Code, Reason};
use super::failure::{Answered, Failure};
use super::operation::EffectClass;
use super::rate_limiter::{Permit, RateLimiter, Verdict, Waiter};

/// How often a call may be rate limited without using up a retry.
const MOST_TOO_LATE: u32 = 10;

/// The policy of a call.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// What a repeat of the operation would do.
    pub effect: EffectClass,
    /// What the caller allows.
    pub replay: Replay,
    /// For one attempt, including key and body.
    pub timeout: Option<Millis>,
    /// For all attempts and the waits between them.
    pub total_timeout: Option<Millis>,
    /// Retries after the first attempt.
    pub max_retries: u32,
    /// The longest wait that is accepted.
    pub max_retry_delay: Millis,
    /// A supplier is asked for the key.
    pub key_is_supplied: bool,
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The call has been made.
    Begin,
    /// The supplier returned a key.
    KeyGiven,
    /// The supplier threw, or returned something other than a key.
    KeyRefused,
    /// The observers have been notified of the last action.
    Notified,
    /// Time has passed, or the rate limiter may let this call go.
    Woken,
    /// The attempt succeeded.
    Succeeded,
    /// The attempt failed.
    Failed(Failure),
    /// The caller's signal fired.
    Aborted,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the driver must do what the machine says"]
pub enum Action {
    /// Ask the supplier for the key.
    AskKey,
    /// Wait for a wake-up, at the latest until `until` or the deadline.
    Wait {
        /// When to look again.
        until: Option<Millis>,
    },
    /// Notify the observers that a request is about to be sent, then step with [`Event::Notified`].
    Announce,
    /// Send the request and read the response.
    Send,
    /// Drop the attempt and notify the observers that another will follow, then step with [`Event::Notified`].
    Retry {
        /// At least this many milliseconds from now.
        after: Millis,
        /// This was the refusal that closed the rate limiter.
        limited: bool,
    },
    /// The call has succeeded.
    Done,
    /// The call has failed.
    Fail(CallError),
}

/// What calls of the same account and operation share, and chance.
#[derive(Debug)]
pub struct Shared<'a> {
    /// The rate limiter of the operation.
    pub limiter: &'a mut RateLimiter,
    /// The retry budget of the account.
    pub budget: &'a mut Budget,
    /// In [0, 1).
    pub chance: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    AskingKey,
    Queued(Waiter),
    /// May be sent once the observers have been notified.
    Announcing,
    Sending,
    /// Will be sent again once the observers have been notified.
    Retrying {
        after: Millis,
        rate_limited: bool,
    },
    Pausing {
        until: Millis,
    },
    Over,
}

/// One call.
#[derive(Debug)]
pub struct Call {
    policy: Policy,
    state: State,
    began: Millis,
    /// When the time of the attempt is up.
    attempt_ends: Option<Millis>,
    /// The permit of the attempt, until its outcome is known.
    permit: Option<Permit>,
    /// Requests sent.
    attempts: u32,
    /// How often a request was rate limited.
    refusals: u32,
    /// Refusals that do not count as retries: another request had closed the limiter already, and this one was too
    /// late to wait there.
    too_late: u32,
    /// An earlier attempt may have happened (only with `replay: "always"`).
    earlier_unknown: bool,
}

impl Call {
    /// A call that begins now.
    pub fn new(policy: Policy, now: Millis) -> Self {
        Self {
            policy,
            state: State::New,
            began: now,
            attempt_ends: None,
            permit: None,
            attempts: 0,
            refusals: 0,
            too_late: 0,
            earlier_unknown: false,
        }
    }

    /// True once it is done, has failed or was abandoned.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// Requests sent so far, including an announced one.
    pub fn attempts(&self) -> u32 {
        self.attempts.saturating_add(u32::from(self.state == State::Announcing))
    }

    /// Its place in the queue of the rate limiter, while it waits there.
    pub fn waiter(&self) -> Option<Waiter> {
        match self.state {
            State::Queued(waiter) => Some(waiter),
            _ => None,
        }
    }

    /// Milliseconds since the call was made.
    pub fn elapsed(&self, now: Millis) -> Millis {
        now.saturating_sub(self.began)
    }

    /// What is left of `totalTimeout`.
    pub fn time_left(&self, now: Millis) -> Option<Millis> {
        Some(self.policy.total_timeout?.saturating_sub(self.elapsed(now)))
    }

    /// The latest time at which the machine must be woken.
    pub fn deadline(&self) -> Option<Millis> {
        let total = self.policy.total_timeout.map(|total| self.began.saturating_add(total));
        [self.attempt_ends, total].into_iter().flatten().min()
    }

    /// Takes an event and returns the next action. An event that does not apply to the current state changes nothing.
    pub fn step(&mut self, event: Event, now: Millis, shared: &mut Shared<'_>) -> Action {
        match (self.state, event) {
            (State::Over, _) => Action::Done,
            (_, Event::Aborted) => self.fail(Code::Aborted, Reason::Signal, now, shared),
            (State::New, Event::Begin) => self.prepare(now, shared),
            (State::AskingKey, Event::KeyRefused) => {
                self.fail(Code::Configuration, Reason::Supplier, now, shared)
            }
            (State::AskingKey, Event::KeyGiven) if self.permit.is_some() => self.announce(),
            (State::AskingKey, Event::KeyGiven) => self.queue(now, shared),
            (State::Announcing, Event::Notified) => self.send(),
            (State::Sending, Event::Succeeded) => self.succeed(now, shared),
            (State::Sending, Event::Failed(failure)) => self.failed(&failure, now, shared),
            (State::Retrying { rate_limited: true, .. }, Event::Notified) => self.prepare(now, shared),
            (State::Retrying { after, .. }, Event::Notified) => self.pause(now.saturating_add(after)),
            (_, Event::Woken) => self.woken(now, shared),
            _ => Action::Wait { until: self.deadline() },
        }
    }

    /// Releases what the call holds of shared things, when the caller drops it.
    pub fn abandon(&mut self, now: Millis, limiter: &mut RateLimiter) {
        if let State::Queued(waiter) = self.state {
            limiter.withdraw(waiter);
        }
        self.release(Verdict::Unknown, now, limiter);
        self.state = State::Over;
    }

    /// The new key belongs to another account: what is held of the previous account is released.
    pub fn change_account(&mut self, now: Millis, limiter: &mut RateLimiter) {
        self.release(Verdict::Unknown, now, limiter);
    }

    /// The error of an attempt, if the call were to fail with it now.
    pub fn error(&self, failure: &Failure, now: Millis) -> CallError {
        let outcome_unknown = self.earlier_unknown || may_have_happened(self.policy.effect, failure);
        let (code, reason) = match failure {
            Failure::Answered(_) => (Code::Refused, Reason::Attempt),
            Failure::TimedOut => (Code::Timeout, Reason::AttemptTime(self.policy.timeout.unwrap_or(0))),
            Failure::Unreadable => (Code::InvalidResponse, Reason::Attempt),
            Failure::NotSent | Failure::NoAnswer => (Code::Connection, Reason::Attempt),
        };
        CallError {
            // Repeating a retryable call must not ring a phone twice.
            retryable: time_may_cure(failure) && !outcome_unknown,
            retry_after: failure.wait().map(|wait| wait.millis),
            outcome_unknown,
            ..self.own_error(code, reason, now)
        }
    }

    fn own_error(&self, code: Code, reason: Reason, now: Millis) -> CallError {
        CallError {
            code,
            reason,
            outcome_unknown: self.earlier_unknown,
            retryable: code.is_retryable() && !self.earlier_unknown,
            retry_after: None,
            attempts: self.attempts,
            elapsed: self.elapsed(now),
        }
    }

    /// Before each request: the key, then the rate limiter.
    fn prepare(&mut self, now: Millis, shared: &mut Shared<'_>) -> Action {
        if self.policy.key_is_supplied { self.ask_key(now) } else { self.queue(now, shared) }
    }

    fn ask_key(&mut self, now: Millis) -> Action {
        self.start_attempt(now);
        self.state = State::AskingKey;
        Action::AskKey
    }

    fn start_attempt(&mut self, now: Millis) {
        self.attempt_ends = self.policy.timeout.map(|timeout| now.saturating_add(timeout));
    }

    fn queue(&mut self, now: Millis, shared: &mut Shared<'_>) -> Action {
        if let Some(opens) = shared.limiter.opens(now) {
            let wait = opens.saturating_sub(now);
            let out_of_time = self.time_left(now).is_some_and(|left| wait >= left);
            // No useless wait, and no longer one than this caller accepts, whatever others with this key accept.
            if out_of_time || wait > self.policy.max_retry_delay {
                let (code, reason) = if out_of_time {
                    (Code::Timeout, Reason::RateLimit)
                } else {
                    (Code::RateLimited, Reason::LongRateLimit)
                };
                let error = self.own_error(code, reason, now);
                return self.end(Action::Fail(CallError { retry_after: Some(wait), ..error }), now, shared);
            }
        }
        let waiter = shared.limiter.register(self.refusals);
        self.acquire(waiter, now, shared)
    }

    fn acquire(&mut self, waiter: Waiter, now: Millis, shared: &mut Shared<'_>) -> Action {
        let waited = matches!(self.state, State::Queued(_));
        let Some(permit) = shared.limiter.try_acquire(waiter, now) else {
            // The time of an attempt does not run while it waits for its turn.
            self.attempt_ends = None;
            self.state = State::Queued(waiter);
            return Action::Wait { until: shared.limiter.next_change(now) };
        };
        self.permit = Some(permit);
        if waited && self.policy.key_is_supplied {
            // A key may be too old after a wait.
            return self.ask_key(now);
        }
        if self.attempt_ends.is_none() {
            self.start_attempt(now);
        }
        self.announce()
    }

    fn announce(&mut self) -> Action {
        self.state = State::Announcing;
        Action::Announce
    }

    fn send(&mut self) -> Action {
        self.attempts = self.attempts.saturating_add(1);
        self.state = State::Sending;
        Action::Send
    }

    fn succeed(&mut self, now: Millis, shared: &mut Shared<'_>) -> Action {
        self.release(Verdict::Accepted, now, shared.limiter);
        shared.budget.refund();
        self.end(Action::Done, now, shared)
    }

    fn failed(&mut self, failure: &Failure, now: Millis, shared: &mut Shared<'_>) -> Action {
        let closed_limiter = self.release(self.verdict(failure), now, shared.limiter);
        let situation = Situation {
            effect: self.policy.effect,
            replay: self.policy.replay,
            failure,
            attempts: self.attempts.saturating_sub(self.too_late).max(1),
            max_retries: self.policy.max_retries,
            max_delay: self.policy.max_retry_delay,
            time_left: self.time_left(now),
            backoff: backoff::delay(self.attempts, shared.chance).min(self.policy.max_retry_delay),
        };
        let Decision::Retry { after, rate_limited } = decide(&situation, shared.budget) else {
            return self.end(Action::Fail(self.error(failure, now)), now, shared);
        };
        self.earlier_unknown |= may_have_happened(self.policy.effect, failure);
        if rate_limited {
            self.refusals = self.refusals.saturating_add(1);
            if !closed_limiter && self.too_late < MOST_TOO_LATE {
                self.too_late = self.too_late.saturating_add(1);
            }
        }
        self.attempt_ends = None;
        self.state = State::Retrying { after, rate_limited };
        Action::Retry { after, limited: closed_limiter }
    }

    fn pause(&mut self, until: Millis) -> Action {
        self.state = State::Pausing { until };
        Action::Wait { until: Some(until) }
    }

    fn woken(&mut self, now: Millis, shared: &mut Shared<'_>) -> Action {
        if self.time_left(now) == Some(0) {
            let total = self.policy.total_timeout.unwrap_or(0);
            return self.fail(Code::Timeout, Reason::TotalTime(total), now, shared);
        }
        let attempt_is_over = self.attempt_ends.is_some_and(|ends| ends <= now);
        match self.state {
            State::AskingKey if attempt_is_over => {
                self.fail(Code::Timeout, Reason::SlowSupplier, now, shared)
            }
            State::Sending if attempt_is_over => self.failed(&Failure::TimedOut, now, shared),
            State::Queued(waiter) => self.acquire(waiter, now, shared),
            State::Pausing { until } if until <= now => self.prepare(now, shared),
            State::Pausing { until } => Action::Wait { until: Some(until) },
            _ => Action::Wait { until: self.deadline() },
        }
    }

    /// Ends the call for a reason other than a failed attempt. A request in flight may have happened.
    fn fail(&mut self, code: Code, reason: Reason, now: Millis, shared: &mut Shared<'_>) -> Action {
        let sent = self.state == State::Sending && may_have_happened(self.policy.effect, &Failure::TimedOut);
        let outcome_unknown = sent || self.earlier_unknown;
        let retryable = code == Code::Timeout && !outcome_unknown;
        let error = CallError { outcome_unknown, retryable, ..self.own_error(code, reason, now) };
        self.end(Action::Fail(error), now, shared)
    }

    fn end(&mut self, action: Action, now: Millis, shared: &mut Shared<'_>) -> Action {
        self.abandon(now, shared.limiter);
        action
    }

    /// Releases the permit. True if this refusal closed the limiter.
    fn release(&mut self, verdict: Verdict, now: Millis, limiter: &mut RateLimiter) -> bool {
        self.permit.take().is_some_and(|permit| limiter.release(permit, verdict, now))
    }

    /// What the rate limiter learns of an attempt.
    fn verdict(&self, failure: &Failure) -> Verdict {
        match failure {
            Failure::Answered(Answered { status: 429, wait, .. }) => match wait {
                Some(wait) if time_may_cure(failure) && wait.millis <= self.policy.max_retry_delay => {
                    Verdict::Limited(wait.millis)
                }
                _ => Verdict::Unknown,
            },
            Failure::Answered(_) | Failure::Unreadable => Verdict::Accepted,
            Failure::NotSent | Failure::NoAnswer | Failure::TimedOut => Verdict::Unknown,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "call_tests.rs"]
mod tests;
