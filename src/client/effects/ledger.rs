//! The caller's ledger, none of whose reads and writes can keep a call waiting for ever or break the module.

use crate::core::Millis;
use crate::core::effects::intent::{Change, Intent, Stamped};
use crate::core::effects::record::written;
use crate::core::text::{joined, push_number};
use crate::platform::host;
use crate::platform::value::get;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// How long a ledger may take, in milliseconds.
pub(super) const PATIENCE: Millis = 30_000;

#[wasm_bindgen(module = "/src/js/effects/ledger.js")]
extern "C" {
    /// The entries of an intent and, perhaps, of its lane, as `core::effects::record::view_of` reads them.
    #[wasm_bindgen(js_name = readEntries)]
    pub(super) fn read_entries(ledger: &JsValue, own: &str, lane: Option<&str>) -> JsValue;
    #[wasm_bindgen(js_name = writeLedger)]
    fn write_ledger(ledger: &JsValue, changes: &str, values: &str) -> JsValue;
    /// Open entries behind a place: the next place, and each entry for `core::effects::record::open_entry`.
    #[wasm_bindgen(js_name = readOpen)]
    pub(super) fn read_open(ledger: &JsValue, after: &JsValue, is_all: bool) -> JsValue;
}

/// Where the intents of a use are kept.
pub(super) enum Store {
    /// With the caller: `Ledger` of `src/js/ledger/ledger.d.ts`.
    Ledger(JsValue),
    /// Nowhere: a failed call without a key is looked for.
    Here(Box<Stamped<Intent>>),
}

/// Why a ledger cannot be used.
pub(super) enum Trouble {
    /// It failed.
    Failed(JsValue),
    /// It holds what this version does not understand.
    Foreign,
}

/// Writes all of this or nothing: the promise of true or false.
pub(super) fn write(ledger: &JsValue, changes: &[Change]) -> JsValue {
    let written = written(changes, host::wall_clock());
    write_ledger(ledger, &written.changes, &written.values)
}

thread_local! {
    /// What the stamps of this instance of the module begin with, and how many there were.
    static STAMPS: RefCell<(String, u64)> = const { RefCell::new((String::new(), 0)) };
}

/// A stamp that no other write has.
pub(super) fn stamp() -> String {
    STAMPS.with_borrow_mut(|(start, count)| {
        if start.is_empty() {
            *start = random();
        }
        *count = count.wrapping_add(1);
        let mut stamp = start.clone();
        stamp.push('-');
        push_number(&mut stamp, *count);
        stamp
    })
}

/// 100 random bits.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn random() -> String {
    let mut text = String::with_capacity(20);
    for _ in 0..2 {
        let mut bits = (host::chance() * (1_u64 << 50) as f64) as u64;
        for _ in 0..10 {
            text.push(char::from_digit((bits & 31) as u32, 32).unwrap_or('0'));
            bits >>= 5;
        }
    }
    text
}

/// The error that a ledger of ours says it is: one of another version, or of a wrong set-up.
pub(super) fn code_of(error: &JsValue) -> String {
    get(error, "code").as_string().unwrap_or_default()
}

/// The ledger's key of a user's.
pub(super) fn intent_key(scope: &str, key: &str) -> String {
    joined(&[scope, "/intent/", key])
}

/// The user's key of a ledger's.
pub(super) fn key_in(key: &str, scope: &str) -> Option<String> {
    Some(key.strip_prefix(scope)?.strip_prefix("/intent/")?.to_owned())
}
