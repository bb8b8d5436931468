//! The documented limits of requests (facts of March 2026): so many an operation, an account and a
//! time. They can be turned off, for tests of load.

use crate::faults::{Exceeded, Limit, Window};
use crate::store::{Small, kept};

const MINUTE: u32 = 60_000;
const HOUR: u32 = 3_600_000;

/// What is said of single operations.
const TABLE: [(&str, u32, u32); 6] = [
    ("numbers.buy", 5, HOUR),
    ("numbers.release", 10, HOUR),
    ("webhooks.set", 100, HOUR),
    ("webhooks.test", 60, HOUR),
    ("numbers.list", 1000, MINUTE),
    ("registration.create", 5, HOUR),
];
/// Of all others.
const USUAL: (u32, u32) = (100, MINUTE);

/// The windows that are open.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    windows: Small<(String, String), Window>,
}

kept!(Limits { windows });

pub(crate) fn of(operation: &str) -> Limit {
    let found = TABLE.iter().find(|(id, ..)| *id == operation);
    let (requests, per_ms) = found.map_or(USUAL, |(_, requests, per_ms)| (*requests, *per_ms));
    Limit { requests, per_ms }
}

impl Limits {
    /// Counts a request, and refuses it when its window is full.
    pub(crate) fn admit(&mut self, owner: &str, operation: &str, now: u64) -> Option<Exceeded> {
        let window = self.windows.of((owner.to_owned(), operation.to_owned()))?;
        window.admit(of(operation), now)
    }
}
