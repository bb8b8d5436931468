//! Notifies the caller's hooks and log (`src/js/runtime/observe.js`) and telemetry (`src/js/runtime/telemetry.js`). Whether
//! there is a listener is known here, so that nothing is created without one.

use super::settings::Settings;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/runtime/observe.js")]
extern "C" {
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = log)]
    fn write_log(
        options: &JsValue,
        line: Line,
        row: u32,
        attempt: u32,
        number: f64,
        response: &JsValue,
        prepared: &JsValue,
        key: &JsValue,
    );
    #[wasm_bindgen(js_name = callHook)]
    fn call_hook(options: &JsValue, hook: Hook, row: u32, attempt: u32, one: &JsValue, other: &JsValue);
    #[wasm_bindgen(js_name = emitError)]
    fn emit_error(options: &JsValue, error: &JsValue);
    #[wasm_bindgen(js_name = isLogged)]
    fn is_logged(options: &JsValue, line: Line) -> bool;
    #[wasm_bindgen(js_name = hasHook)]
    fn has_hook(options: &JsValue, hook: Hook) -> bool;
}

#[wasm_bindgen(module = "/src/js/runtime/telemetry.js")]
extern "C" {
    #[wasm_bindgen(js_name = isFollowed)]
    fn is_followed(options: &JsValue) -> bool;
    #[wasm_bindgen(js_name = note)]
    fn note_moment(prepared: &JsValue, moment: Moment, row: u32, attempt: u32, number: f64, word: &str);
    /// Identifies requests that look for the outcome of a call.
    #[wasm_bindgen(js_name = lookupsOf)]
    pub(super) fn lookups_of(in_flight: &JsValue) -> JsValue;
}

/// A line of the log, of an attempt.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone, Copy)]
pub(super) enum Line {
    Sent = "sent",
    /// Status.
    Received = "received",
    /// Milliseconds until the next attempt.
    Limited = "limited",
    /// Likewise.
    Failed = "failed",
}

/// A hook, with the data of its event.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone, Copy)]
pub(super) enum Hook {
    Request = "onRequest",
    /// Status, and milliseconds since the call began.
    Response = "onResponse",
    /// Milliseconds until the next attempt, and the error.
    Retry = "onRetry",
    /// The error.
    Error = "onError",
}

/// The events of a request for telemetry, each with a number and a word.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    /// An attempt is over: its status (not a number if there is none), and why it failed (empty if it did not).
    Received = "received",
    /// Milliseconds until the next attempt, and why.
    Retrying = "retrying",
    /// The call has waited: milliseconds, and for what.
    Waited = "waited",
    /// The API was asked for the outcome of a request: how many objects the request may have created.
    Looked = "looked",
}

impl Settings {
    /// The same, but its errors are not passed to the hook: what fails is not what the caller asked for.
    pub(super) fn without_error_hook(mut self) -> Self {
        // Not for the others that share them.
        self.observers = Rc::new((*self.observers).clone());
        self.observers.hooks.set(1 << Hook::Error as u32, false);
        self
    }

    /// True if the caller has passed this hook.
    pub(super) fn has_listener(&self, hook: Hook) -> bool {
        self.observers.hooks.has(hook as u32, || has_hook(&self.options, hook))
    }

    /// Calls a hook about an attempt.
    #[inline(never)]
    pub(super) fn emit(&self, hook: Hook, row: u32, attempt: u32, one: &JsValue, other: &JsValue) {
        call_hook(&self.options, hook, row, attempt, one, other);
    }

    /// Passes the error that a call ends with to its hook.
    pub(super) fn emit_error(&self, error: &JsValue) {
        if self.has_listener(Hook::Error) {
            emit_error(&self.options, error);
        }
    }

    /// True if the caller's telemetry observes these calls.
    pub(super) fn is_followed(&self) -> bool {
        self.observers.telemetry.has(0, || is_followed(&self.options))
    }

    /// Notifies telemetry of an event. `prepared`: the request.
    #[inline(never)]
    pub(super) fn note(
        &self,
        prepared: &JsValue,
        moment: Moment,
        row: u32,
        attempt: u32,
        number: f64,
        word: &str,
    ) {
        if self.is_followed() {
            note_moment(prepared, moment, row, attempt, number, word);
        }
    }

    /// Writes a line to the log, for a response with its harmless headers. `sent`: the request and the key of a
    /// supplier, which are taken out of them. True if there is a log for it.
    pub(super) fn log(
        &self,
        line: Line,
        row: u32,
        attempt: u32,
        number: f64,
        response: &JsValue,
        sent: (&JsValue, &JsValue),
    ) -> bool {
        let logs = self.observers.lines.has(line as u32, || is_logged(&self.options, line));
        if logs {
            write_log(&self.options, line, row, attempt, number, response, sent.0, sent.1);
        }
        logs
    }
}
