//! Timers over gloo-timers. Delays are clamped, because gloo-timers casts `u32` to `i32`, which makes a long delay
//! fire at once.

use crate::core::Millis;
use crate::core::retry_after::MAX_WAIT;
use crate::platform::host;
use gloo_timers::callback::Timeout;

/// Runs `callback` at a time of the clock, or after the longest delay, unless the returned value is dropped before. Boxed, because gloo-timers and
/// wasm-bindgen generate code for each type of callback.
pub(crate) fn at(time: Millis, callback: Box<dyn FnOnce()>) -> Timeout {
    let now = host::now();
    let delay = time.saturating_sub(now).min(MAX_WAIT);
    let at = now.saturating_add(delay);
    let ring = move || {
        #[cfg(feature = "fault-for-tests")]
        super::fault::here("timer");
        host::reached(at);
        callback();
    };
    Timeout::new(u32::try_from(delay).unwrap_or(i32::MAX.unsigned_abs()), ring)
}
