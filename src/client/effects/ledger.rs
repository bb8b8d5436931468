//! The caller's ledger: reads and writes, none of which can keep a call waiting for ever or break the module.

use super::record::{changes_of, entry_of, intent_of, lane_of};
use crate::core::Millis;
use crate::core::effects::events::{Event, View};
use crate::core::effects::intent::{Change, Intent, Stamped};
use crate::platform::value::text;
use crate::platform::{host, promise_future};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// How long a ledger may take, in milliseconds.
pub(super) const PATIENCE: Millis = 30_000;

#[wasm_bindgen]
extern "C" {
    /// `Ledger` of `src/js/ledger/ledger.d.ts`.
    #[derive(Clone)]
    pub(super) type Ledger;
    #[wasm_bindgen(method, structural, catch)]
    fn read(this: &Ledger, keys: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn write(this: &Ledger, changes: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn open(this: &Ledger, options: &JsValue) -> Result<JsValue, JsValue>;
}

/// Why a ledger cannot be used.
pub(super) enum Trouble {
    /// It failed.
    Failed(JsValue),
    /// It holds what this version does not understand.
    Foreign,
}

impl Ledger {
    /// Reads the intent and the lane of these keys, and the intent that holds the lane.
    pub(super) async fn view(&self, [own, lane]: [&str; 2]) -> Result<View, Trouble> {
        let entries = self.entries(&[own, lane]).await?;
        let foreign = |()| Trouble::Foreign;
        let mut view = View {
            intent: entry_of(&entries.get(0), intent_of).map_err(foreign)?,
            lane: entry_of(&entries.get(1), lane_of).map_err(foreign)?,
            ..View::default()
        };
        let holder = view.lane.as_ref().and_then(|lane| lane.value.holder.as_deref());
        if let Some(holder) = holder.filter(|holder| *holder != own) {
            let entries = self.entries(&[holder]).await?;
            view.holder = entry_of(&entries.get(0), intent_of).map_err(foreign)?;
        }
        Ok(view)
    }

    /// The intent under a key.
    pub(super) async fn entry(&self, key: &str) -> Result<Option<Stamped<Intent>>, Trouble> {
        let entries = self.entries(&[key]).await?;
        entry_of(&entries.get(0), intent_of).map_err(|()| Trouble::Foreign)
    }

    async fn entries(&self, keys: &[&str]) -> Result<Array, Trouble> {
        let keys: Array = keys.iter().map(|key| JsValue::from_str(key)).collect();
        settled(self.read(&keys)).await?.dyn_into().map_err(Trouble::Failed)
    }

    /// Writes all of this or nothing.
    pub(super) async fn put(&self, changes: &[Change]) -> Result<Event, Trouble> {
        let changes = changes_of(changes, host::wall_clock());
        let written = settled(self.write(&changes)).await?;
        written.as_bool().map(Event::Written).ok_or(Trouble::Failed(written))
    }

    /// Open entries behind a place, oldest first.
    pub(super) async fn page(&self, options: &JsValue) -> Result<Array, Trouble> {
        settled(self.open(options)).await?.dyn_into().map_err(Trouble::Failed)
    }
}

async fn settled(begun: Result<JsValue, JsValue>) -> Result<JsValue, Trouble> {
    let promise = begun.map_err(Trouble::Failed)?;
    promise_future::of(&promise).await.map_err(Trouble::Failed)
}

/// A stamp that no other write has.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn stamp() -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    // Two numbers of 50 bits each.
    let mut stamp = String::with_capacity(20);
    for _ in 0..2 {
        let mut bits = (host::chance() * (1_u64 << 50) as f64) as u64;
        for _ in 0..10 {
            stamp.push(DIGITS.get((bits & 31) as usize).copied().map_or('0', char::from));
            bits >>= 5;
        }
    }
    stamp
}

/// The error that a ledger of ours says it is: one of another version, or of a wrong set-up.
pub(super) fn code_of(error: &JsValue) -> Option<String> {
    text(&crate::platform::value::get(error, "code"))
}
