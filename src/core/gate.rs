//! The rate gate: when the API limits the rate of an operation, one answer tells all requests of
//! that operation. They wait here, in order, instead of collecting refusals of their own, each of
//! which would use up the very allowance that they wait for.
//!
//! A refusal with a known wait closes the gate until that wait has passed. Then it opens slowly: one
//! request, and for each good answer two more, up to as many as the last window let through; beyond
//! that one at a time, so that a raised limit is found with few refusals. Requests that have been
//! refused before go first. After a quiet minute the gate forgets.
//!
//! Pure: the caller brings the time and does the waiting (`client/gates.rs`).

use super::Millis;
use std::cmp::Reverse;

/// How long after the last opening without a refusal the gate takes its limits off.
const QUIET: Millis = 60_000;
/// How long a request without an answer holds its place, and one that does not come although it may enter its turn.
/// A call that takes minutes, or stalls, or whose host has stopped running it (Cloudflare ends what belongs to a
/// request that is over), must not hold up the others of its operation.
const PATIENCE: Millis = 2_000;
/// How many recent successes are remembered, to know what a window lets through.
const REMEMBERED: usize = 512;

/// A place in the queue: more often refused goes first, then who came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    refusals: Reverse<u32>,
    number: u64,
}

/// Leave to send one request; give it back with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a pass that is not given back holds a place for ever: call Gate::answered"]
pub struct Pass {
    window: u64,
    number: u64,
}

/// What came of a request that went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The API accepted it (whatever it answered, it was not refused for its rate).
    Accepted,
    /// The API refused it for its rate and named a wait.
    Limited(Millis),
    /// Nothing is known: no answer, aborted.
    Unknown,
}

/// A request in the queue.
#[derive(Debug, Clone, Copy)]
struct Queued {
    ticket: Ticket,
    /// When it last asked to enter.
    asked: Millis,
}

/// The time between an opening and the next refusal.
#[derive(Debug)]
struct Window {
    opens: Millis,
    /// How many requests the last window let through.
    allowance: u32,
    /// How many may be under way at once.
    width: u32,
    /// Passes given out, with when they lose their place.
    under_way: Vec<(u64, Millis)>,
    sent: u32,
}

/// The gate of one operation.
#[derive(Debug, Default)]
pub struct Gate {
    /// In order.
    queue: Vec<Queued>,
    tickets: u64,
    windows: u64,
    window: Option<Window>,
    successes: Vec<Millis>,
    /// Nobody in the queue is absent before then. To look at all of them each time that one asks would cost the square
    /// of their number.
    all_present_until: Millis,
}

impl Gate {
    /// A place in the order of arrival, for a request that has been refused `refusals` times.
    pub fn ticket(&mut self, refusals: u32) -> Ticket {
        self.tickets = self.tickets.saturating_add(1);
        Ticket { refusals: Reverse(refusals), number: self.tickets }
    }

    /// Leave to send now, or nothing, and then the ticket stands in the queue.
    pub fn enter(&mut self, ticket: Ticket, now: Millis) -> Option<Pass> {
        self.forget_when_quiet(now);
        self.pass_over_absent(now);
        self.leave(ticket);
        let place = self.queue.partition_point(|queued| queued.ticket < ticket);
        if place >= self.capacity(now) {
            let queued = Queued { ticket, asked: now };
            self.queue.insert(place, queued);
            if let Some(window) = &self.window {
                self.all_present_until = self.all_present_until.min(lapses(queued, window));
            }
            return None;
        }
        if let Some(window) = &mut self.window {
            window.under_way.push((ticket.number, now.saturating_add(PATIENCE)));
            window.sent = window.sent.saturating_add(1);
        }
        Some(Pass { window: self.windows, number: ticket.number })
    }

    /// Gives a place in the queue up.
    pub fn leave(&mut self, ticket: Ticket) {
        if let Ok(place) = self.queue.binary_search_by_key(&ticket, |queued| queued.ticket) {
            self.queue.remove(place);
        }
    }

    /// The waiting tickets that may enter now, in order.
    pub fn ready(&mut self, now: Millis) -> Vec<Ticket> {
        self.forget_when_quiet(now);
        self.pass_over_absent(now);
        self.queue.iter().take(self.capacity(now)).map(|queued| queued.ticket).collect()
    }

    /// When somebody who waits may enter though nothing happens until then: at the opening, or when a
    /// request loses its place, under way or in the queue. Whoever waits must ask again then.
    pub fn next_change(&self, now: Millis) -> Option<Millis> {
        let window = self.window.as_ref()?;
        let under_way = window.under_way.iter().map(|(_, lapses)| *lapses);
        let queued = (!self.queue.is_empty()).then_some(self.all_present_until.max(now.saturating_add(1)));
        self.opens(now).or_else(|| under_way.filter(|lapses| *lapses > now).chain(queued).min())
    }

    /// Takes those out of the queue who have not asked although they could have: they come back if they ask.
    fn pass_over_absent(&mut self, now: Millis) {
        if now < self.all_present_until {
            return;
        }
        if let Some(window) = &self.window {
            self.queue.retain(|queued| lapses(*queued, window) > now);
            let lapsing = self.queue.iter().map(|queued| lapses(*queued, window));
            self.all_present_until = lapsing.min().unwrap_or(Millis::MAX);
        }
    }

    /// When the gate opens, if it is closed.
    pub fn opens(&self, now: Millis) -> Option<Millis> {
        self.window.as_ref().map(|window| window.opens).filter(|opens| *opens > now)
    }

    /// True while the gate holds nobody and needs no clock.
    pub fn is_open(&self) -> bool {
        self.window.is_none()
    }

    /// Takes a pass back with what came of it. True if this is the refusal that closed the gate.
    pub fn answered(&mut self, pass: Pass, verdict: Verdict, now: Millis) -> bool {
        let current = pass.window == self.windows;
        if let (true, Some(window)) = (current, &mut self.window) {
            window.under_way.retain(|(number, _)| *number != pass.number);
        }
        match verdict {
            Verdict::Unknown => false,
            Verdict::Accepted => {
                self.accepted(pass, now);
                false
            }
            Verdict::Limited(wait) => self.limited(current, wait, now),
        }
    }

    fn accepted(&mut self, pass: Pass, now: Millis) {
        if self.successes.len() >= REMEMBERED {
            self.successes.remove(0);
        }
        self.successes.push(now);
        if let Some(window) = &mut self.window {
            if pass.window == self.windows {
                window.width = window.width.saturating_add(1);
                if window.sent > window.allowance {
                    // A probe beyond the old allowance went through: the limit is higher now.
                    window.allowance = window.allowance.saturating_add(window.allowance.div_ceil(4));
                }
            } else if pass.window.saturating_add(1) == self.windows {
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
            under_way: Vec::new(),
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
        let under_way = window.under_way.iter().filter(|(_, lapses)| *lapses > now).count();
        let under_way = u32::try_from(under_way).unwrap_or(u32::MAX);
        let allowed = match window.allowance.checked_sub(window.sent) {
            Some(left) if left > 0 => window.width.saturating_sub(under_way).min(left),
            _ => 1u32.saturating_sub(under_way),
        };
        usize::try_from(allowed).unwrap_or(usize::MAX)
    }

    fn forget_when_quiet(&mut self, now: Millis) {
        if self.window.as_ref().is_some_and(|window| now >= window.opens.saturating_add(QUIET)) {
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
#[path = "gate_tests.rs"]
mod tests;
