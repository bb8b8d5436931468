//! The promise that every operation settles (`src/js/state/promise.js`).

use wasm_bindgen::prelude::*;

// What `promise.js` imports.
#[wasm_bindgen(module = "/src/js/lib/self.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = findable)]
    fn findable(target: &JsValue);
}

#[wasm_bindgen(module = "/src/js/state/promise.js")]
extern "C" {
    /// A promise of the data that also knows its response.
    #[wasm_bindgen(js_name = ApiPromise, extends = js_sys::Promise)]
    #[derive(Debug, Clone)]
    pub type ApiPromise;

    /// A promise that is not settled yet, for callers in Rust.
    #[wasm_bindgen(constructor)]
    pub(crate) fn pending() -> ApiPromise;
    /// Resolves `promise`.
    #[wasm_bindgen(static_method_of = ApiPromise)]
    pub(crate) fn fulfil(
        promise: &ApiPromise,
        data: &JsValue,
        response: &JsValue,
        attempts: u32,
        elapsed: f64,
    );
    /// What `withResponse` says of a call with an idempotency key, before it is resolved.
    #[wasm_bindgen(static_method_of = ApiPromise)]
    pub(crate) fn known(promise: &ApiPromise, settled: &JsValue, replayed: bool);
    /// Rejects `promise`.
    #[wasm_bindgen(static_method_of = ApiPromise)]
    pub(crate) fn fail(promise: &ApiPromise, error: &JsValue);
}
