//! Writes the text of a snapshot, piece by piece: a tree of values for a large state would need its
//! memory a second time. The same walk weighs a state, so that nothing that is kept can be left out
//! of its weight.

use super::Kept;
use crate::json::{append, quote};
use serde_json::Value;

/// What a text costs beside its bytes, in bytes of memory.
const TEXT: u64 = 24;
/// A number, a truth value or null in a field of its own.
const SCALAR: u64 = 8;
/// A record or a list: its own fields, its place in memory.
const RECORD: u64 = 64;
/// A value in a tree of values, and an entry of an object beside its value.
const NODE: u64 = 48;
const ENTRY: u64 = 64;

/// A snapshot in the making, or the weight of one.
#[derive(Debug)]
pub(crate) struct Saver(Sink);

#[derive(Debug)]
enum Sink {
    /// The text so far. Whether a comma is due is seen from its last byte.
    Text(Vec<u8>),
    Weight(u64),
}

impl Default for Saver {
    fn default() -> Self {
        Self(Sink::Text(Vec::new()))
    }
}

/// Roughly the bytes of memory that something takes up, never less than its text.
pub(crate) fn weigh(kept: &impl Kept) -> u64 {
    let mut saver = Saver(Sink::Weight(0));
    kept.save(&mut saver);
    match saver.0 {
        Sink::Weight(weight) => weight,
        Sink::Text(_) => 0,
    }
}

/// The same of a tree of values.
pub(crate) fn weigh_value(value: &Value) -> u64 {
    let inner = match value {
        Value::String(text) => length(text),
        Value::Array(items) => items.iter().map(weigh_value).sum(),
        Value::Object(map) => map.iter().map(|(name, value)| ENTRY + length(name) + weigh_value(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    NODE + inner
}

/// How long a text is in a snapshot: that must fit into the memory beside what it is made of.
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

    pub(crate) fn field(&mut self, name: &str, value: &impl Kept) {
        self.name(name);
        value.save(self);
    }

    pub(super) fn item(&mut self, value: &impl Kept) {
        self.part();
        value.save(self);
    }

    pub(crate) fn items<'a, T: Kept + 'a>(&mut self, items: impl IntoIterator<Item = &'a T>) {
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

    /// A value of its own type.
    pub(super) fn scalar(&mut self, value: &Value) {
        match &mut self.0 {
            Sink::Text(out) => append(out, value),
            Sink::Weight(weight) => *weight += SCALAR,
        }
    }

    /// A tree of values.
    pub(super) fn value(&mut self, value: &Value) {
        match &mut self.0 {
            Sink::Text(out) => append(out, value),
            Sink::Weight(weight) => *weight += weigh_value(value),
        }
    }

    /// Weight that has no text, such as that of an index.
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

    /// The comma before what is not the first of its list or object.
    #[inline(never)]
    fn part(&mut self) {
        if let Sink::Text(out) = &mut self.0
            && !matches!(out.last(), Some(b'[' | b'{'))
        {
            out.push(b',');
        }
    }
}
