//! The sandbox: a local AgentPhone for developing, demonstrating and testing programs without a key and
//! without ringing a phone.
//!
//! It is a deterministic state machine: [`Engine::handle`] takes a request and the time, and returns
//! the response and what the transport must do to it. It has no clock, randomness or sockets of its
//! own, so the same seed, requests and times always give the same responses: in a unit test, in a
//! browser page and in the Node server. What it wants done outside (stream chunks, webhooks) waits in
//! an outbox: see [`Engine::advance`].
//!
//! Paths, methods and shapes come from `contract/openapi.yaml`; handlers are in `resources`.
//!
//! A request goes through `engine` (route, faults, response), `perform` (key, rate limit, idempotency) and `act` (account,
//! handler, ledger). What happens without a request, as time passes or when a webhook's receiver responds, starts in
//! `run`. `calls` and `webhooks` are data; `calling` and `delivering` are what happens to them.

#![forbid(unsafe_code)]

mod account;
mod account_scope;
mod act;
mod admission;
mod agenda;
mod calling;
mod calls;
mod capacity;
mod contract;
mod control;
mod deferred;
mod delivering;
mod engine;
mod errors;
mod faults;
mod fields;
mod holding;
mod host;
mod http;
mod idempotency;
mod inbound;
mod input;
mod json;
mod ledger;
mod limits;
mod magic;
mod operations;
mod pattern;
mod perform;
mod phone;
mod random;
mod records;
mod replays;
mod requests;
mod resources;
mod rules;
mod run;
mod schema;
mod state;
mod store;
mod strict;
mod texting;
mod time;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod webhooks;

#[cfg(test)]
mod tests;

pub use engine::Engine;
pub use errors::ErrorForm;
pub use host::{Outgoing, Output, SendResult};
pub use http::{Action, Delivery, Request, Response};
pub use state::Config;
