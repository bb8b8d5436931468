//! Writes a snapshot piece by piece: a JSON tree of a large state would take its memory a second time.
//! The same traversal weighs the state, so that everything saved is counted.

use super::load_errors::LoadErrors;
use crate::json::{append, quote};
use serde_json::Value;

/// What a snapshot can contain. `persist!` implements it for structs and enums.
pub(crate) trait Persist: Sized {
    fn save(&self, to: &mut Saver);
    fn load(from: Value, errors: &mut LoadErrors) -> Self;
}

/// Memory overhead of a string, in bytes.
const TEXT: u64 = 24;
/// A number, boolean or null in a typed field.
const SCALAR: u64 = 8;
/// A record or a list, without its contents.
const RECORD: u64 = 64;
/// A value in a JSON tree, and an object's entry without its value.
const NODE: u64 = 48;
const ENTRY: u64 = 64;

/// A snapshot being written, or its weight.
#[derive(Debug)]
pub(crate) struct Saver(Sink);

#[derive(Debug)]
enum Sink {
    /// The text so far. Its last byte shows whether a comma is due.
    Text(Vec<u8>),
    Weight(u64),
}

impl Default for Saver {
    fn default() -> Self {
        Self(Sink::Text(Vec::new()))
    }
}

/// Approximate memory use in bytes, never less than the length of the snapshot text.
pub(crate) fn weigh(value: &impl Persist) -> u64 {
    let mut saver = Saver(Sink::Weight(0));
    value.save(&mut saver);
    match saver.0 {
        Sink::Weight(weight) => weight,
        Sink::Text(_) => 0,
    }
}

/// The same for a JSON tree.
pub(crate) fn weigh_value(value: &Value) -> u64 {
    let inner = match value {
        Value::String(text) => length(text),
        Value::Array(items) => items.iter().map(weigh_value).sum(),
        Value::Object(map) => map.iter().map(|(name, value)| ENTRY + length(name) + weigh_value(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    NODE + inner
}

/// Length of a string in a snapshot, which must fit into memory next to the state.
fn length(text: &str) -> u64 {
    let escaped = |byte: u8| match byte {
        0..=0x1f => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

impl Saver {
    pub(crate) fn into_text(self) -> String {
        match self.0 {
            Sink::Text(text) => String::from_utf8(text).unwrap_or_default(),
            Sink::Weight(_) => String::new(),
        }
    }

    pub(crate) fn open(&mut self) {
        self.put(b'{', RECORD);
    }

    pub(crate) fn close(&mut self) {
        self.put(b'}', 0);
    }

    pub(super) fn begin(&mut self) {
        self.put(b'[', RECORD);
    }

    pub(super) fn end(&mut self) {
        self.put(b']', 0);
    }

    pub(crate) fn name(&mut self, name: &str) {
        self.part();
        if let Sink::Text(text) = &mut self.0 {
            quote(text, name);
            text.push(b':');
        }
    }

    pub(crate) fn field(&mut self, name: &str, value: &impl Persist) {
        self.name(name);
        value.save(self);
    }

    pub(super) fn item(&mut self, value: &impl Persist) {
        self.part();
        value.save(self);
    }

    pub(crate) fn items<'a, T: Persist + 'a>(&mut self, items: impl IntoIterator<Item = &'a T>) {
        self.begin();
        items.into_iter().for_each(|item| self.item(item));
        self.end();
    }

    pub(crate) fn text(&mut self, text: &str) {
        match &mut self.0 {
            Sink::Text(out) => quote(out, text),
            Sink::Weight(weight) => *weight += TEXT + length(text),
        }
    }

    /// A typed scalar.
    pub(super) fn scalar(&mut self, value: &Value) {
        match &mut self.0 {
            Sink::Text(out) => append(out, value),
            Sink::Weight(weight) => *weight += SCALAR,
        }
    }

    /// A JSON tree.
    pub(super) fn value(&mut self, value: &Value) {
        match &mut self.0 {
            Sink::Text(out) => append(out, value),
            Sink::Weight(weight) => *weight += weigh_value(value),
        }
    }

    /// Weight of something that is not in the text, such as an index.
    pub(super) fn burden(&mut self, more: u64) {
        if let Sink::Weight(weight) = &mut self.0 {
            *weight += more;
        }
    }

    fn put(&mut self, byte: u8, cost: u64) {
        match &mut self.0 {
            Sink::Text(out) => out.push(byte),
            Sink::Weight(weight) => *weight += cost,
        }
    }

    /// Writes the comma before any but the first item of a list or object.
    #[inline(never)]
    fn part(&mut self) {
        if let Sink::Text(out) = &mut self.0
            && !matches!(out.last(), Some(b'[' | b'{'))
        {
            out.push(b',');
        }
    }
}
