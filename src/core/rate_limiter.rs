//! The rate limiter of one operation. One refused request is enough for all requests of that operation: they
//! wait here, in order, instead of collecting refusals of their own, each of which would use up the very
//! allowance that they wait for.
//!
//! A refusal with a known wait closes the limiter until that wait has passed. Then it opens slowly: one request,
//! and two more for each accepted one, up to as many as the last window let through; beyond that one at a time, so
//! that a raised limit is found with few refusals. Requests that have been refused before go first. After a quiet
//! minute the limiter starts afresh.
//!
//! Pure: the caller passes the time and does the waiting (`client/rate_limits.rs`).

use super::Millis;
use std::cmp::Reverse;

/// How long after the last opening without a refusal the limiter lifts its limits.
const QUIET: Millis = 60_000;
/// How long a request without a response holds its permit, and how long a waiter that may go keeps its turn. A call
/// that takes minutes, or stalls, or whose host has stopped running it (Cloudflare ends what belongs to a finished
/// request), must not hold up the others of its operation.
const PATIENCE: Millis = 2_000;
/// How many recent successes are remembered, to know what a window lets through.
const REMEMBERED: usize = 512;

/// A place in the queue: requests refused more often go first, then those that arrived first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Waiter {
    refusals: Reverse<u32>,
    number: u64,
}

/// Permission to send one request; to be released with the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a permit that is never released holds its place: call RateLimiter::release"]
pub struct Permit {
    window: u64,
    number: u64,
}

/// The outcome of a request that had a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The API accepted it: whatever the response was, it was not a rate limit.
    Accepted,
    /// The API rate limited it and named a wait.
    Limited(Millis),
    /// Nothing is known: no response, or aborted.
    Unknown,
}

/// A request in the queue.
#[derive(Debug, Clone, Copy)]
struct Queued {
    waiter: Waiter,
    /// When it last asked for a permit.
    asked: Millis,
}

/// The time between an opening and the next refusal.
#[derive(Debug)]
struct Window {
    opens: Millis,
    /// How many requests the last window let through.
    allowance: u32,
    /// How many may be in flight at once.
    width: u32,
    /// Permits that are out, with the time at which each lapses.
    in_flight: Vec<(u64, Millis)>,
    sent: u32,
}

/// The rate limiter of one operation.
#[derive(Debug, Default)]
pub struct RateLimiter {
    /// In order.
    queue: Vec<Queued>,
    waiters: u64,
    windows: u64,
    window: Option<Window>,
    successes: Vec<Millis>,
    /// No waiter in the queue is absent before then. Looking at all of them each time that one asks would cost the
    /// square of their number.
    all_present_until: Millis,
}

impl RateLimiter {
    /// A place in the order of arrival, for a request that has been refused `refusals` times.
    pub fn register(&mut self, refusals: u32) -> Waiter {
        self.waiters = self.waiters.saturating_add(1);
        Waiter { refusals: Reverse(refusals), number: self.waiters }
    }

    /// A permit to send now; otherwise the waiter is queued.
    pub fn try_acquire(&mut self, waiter: Waiter, now: Millis) -> Option<Permit> {
        self.forget_when_quiet(now);
        self.skip_absent(now);
        self.withdraw(waiter);
        let place = self.queue.partition_point(|queued| queued.waiter < waiter);
        if place >= self.capacity(now) {
            let queued = Queued { waiter, asked: now };
            self.queue.insert(place, queued);
            if let Some(window) = &self.window {
                self.all_present_until = self.all_present_until.min(lapses(queued, window));
            }
            return None;
        }
        if let Some(window) = &mut self.window {
            window.in_flight.push((waiter.number, now.saturating_add(PATIENCE)));
            window.sent = window.sent.saturating_add(1);
        }
        Some(Permit { window: self.windows, number: waiter.number })
    }

    /// Removes a waiter from the queue.
    pub fn withdraw(&mut self, waiter: Waiter) {
        if let Ok(place) = self.queue.binary_search_by_key(&waiter, |queued| queued.waiter) {
            self.queue.remove(place);
        }
    }

    /// The waiters that may go now, in order.
    pub fn ready(&mut self, now: Millis) -> Vec<Waiter> {
        self.forget_when_quiet(now);
        self.skip_absent(now);
        self.queue.iter().take(self.capacity(now)).map(|queued| queued.waiter).collect()
    }

