//! Uses of idempotency keys: does what their machine says (`core::effects::keyed`), with the caller's ledger and the API.
//! Everything runs in the caller's task, so in the caller's async context.

mod content;
mod entries;
mod evidence;
mod keyed_use;
mod ledger;
mod manage;
mod options;
mod outcome;
mod waiting;

pub(super) use keyed_use::Use;
pub(super) use manage::Management;
pub(crate) use outcome::Ended;
