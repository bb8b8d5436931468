//! The client of the Rust face. Its resources are generated.

use super::{Error, Options};
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

    pub(super) fn core(&self) -> &Rc<Client> {
        &self.core
    }
}
