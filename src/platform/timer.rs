//! Timers over gloo-timers, with what it leaves to its users: delays are clamped, because it casts `u32` to
//! `i32`, so that a long delay would fire at once.

use crate::core::Millis;
use crate::core::retry_after::MAX_WAIT;
use crate::platform::host;
use gloo_timers::callback::Timeout;

/// Runs `callback` after `delay`, unless the value returned is dropped before. Boxed, because gloo-timers and
/// wasm-bindgen make half a kilobyte of code for each type of callback.
pub(crate) fn after(delay: Millis, callback: Box<dyn FnOnce()>) -> Timeout {
    let delay = delay.min(MAX_WAIT);
    let at = host::now().saturating_add(delay);
    let ring = move || {
        #[cfg(feature = "fault-for-tests")]
        super::fault::here("timer");
        host::reached(at);
        callback();
    };
    Timeout::new(u32::try_from(delay).unwrap_or(i32::MAX.unsigned_abs()), ring)
}
