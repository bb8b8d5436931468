//! A `json!` macro with the syntax of serde_json's and far less generated code: serde_json's macro
//! expands to a serializer and a hash map insertion for every field. Here each field is one call. A key
//! must be a literal or an identifier.

use serde_json::{Map, Number, Value};

macro_rules! json {
    (null) => { ::serde_json::Value::Null };
    ([]) => { ::serde_json::Value::Array(Vec::new()) };
    ([ $($item:tt),+ $(,)? ]) => { ::serde_json::Value::Array(vec![$($crate::json::json!($item)),+]) };
    ({}) => { ::serde_json::Value::Object(::serde_json::Map::new()) };
    ({ $($fields:tt)+ }) => {{
        let mut object = ::serde_json::Map::new();
        $crate::json::json!(@fields object $($fields)+);
        ::serde_json::Value::Object(object)
    }};
    (@fields $object:ident) => {};
    (@fields $object:ident $key:tt : null $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $key, ::serde_json::Value::Null);
        $($crate::json::json!(@fields $object $($rest)*);)?
    };
    (@fields $object:ident $key:tt : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $key, $crate::json::json!({ $($inner)* }));
        $($crate::json::json!(@fields $object $($rest)*);)?
    };
    (@fields $object:ident $key:tt : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $key, $crate::json::json!([ $($inner)* ]));
        $($crate::json::json!(@fields $object $($rest)*);)?
    };
    (@fields $object:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $crate::json::put(&mut $object, $key, $crate::json::Json::json(&$value));
        $($crate::json::json!(@fields $object $($rest)*);)?
    };
    ($value:expr) => { $crate::json::Json::json(&$value) };
}

pub(crate) use json;

/// Serializes a value. Faster than `Display`, which writes through a formatter piece by piece.
pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, value);
    out
}

#[inline(never)]
pub(crate) fn append(out: &mut Vec<u8>, value: &Value) {
    // Writing to memory cannot fail.
    let _ = serde_json::to_writer(out, value);
}

/// A JSON string with quotes and escapes.
#[inline(never)]
pub(crate) fn quote(out: &mut Vec<u8>, text: &str) {
    let _ = serde_json::to_writer(out, text);
}

/// What can be in a response.
pub(crate) trait Json {
    fn json(&self) -> Value;
}

#[inline(never)]
pub(crate) fn put(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}

impl Json for str {
    #[inline(never)]
    fn json(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl Json for String {
    fn json(&self) -> Value {
        self.as_str().json()
    }
}

impl Json for bool {
    fn json(&self) -> Value {
        Value::Bool(*self)
    }
}

macro_rules! number {
    ($($kind:ty),+) => {$(
        impl Json for $kind {
            fn json(&self) -> Value {
                Value::Number(Number::from(*self))
            }
        }
    )+};
}

number!(u8, u16, u32, i32, u64, i64, usize);

impl Json for f64 {
    /// JSON has no NaN or infinity; they become null.
    fn json(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }
}

impl Json for Value {
    #[inline(never)]
    fn json(&self) -> Value {
        self.clone()
    }
}

impl Json for Map<String, Value> {
    fn json(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Json + ?Sized> Json for &T {
    fn json(&self) -> Value {
        (**self).json()
    }
}

impl<T: Json> Json for Option<T> {
    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Json::json)
    }
}

impl<T: Json> Json for [T] {
    fn json(&self) -> Value {
        self.iter().map(Json::json).collect()
    }
}

impl<T: Json> Json for Vec<T> {
    fn json(&self) -> Value {
        self.as_slice().json()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_output_equals_that_of_serde_jsons_macro() {
        let (name, none, list) = ("late", None::<u32>, vec!["a".to_owned()]);
        let ours = json!({ "a": null, "b": [], "c": { "d": [1, "x", { "e": true }] }, name: 1.5, "f": none, "g": list, });
        let theirs = serde_json::json!({ "a": null, "b": [], "c": { "d": [1, "x", { "e": true }] }, name: 1.5, "f": none, "g": list, });
        assert_eq!(ours.to_string(), theirs.to_string());
        assert_eq!(json!({}).to_string() + &json!(f64::NAN).to_string(), "{}null");
    }
}
