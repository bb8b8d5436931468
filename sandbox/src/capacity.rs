//! Limits the size of the state. A sandbox that fills the module's memory stops responding, so requests
//! that would add to it are rejected before that, with an error that says what to do.
//!
//! Weighing the state means visiting all of it. In between, its growth is estimated, never too low, and
//! it is weighed again only when the estimate reaches the limit.

use crate::account::Account;
use crate::errors::Failure;
use crate::state::World;
use crate::store::weigh;

/// What a request may add besides its body: objects with their ids, tasks, a delivery.
const REQUEST: u64 = 4096;
/// Overhead of a value in a body, at most that of an object's entry.
const VALUE: u64 = 128;
/// The estimate may be off by this fraction of the limit before the state is weighed again.
const SLACK: u64 = 64;
/// How long a full sandbox counts as full without being weighed again, in milliseconds, if nothing is
/// deleted.
const STALE_MS: u64 = 5000;

/// The weight of the state, as last measured and estimated since.
#[derive(Debug, Default)]
pub(crate) struct Capacity {
    /// When it was last weighed, and the result.
    weighed_at: u64,
    weight: u64,
    /// What may have been added since.
    added: u64,
    /// Whether something was deleted since.
    freed: bool,
}

impl Capacity {
    /// Counts bytes that are stored from now on.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.added =
            self.added.saturating_add(REQUEST).saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Notes that something may have been deleted.
    pub(crate) fn free(&mut self) {
        self.freed = true;
    }

    fn is_due(&self, bound: u64, now: u64) -> bool {
        let full = self.weight >= bound;
        let later = self.freed || now >= self.weighed_at.saturating_add(STALE_MS);
        let grown = self.added > bound / SLACK;
        self.weight.saturating_add(self.added) >= bound && if full { later } else { grown }
    }
}

impl World {
    /// Rejects a request when the sandbox is full; otherwise counts what it may add. Untrusted pages may
    /// fill only half of the space: the other half is the owner's.
    pub(crate) fn admit(&mut self, body: &[u8], guest: bool, now: u64) -> Result<(), Failure> {
        let max = self.shared.config.max_state_bytes;
        let bound = if guest { max / 2 } else { max };
        if self.shared.capacity.is_due(bound, now) {
            let weight = weigh(self);
            self.shared.capacity = Capacity { weighed_at: now, weight, added: 0, freed: false };
        }
        let capacity = &mut self.shared.capacity;
        if capacity.weight >= bound {
            return Err(full(max, guest));
        }
        capacity.added = capacity.added.saturating_add(cost(body));
        Ok(())
    }
}

/// An upper bound for what a body may become: its strings, which are stored twice if a webhook reports
/// them, and its values, which are at most as many as these characters.
fn cost(body: &[u8]) -> u64 {
    let values = body.iter().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count();
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    number(body.len())
        .saturating_mul(2)
        .saturating_add(number(values).saturating_mul(VALUE))
        .saturating_add(REQUEST)
}

/// Rejects another object of a kind when the maximum number exists.
pub(crate) fn admit_one(account: &Account, operation: &str, max: u64, guest: bool) -> Result<(), Failure> {
    let Some((kind, count)) = account.count(operation) else { return Ok(()) };
    let bound = if guest { max / 2 } else { max };
    if u64::try_from(count).unwrap_or(u64::MAX) < bound {
        return Ok(());
    }
    if guest {
        return Err(for_guests());
    }
    Err(refusal(format!(
        "An account of the sandbox can have at most {max} {kind}. Delete some, clear everything with POST \
         /__sandbox/reset, or start it with a larger maxObjects."
    )))
}

fn full(max: u64, guest: bool) -> Failure {
    if guest {
        return for_guests();
    }
    refusal(format!(
        "The sandbox is full: its state has reached {} MiB. Delete something, clear everything with \
         POST /__sandbox/reset, or start it with a larger maxStateBytes (--max-state).",
        max / (1024 * 1024)
    ))
}

fn for_guests() -> Failure {
    refusal(
        "Pages of other origins may fill half of the sandbox, and that half is full. Delete something, \
         clear everything with POST /__sandbox/reset, or allow the origin with allowOrigins \
         (--allow-origin).",
    )
}

/// A client error, because nothing happened and a retry would not help.
fn refusal(message: impl Into<String>) -> Failure {
    Failure::code("SANDBOX_FULL").saying(message)
}
