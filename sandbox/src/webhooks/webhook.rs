//! Where events are sent.

use crate::store::persist;

#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    /// How much of the history an event carries.
    pub(crate) context_limit: usize,
    /// The user's server has this many seconds to respond.
    pub(crate) timeout: u64,
    pub(crate) created_at: u64,
}

persist!(Webhook { id, url, secret, context_limit, timeout, created_at });
