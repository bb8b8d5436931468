//! All that the sandbox remembers. Accounts are apart, by `X-Sub-Account-Id`; the wallet, the lines
//! in use and the ledger are shared, as they are in the API.

use crate::agenda::{Agenda, Task};
use crate::call::Call;
use crate::host::{Outbox, SendResult};
use crate::ledger::Ledger;
use crate::random::Random;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What an engine starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Decides ids and the dice of fault rules. Default 1.
    pub seed: u64,
    /// What the wallet holds at the start. Default 10 000, a hundred dollars.
    pub balance_cents: i64,
    /// How long a call waits before it rings. Default 300.
    pub queued_ms: u64,
    /// How long a call rings. Default 1500.
    pub ringing_ms: u64,
    /// How long a call talks when nobody ends it. Default 6000.
    pub talking_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { seed: 1, balance_cents: 10_000, queued_ms: 300, ringing_ms: 1500, talking_ms: 6000 }
    }
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) shared: Shared,
    accounts: BTreeMap<String, Account>,
}

/// What all accounts have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) ids: Random,
    pub(crate) wallet_cents: i64,
    /// Phone numbers that somebody holds.
    pub(crate) held: BTreeSet<String>,
    pub(crate) ledger: Ledger,
    pub(crate) agenda: Agenda,
    pub(crate) outbox: Outbox,
}

/// The master account or a sub-account.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) agents: Vec<Agent>,
    pub(crate) numbers: Vec<Number>,
    pub(crate) calls: Vec<Call>,
    pub(crate) messages: Vec<Message>,
    /// Thread ids by line and recipient.
    pub(crate) threads: BTreeMap<(String, String), String>,
}

#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: String,
    /// The fields of `CreateAgentRequest`, in the contract's order.
    pub(crate) fields: Map<String, Value>,
    pub(crate) created_at: u64,
}

#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) country: String,
    pub(crate) kind: String,
    pub(crate) agent_id: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) external_id: Option<String>,
    pub(crate) expires_at: Option<u64>,
    pub(crate) released: bool,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) agent_id: Option<String>,
    pub(crate) number_id: String,
    pub(crate) imessage: bool,
    pub(crate) sent_at: u64,
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let shared = Shared {
            ids: Random::new(config.seed, 1),
            wallet_cents: config.balance_cents,
            held: BTreeSet::new(),
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            outbox: Outbox::default(),
            config,
        };
        Self { shared, accounts: BTreeMap::new() }
    }

    /// The account of a sub-account header, the master account when there is none.
    pub(crate) fn enter(&mut self, name: &str) -> (&mut Account, &mut Shared) {
        (self.accounts.entry(name.to_owned()).or_default(), &mut self.shared)
    }

    /// Does what time alone has brought about until `now`, each task at its own instant.
    pub(crate) fn advance(&mut self, now: u64) {
        while let Some((due, task)) = self.shared.agenda.take_due(now) {
            self.perform(due, &task);
        }
    }

    /// News of an outgoing request.
    pub(crate) fn sent(&mut self, id: u64, result: SendResult, _now: u64) {
        self.shared.outbox.accept(id, &result);
    }

    fn perform(&mut self, now: u64, task: &Task) {
        match task {
            Task::EndCall { account, call } => {
                let Some(account) = self.accounts.get_mut(account) else { return };
                let due = |c: &&mut Call| c.id == *call && !c.billed && c.ends_at() <= now;
                if let Some(call) = account.calls.iter_mut().find(due) {
                    call.billed = true;
                    self.shared.charge(call.cents());
                }
            }
            Task::ExpireNumber { account, number } => {
                let Some(account) = self.accounts.get_mut(account) else { return };
                let due = |n: &&mut Number| n.id == *number && n.expires_at.is_some_and(|at| at <= now);
                if let Some(number) = account.numbers.iter_mut().find(due).filter(|n| !n.released) {
                    number.release(&mut self.shared);
                }
            }
        }
    }
}

impl Shared {
    /// An opaque id in the form that live ids have.
    pub(crate) fn id(&mut self) -> String {
        self.ids.id("cm", 23)
    }

    pub(crate) fn can_pay(&self, cents: i64) -> bool {
        self.wallet_cents >= cents
    }

    pub(crate) fn charge(&mut self, cents: u64) {
        let cents = i64::try_from(cents).unwrap_or(i64::MAX);
        self.wallet_cents = self.wallet_cents.saturating_sub(cents);
        self.ledger.money_spent_cents = self.ledger.money_spent_cents.saturating_add(cents);
    }
}

impl Account {
    pub(crate) fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.iter().find(|a| a.id == id)
    }

    /// A number that is held; released ones can only be read.
    pub(crate) fn held_number(&mut self, id: &str) -> Option<&mut Number> {
        self.numbers.iter_mut().find(|n| n.id == id && !n.released)
    }

    pub(crate) fn held_numbers(&self) -> impl DoubleEndedIterator<Item = &Number> {
        self.numbers.iter().filter(|n| !n.released)
    }

    pub(crate) fn numbers_of<'a>(&'a self, agent: &'a str) -> impl Iterator<Item = &'a Number> {
        self.held_numbers().filter(move |n| n.agent_id.as_deref() == Some(agent))
    }
}

impl Agent {
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    pub(crate) fn name(&self) -> &str {
        self.text("name").unwrap_or_default()
    }

    pub(crate) fn is_hosted(&self) -> bool {
        self.text("voiceMode") == Some("hosted")
    }
}

impl Number {
    pub(crate) fn release(&mut self, shared: &mut Shared) {
        self.released = true;
        self.agent_id = None;
        shared.held.remove(&self.phone);
    }

    pub(crate) fn is_imessage(&self) -> bool {
        self.kind == "imessage"
    }
}
