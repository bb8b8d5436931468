//! A call or stream in flight, as JavaScript knows it (`src/js/state/in-flight.js`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/state/in-flight.js")]
extern "C" {
    /// It is over.
    #[wasm_bindgen(js_name = settled)]
    pub(crate) fn settled(in_flight: &JsValue);
    /// It ends with an error that the caller may never read.
    #[wasm_bindgen(js_name = failed)]
    pub(crate) fn failed(in_flight: &JsValue, error: &JsValue);
}
