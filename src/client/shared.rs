//! What all requests of one client share: settings, transport, and the accounts that it acts for.

use super::accounts::{Account, Accounts};
use super::options;
use super::settings::Settings;
use crate::core::Millis;
use crate::platform::errors::{self, Report};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The state of one client. Resource objects and requests in flight keep it alive.
pub(crate) struct Shared {
    pub(crate) settings: Rc<Settings>,
    accounts: Rc<Accounts>,
    /// Stamps of entries that announced a request which then was not sent.
    unsent: Rc<RefCell<Vec<String>>>,
}

/// Stamps that are remembered: a ledger that fails, fails for many at once.
const MOST_UNSENT: usize = 10_000;

impl Shared {
    /// The entry with this stamp may be in the ledger, but its request never left.
    pub(crate) fn note_unsent(&self, stamp: String) {
        let mut unsent = self.unsent.borrow_mut();
        if unsent.len() >= MOST_UNSENT {
            unsent.remove(0);
        }
        unsent.push(stamp);
    }

    /// See `note_unsent`.
    pub(crate) fn is_unsent(&self, stamp: &str) -> bool {
        self.unsent.borrow().iter().any(|own| own == stamp)
    }

    /// Checks the options of a new client.
    pub(crate) fn new(options: &JsValue) -> Result<Self, JsValue> {
        let settings = options::parse(options, None).map_err(|note| configuration_error(&note))?;
        Ok(Self { settings: Rc::new(settings), accounts: Rc::default(), unsent: Rc::default() })
    }

    /// For another sub-account, or none. The accounts are the same: the API's limits are of the key, which both
    /// share.
    pub(crate) fn with_sub_account(&self, id: &JsValue) -> Result<Self, JsValue> {
        let settings = options::sub_account(id, &self.settings).map_err(|note| configuration_error(&note))?;
        Ok(Self {
            settings: Rc::new(settings),
            accounts: Rc::clone(&self.accounts),
            unsent: Rc::clone(&self.unsent),
        })
    }

    /// The account that requests with these settings are of, where no supplier is asked for the key.
    pub(crate) fn account(&self, settings: &Settings, now: Millis) -> Rc<Account> {
        // A request's own options mostly leave the key as it is.
        let settings = if settings.inherits_account { &*self.settings } else { settings };
        let of = || self.account_of(settings, &settings.fixed_key(), now);
        Rc::clone(settings.account.get_or_init(of))
    }

    /// The account of a key.
    pub(crate) fn account_of(&self, settings: &Settings, key: &str, now: Millis) -> Rc<Account> {
        self.accounts.of(&settings.base_url, key, now)
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
