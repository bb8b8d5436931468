//! The caller's signal, as a call listens to it. Nothing that the signal does or throws breaks anything here
//! (`src/js/state/signal.js`).

use super::promise_future::PromiseFuture;
use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/js/state/signal.js")]
extern "C" {
    #[wasm_bindgen(js_name = listen)]
    fn listen(signal: &AbortSignal, settle: &JsValue, index: u32, generation: u32);
    #[wasm_bindgen(js_name = leave)]
    fn leave(signal: &AbortSignal, place: u32);
    #[wasm_bindgen(js_name = hasAborted)]
    fn has_aborted(signal: &AbortSignal) -> bool;
    #[wasm_bindgen(js_name = reasonOf)]
    fn reason_of(signal: &AbortSignal) -> JsValue;
}

/// A listener on the caller's signal; dropping it removes it.
struct Listener {
    signal: AbortSignal,
    place: u32,
    /// Settles when the signal fires.
    fired: PromiseFuture,
}

impl Drop for Listener {
    fn drop(&mut self) {
        leave(&self.signal, self.place);
    }
}

/// See the head of this file.
#[derive(Default)]
pub(crate) struct Cancellation {
    listener: Option<Listener>,
}

impl Cancellation {
    /// Listens to `signal`, if there is one.
    pub(crate) fn of(signal: Option<&AbortSignal>) -> Self {
        let listener = signal.map(|signal| {
            let mut number = 0;
            let fired = PromiseFuture::start(|settle, index, generation| {
                number = index;
                listen(signal, settle, index, generation);
            });
            Listener { signal: signal.clone(), place: number, fired }
        });
        Self { listener }
    }

    /// True once the signal has fired. It asks the signal itself: what wakes the call is a promise, whose reaction
    /// may not have run yet.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.listener.as_ref().is_some_and(|listener| has_aborted(&listener.signal))
    }

    /// The same while the call waits: `context` is woken when the signal fires.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> bool {
        let fired = self.listener.as_mut().is_some_and(|listener| {
            Pin::new(&mut listener.fired).poll(context).is_ready() || has_aborted(&listener.signal)
        });
        #[cfg(feature = "fault-for-tests")]
        if fired {
            super::fault::here("abort");
        }
        fired
    }

    /// What the signal was aborted with.
    pub(crate) fn reason(&self) -> JsValue {
        self.listener.as_ref().map_or(JsValue::UNDEFINED, |listener| reason_of(&listener.signal))
    }
}
