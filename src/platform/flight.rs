//! A call or stream under way, as JavaScript knows it (`src/js/state/flights.js`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/state/flights.js")]
extern "C" {
    /// It is over.
    #[wasm_bindgen(js_name = landed)]
    pub(crate) fn landed(flight: &JsValue);
}