    /// When a waiter may go even if nothing happens until then: at the opening, or when a permit or a turn lapses.
    /// Waiters must ask again at that time.
    pub fn next_change(&self, now: Millis) -> Option<Millis> {
        let window = self.window.as_ref()?;
        let in_flight = window.in_flight.iter().map(|(_, lapses)| *lapses);
        let queued = (!self.queue.is_empty()).then_some(self.all_present_until.max(now.saturating_add(1)));
        self.opens(now).or_else(|| in_flight.filter(|lapses| *lapses > now).chain(queued).min())
    }

    /// Removes waiters that have not asked although it was their turn; they are queued again when they ask.
    fn skip_absent(&mut self, now: Millis) {
        if now < self.all_present_until {
            return;
        }
        if let Some(window) = &self.window {
            self.queue.retain(|queued| lapses(*queued, window) > now);
            let lapsing = self.queue.iter().map(|queued| lapses(*queued, window));
            self.all_present_until = lapsing.min().unwrap_or(Millis::MAX);
        }
    }

    /// When the limiter opens, if it is closed.
    pub fn opens(&self, now: Millis) -> Option<Millis> {
        self.window.as_ref().map(|window| window.opens).filter(|opens| *opens > now)
    }

    /// True as long as a refusal still matters: until a quiet minute has passed since the opening.
    pub fn remembers(&self, now: Millis) -> bool {
        self.window.as_ref().is_some_and(|window| now < window.opens.saturating_add(QUIET))
    }

    /// Takes a permit back with its outcome. True if this is the refusal that closed the limiter.
    pub fn release(&mut self, permit: Permit, verdict: Verdict, now: Millis) -> bool {
        let current = permit.window == self.windows;
        if let (true, Some(window)) = (current, &mut self.window) {
            window.in_flight.retain(|(number, _)| *number != permit.number);
        }
        match verdict {
            Verdict::Unknown => false,
            Verdict::Accepted => {
                self.accepted(permit, now);
                false
            }
            Verdict::Limited(wait) => self.limited(current, wait, now),
        }
    }

    fn accepted(&mut self, permit: Permit, now: Millis) {
        if self.successes.len() >= REMEMBERED {
            self.successes.remove(0);
        }
        self.successes.push(now);
        if let Some(window) = &mut self.window {
            if permit.window == self.windows {
                window.width = window.width.saturating_add(1);
                if window.sent > window.allowance {
                    // A probe beyond the old allowance went through: the limit is higher now.
                    window.allowance = window.allowance.saturating_add(window.allowance.div_ceil(4));
                }
            } else if permit.window.saturating_add(1) == self.windows {
                window.allowance = window.allowance.saturating_add(1);
            }
        }
    }

    fn limited(&mut self, current: bool, wait: Millis, now: Millis) -> bool {
        let opens = now.saturating_add(wait);
        if let (false, Some(window)) = (current, &mut self.window) {
            window.opens = window.opens.max(opens);
            return false;
        }
        let since = match &self.window {
            Some(window) => window.opens,
            None => now.saturating_sub(wait),
        };
        let let_through = self.successes.iter().filter(|at| **at >= since).count();
        self.windows = self.windows.saturating_add(1);
        self.successes.clear();
        self.window = Some(Window {
            opens,
            allowance: u32::try_from(let_through).unwrap_or(u32::MAX).max(1),
            width: 1,
            in_flight: Vec::new(),
            sent: 0,
        });
        true
    }

    /// How many more requests may be sent now.
    fn capacity(&self, now: Millis) -> usize {
        let Some(window) = &self.window else { return usize::MAX };
        if now < window.opens {
            return 0;
        }
        let in_flight = window.in_flight.iter().filter(|(_, lapses)| *lapses > now).count();
        let in_flight = u32::try_from(in_flight).unwrap_or(u32::MAX);
        let allowed = match window.allowance.checked_sub(window.sent) {
            Some(left) if left > 0 => window.width.saturating_sub(in_flight).min(left),
            _ => 1u32.saturating_sub(in_flight),
        };
        usize::try_from(allowed).unwrap_or(usize::MAX)
    }

    fn forget_when_quiet(&mut self, now: Millis) {
        if self.window.is_some() && !self.remembers(now) {
            self.window = None;
            self.windows = self.windows.saturating_add(1);
        }
    }
}

/// When a request in the queue loses its turn.
fn lapses(queued: Queued, window: &Window) -> Millis {
    queued.asked.max(window.opens).saturating_add(PATIENCE)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "rate_limiter_tests.rs"]
mod tests;
