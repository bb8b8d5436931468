//! Serialization of snapshots. Written by hand, because serde's derived code for some fifty record
//! types made the module much larger, mostly with early returns from half-read records. Here reading
//! never stops: a value of the wrong type is noted and replaced by a default, and a snapshot with such
//! a note is rejected as a whole. Unknown keys are skipped, and an absent field reads as null.

use super::load_errors::LoadErrors;
use super::saver::{Persist, Saver};
use serde_json::{Map, Value};
use std::collections::VecDeque;

pub(crate) fn load<T: Persist>(text: &str) -> Result<T, String> {
    let value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let mut errors = LoadErrors::default();
    let loaded = T::load(value, &mut errors);
    errors.first().map_or(Ok(loaded), |what| Err(what.to_owned()))
}

/// Takes a field out of a record.
pub(crate) fn field(map: &mut Map<String, Value>, name: &str) -> Value {
    map.get_mut(name).map(Value::take).unwrap_or_default()
}

/// A field that older snapshots lack.
pub(crate) fn added<T: Persist + Default>(from: Value, errors: &mut LoadErrors) -> T {
    if from.is_null() { T::default() } else { T::load(from, errors) }
}

/// Implements `Persist` from the names of fields: `persist!(Turn { role, content, at })`. `added { … }` lists
/// fields that older snapshots lack and that then have their default, `skip { … }` fields that are not
/// saved. For variants with fields: `persist!(kinds Task { Retry { delivery } })`. For unit variants with
/// the names they are saved under: `persist!(names Role { User = "user" })`, where the first variant
/// replaces an unknown one.
macro_rules! persist {
    (kinds $type:ident { $first:ident { $($own:ident),* } $(, $kind:ident { $($field:ident),* })* $(,)? }) => {
        impl $crate::store::Persist for $type {
            fn save(&self, to: &mut $crate::store::Saver) {
                to.open();
                match self {
                    Self::$first { $($own),* } => {
                        to.name(stringify!($first));
                        to.open();
                        $(to.field(stringify!($own), $own);)*
                    }
                    $(Self::$kind { $($field),* } => {
                        to.name(stringify!($kind));
                        to.open();
                        $(to.field(stringify!($field), $field);)*
                    })*
                }
                to.close();
                to.close();
            }

            #[allow(unused_mut, unused_variables, reason = "a variant without fields")]
            fn load(from: ::serde_json::Value, errors: &mut $crate::store::LoadErrors) -> Self {
                let (kind, mut fields) = errors.variant(from);
                $(if kind == stringify!($kind) {
                    return Self::$kind {
                        $($field: $crate::store::Persist::load($crate::store::field(&mut fields, stringify!($field)), errors),)*
                    };
                })*
                if kind != stringify!($first) {
                    errors.note("a variant is unknown");
                }
                Self::$first {
                    $($own: $crate::store::Persist::load($crate::store::field(&mut fields, stringify!($own)), errors),)*
                }
            }
        }
    };
    (names $type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $crate::store::Persist for $type {
            fn save(&self, to: &mut $crate::store::Saver) {
                to.text(match self { $(Self::$variant => $name),+ });
            }

            fn load(from: ::serde_json::Value, errors: &mut $crate::store::LoadErrors) -> Self {
                let name = errors.text(from);
                $(if name == $name { return Self::$variant; })+
                errors.note("a variant is unknown");
                let [first, ..] = [$(Self::$variant),+];
                first
            }
        }
    };
    ($type:ident { $($field:ident),+ $(,)? } $(added { $($added:ident),+ })? $(skip { $($skipped:ident),+ })?) => {
        impl $crate::store::Persist for $type {
            fn save(&self, to: &mut $crate::store::Saver) {
                to.open();
                $(to.field(stringify!($field), &self.$field);)+
                $($(to.field(stringify!($added), &self.$added);)+)?
                to.close();
            }

            fn load(from: ::serde_json::Value, errors: &mut $crate::store::LoadErrors) -> Self {
                let mut fields = errors.map(from);
                Self {
                    $($field: $crate::store::Persist::load($crate::store::field(&mut fields, stringify!($field)), errors),)+
                    $($($added: $crate::store::added($crate::store::field(&mut fields, stringify!($added)), errors),)+)?
                    $($($skipped: Default::default(),)+)?
                }
            }
        }
    };
}

pub(crate) use persist;

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl Persist for $kind {
            fn save(&self, to: &mut Saver) {
                to.scalar(&Value::from(*self));
            }

            fn load(from: Value, errors: &mut LoadErrors) -> Self {
                errors.number(&from)
            }
        }
    )+};
}

numbers!(u8, u16, u32, u64, usize);

impl Persist for i64 {
    fn save(&self, to: &mut Saver) {
        to.scalar(&Value::from(*self));
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        from.as_i64().unwrap_or_else(|| errors.lost("a number is missing"))
    }
}

impl Persist for bool {
    fn save(&self, to: &mut Saver) {
        to.scalar(&Value::Bool(*self));
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        from.as_bool().unwrap_or_else(|| errors.lost("a boolean is missing"))
    }
}

