//! What a call tells the caller's hooks and log (`src/js/observe.js`). Whether anyone listens is known
//! here, so that nothing is made for nobody.

use super::settings::Settings;
use crate::core::operation::Operation;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/observe.js")]
extern "C" {
    #[wasm_bindgen(js_name = log)]
    fn write_log(options: &JsValue, level: u32, line: &str, response: &JsValue);
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = callHook)]
    fn call_hook(
        options: &JsValue,
        hook: u32,
        operation: &str,
        method: &str,
        path: &str,
        attempt: u32,
        one: &JsValue,
        other: &JsValue,
    );
}

/// Levels of the log.
pub(super) const WARN: u32 = 2;
pub(super) const INFO: u32 = 3;
pub(super) const DEBUG: u32 = 4;

/// A hook, with what it is told.
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
    /// True where a hook listens.
    pub(super) fn hears(&self, hook: Hook) -> bool {
        self.hooks & (1 << hook as u32) != 0
    }

    /// Calls a hook, which must be there.
    #[inline(never)]
    pub(super) fn tell(
        &self,
        hook: Hook,
        operation: &Operation,
        attempt: u32,
        one: &JsValue,
        other: &JsValue,
    ) {
        let Operation { id, method, path, .. } = *operation;
        call_hook(&self.options, hook as u32, id, method.as_str(), path, attempt, one, other);
    }

    /// Tells the error that a call ends with.
    pub(super) fn tell_error(&self, error: &JsValue) {
        if self.hears(Hook::Error) {
            // The error itself is the event.
            call_hook(&self.options, Hook::Error as u32, "", "", "", 0, error, &JsValue::UNDEFINED);
        }
    }

    /// Writes a line to the log, for an answer with its harmless headers; it is only made if it is wanted.
    pub(super) fn log(&self, level: u32, line: impl FnOnce() -> String, response: &JsValue) {
        if self.log_level >= level {
            write_log(&self.options, level, &line(), response);
        }
    }
}
