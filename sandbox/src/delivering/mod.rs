//! How events reach the user's server: sent, tried again, logged. An event goes to its agent's webhook if there is one,
//! otherwise to the project's, never to both.

mod report;
mod resend;
mod send;

pub(crate) use report::{Progress, abort, expire, report};
pub(crate) use resend::resend;
pub(crate) use send::{ask, emit, reaches, retry, test};
