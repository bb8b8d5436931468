//! How the state becomes text and text the state. Own lines instead of serde's derived code: some fifty
//! kinds of records made a quarter of the module, most of it ways out of a record that is read half.
//! Here reading never stops: what does not fit is noted and replaced by a default, and a
//! text with such a note is refused as a whole. Unknown keys are skipped, and a field
//! that is absent reads as null.

use super::saver::Saver;
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// What a snapshot can contain. `kept!` writes it for structures and enumerations.
pub(crate) trait Kept: Sized {
    fn save(&self, to: &mut Saver);
    fn load(from: Value, misfits: &mut Misfits) -> Self;
}

/// The first thing that did not fit.
#[derive(Debug, Default)]
pub(crate) struct Misfits(Option<&'static str>);

pub(crate) fn load<T: Kept>(text: &str) -> Result<T, String> {
    let value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let mut misfits = Misfits::default();
    let loaded = T::load(value, &mut misfits);
    misfits.0.map_or(Ok(loaded), |what| Err(what.to_owned()))
}

impl Misfits {
    pub(crate) fn note(&mut self, what: &'static str) {
        self.0.get_or_insert(what);
    }

    pub(crate) fn text(&mut self, from: Value) -> String {
        match from {
            Value::String(text) => text,
            _ => self.lost("a text is missing"),
        }
    }

    fn number<N: TryFrom<u64> + Default>(&mut self, from: &Value) -> N {
        let number = from.as_u64().and_then(|number| number.try_into().ok());
        number.unwrap_or_else(|| self.lost("a number is missing"))
    }

    pub(crate) fn map(&mut self, from: Value) -> Map<String, Value> {
        match from {
            Value::Object(map) => map,
            _ => self.lost("a record is missing"),
        }
    }

    fn list(&mut self, from: Value) -> Vec<Value> {
        match from {
            Value::Array(items) => items,
            _ => self.lost("a list is missing"),
        }
    }

    /// The name of a variant and what it carries.
    pub(crate) fn variant(&mut self, from: Value) -> (String, Map<String, Value>) {
        match self.map(from).into_iter().next() {
            Some((name, inner)) => (name, self.map(inner)),
            None => self.lost("a kind is missing"),
        }
    }

    fn lost<T: Default>(&mut self, what: &'static str) -> T {
        self.note(what);
        T::default()
    }
}

/// The field of a record that is read.
pub(crate) fn field(map: &mut Map<String, Value>, name: &str) -> Value {
    map.get_mut(name).map(Value::take).unwrap_or_default()
}

/// A field that snapshots of earlier versions do not have.
pub(crate) fn added<T: Kept + Default>(from: Value, misfits: &mut Misfits) -> T {
    if from.is_null() { T::default() } else { T::load(from, misfits) }
}

/// Makes `Kept` of the names of fields, `kept!(Turn { role, content, at })`, with `added { … }` for what
/// older snapshots lack, which then has its default, and `skip { … }` for what is not kept; of variants with fields, `kept!(kinds Task { Retry { delivery } })`; and of plain
/// ones with the names they are kept by, `kept!(names Role { User = "user" })`, where the first
/// stands in for what is unknown.
macro_rules! kept {
    (kinds $type:ident { $first:ident { $($own:ident),* } $(, $kind:ident { $($field:ident),* })* $(,)? }) => {
        impl $crate::store::Kept for $type {
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

            #[allow(unused_mut, unused_variables, reason = "a kind without fields")]
            fn load(from: ::serde_json::Value, misfits: &mut $crate::store::Misfits) -> Self {
                let (kind, mut fields) = misfits.variant(from);
                $(if kind == stringify!($kind) {
                    return Self::$kind {
                        $($field: $crate::store::Kept::load($crate::store::field(&mut fields, stringify!($field)), misfits),)*
                    };
                })*
                if kind != stringify!($first) {
                    misfits.note("a kind is unknown");
                }
                Self::$first {
                    $($own: $crate::store::Kept::load($crate::store::field(&mut fields, stringify!($own)), misfits),)*
                }
            }
        }
    };
    (names $type:ident { $($variant:ident = $name:literal),+ $(,)? }) => {
        impl $crate::store::Kept for $type {
            fn save(&self, to: &mut $crate::store::Saver) {
                to.text(match self { $(Self::$variant => $name),+ });
            }

            fn load(from: ::serde_json::Value, misfits: &mut $crate::store::Misfits) -> Self {
                let name = misfits.text(from);
                $(if name == $name { return Self::$variant; })+
                misfits.note("a kind is unknown");
                let [first, ..] = [$(Self::$variant),+];
                first
            }
        }
    };
    ($type:ident { $($field:ident),+ $(,)? } $(added { $($added:ident),+ })? $(skip { $($skipped:ident),+ })?) => {
        impl $crate::store::Kept for $type {
            fn save(&self, to: &mut $crate::store::Saver) {
                to.open();
                $(to.field(stringify!($field), &self.$field);)+
                $($(to.field(stringify!($added), &self.$added);)+)?
                to.close();
            }

            fn load(from: ::serde_json::Value, misfits: &mut $crate::store::Misfits) -> Self {
                let mut fields = misfits.map(from);
                Self {
                    $($field: $crate::store::Kept::load($crate::store::field(&mut fields, stringify!($field)), misfits),)+
                    $($($added: $crate::store::added($crate::store::field(&mut fields, stringify!($added)), misfits),)+)?
                    $($($skipped: Default::default(),)+)?
                }
            }
        }
    };
}

pub(crate) use kept;

macro_rules! numbers {
    ($($kind:ty),+) => {$(
        impl Kept for $kind {
            fn save(&self, to: &mut Saver) {
                to.scalar(&Value::from(*self));
            }

            fn load(from: Value, misfits: &mut Misfits) -> Self {
                misfits.number(&from)
            }
        }
    )+};
}

numbers!(u8, u16, u32, u64, usize);

impl Kept for i64 {
    fn save(&self, to: &mut Saver) {
        to.scalar(&Value::from(*self));
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        from.as_i64().unwrap_or_else(|| misfits.lost("a number is missing"))
    }
}

impl Kept for bool {
    fn save(&self, to: &mut Saver) {
        to.scalar(&Value::Bool(*self));
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        from.as_bool().unwrap_or_else(|| misfits.lost("a yes or no is missing"))
    }
}

impl Kept for String {
    fn save(&self, to: &mut Saver) {
        to.text(self);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        misfits.text(from)
    }
}

impl Kept for Value {
    fn save(&self, to: &mut Saver) {
        to.value(self);
    }

    fn load(from: Value, _: &mut Misfits) -> Self {
        from
    }
}

impl Kept for Map<String, Value> {
    fn save(&self, to: &mut Saver) {
        to.open();
        self.iter().for_each(|(name, value)| to.field(name, value));
        to.close();
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        misfits.map(from)
    }
}

impl<T: Kept> Kept for Option<T> {
    fn save(&self, to: &mut Saver) {
        match self {
            Some(value) => value.save(to),
            None => to.scalar(&Value::Null),
        }
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        if from.is_null() { None } else { Some(T::load(from, misfits)) }
    }
}

impl<T: Kept> Kept for Box<T> {
    fn save(&self, to: &mut Saver) {
        (**self).save(to);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        Self::new(T::load(from, misfits))
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn save(&self, to: &mut Saver) {
        to.items(self);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        misfits.list(from).into_iter().map(|item| T::load(item, misfits)).collect()
    }
}

impl<T: Kept> Kept for VecDeque<T> {
    fn save(&self, to: &mut Saver) {
        to.items(self);
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        Vec::load(from, misfits).into()
    }
}

impl<A: Kept, B: Kept> Kept for (A, B) {
    fn save(&self, to: &mut Saver) {
        to.begin();
        to.item(&self.0);
        to.item(&self.1);
        to.end();
    }

    fn load(from: Value, misfits: &mut Misfits) -> Self {
        let mut items = misfits.list(from).into_iter();
        let mut next = || items.next().unwrap_or_default();
        (A::load(next(), misfits), B::load(next(), misfits))
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

    kept!(kinds Shape { Point {}, Line { long }, Box { wide, high } });

    #[derive(Debug, PartialEq)]
    enum Colour {
        Red,
        DarkBlue,
    }

    kept!(names Colour { Red = "red", DarkBlue = "dark-blue" });

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

    kept!(Sample { text, maybe, shapes, pair, colours, map, value } skip { skipped });

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
    fn what_does_not_fit_is_refused() {
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
