//! The parts of an account other than agents, numbers, calls and texts.

use crate::store::{Record, persist};
use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub(crate) struct Trunk {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) transfers: String,
    pub(crate) transfer_caller_id: String,
    pub(crate) origination: Option<Value>,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) created_at: u64,
}

persist!(Trunk { id, name, transfers, transfer_caller_id, origination, username, password, created_at });

impl Record for Trunk {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A 10DLC registration. Its state follows from the time since it was filed.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) fields: Map<String, Value>,
    pub(crate) filed_at: u64,
    pub(crate) sub_account_id: Option<String>,
}

persist!(Registration { fields, filed_at, sub_account_id });

/// A code sent by text, or by email for a sign-up.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) id: String,
    /// A phone number or an email address.
    pub(crate) to: String,
    pub(crate) sent_at: u64,
    /// Number of wrong guesses.
    pub(crate) misses: u32,
    pub(crate) used: bool,
    /// Only for a sign-up.
    pub(crate) agent_name: Option<String>,
}

persist!(Code { id, to, sent_at, misses, used, agent_name });

impl Code {
    /// Index of used codes by recipient.
    pub(crate) const USED: usize = 0;
    pub(crate) const LIFE_MS: u64 = 600_000;
    const MISSES: u32 = 5;

    pub(crate) fn expires_at(&self) -> u64 {
        self.sent_at.saturating_add(Self::LIFE_MS)
    }

    /// Whether a guess can still succeed.
    pub(crate) fn is_open(&self, now: u64) -> bool {
        !self.used && self.misses < Self::MISSES && now < self.expires_at()
    }
}

impl Record for Code {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        self.used.then_some((Self::USED, self.to.as_str())).into_iter().collect()
    }
}

/// A connected WhatsApp Business account.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: String,
    pub(crate) waba_id: String,
    pub(crate) business_id: Option<String>,
    pub(crate) agent_id: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) templates: crate::store::Table<Template>,
}

persist!(Connection { id, waba_id, business_id, agent_id, created_at, templates });

impl Record for Connection {
    fn id(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) category: String,
    pub(crate) components: Value,
    pub(crate) created_at: u64,
}

persist!(Template { id, name, language, category, components, created_at });

impl Template {
    pub(crate) const BY_NAME: usize = 0;
    const REVIEW_MS: u64 = 60_000;

    pub(crate) fn status(&self, now: u64) -> &'static str {
        if now < self.created_at.saturating_add(Self::REVIEW_MS) { "PENDING" } else { "APPROVED" }
    }
}

impl Record for Template {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        vec![(Self::BY_NAME, self.name.as_str())]
    }
}
