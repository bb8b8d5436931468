//! How much may be kept. A sandbox that grows until its memory is full stops responding, so what
//! would make it grow is refused before that, and the refusal says what to do.
//!
//! Weighing the state means walking through all of it. Between two weighings its growth is estimated,
//! always too high, and it is weighed again only when the estimate has reached the bound.

use crate::account::Account;
use crate::errors::Failure;
use crate::state::World;
use crate::store::weigh;

/// What a request may add beside its body: objects with their ids, tasks, a delivery.
const REQUEST: u64 = 4096;
/// What a value of a body may take up beside its text, an entry of an object at most.
const VALUE: u64 = 128;
/// The estimate may be wrong by this part of the bound before the state is weighed again.
const SLACK: u64 = 64;
/// How long a full sandbox is taken to be full still, in milliseconds, if nothing is deleted.
const STALE_MS: u64 = 5000;

/// The weight of the state, as far as it is known.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// When it was last weighed, and what it weighed.
    weighed_at: u64,
    weight: u64,
    /// What may have been added since.
    added: u64,
    /// Whether something was deleted since.
    freed: bool,
}

impl Room {
    /// Something of so many bytes is kept from now on.
    pub(crate) fn add(&mut self, bytes: usize) {
        self.added =
            self.added.saturating_add(REQUEST).saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// Something may be gone.
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
    /// Refuses a request when the sandbox is full, else notes what it may add. Pages that are only
    /// guests may fill half of it: the other half is its owner's.
    pub(crate) fn admit(&mut self, body: &[u8], guest: bool, now: u64) -> Result<(), Failure> {
        let max = self.shared.config.max_state_bytes;
        let bound = if guest { max / 2 } else { max };
        if self.shared.room.is_due(bound, now) {
            let weight = weigh(self);
            self.shared.room = Room { weighed_at: now, weight, added: 0, freed: false };
        }
        let room = &mut self.shared.room;
        if room.weight >= bound {
            return Err(full(max, guest));
        }
        room.added = room.added.saturating_add(cost(body));
        Ok(())
    }
}

/// What a body may become: its texts, which are kept twice where a webhook tells of them, and its values,
/// of which there are no more than these signs.
fn cost(body: &[u8]) -> u64 {
    let values = body.iter().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count();
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    number(body.len())
        .saturating_mul(2)
        .saturating_add(number(values).saturating_mul(VALUE))
        .saturating_add(REQUEST)
}

/// Refuses one object more of a kind of which there are as many as there may be.
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
        "The sandbox keeps {max} {kind} of an account at most, and they are there. Delete some, forget \
         everything with POST /__sandbox/reset, or start it with a larger maxObjects."
    )))
}

fn full(max: u64, guest: bool) -> Failure {
    if guest {
        return for_guests();
    }
    refusal(format!(
        "The sandbox is full: what it keeps has reached {} MiB. Delete something, forget everything with \
         POST /__sandbox/reset, or start it with a larger maxStateBytes (--max-state).",
        max / (1024 * 1024)
    ))
}

fn for_guests() -> Failure {
    refusal(
        "Pages of other origins may fill half of the sandbox, and that half is full. Delete something, \
         forget everything with POST /__sandbox/reset, or allow the origin with allowOrigins \
         (--allow-origin).",
    )
}

/// A client error, because nothing happened and trying again is of no use.
fn refusal(message: impl Into<String>) -> Failure {
    Failure::code("SANDBOX_FULL").saying(message)
}
