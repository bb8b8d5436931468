//! The chunks of an answer's body (`src/js/http/body.js`), and the events of a chunk as JavaScript objects
//! (`src/js/results/events.js`).

use crate::core::batch::Batch;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/http/body.js")]
extern "C" {
    /// A function that gives a promise of the next chunk, `{ done, value }`. Given true, it lets the body go.
    #[wasm_bindgen(js_name = chunksOf)]
    pub(crate) fn chunks_of(response: &JsValue) -> Option<Function>;
    /// The bytes of a chunk; nothing if it holds none, as bodies of a caller's own `fetch` may.
    #[wasm_bindgen(js_name = bytesOf)]
    pub(crate) fn bytes_of(chunk: &JsValue) -> Option<Uint8Array>;
}

#[wasm_bindgen(module = "/src/js/results/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = eventsOf)]
    fn events(forms: &[u8], text: &[u8], ends: &[u32], json: &[u8]) -> JsValue;
    #[wasm_bindgen(js_name = isJson)]
    fn is_json(bytes: &[u8]) -> bool;
}

/// The events of a batch, an array; `undefined` if there are none. An event whose data is no JSON
/// closes the batch (`Batch::broken` then tells of it), and those before it are given.
pub(crate) fn events_of(batch: &mut Batch) -> JsValue {
    if batch.forms().is_empty() {
        return JsValue::UNDEFINED;
    }
    let json = batch.json().to_vec();
    let given = events(batch.forms(), batch.text(), batch.ends(), &json);
    if !given.is_undefined() {
        return given;
    }
    let broken = batch.items().position(|item| !is_json(item));
    batch.break_at(broken.unwrap_or(0));
    if batch.forms().is_empty() {
        return JsValue::UNDEFINED;
    }
    let json = batch.json().to_vec();
    events(batch.forms(), batch.text(), batch.ends(), &json)
}
