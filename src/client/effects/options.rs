//! The options of idempotency keys, as `src/js/input/options.js` has read them.

use crate::client::options::millis;
use crate::client::settings::Settings;
use crate::core::Millis;
use crate::core::effects::witness::digest;
use crate::core::text::joined;
use crate::platform::value::absent;
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/effects/content.js")]
extern "C" {
    /// What is wrong with a key, in words; empty: nothing.
    #[wasm_bindgen(js_name = keyProblem)]
    fn key_problem(key: &JsValue) -> String;
    /// The options below, in their order: a property read by its name would carry the name over each time.
    #[wasm_bindgen(js_name = usesOf)]
    fn uses_of(options: &JsValue) -> Array;
}

/// Where intents are kept, and how what became of a lost answer is found out.
pub(super) struct Given {
    pub(super) ledger: JsValue,
    /// The part of a ledger's keys that keeps accounts apart: the address and the sub-account.
    pub(super) scope: String,
    /// `None`: not at all.
    pub(super) within: Option<Millis>,
    pub(super) accepts_likely: bool,
    pub(super) snapshot: bool,
    pub(super) again: bool,
    pub(super) exclusive: bool,
}

/// The key of a call; what is wrong with it, in words.
pub(super) fn key_of(settings: &Settings) -> Result<Option<String>, String> {
    let value = settings.idempotency_key();
    if absent(&value) {
        return Ok(None);
    }
    let problem = key_problem(&value);
    if problem.is_empty() { Ok(value.as_string()) } else { Err(problem) }
}

/// The others. `None`: there is no ledger.
pub(super) fn given(settings: &Settings) -> Option<Given> {
    let uses = uses_of(&settings.options);
    let is = |place| uses.get(place).is_truthy();
    let account = uses.get(1).as_string().unwrap_or_default();
    let ledger = uses.get(0);
    (!absent(&ledger)).then(|| Given {
        ledger,
        scope: digest(&joined(&[&settings.base_url, "\n", &account])),
        within: uses.get(2).as_f64().and_then(millis),
        accepts_likely: is(3),
        snapshot: is(4),
        again: is(5),
        exclusive: is(6),
    })
}
