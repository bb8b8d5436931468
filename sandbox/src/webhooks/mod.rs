//! Webhooks: who receives an event, how it is signed, delivered, retried and logged. An event goes to
//! its agent's webhook if there is one, otherwise to the project's, never to both.

mod attempt;
mod delivery;
mod event;
mod resend;
mod sign;

use crate::account::Account;
use crate::store::persist;

pub(crate) use attempt::{Attempt, abort, ask, expire, report, retry, test};
pub(crate) use delivery::{Delivery, State, all_time, stats};
pub(crate) use event::{Event, ONCE, emit, text_event};
pub(crate) use resend::resend;
pub(crate) use sign::hex;

/// Number of attempts, and the time of each after the event.
pub(crate) const RETRIED: usize = 6;
const MINUTE: u64 = 60_000;
const TRIES_AT: [u64; RETRIED] = [0, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 360 * MINUTE, 720 * MINUTE];

/// Where events are sent.
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

/// The webhook for an agent's events, and whether it is the agent's own.
fn route<'a>(account: &'a Account, agent: Option<&str>) -> Option<(&'a Webhook, bool)> {
    let own = agent.and_then(|id| account.agent_webhooks.get(id));
    own.map(|w| (w, true)).or_else(|| account.webhook.as_ref().map(|w| (w, false)))
}

/// Whether there is a webhook for an agent's events.
pub(crate) fn reaches(account: &Account, agent: Option<&str>) -> bool {
    route(account, agent).is_some()
}
