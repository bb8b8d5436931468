//! Events from outside: a person calls, texts or reacts. They are triggered under `/__sandbox/inbound`,
//! because the sandbox is not connected to a phone network.

mod call;
mod fields;
mod text;

pub(crate) use call::{call, hang_up, join, say, show};
pub(crate) use text::{lose, message, reaction};
