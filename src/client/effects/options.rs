//! The options of idempotency keys, as `src/js/input/options.js` has read them.

use super::content::key_problem;
use crate::client::options::millis;
use crate::client::settings::Settings;
use crate::core::Millis;
use crate::platform::value::{absent, get};
use wasm_bindgen::prelude::*;

/// How what became of a lost answer is found out.
pub(super) struct Settling {
    /// `None`: not at all.
    pub(super) within: Option<Millis>,
    pub(super) accepts_likely: bool,
    pub(super) snapshot: bool,
    pub(super) again: bool,
    pub(super) exclusive: bool,
}

/// The key of a call; what is wrong with it, in words.
pub(super) fn key_of(settings: &Settings) -> Result<Option<String>, String> {
    let value = get(&settings.options, "idempotencyKey");
    if absent(&value) {
        return Ok(None);
    }
    let problem = key_problem(&value);
    if problem.is_empty() { Ok(value.as_string()) } else { Err(problem) }
}

pub(super) fn ledger_of(settings: &Settings) -> Option<JsValue> {
    let ledger = get(&settings.options, "ledger");
    (!absent(&ledger)).then_some(ledger)
}

pub(super) fn settling_of(settings: &Settings) -> Settling {
    let given = get(&settings.options, "settle");
    let is = |name: &str| get(&given, name).is_truthy();
    Settling {
        within: get(&given, "within").as_f64().and_then(millis),
        accepts_likely: is("likely"),
        snapshot: is("snapshot"),
        again: is("again"),
        exclusive: is("exclusive"),
    }
}
