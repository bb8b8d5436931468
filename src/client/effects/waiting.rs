//! One wait: for a promise, a time, or the caller's signal.

use crate::core::Millis;
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::host;
use crate::platform::promise_future::PromiseFuture;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use wasm_bindgen::JsValue;

/// What ended a wait.
pub(super) enum Raced {
    For(Result<JsValue, JsValue>),
    Late,
    Cancelled,
}

/// Waits for a promise, if there is one, or until a time.
pub(super) async fn race(
    (alarm, cancellation): (&mut Alarm, &mut Cancellation),
    until: Millis,
    by_signal: bool,
    promise: Option<PromiseFuture>,
) -> Raced {
    let mut promise = promise;
    alarm.set_by(Some(until));
    poll_fn(|context| {
        if let Some(promise) = &mut promise
            && let Poll::Ready(output) = Pin::new(promise).poll(context)
        {
            return Poll::Ready(Raced::For(output));
        }
        if by_signal && cancellation.poll(context) {
            return Poll::Ready(Raced::Cancelled);
        }
        while alarm.has_rung(context) {
            if host::now() >= until {
                return Poll::Ready(Raced::Late);
            }
            // It was set for an earlier wait.
            alarm.set(Some(until));
        }
        Poll::Pending
    })
    .await
}
