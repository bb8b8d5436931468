//! Rejects what would no longer fit: requests when the sandbox is full, and objects when an account has the most of a kind.

use crate::account::Account;
use crate::errors::Failure;
use crate::state::World;
use crate::store::weigh;

impl World {
    /// Rejects a request when the sandbox is full; otherwise counts what it may add. Untrusted pages may
    /// fill only half of the space: the other half is the owner's.
    pub(crate) fn admit(&mut self, body: &[u8], guest: bool, now: u64) -> Result<(), Failure> {
        let max = self.shared.config.max_state_bytes;
        let bound = if guest { max / 2 } else { max };
        if self.shared.capacity.is_due(bound, now) {
            let weight = weigh(self);
            self.shared.capacity.weighed(weight, now);
        }
        let capacity = &mut self.shared.capacity;
        if capacity.is_full(bound) {
            return Err(full(max, guest));
        }
        capacity.add_body(body);
        Ok(())
    }
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
