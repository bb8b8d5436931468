//! Idempotency keys for an API that has none: what became of a request whose answer was lost.
//!
//! An *intent* is one thing that a caller wants once, under their own key. A *lane* is what makes a new object of the
//! API attributable to one intent: account, operation, sender and recipient. The *ledger* is the store of both, with
//! compare-and-set. A *witness* is what the API can be asked about an intent: a list, an object.
//!
//! ```text
//! prepared ─► sending ─► placed(id) | refused | unknown
//! unknown  ─► placed(id) | absent so far | ambiguous(ids) ─► by a person: placed | not placed
//! ```
//!
//! "Prepared" is an intent that the ledger does not have yet. It becomes "sending" by one compare-and-set, before its
//! request leaves, and never goes back automatically: so there is at most one request for each key that may
//! have had an effect, whatever crashes or is taken over.

pub mod events;
pub mod intent;
pub mod json;
pub mod judge;
pub mod keyed;
pub mod memory;
pub mod record;
pub mod resolve;
pub mod row;
pub mod schedule;
pub mod witness;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod model_tests;
