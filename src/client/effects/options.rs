//! The options of idempotency keys, as `src/js/input/options.js` has read them.

use super::ledger::Ledger;
use crate::client::options::millis;
use crate::client::settings::Settings;
use crate::core::Millis;
use crate::core::text::joined;
use crate::platform::value::{absent, get, text};
use wasm_bindgen::JsCast;

/// Characters of the longest key.
const LONGEST: u32 = 255;

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
    let Some(key) = text(&value) else {
        return Err("idempotencyKey must be a string".to_owned());
    };
    let length = js_sys::JsString::from(value).length();
    if key.trim().is_empty() {
        return Err("idempotencyKey must not be empty".to_owned());
    }
    if length > LONGEST {
        let mut number = String::new();
        crate::core::text::push_number(&mut number, LONGEST.into());
        return Err(joined(&["idempotencyKey must have at most ", &number, " characters"]));
    }
    if key.contains(['\0', '\u{fffd}']) {
        return Err("idempotencyKey must be well-formed Unicode without U+0000".to_owned());
    }
    Ok(Some(key))
}

pub(super) fn ledger_of(settings: &Settings) -> Option<Ledger> {
    let ledger = get(&settings.options, "ledger");
    (!absent(&ledger)).then(|| ledger.unchecked_into())
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
