//! Writes the text of a snapshot, piece by piece: a tree of values for a large state would need its
//! memory a second time.

use super::Kept;
use crate::json::{append, quote};
use serde_json::Value;

/// The text so far. Whether a comma is due is seen from its last byte.
#[derive(Debug, Default)]
pub(crate) struct Saver(Vec<u8>);

impl Saver {
    pub(crate) fn into_text(self) -> String {
        String::from_utf8(self.0).unwrap_or_default()
    }

    pub(crate) fn open(&mut self) {
        self.0.push(b'{');
    }

    pub(crate) fn close(&mut self) {
        self.0.push(b'}');
    }

    pub(super) fn begin(&mut self) {
        self.0.push(b'[');
    }

    pub(super) fn end(&mut self) {
        self.0.push(b']');
    }

    pub(crate) fn name(&mut self, name: &str) {
        self.part();
        self.text(name);
        self.0.push(b':');
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
        quote(&mut self.0, text);
    }

    pub(super) fn value(&mut self, value: &Value) {
        append(&mut self.0, value);
    }

    /// The comma before what is not the first of its list or object.
    #[inline(never)]
    fn part(&mut self) {
        if !matches!(self.0.last(), Some(b'[' | b'{')) {
            self.0.push(b',');
        }
    }
}
