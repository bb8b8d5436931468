//! Webhooks as data: who receives events, what an event says, how it is signed, and the log of its delivery. What sends
//! them is in `delivering`.

mod attempt;
mod delivery;
mod event;
mod sign;
mod webhook;

pub(crate) use attempt::{Attempt, Purpose};
pub(crate) use delivery::{Delivery, ONCE, State, TRIES_AT, all_time, stats};
pub(crate) use event::{Event, text_event};
pub(crate) use sign::{hex, signature};
pub(crate) use webhook::Webhook;
