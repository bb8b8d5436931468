//! The client of the Rust face. Its resources are generated.

use super::effects::{Effects, EffectsRequest};
use super::{Error, Intent, Options};
use crate::client::Client;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A client. Cloning it is cheap, and its clones share rate limits and retry budget.
#[derive(Debug, Clone)]
pub struct AgentPhone {
    core: Rc<Client>,
}

impl AgentPhone {
    /// Creates a client; a missing key, a wrong value or an unknown name is an error of kind
    /// `Configuration`.
    pub fn new(options: Options) -> Result<Self, Error> {
        Ok(Self { core: Rc::new(Client::new(options.object()).map_err(Error::of)?) })
    }

    /// The same client for another sub-account; `None` for the master account.
    pub fn with_sub_account<'a>(&self, id: impl Into<Option<&'a str>>) -> Result<Self, Error> {
        let id = id.into().map_or(JsValue::NULL, JsValue::from_str);
        Ok(Self { core: Rc::new(self.core.with_sub_account(&id).map_err(Error::of)?) })
    }

    /// What became of calls with idempotency keys.
    #[must_use]
    pub fn effects(&self) -> Effects {
        Effects::new(self)
    }

    /// Looks for what became of a failed call without an idempotency key, whose error says `outcome_unknown`. Nothing is sent
    /// again. Only the error itself can be settled, in the program that got it, and not one that was made from it.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, CreateCallRequest, Error, IntentState};
    /// # async fn f(client: AgentPhone, reminder: CreateCallRequest) -> Result<(), Error> {
    /// match client.calls().create(&reminder).await {
    ///     Err(error) if error.outcome_unknown => match client.settle(&error).await?.state {
    ///         IntentState::Placed { id, .. } => drop(id), // it rang
    ///         _ => {}                                     // not found so far
    ///     },
    ///     other => drop(other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn settle(&self, error: &Error) -> EffectsRequest<Intent> {
        EffectsRequest::settling(self, error)
    }

    pub(super) fn core(&self) -> &Rc<Client> {
        &self.core
    }
}
