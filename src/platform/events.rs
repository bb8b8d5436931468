//! The chunks of a response's body (`src/js/http/body.js`), and the events of a transcript as JavaScript objects
//! (`src/js/results/events.js`).

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/http/body.js")]
extern "C" {
    /// A function that returns a promise of the next chunk, `{ done, value }`. Called with true, it cancels the body.
    #[wasm_bindgen(js_name = chunksOf)]
    pub(crate) fn chunks_of(response: &JsValue) -> Option<Function>;
    /// The bytes of a chunk; undefined if it has none, as chunks of a caller's own `fetch` may.
    #[wasm_bindgen(js_name = bytesOf)]
    pub(crate) fn bytes_of(chunk: &JsValue) -> Option<Uint8Array>;
}

#[wasm_bindgen(module = "/src/js/results/events.js")]
extern "C" {
    /// The events of lines of a name and JSON, up to the first that is something else.
    #[wasm_bindgen(js_name = eventsOf)]
    pub(crate) fn events_of(lines: &[u8]) -> Array;
}
