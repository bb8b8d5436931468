//! What the host tells: time and chance.

use crate::core::Millis;
use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/request.js")]
extern "C" {
    #[wasm_bindgen(js_name = clock)]
    fn clock() -> f64;
}

/// Milliseconds since the Unix epoch, for dates that others write.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn wall_clock() -> Millis {
    Date::now() as Millis
}

/// Milliseconds on a clock that nobody sets, for spans: a wall clock that is put back an hour must
/// not make anyone wait that hour.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn now() -> Millis {
    clock() as Millis
}

/// A number from 0 up to, not including, 1. For jitter; nothing secret is made of it.
pub(crate) fn chance() -> f64 {
    Math::random()
}
