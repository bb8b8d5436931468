//! Webhooks: who receives an event, how it is signed, delivered, retried and logged. An event
//! goes to the webhook of its agent, else to that of the project, never to both.

mod delivery;
mod event;
mod flight;
mod sign;

use crate::account::Account;
use crate::store::kept;

pub(crate) use delivery::{Delivery, State, all_time, stats};
pub(crate) use event::{Event, ONCE, emit, text_event};
pub(crate) use flight::{Flight, abandon, ask, expire, news, retry, test};
pub(crate) use sign::hex;

/// What is tried again, and how often: at once, then so long after the event.
pub(crate) const RETRIED: usize = 6;
const MINUTE: u64 = 60_000;
const TRIES_AT: [u64; RETRIED] = [0, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE, 720 * MINUTE];

/// Where events go.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    /// How much of the history an event carries.
    pub(crate) context_limit: usize,
    /// Seconds that the user's server may take.
    pub(crate) timeout: u64,
    pub(crate) created_at: u64,
}

kept!(Webhook { id, url, secret, context_limit, timeout, created_at });

/// The webhook for the events of an agent, and whether it is the agent's own.
fn route<'a>(account: &'a Account, agent: Option<&str>) -> Option<(&'a Webhook, bool)> {
    let own = agent.and_then(|id| account.agent_webhooks.get(id));
    own.map(|w| (w, true)).or_else(|| account.webhook.as_ref().map(|w| (w, false)))
}

/// Whether a webhook is set for an agent's events.
pub(crate) fn reaches(account: &Account, agent: Option<&str>) -> bool {
    route(account, agent).is_some()
}
