//! When to look again for what became of a request, and when to ask again about one that is under way elsewhere.

use super::intent::{Intent, Stamped, State, Wall};
use crate::core::Millis;

/// Waits before each look but the first.
const PAUSES: [Millis; 6] = [1_000, 1_000, 3_000, 5_000, 10_000, 20_000];
/// Waits before each question about a request that is under way elsewhere.
const POLLS: [Millis; 6] = [20, 50, 100, 250, 500, 1_000];

fn nth(waits: &[Millis], n: usize) -> Millis {
    waits.get(n).or(waits.last()).copied().unwrap_or(1_000)
}

/// The looks for one intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Its key, and which of its requests it is: each is looked for as long as the first.
    pub of: (String, u32),
    /// When they began.
    since: Millis,
    looks: usize,
    /// The last one could be made, and saw all that is there.
    pub was_whole: bool,
    /// An object that may be it was seen, if only once: lists flicker.
    pub seen: Option<String>,
}

impl Doubt {
    /// Looks that begin now.
    pub const fn new(of: (String, u32), now: Millis) -> Self {
        Self { of, since: now, looks: 0, was_whole: false, seen: None }
    }

    /// When to look again after another look that settled nothing; `None`: it was looked for long enough.
    pub fn next(&mut self, within: Millis, now: Millis) -> Option<Millis> {
        let end = self.since.saturating_add(within);
        let pause = nth(&PAUSES, self.looks);
        self.looks = self.looks.saturating_add(1);
        (now < end).then(|| now.saturating_add(pause).min(end))
    }
}

/// Waiting for a request that is under way elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Polls {
    count: usize,
    /// The stamp of the entry, and when it was first seen.
    first: Option<(String, Millis)>,
}

impl Polls {
    /// Whether the sender of an intent may still be sending it: for the time of its lease by the wall clocks of both, and no
    /// longer than that on the monotonic clock, so that a wrong clock keeps no use waiting forever.
    pub fn is_under_way(&mut self, entry: &Stamped<Intent>, wall: Wall, now: Millis) -> bool {
        let State::Sending { until } = entry.value.state else { return false };
        let first = match &self.first {
            Some((stamp, first)) if *stamp == entry.stamp => *first,
            _ => self.first.insert((entry.stamp.clone(), now)).1,
        };
        let lease = until.saturating_sub(entry.value.sent_at);
        wall < until && now < first.saturating_add(lease)
    }

    /// When to ask again.
    pub fn next(&mut self, now: Millis) -> Millis {
        let pause = nth(&POLLS, self.count);
        self.count = self.count.saturating_add(1);
        now.saturating_add(pause)
    }
}
