//! What a request says, as digests and facts: what its key is compared by, and what its object is recognised by.

use crate::core::effects::witness::{Kind, Witness, digest, fact_of};
use crate::platform::value::{absent, get, text};
use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/effects/content.js")]
extern "C" {
    /// Pairs of the names of what is sent and the text of each, in one spelling.
    #[wasm_bindgen(js_name = contentOf)]
    fn content_in(prepared: &JsValue) -> Array;
    /// The ids of the path.
    #[wasm_bindgen(js_name = idsOf)]
    fn ids_in(prepared: &JsValue) -> Array;
    /// Adds a field to a prepared body.
    #[wasm_bindgen(js_name = addField)]
    fn add_field(prepared: &JsValue, name: &str, value: &str);
    /// Has the key travel with the request.
    #[wasm_bindgen(js_name = addKey)]
    pub(super) fn add_key(prepared: &JsValue, key: &str);
}

/// The ids of a request's path.
pub(super) fn ids_of(prepared: &JsValue) -> Vec<String> {
    ids_in(prepared).iter().filter_map(|id| text(&id)).collect()
}

/// A digest for each field.
pub(super) fn content_of(prepared: &JsValue) -> Vec<(String, String)> {
    let mut content: Vec<_> = content_in(prepared)
        .iter()
        .filter_map(|pair| {
            let pair: Array = pair.unchecked_into();
            Some((text(&pair.get(0))?, digest(&text(&pair.get(1))?)))
        })
        .collect();
    content.sort_unstable();
    content
}

/// A reference that no other key has, where the API stores one and the caller gives none.
pub(super) fn add_reference(prepared: &JsValue, witness: &Witness, key: &str) {
    for fact in witness.facts.iter().filter(|fact| fact.is_exact) {
        if absent(&get(&get(prepared, "query"), fact.sent)) {
            add_field(prepared, fact.sent, &["ap_", &digest(key)].concat());
        }
    }
}

/// The facts of a request, in the order of its witness.
pub(super) fn facts_of(prepared: &JsValue, witness: &Witness) -> Vec<Option<String>> {
    let body = get(prepared, "query");
    witness.all().map(|fact| fact_of(fact.kind, &values_of(&get(&body, fact.sent)))).collect()
}

/// A fact of an object: of its first field that says something.
pub(super) fn seen(object: &JsValue, kind: Kind, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| fact_of(kind, &values_of(&get(object, field))))
}

/// A text, or the texts in an array.
fn values_of(value: &JsValue) -> Vec<String> {
    match value.dyn_ref::<Array>() {
        Some(items) => items.iter().filter_map(|item| text(&item)).collect(),
        None => text(value).into_iter().collect(),
    }
}
