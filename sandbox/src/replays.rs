//! The idempotency keys in use, and what repeats of their requests are answered with.

use crate::store::{LoadErrors, Persist, Saver, SortedMap, persist};
use serde_json::Value;

/// How long keys are remembered, and how many.
const LIFE_MS: u64 = 86_400_000;
const MOST: usize = 10_000;

/// The keys in use, by account and key.
#[derive(Debug, Default)]
pub(crate) struct Replays(SortedMap<Ticket, Replay>);

/// A key within an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket {
    pub(crate) account: String,
    pub(crate) key: String,
}

persist!(Ticket { account, key });

#[derive(Debug)]
pub(crate) struct Replay {
    pub(crate) at: u64,
    /// Hash of method, target and body.
    pub(crate) hash: String,
    pub(crate) answer: Answer,
}

persist!(Replay { at, hash, answer });

#[derive(Debug)]
pub(crate) enum Answer {
    /// The first request is in flight.
    InFlight,
    Given {
        status: u16,
        content_type: Option<String>,
        body: String,
    },
    /// Repeats respond with this call, once it has ended.
    Call {
        id: String,
    },
}

persist!(kinds Answer { InFlight {}, Given { status, content_type, body }, Call { id } });

impl Persist for Replays {
    fn save(&self, to: &mut Saver) {
        self.0.save(to);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        Self(Persist::load(from, errors))
    }
}

impl Replays {
    /// What is known of a key that is still remembered.
    pub(crate) fn get(&mut self, ticket: &Ticket, now: u64) -> Option<&Replay> {
        self.0.retain(|replay| now < replay.at.saturating_add(LIFE_MS));
        self.0.get(ticket)
    }

    /// Remembers a key whose first request begins, and drops the oldest when there are too many.
    pub(crate) fn begin(&mut self, ticket: Ticket, hash: String, now: u64) {
        if self.0.iter().count() >= MOST {
            let oldest = self.0.iter().min_by_key(|(_, replay)| replay.at).map(|(ticket, _)| ticket.clone());
            oldest.and_then(|ticket| self.0.remove(&ticket));
        }
        self.0.insert(ticket, Replay { at: now, hash, answer: Answer::InFlight });
    }

    pub(crate) fn get_mut(&mut self, ticket: &Ticket) -> Option<&mut Replay> {
        self.0.get_mut(ticket)
    }

    /// Frees a key.
    pub(crate) fn forget(&mut self, ticket: &Ticket) {
        self.0.remove(ticket);
    }
}
