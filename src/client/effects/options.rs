//! The options of idempotency keys, as `src/js/input/options.js` has read them.

use crate::client::settings::millis;
use crate::client::settings::{Settings, row_of};
use crate::core::Millis;
use crate::core::effects::witness::digest;
use crate::core::text::joined;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/effects/content.js")]
extern "C" {
    /// What is wrong with a key, in words; empty: nothing.
    #[wasm_bindgen(js_name = keyProblem)]
    fn key_problem(key: &JsValue) -> String;
}

// Getters, because a property read by its name carries the name over each time.
#[wasm_bindgen]
extern "C" {
    /// `Settings` of `src/js/input/options.js`.
    type Options;
    #[wasm_bindgen(method, getter, structural)]
    fn ledger(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, structural, js_name = subAccount)]
    fn sub_account(this: &Options) -> Option<String>;
    #[wasm_bindgen(method, getter, structural)]
    fn settle(this: &Options) -> Option<Settle>;
    /// `Settle` there.
    type Settle;
}

thread_local! {
    /// Its fields that `given` reads, in its order.
    static FIELDS: JsValue = JsValue::from_str("within likely snapshot again exclusive");
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
    let Some(value) = settings.idempotency_key() else { return Ok(None) };
    let problem = key_problem(&value);
    if problem.is_empty() { Ok(value.as_string()) } else { Err(problem) }
}

/// The others. `None`: the client has no ledger.
pub(super) fn given(settings: &Settings) -> Option<Given> {
    if !settings.has_ledger {
        return None;
    }
    let options = settings.options.unchecked_ref::<Options>();
    let account = if settings.has_sub_account { options.sub_account() } else { None };
    let settle = options.settle();
    let mut row = [0.0; 5];
    if let Some(settle) = &settle {
        FIELDS.with(|fields| row_of(settle, fields, &mut row));
    }
    let [within, flags @ ..] = row;
    let [accepts_likely, snapshot, again, exclusive] = flags.map(|flag| flag != 0.0);
    Some(Given {
        ledger: options.ledger(),
        scope: digest(&joined(&[&settings.base_url, "\n", &account.unwrap_or_default()])),
        within: settle.and_then(|_| millis(within)),
        accepts_likely,
        snapshot,
        again,
        exclusive,
    })
}
