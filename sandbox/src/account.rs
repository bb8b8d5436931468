//! One account: its tables, and what can be asked of them.

use crate::calls::Call;
use crate::faults::Unlisted;
use crate::records::{Agent, Code, Connection, Contact, Conversation, Message, Number, Registration, Trunk};
use crate::store::{ByKey, Record, SortedMap, Table, persist};
use crate::webhooks::{Delivery, Webhook};

/// All accounts by name. Boxed, because a request takes its account out of the map while it works on
/// it.
pub(crate) type Accounts = SortedMap<String, Box<Account>>;

/// The master account, a sub-account, or an account created by sign-up.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) agents: Table<Agent>,
    pub(crate) numbers: Table<Number>,
    pub(crate) calls: Table<Call>,
    pub(crate) messages: Table<Message>,
    pub(crate) conversations: Table<Conversation>,
    pub(crate) contacts: Table<Contact>,
    pub(crate) trunks: Table<Trunk>,
    pub(crate) codes: Table<Code>,
    /// WhatsApp connections.
    pub(crate) connections: Table<Connection>,
    pub(crate) sub_accounts: Table<SubAccount>,
    pub(crate) registration: Option<Registration>,
    /// When the location was last requested.
    pub(crate) located_at: Option<u64>,
    /// When the paid recording add-on runs out.
    pub(crate) recording_until: u64,
    /// Address used for sign-up.
    pub(crate) email: Option<String>,
    /// The project's webhook, and the webhooks of individual agents.
    pub(crate) webhook: Option<Webhook>,
    pub(crate) agent_webhooks: SortedMap<String, Webhook>,
    pub(crate) deliveries: Table<Delivery>,
    /// Objects that fault rules hide, by id.
    pub(crate) hidden: SortedMap<String, Hidden>,
}

persist!(Account {
    agents,
    numbers,
    calls,
    messages,
    conversations,
    contacts,
    trunks,
    codes,
    connections,
    sub_accounts,
    registration,
    located_at,
    recording_until,
    email,
    webhook,
    agent_webhooks,
    deliveries
} added { hidden });

/// How long an object is hidden from lists, and whether it can be read by id meanwhile.
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    /// None means forever.
    until: Option<u64>,
    found: bool,
}

persist!(Hidden { until, found });

#[derive(Debug, Clone)]
pub(crate) struct SubAccount {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_at: u64,
}

persist!(SubAccount { id, name, created_at });

impl Record for SubAccount {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Account {
    /// Number of objects of the kind that an operation creates, with the name of the kind.
    pub(crate) fn count(&self, operation: &str) -> Option<(&'static str, usize)> {
        Some(match operation {
            "agents.create" => ("agents", self.agents.len()),
            "numbers.buy" => ("numbers", self.numbers.len()),
            "calls.create" | "calls.createWeb" => ("calls", self.calls.len()),
            "messages.send" => ("messages", self.messages.len()),
            "contacts.create" => ("contacts", self.contacts.len()),
            "sipTrunks.create" => ("SIP trunks", self.trunks.len()),
            "verification.send" => ("codes", self.codes.len()),
            "whatsapp.connect" => ("WhatsApp connections", self.connections.len()),
            "subAccounts.create" => ("sub-accounts", self.sub_accounts.len()),
            _ => return None,
        })
    }

    pub(crate) fn hide(&mut self, id: &str, unlisted: &Unlisted, now: u64) {
        self.hidden.retain(|other| other.until.is_none_or(|until| until > now));
        let until = unlisted.for_ms.map(|ms| now.saturating_add(ms));
        self.hidden.insert(id.to_owned(), Hidden { until, found: unlisted.found });
    }

    /// Whether lists leave out this object.
    pub(crate) fn hides(&self, id: &str, now: u64) -> bool {
        self.hidden.get(id).is_some_and(|hidden| hidden.until.is_none_or(|until| until > now))
    }

    /// Whether reads by id return 404 as well.
    pub(crate) fn denies(&self, id: &str, now: u64) -> bool {
        self.hides(id, now) && self.hidden.get(id).is_some_and(|hidden| !hidden.found)
    }

    /// Finds a number that is still held; a released number is read-only.
    pub(crate) fn held_number(&self, id: &str) -> Option<&Number> {
        self.numbers.get(id).filter(|n| !n.released)
    }

    pub(crate) fn held_numbers(&self) -> ByKey<'_, Number> {
        self.numbers.by_key(Number::HELD, "")
    }

    /// The agent's numbers in order of purchase.
    pub(crate) fn numbers_of(&self, agent: &str) -> impl Iterator<Item = &Number> {
        self.numbers.by_key(Number::OF_AGENT, agent).oldest()
    }
}
