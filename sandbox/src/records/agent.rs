//! An agent keeps only what differs from the defaults of the contract: a million of them fit into
//! the memory of one module.

use crate::store::{Record, kept};
use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Fields of `CreateAgentRequest` but the name, where they differ from their defaults.
    pub(crate) fields: Map<String, Value>,
    pub(crate) created_at: u64,
}

kept!(Agent { id, name, fields, created_at });

impl Record for Agent {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Agent {
    /// A text that was set; null, absent and empty are the same to most rules.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    pub(crate) fn is_hosted(&self) -> bool {
        self.text("voiceMode") == Some("hosted")
    }
}
