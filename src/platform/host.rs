//! What the host provides: time and randomness.

use crate::core::Millis;
use js_sys::{Date, Math};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/lib/clock.js")]
extern "C" {
    #[wasm_bindgen(js_name = now)]
    fn clock() -> f64;
    #[wasm_bindgen(js_name = reached)]
    fn clock_reached(at: f64);
}

#[wasm_bindgen(module = "/src/js/lib/wakeup.js")]
extern "C" {
    /// True on Cloudflare Workers, where what one request of a worker starts must not continue in another.
    #[wasm_bindgen(js_name = keepsRequestsApart)]
    pub(crate) fn keeps_requests_apart() -> bool;
}

#[wasm_bindgen(module = "/src/js/lib/pace.js")]
extern "C" {
    /// A promise that settles in a later turn of the event loop.
    #[wasm_bindgen(js_name = turnOfTheLoop)]
    pub(crate) fn turn_of_the_loop() -> JsValue;
}

/// Milliseconds since the Unix epoch, for dates from elsewhere.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn wall_clock() -> Millis {
    Date::now() as Millis
}

/// Milliseconds on a clock that never goes back, for spans: setting the system clock back an hour must not make a call
/// wait that hour.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn now() -> Millis {
    clock() as Millis
}

/// A timer that was set for this time has rung.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn reached(at: Millis) {
    clock_reached(at as f64);
}

/// A number from 0 up to, not including, 1. For jitter, never for anything secret.
pub(crate) fn chance() -> f64 {
    Math::random()
}
