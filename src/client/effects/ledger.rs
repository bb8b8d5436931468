//! The caller's ledger, none of whose reads and writes can keep a call waiting for ever or break the module.

use crate::core::Millis;
use crate::core::effects::intent::Change;
use crate::core::effects::record::changes_of;
use crate::platform::host;
use crate::platform::value::get;
use wasm_bindgen::prelude::*;

/// How long a ledger may take, in milliseconds.
pub(super) const PATIENCE: Millis = 30_000;

#[wasm_bindgen(module = "/src/js/effects/ledger.js")]
extern "C" {
    /// The entries of these keys, as `core::effects::record::view_of` reads them.
    #[wasm_bindgen(js_name = readView)]
    pub(super) fn read_view(ledger: &JsValue, own: &str, lane: Option<&str>) -> JsValue;
    #[wasm_bindgen(js_name = writeLedger)]
    fn write_ledger(ledger: &JsValue, changes: &str) -> JsValue;
    /// Open entries behind a place: the next place, and each entry for `core::effects::record::open_entry`.
    #[wasm_bindgen(js_name = readOpen)]
    pub(super) fn read_open(ledger: &JsValue, after: &JsValue, is_all: bool) -> JsValue;
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
    write_ledger(ledger, &changes_of(changes, host::wall_clock()))
}

/// A stamp that no other write has.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn stamp() -> String {
    // Two numbers of 50 bits each.
    let mut stamp = String::with_capacity(20);
    for _ in 0..2 {
        let mut bits = (host::chance() * (1_u64 << 50) as f64) as u64;
        for _ in 0..10 {
            stamp.push(char::from_digit((bits & 31) as u32, 32).unwrap_or('0'));
            bits >>= 5;
        }
    }
    stamp
}

/// The error that a ledger of ours says it is: one of another version, or of a wrong set-up.
pub(super) fn code_of(error: &JsValue) -> String {
    get(error, "code").as_string().unwrap_or_default()
}
