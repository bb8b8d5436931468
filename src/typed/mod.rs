//! The Rust face: the API with types, for front ends that are written in Rust and run in a JavaScript
//! host (`wasm32-unknown-unknown`). Feature `typed`.
//!
//! Resources, methods and types are generated from `contract/openapi.yaml` (`generate`); what they build on is
//! written by hand here. Every request goes through the same client as that of a JavaScript
//! user, with the same checks, retries and errors.
//!
//! ```no_run
//! use agentphone_wasm::typed::{AgentPhone, CreateCallRequest, Error, ListAgents, Options};
//!
//! # async fn f(id: &str) -> Result<(), Error> {
//! let client = AgentPhone::new(Options::new().api_key(None).base_url("/agentphone"))?;
//! let agent = client.agents().get(id).await?;
//! let page = client.agents().list(&ListAgents { limit: Some(50), ..Default::default() }).await?;
//! let call = client
//!     .calls()
//!     .create(&CreateCallRequest {
//!         agent_id: agent.id,
//!         to_number: "+14155550100".to_owned(),
//!         ..Default::default()
//!     })
//!     .await?;
//! let mut turns = client.calls().transcript().stream(&call.id);
//! while let Some(event) = turns.next().await {
//!     let _ = event?;
//! }
//! # let _ = page;
//! # Ok(())
//! # }
//! ```

mod client;
mod effects;
mod error;
mod intent;
mod items;
mod ledger;
mod memory_ledger;
#[macro_use]
mod open_enum;
mod options;
mod page;
mod patch;
mod read;
mod recording;
mod request;
mod transcript;
mod wait;

pub use client::AgentPhone;
pub use effects::{Effects, EffectsRequest, Pending, Resolution, SettleResult};
pub use error::{Error, ErrorDetail, ErrorFields, ErrorKind};
pub use intent::{Evidence, Intent, IntentState, PlacedBy};
pub use items::Items;
pub use ledger::{
    Ledger, LedgerChange, LedgerEntry, LedgerError, LedgerErrorCode, LedgerPage, ledger_object,
};
pub use memory_ledger::MemoryLedger;
pub use options::{LogLevel, Options, Replay, RequestOptions, Settle};
pub use page::{Page, PageRequest};
pub use patch::Patch;
pub use recording::{Recording, RecordingRequest};
pub use request::{Request, WithResponse};
pub use transcript::TranscriptStream;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields by name, of any JSON.
pub type Extra = BTreeMap<String, Value>;

include!(concat!(env!("OUT_DIR"), "/typed.rs"));
