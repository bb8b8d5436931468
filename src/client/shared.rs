//! What all requests of one client share: settings, transport, retry budget and rate gates.

use super::gates::Gates;
use super::options;
use super::settings::Settings;
use crate::core::budget::Budget;
use crate::platform::errors::{self, Report};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The state of one client. Resource objects and requests under way keep it alive.
pub(crate) struct Shared {
    pub(crate) settings: Rc<Settings>,
    /// The caller's `fetch`; `undefined` for the platform's.
    pub(crate) fetch: JsValue,
    pub(crate) budget: Rc<RefCell<Budget>>,
    pub(crate) gates: Rc<Gates>,
}

impl Shared {
    /// Checks the options of a new client.
    pub(crate) fn new(options: &JsValue) -> Result<Self, JsValue> {
        let settings = options::parse(options, None).map_err(|note| configuration_error(&note))?;
        Ok(Self {
            fetch: settings.fetch(),
            settings: Rc::new(settings),
            budget: Rc::default(),
            gates: Rc::default(),
        })
    }

    /// For another sub-account, or none. Budget and gates are the same: the API's limits are of the
    /// key, which both share.
    pub(crate) fn with_sub_account(&self, id: &JsValue) -> Result<Self, JsValue> {
        let settings = options::sub_account(id, &self.settings).map_err(|note| configuration_error(&note))?;
        Ok(Self {
            settings: Rc::new(settings),
            fetch: self.fetch.clone(),
            budget: Rc::clone(&self.budget),
            gates: Rc::clone(&self.gates),
        })
    }
}

// By hand: the settings hold the key, and no debug text may show it.
impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AgentPhone client")
    }
}

fn configuration_error(note: &str) -> JsValue {
    errors::make(&Report { code: "CONFIGURATION_ERROR", note, ..Report::default() })
}
