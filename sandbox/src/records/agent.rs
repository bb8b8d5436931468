//! An agent stores only fields that differ from the contract's defaults, so that a million agents fit
//! into the module's memory.

use crate::store::{Record, persist};
use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Fields of `CreateAgentRequest` other than the name, where they differ from their defaults.
    pub(crate) fields: Map<String, Value>,
    pub(crate) created_at: u64,
}

persist!(Agent { id, name, fields, created_at });

impl Record for Agent {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Agent {
    /// A string that was set; null, absent and empty mean the same to most rules.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    pub(crate) fn is_hosted(&self) -> bool {
        self.text("voiceMode") == Some("hosted")
    }
}
