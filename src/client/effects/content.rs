//! What a request says and what its key is, as JavaScript prepares both (`src/js/effects/content.js`).

use crate::core::effects::intent::Intent;
use crate::core::effects::record::text_of;
use crate::core::effects::witness::{Witness, digest};
use crate::core::text::joined;
use crate::platform::value::{absent, get};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/effects/content.js")]
extern "C" {
    /// What a request says (`core::effects::row::intent_of`).
    #[wasm_bindgen(js_name = sentOf)]
    pub(super) fn sent_of(prepared: &JsValue, fields: &str) -> String;
    #[wasm_bindgen(js_name = addField)]
    fn add_field(prepared: &JsValue, name: &str, value: &str);
    /// Has the key travel with the request.
    #[wasm_bindgen(js_name = addKey)]
    pub(super) fn add_key(prepared: &JsValue, key: &str);
    #[wasm_bindgen(js_name = shownIntent)]
    fn shown_intent(key: &str, stored: &str) -> JsValue;
    /// Puts what is known of an intent on an error.
    #[wasm_bindgen(js_name = addSettlement)]
    pub(super) fn add_settlement(error: &JsValue, intent: &JsValue);
}

/// Adds a reference that no other key has, if the API stores one and the caller sends none.
pub(super) fn add_reference(prepared: &JsValue, witness: &Witness, key: &str) {
    for fact in witness.facts {
        if fact.is_exact && absent(&get(&get(prepared, "query"), fact.sent)) {
            add_field(prepared, fact.sent, &joined(&["ap_", &digest(key)]));
        }
    }
}

/// The intent as users see it (`Intent` of `effects.d.ts`). `key`: their own.
#[inline(never)]
pub(super) fn shown(key: &str, intent: &Intent) -> JsValue {
    shown_intent(key, &text_of(intent))
}
