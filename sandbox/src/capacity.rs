//! How much room the state takes. A sandbox that fills the module's memory stops responding, so `admission` rejects what
//! would add to it before that.
//!
//! Weighing the state means visiting all of it. In between, its growth is estimated, never too low, and
//! it is weighed again only when the estimate reaches the limit.

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

    /// Counts what a request with this body may add.
    pub(crate) fn add_body(&mut self, body: &[u8]) {
        self.added = self.added.saturating_add(cost(body));
    }

    /// Notes the weight of the state at a time.
    pub(crate) fn weighed(&mut self, weight: u64, now: u64) {
        *self = Self { weighed_at: now, weight, added: 0, freed: false };
    }

    pub(crate) fn is_full(&self, bound: u64) -> bool {
        self.weight >= bound
    }

    /// Whether the state must be weighed before the next request is admitted.
    pub(crate) fn is_due(&self, bound: u64, now: u64) -> bool {
        let full = self.weight >= bound;
        let later = self.freed || now >= self.weighed_at.saturating_add(STALE_MS);
        let grown = self.added > bound / SLACK;
        self.weight.saturating_add(self.added) >= bound && if full { later } else { grown }
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
