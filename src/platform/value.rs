//! Small readers of JavaScript values that never throw: a getter that throws or a value of
//! another type reads as absent.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/lib/fields.js")]
extern "C" {
    /// The property `name` of `value`, or `undefined`.
    #[wasm_bindgen(js_name = propertyOf)]
    pub(crate) fn get(value: &JsValue, name: &str) -> JsValue;
}

/// Sets a property of an object that we created ourselves.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Reflect::set throws only for what is not an object.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The text of a string.
pub(crate) fn text(value: &JsValue) -> Option<String> {
    value.as_string()
}

/// True for `undefined` and `null`.
pub(crate) fn absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}