impl Persist for String {
    fn save(&self, to: &mut Saver) {
        to.text(self);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        errors.text(from)
    }
}

impl Persist for Value {
    fn save(&self, to: &mut Saver) {
        to.value(self);
    }

    fn load(from: Value, _: &mut LoadErrors) -> Self {
        from
    }
}

impl Persist for Map<String, Value> {
    fn save(&self, to: &mut Saver) {
        to.open();
        self.iter().for_each(|(name, value)| to.field(name, value));
        to.close();
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        errors.map(from)
    }
}

impl<T: Persist> Persist for Option<T> {
    fn save(&self, to: &mut Saver) {
        match self {
            Some(value) => value.save(to),
            None => to.scalar(&Value::Null),
        }
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        if from.is_null() { None } else { Some(T::load(from, errors)) }
    }
}

impl<T: Persist> Persist for Box<T> {
    fn save(&self, to: &mut Saver) {
        (**self).save(to);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        Self::new(T::load(from, errors))
    }
}

impl<T: Persist> Persist for Vec<T> {
    fn save(&self, to: &mut Saver) {
        to.items(self);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        errors.list(from).into_iter().map(|item| T::load(item, errors)).collect()
    }
}

impl<T: Persist> Persist for VecDeque<T> {
    fn save(&self, to: &mut Saver) {
        to.items(self);
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        Vec::load(from, errors).into()
    }
}

impl<A: Persist, B: Persist> Persist for (A, B) {
    fn save(&self, to: &mut Saver) {
        to.begin();
        to.item(&self.0);
        to.item(&self.1);
        to.end();
    }

    fn load(from: Value, errors: &mut LoadErrors) -> Self {
        let mut items = errors.list(from).into_iter();
        let mut next = || items.next().unwrap_or_default();
        (A::load(next(), errors), B::load(next(), errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, PartialEq)]
    enum Shape {
        Point,
        Line { long: u64 },
        Box { wide: i64, high: Option<u32> },
    }

    persist!(kinds Shape { Point {}, Line { long }, Box { wide, high } });

    #[derive(Debug, PartialEq)]
    enum Colour {
        Red,
        DarkBlue,
    }

    persist!(names Colour { Red = "red", DarkBlue = "dark-blue" });

    #[derive(Debug, PartialEq)]
    struct Sample {
        text: String,
        maybe: Option<String>,
        skipped: u32,
        shapes: Vec<Shape>,
        pair: (String, bool),
        colours: VecDeque<Colour>,
        map: Map<String, Value>,
        value: Value,
    }

    persist!(Sample { text, maybe, shapes, pair, colours, map, value } skip { skipped });

    fn sample() -> Sample {
        Sample {
            text: "a \"quoted\"\n\u{1} line".into(),
            maybe: None,
            skipped: 0,
            shapes: vec![Shape::Point, Shape::Line { long: u64::MAX }, Shape::Box { wide: -1, high: None }],
            pair: ("[".into(), true),
            colours: VecDeque::from([Colour::DarkBlue, Colour::Red]),
            map: Map::from_iter([("c".to_owned(), json!({}))]),
            value: json!({ "d": [1.5, null, "e"] }),
        }
    }

    fn saved() -> String {
        let mut saver = Saver::default();
        sample().save(&mut saver);
        saver.into_text()
    }

    #[test]
    fn what_is_saved_is_read_back() {
        let text = saved();
        assert_eq!(load::<Sample>(&text).unwrap(), sample());
        let shapes = json!([{ "Point": {} }, { "Line": { "long": u64::MAX } }, { "Box": { "wide": -1, "high": null } }]);
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&read["shapes"], &read["colours"]), (&shapes, &json!(["dark-blue", "red"])));
    }

    #[test]
    fn the_order_of_keys_and_unknown_ones_do_not_matter() {
        let mut raw: Value = serde_json::from_str(&saved()).unwrap();
        let map = raw.as_object_mut().unwrap();
        map.insert("new".into(), json!(1));
        let text = map.shift_remove("text").unwrap();
        map.insert("text".into(), text);
        map.shift_remove("maybe");
        assert_eq!(load::<Sample>(&raw.to_string()).unwrap(), sample());
    }

    #[test]
    fn invalid_values_are_rejected() {
        let whole: Value = serde_json::from_str(&saved()).unwrap();
        for (field, wrong) in [
            ("text", json!(1)),
            ("text", Value::Null),
            ("shapes", json!({})),
            ("shapes", json!(["Point"])),
            ("shapes", json!([{ "Circle": {} }])),
            ("shapes", json!([{ "Box": { "wide": "x" } }])),
            ("pair", json!(["b"])),
            ("colours", json!(["green"])),
            ("map", json!([])),
        ] {
            let mut broken = whole.clone();
            broken[field] = wrong.clone();
            assert!(load::<Sample>(&broken.to_string()).is_err(), "{field} {wrong}");
        }
        assert!(load::<Sample>("[]").is_err() && load::<Sample>("{").is_err());
    }
}
