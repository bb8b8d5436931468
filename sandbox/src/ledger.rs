//! The record of what really happened, as opposed to what the client was told: the proof of whether a
//! client called twice. Faults change responses; they do not change the ledger.

use crate::json::json;
use crate::store::persist;
use serde_json::{Map, Value};
use std::collections::VecDeque;

const KEPT_REQUESTS: usize = 1000;
const KEPT_EFFECTS: usize = 5000;
/// Maximum length of a path or method. Those of the API are shorter.
const KEPT_CHARS: usize = 200;

/// Counters and the latest requests.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) requests: u64,
    pub(crate) calls_placed: u64,
    pub(crate) texts_sent: u64,
    pub(crate) codes_sent: u64,
    pub(crate) numbers_bought: u64,
    pub(crate) money_spent_cents: i64,
    /// Sorted by operation.
    by_operation: Vec<Counts>,
    latest: VecDeque<Entry>,
    effects: VecDeque<Effect>,
    /// What other clients did.
    others: EffectCounts,
}

persist!(Ledger {
    requests,
    calls_placed,
    texts_sent,
    codes_sent,
    numbers_bought,
    money_spent_cents,
    by_operation,
    latest
} added { effects, others });

/// Counters of effects.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EffectCounts {
    calls_placed: u64,
    texts_sent: u64,
    codes_sent: u64,
    numbers_bought: u64,
}

persist!(EffectCounts { calls_placed, texts_sent, codes_sent, numbers_bought });

#[derive(Debug, Default)]
struct Counts {
    operation: String,
    received: u64,
    performed: u64,
}

persist!(Counts { operation, received, performed });

/// One request to the API.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) at: u64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: Option<String>,
    /// As the client saw it; None if no response was sent.
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<String>,
}

persist!(Entry { at, method, path, operation, status, fault });

/// An operation that was performed.
#[derive(Debug)]
pub(crate) struct Effect {
    pub(crate) at: u64,
    pub(crate) operation: String,
    /// The id of the created object.
    pub(crate) id: Option<String>,
    pub(crate) requested_at: u64,
    /// Whether another client did it.
    pub(crate) foreign: bool,
    pub(crate) fault: Option<String>,
    pub(crate) idempotency_key: Option<String>,
}

persist!(Effect { at, operation, id, requested_at, foreign, fault, idempotency_key });

impl Ledger {
    /// Counts a request that reached an operation, whatever its outcome.
    pub(crate) fn received(&mut self, operation: &str) {
        if let Some(counts) = self.counts(operation) {
            counts.received += 1;
        }
    }

    /// Counts a handler that succeeded.
    pub(crate) fn performed(&mut self, operation: &str) {
        if let Some(counts) = self.counts(operation) {
            counts.performed += 1;
        }
    }

    fn counts(&mut self, operation: &str) -> Option<&mut Counts> {
        let at = self.by_operation.binary_search_by(|c| c.operation.as_str().cmp(operation));
        let at = at.unwrap_or_else(|at| {
            let new = Counts { operation: operation.to_owned(), ..Counts::default() };
            self.by_operation.insert(at, new);
            at
        });
        self.by_operation.get_mut(at)
    }

    pub(crate) fn effect_counts(&self) -> EffectCounts {
        let Self { calls_placed, texts_sent, codes_sent, numbers_bought, .. } = *self;
        EffectCounts { calls_placed, texts_sent, codes_sent, numbers_bought }
    }

    /// Attributes what was counted since `before` to other clients.
    pub(crate) fn attribute_to_others(&mut self, before: EffectCounts) {
        let move_over = |own: &mut u64, before: u64, others: &mut u64| {
            *others = others.saturating_add(own.saturating_sub(before));
            *own = before;
        };
        let others = &mut self.others;
        move_over(&mut self.calls_placed, before.calls_placed, &mut others.calls_placed);
        move_over(&mut self.texts_sent, before.texts_sent, &mut others.texts_sent);
        move_over(&mut self.codes_sent, before.codes_sent, &mut others.codes_sent);
        move_over(&mut self.numbers_bought, before.numbers_bought, &mut others.numbers_bought);
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        if self.effects.len() == KEPT_EFFECTS {
            self.effects.pop_front();
        }
        self.effects.push_back(effect);
    }

    pub(crate) fn effects(&self) -> Value {
        let show = |e: &Effect| {
            json!({
                "at": e.at,
                "operation": e.operation,
                "id": e.id,
                "requestedAt": e.requested_at,
                "foreign": e.foreign,
                "fault": e.fault,
                "idempotencyKey": e.idempotency_key,
            })
        };
        self.effects.iter().map(show).collect()
    }

    pub(crate) fn note(&mut self, mut entry: Entry) {
        self.requests += 1;
        for text in [&mut entry.path, &mut entry.method] {
            if let Some((end, _)) = text.char_indices().nth(KEPT_CHARS) {
                text.truncate(end);
            }
        }
        if self.latest.len() == KEPT_REQUESTS {
            self.latest.pop_front();
        }
        self.latest.push_back(entry);
    }

    /// Includes the wallet's balance, which no operation of the API returns.
    pub(crate) fn totals(&self, balance_cents: i64) -> Value {
        let by_operation: Map<String, Value> = self
            .by_operation
            .iter()
            .map(|c| (c.operation.clone(), json!({ "received": c.received, "performed": c.performed })))
            .collect();
        json!({
            "requests": self.requests,
            "callsPlaced": self.calls_placed,
            "textsSent": self.texts_sent,
            "codesSent": self.codes_sent,
            "numbersBought": self.numbers_bought,
            "moneySpentCents": self.money_spent_cents,
            "balanceCents": balance_cents,
            "byOperation": by_operation,
            "foreign": {
                "callsPlaced": self.others.calls_placed,
                "textsSent": self.others.texts_sent,
                "codesSent": self.others.codes_sent,
                "numbersBought": self.others.numbers_bought,
            },
        })
    }

    pub(crate) fn latest(&self) -> Value {
        self.latest
            .iter()
            .map(|e| {
                let mut out = json!({
                    "at": e.at,
                    "method": e.method,
                    "path": e.path,
                    "operation": e.operation,
                    "status": e.status,
                });
                if let (Some(fault), Some(map)) = (&e.fault, out.as_object_mut()) {
                    map.insert("fault".into(), fault.as_str().into());
                }
                out
            })
            .collect()
    }
}
