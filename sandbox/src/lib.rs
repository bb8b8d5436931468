//! The sandbox: a local AgentPhone, so that programs can be developed, shown and tested without a
//! key and without ringing a phone.
//!
//! It is a pure function with a memory: [`Engine::handle`] takes a request and the time, and gives
//! the answer and what the transport must do to it. It has no clock, no randomness and no sockets
//! of its own, so that the same seed, requests and times always give the same answers, in a unit
//! test, in a browser page and behind the Node server beside it. What it wants done in the world
//! (pieces of a stream, webhooks) waits in an outbox: see [`Engine::advance`].
//!
//! Paths, methods and shapes come from `contract/openapi.yaml`; a handler is added in `resources`.

#![forbid(unsafe_code)]

mod account;
mod agenda;
mod calls;
mod contract;
mod control;
mod deferred;
mod engine;
mod errors;
mod faults;
mod fields;
mod host;
mod http;
mod inbound;
mod input;
mod json;
mod ledger;
mod limits;
mod magic;
mod pattern;
mod perform;
mod phone;
mod random;
mod records;
mod replays;
mod resources;
mod room;
mod rules;
mod schema;
mod stage;
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
