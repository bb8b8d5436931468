//! Notifies the caller's hooks and log (`src/js/runtime/observe.js`). Whether there is a listener is known here, so that
//! nothing is created without one.

use super::settings::Settings;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/runtime/observe.js")]
extern "C" {
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = log)]
    fn write_log(
        options: &JsValue,
        line: u32,
        row: u32,
        attempt: u32,
        number: f64,
        response: &JsValue,
        prepared: &JsValue,
        key: &JsValue,
    );
    #[wasm_bindgen(js_name = callHook)]
    fn call_hook(options: &JsValue, hook: u32, row: u32, attempt: u32, one: &JsValue, other: &JsValue);
}

/// A line of the log, of an attempt.
#[derive(Clone, Copy)]
pub(super) enum Line {
    Sent,
    /// Status.
    Answered,
    /// Milliseconds until the next attempt.
    Limited,
    /// Likewise.
    Failed,
}

impl Line {
    /// Its level, as in the list of `src/js/input/options.js`.
    const fn level(self) -> u32 {
        match self {
            Self::Sent | Self::Answered => 4,
            Self::Limited => 2,
            Self::Failed => 3,
        }
    }
}

/// A hook, with the data of its event.
#[derive(Clone, Copy)]
pub(super) enum Hook {
    Request,
    /// Status, and milliseconds since the call began.
    Response,
    /// Milliseconds until the next attempt, and the error.
    Retry,
    /// The error.
    Error,
}

impl Settings {
    /// The same, without the hook that is told of errors: what fails is not what the caller asked for.
    pub(super) fn without_error_hook(self) -> Self {
        Self { hooks: self.hooks & !(1 << Hook::Error as u32), ..self }
    }

    /// True where a hook listens.
    pub(super) fn has_listener(&self, hook: Hook) -> bool {
        self.hooks & (1 << hook as u32) != 0
    }

    /// Calls a hook, which must be there.
    #[inline(never)]
    pub(super) fn emit(&self, hook: Hook, row: u32, attempt: u32, one: &JsValue, other: &JsValue) {
        call_hook(&self.options, hook as u32, row, attempt, one, other);
    }

    /// Passes the error that a call ends with to its hook.
    pub(super) fn emit_error(&self, error: &JsValue) {
        if self.has_listener(Hook::Error) {
            // The error itself is the event.
            self.emit(Hook::Error, 0, 0, error, &JsValue::UNDEFINED);
        }
    }

    /// Writes a line to the log, for a response with its harmless headers. `sent`: the request and the key of a
    /// supplier, which are taken out of them.
    pub(super) fn log(
        &self,
        line: Line,
        row: u32,
        attempt: u32,
        number: f64,
        response: &JsValue,
        sent: (&JsValue, &JsValue),
    ) {
        if self.log_level >= line.level() {
            write_log(&self.options, line as u32, row, attempt, number, response, sent.0, sent.1);
        }
    }
}
