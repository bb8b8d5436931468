//! The documented rate limits (as of March 2026), per operation and account. They can be turned off for
//! load tests.

use crate::faults::{Exceeded, Limit, Window};
use crate::store::{SortedMap, persist};

const MINUTE: u32 = 60_000;
const HOUR: u32 = 3_600_000;

/// The limits documented for single operations.
const TABLE: [(&str, u32, u32); 6] = [
    ("numbers.buy", 5, HOUR),
    ("numbers.release", 10, HOUR),
    ("webhooks.set", 100, HOUR),
    ("webhooks.test", 60, HOUR),
    ("numbers.list", 1000, MINUTE),
    ("registration.create", 5, HOUR),
];
/// The limit of all other operations.
const USUAL: (u32, u32) = (100, MINUTE);

/// The open windows.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    windows: SortedMap<(String, String), Window>,
}

persist!(Limits { windows });

pub(crate) fn of(operation: &str) -> Limit {
    let found = TABLE.iter().find(|(id, ..)| *id == operation);
    let (requests, per_ms) = found.map_or(USUAL, |(_, requests, per_ms)| (*requests, *per_ms));
    Limit { requests, per_ms }
}

impl Limits {
    /// Counts a request, and rejects it when its window is full.
    pub(crate) fn admit(&mut self, owner: &str, operation: &str, now: u64) -> Option<Exceeded> {
        let window = self.windows.of((owner.to_owned(), operation.to_owned()))?;
        window.admit(of(operation), now)
    }
}
