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
    // With `catch`, because both throw on a revoked proxy.
    #[wasm_bindgen(js_namespace = Object, js_name = keys, catch)]
    fn object_keys(value: &JsValue) -> Result<Array, JsValue>;
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

/// Takes a property off an object that we made ourselves.
pub(crate) fn delete(object: &JsValue, name: &str) {
    let _ = Reflect::delete_property(object.unchecked_ref::<js_sys::Object>(), &JsValue::from_str(name));
}

/// The text of a string.
pub(crate) fn text(value: &JsValue) -> Option<String> {
    value.as_string()
}

/// The own enumerable property names of an object.
pub(crate) fn keys(value: &JsValue) -> Vec<String> {
    let keys = if value.is_object() { object_keys(value).ok() } else { None };
    keys.map(|keys| texts(&keys)).unwrap_or_default()
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

/// What a value is, in words that fit behind "must be a string, not ".
pub(crate) fn kind_in_words(value: &JsValue) -> &'static str {
    if value.is_undefined() {
        "undefined"
    } else if value.is_null() {
        "null"
    } else if value.is_string() {
        "a string"
    } else if value.as_f64().is_some() {
        "a number"
    } else if value.as_bool().is_some() {
        "a boolean"
    } else if is_array(value) {
        "an array"
    } else if value.is_function() {
        "a function"
    } else if value.is_object() {
        "an object"
    } else {
        "a symbol or bigint"
    }
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
