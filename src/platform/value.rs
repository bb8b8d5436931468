//! Small readers of JavaScript values, none of which can throw: a getter that throws or a value of
//! another type reads as absent.

use crate::core::answer::BodyKind;
use crate::core::json::Json;
use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `JSON.parse` on a JavaScript string, so that an answer's text is never copied through wasm
    /// memory.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
    /// `JSON.stringify` likewise.
    #[wasm_bindgen(js_namespace = JSON, js_name = stringify, catch)]
    pub(crate) fn stringify_json(value: &JsValue) -> Result<JsValue, JsValue>;
    // With `catch`, because it throws on a revoked proxy.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn array_is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// The property `name` of `value`, or `undefined`.
pub(crate) fn get(value: &JsValue, name: &str) -> JsValue {
    if value.is_undefined() || value.is_null() {
        return JsValue::UNDEFINED;
    }
    if value.is_object() || value.is_function() {
        return Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    }
    JsValue::UNDEFINED
}

/// Sets a property of an object that we made ourselves.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Reflect::set throws only for what is no object.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The text of a string.
pub(crate) fn text(value: &JsValue) -> Option<String> {
    value.as_string()
}

/// The strings of an array.
pub(crate) fn texts(array: &Array) -> Vec<String> {
    let mut texts = Vec::new();
    for item in array.to_vec() {
        if let Some(text) = item.as_string() {
            texts.push(text);
        }
    }
    texts
}

/// True for an array.
pub(crate) fn is_array(value: &JsValue) -> bool {
    array_is_array(value).unwrap_or(false)
}

/// True for `undefined` and `null`.
pub(crate) fn absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// What a parsed answer is.
pub(crate) fn body_kind(value: &JsValue) -> BodyKind {
    if value.is_null() {
        BodyKind::Null
    } else if is_array(value) {
        BodyKind::Array
    } else if value.is_object() {
        BodyKind::Object
    } else {
        BodyKind::Scalar
    }
}

/// A JavaScript value that `core` may read. Wrapped, because the trait and the type are both foreign
/// to this folder.
#[derive(Debug)]
pub(crate) struct JsJson(pub(crate) JsValue);

impl Json for JsJson {
    fn member(&self, name: &str) -> Option<Self> {
        let value = get(&self.0, name);
        (!value.is_undefined()).then_some(Self(value))
    }
    fn items(&self) -> Option<Vec<Self>> {
        is_array(&self.0).then(|| self.0.unchecked_ref::<Array>().to_vec().into_iter().map(Self).collect())
    }
    fn text(&self) -> Option<String> {
        self.0.as_string()
    }
    fn text_or_number(&self) -> Option<String> {
        self.text().or_else(|| self.0.as_f64().and_then(|_| stringify_json(&self.0).ok()?.as_string()))
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn is_object(&self) -> bool {
        body_kind(&self.0) == BodyKind::Object
    }
    fn is_null(&self) -> bool {
        self.0.is_null()
    }
}
