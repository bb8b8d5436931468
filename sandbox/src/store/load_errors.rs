//! Reads the JSON of a snapshot. Reading never stops: a value of the wrong type is noted and replaced by a default.

use serde_json::{Map, Value};

/// The first error found.
#[derive(Debug, Default)]
pub(crate) struct LoadErrors(Option<&'static str>);

impl LoadErrors {
    pub(super) fn first(&self) -> Option<&'static str> {
        self.0
    }

    pub(crate) fn note(&mut self, what: &'static str) {
        self.0.get_or_insert(what);
    }

    pub(crate) fn text(&mut self, from: Value) -> String {
        match from {
            Value::String(text) => text,
            _ => self.lost("a string is missing"),
        }
    }

    pub(super) fn number<N: TryFrom<u64> + Default>(&mut self, from: &Value) -> N {
        let number = from.as_u64().and_then(|number| number.try_into().ok());
        number.unwrap_or_else(|| self.lost("a number is missing"))
    }

    pub(crate) fn map(&mut self, from: Value) -> Map<String, Value> {
        match from {
            Value::Object(map) => map,
            _ => self.lost("a record is missing"),
        }
    }

    pub(super) fn list(&mut self, from: Value) -> Vec<Value> {
        match from {
            Value::Array(items) => items,
            _ => self.lost("a list is missing"),
        }
    }

    /// Name and content of a variant.
    pub(crate) fn variant(&mut self, from: Value) -> (String, Map<String, Value>) {
        match self.map(from).into_iter().next() {
            Some((name, inner)) => (name, self.map(inner)),
            None => self.lost("a variant is missing"),
        }
    }

    pub(super) fn lost<T: Default>(&mut self, what: &'static str) -> T {
        self.note(what);
        T::default()
    }
}
