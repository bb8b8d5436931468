//! Values between JavaScript and Rust. What serde says about a value that does not fit may quote it, and it
//! may be a phone number; so only what it says about the type gets into a message.

use js_sys::Object;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::{JsCast, JsValue};

/// A JavaScript value as `T`, or what is wrong with it.
pub(super) fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    serde_path_to_error::deserialize(Deserializer::from(value)).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { [" at ", &path].concat() };
        ["the response does not match the contract", &place, &harmless(&error.inner().to_string())].concat()
    })
}

/// A value as the client accepts it: absent fields left out, null as null.
pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, String> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| ["the input cannot be written as JSON", &harmless(&error.to_string())].concat())
}

/// A new object with the properties of both.
pub(super) fn merged(one: &JsValue, other: &JsValue) -> JsValue {
    let object = Object::assign(&Object::new(), one.unchecked_ref());
    Object::assign(&object, other.unchecked_ref()).into()
}

/// The part of a message that quotes no value.
fn harmless(message: &str) -> String {
    if message.starts_with("missing field `") {
        return [": ", message].concat();
    }
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => [": expected ", expected].concat(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_value_that_does_not_fit_is_never_quoted() {
        let said = harmless("invalid type: string \"+14155550100\", expected i64");
        assert_eq!(said, ": expected i64");
        assert_eq!(harmless("+14155550100 is no number"), "");
        assert_eq!(harmless("missing field `createdAt`"), ": missing field `createdAt`");
    }
}
