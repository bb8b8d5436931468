//! Reads a snapshot. A structure is looked through in the order of its fields and not by whatever
//! keys stand in the text, so that each of some fifty kinds of records needs a third of the code that
//! serde_json's reader makes of it; it was a fifth of the module. Keys that nobody knows are passed
//! over, and a field that is absent reads as null.

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};

pub(crate) fn load<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(Node(serde_json::from_str(text)?))
}

/// A value, to be read as a record.
struct Node(Value);

impl<'de> Deserializer<'de> for Node {
    type Error = Error;

    #[inline(never)]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(map) => visitor.visit_map(Entries(map.into_iter(), Value::Null)),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Error::custom("a list is missing")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(Entries(map.into_iter(), Value::Null)),
            _ => Err(Error::custom("a map is missing")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_seq(Items(in_order(self.0, name, fields)?.into_iter()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant(name, Value::Null)),
            Value::Object(map) => match map.into_iter().next() {
                Some((name, inner)) => visitor.visit_enum(Variant(name, inner)),
                None => Err(Error::custom("a variant is missing")),
            },
            _ => Err(Error::custom("a variant is missing")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(Error::custom("a text is missing")),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_bool(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.as_u64().map_or_else(|| Err(Error::custom("a number is missing")), |n| visitor.visit_u64(n))
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.as_i64().map_or_else(|| Err(Error::custom("a number is missing")), |n| visitor.visit_i64(n))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char str bytes byte_buf unit unit_struct tuple_struct
        identifier ignored_any
    }
}

/// The values of an object in the order of a structure's fields.
fn in_order(value: Value, name: &str, fields: &[&str]) -> Result<Vec<Value>, Error> {
    match value {
        Value::Object(mut map) => {
            Ok(fields.iter().map(|field| map.get_mut(*field).map(Value::take).unwrap_or_default()).collect())
        }
        _ => Err(Error::custom(format!("{name} is missing"))),
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(Node(item))).transpose()
    }
}

struct Entries(<Map<String, Value> as IntoIterator>::IntoIter, Value);

impl<'de> MapAccess<'de> for Entries {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.0.next() else { return Ok(None) };
        self.1 = value;
        seed.deserialize(Node(Value::String(key))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Node(self.1.take()))
    }
}

/// The name of a variant and what it carries.
struct Variant(String, Value);

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Node;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Node), Error> {
        let name: StringDeserializer<Error> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, Node(self.1)))
    }
}

impl<'de> VariantAccess<'de> for Node {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_struct("a variant", fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::load;
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Point,
        Line(u64),
        Box { wide: i64, high: Option<u32> },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Wrapped(u64);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Record {
        text: String,
        maybe: Option<Box<str>>,
        #[serde(skip)]
        skipped: u32,
        shapes: Vec<Shape>,
        pair: (String, bool),
        map: BTreeMap<String, Wrapped>,
        value: Value,
    }

    fn record() -> Record {
        Record {
            text: "a".into(),
            maybe: None,
            skipped: 0,
            shapes: vec![Shape::Point, Shape::Line(7), Shape::Box { wide: -1, high: None }],
            pair: ("b".into(), true),
            map: BTreeMap::from([("c".to_owned(), Wrapped(u64::MAX))]),
            value: json!({ "d": [1.5, null, "e"] }),
        }
    }

    #[test]
    fn what_serde_writes_is_read_back() {
        let text = serde_json::to_string(&record()).unwrap();
        assert_eq!(load::<Record>(&text).unwrap(), record());
    }

    #[test]
    fn the_order_of_keys_and_unknown_ones_do_not_matter() {
        let mut raw = serde_json::to_value(record()).unwrap();
        let map = raw.as_object_mut().unwrap();
        map.insert("new".into(), json!(1));
        let text = map.shift_remove("text").unwrap();
        map.insert("text".into(), text);
        map.shift_remove("maybe");
        assert_eq!(load::<Record>(&raw.to_string()).unwrap(), record());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let whole = serde_json::to_value(record()).unwrap();
        for (field, wrong) in [
            ("text", json!(1)),
            ("text", Value::Null),
            ("shapes", json!({})),
            ("shapes", json!(["Circle"])),
            ("shapes", json!([{ "Box": { "wide": "x" } }])),
            ("pair", json!(["b"])),
            ("map", json!({ "c": -1 })),
        ] {
            let mut broken = whole.clone();
            broken[field] = wrong.clone();
            assert!(load::<Record>(&broken.to_string()).is_err(), "{field} {wrong}");
        }
        assert!(load::<Record>("[]").is_err() && load::<Record>("{").is_err());
    }
}
