//! The chunks of an answer's body, and the events of a chunk as JavaScript objects
//! (`src/js/events.js`).

use crate::core::batch::Batch;
use crate::platform::value::parse_json;
use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = chunksOf, catch)]
    fn chunks(response: &JsValue) -> Result<Option<Function>, JsValue>;
    #[wasm_bindgen(js_name = bytesOf, catch)]
    fn bytes(chunk: &JsValue) -> Result<Option<Uint8Array>, JsValue>;
    #[wasm_bindgen(js_name = eventsOf, catch)]
    fn events(forms: &[u8], text: &[u8], ends: &[u32], json: &[u8]) -> Result<JsValue, JsValue>;
}

/// A function that gives a promise of the next chunk, `{ done, value }`. Given true, it lets the body go.
pub(crate) fn chunks_of(response: &JsValue) -> Option<Function> {
    chunks(response).ok().flatten()
}

/// The bytes of a chunk; nothing if it holds none, as bodies of a caller's own `fetch` may.
pub(crate) fn bytes_of(chunk: &JsValue) -> Option<Uint8Array> {
    match chunk.dyn_ref::<Uint8Array>() {
        Some(bytes) => Some(bytes.clone()),
        None => bytes(chunk).ok().flatten(),
    }
}

/// The events of a batch, an array; `undefined` if there are none. An event whose data is no JSON
/// closes the batch (`Batch::broken` then tells of it), and those before it are given.
pub(crate) fn events_of(batch: &mut Batch) -> JsValue {
    if batch.forms().is_empty() {
        return JsValue::UNDEFINED;
    }
    let json = batch.json().to_vec();
    if let Ok(events) = events(batch.forms(), batch.text(), batch.ends(), &json) {
        return events;
    }
    let broken = batch.items().position(|item| {
        let text = JsValue::from_str(&String::from_utf8_lossy(item));
        parse_json(&text).is_err()
    });
    batch.break_at(broken.unwrap_or(0));
    if batch.forms().is_empty() {
        return JsValue::UNDEFINED;
    }
    let json = batch.json().to_vec();
    events(batch.forms(), batch.text(), batch.ends(), &json).unwrap_or(JsValue::UNDEFINED)
}
