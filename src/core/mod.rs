//! Decides; touches nothing. Pure Rust without a JavaScript host, so that each rule of the client
//! (what is retried, what a failure is called, how long to wait) is tested natively in
//! milliseconds, with a clock and a source of chance that the test holds.
//!
//! `tests/core_is_pure.rs` fails when a file of this folder names a host binding.

pub mod backoff;
pub mod budget;
pub mod call;
pub mod catalogue;
pub mod check;
pub mod decide;
pub mod effects;
pub mod error;
pub mod failure;
pub mod operation;
pub mod rate_limiter;
#[cfg(feature = "client")]
#[cfg(feature = "client")]
pub(crate) mod recent;
pub mod retry_after;
#[cfg(feature = "client")]
pub(crate) mod table;
pub mod text;
#[cfg(feature = "client")]
pub mod transcript;
pub mod wait;
pub mod webhook;

/// Milliseconds: a span, or a point on the clock that its user names.
pub type Millis = u64;
