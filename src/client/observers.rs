//! Which observers of their calls some settings have, as far as JavaScript has been asked.

use std::cell::Cell;

/// What is known of the observers of some settings. JavaScript is asked once about each, because the settings of a
/// client serve all its calls.
#[derive(Clone, Default)]
pub(super) struct Observers {
    pub(super) lines: Known,
    pub(super) hooks: Known,
    pub(super) telemetry: Known,
}

/// A bit per line or hook.
#[derive(Clone, Default)]
pub(super) struct Known {
    asked: Cell<u32>,
    there: Cell<u32>,
}

impl Known {
    pub(super) fn has(&self, place: u32, ask: impl FnOnce() -> bool) -> bool {
        let bit = 1 << place;
        if self.asked.get() & bit == 0 {
            self.set(bit, ask());
        }
        self.there.get() & bit != 0
    }

    pub(super) fn set(&self, bit: u32, there: bool) {
        self.asked.set(self.asked.get() | bit);
        let others = self.there.get() & !bit;
        self.there.set(if there { others | bit } else { others });
    }
}
