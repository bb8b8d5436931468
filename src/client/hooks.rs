//! Hooks: functions of the caller's that see what the client does. They observe; a hook that throws
//! is reported to the log and changes nothing, because a mistake in a counter must not cost a call.

use super::log::Log;
use crate::platform::value::{get, set};
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};

/// The hooks there are.
pub(crate) const HOOKS: [&str; 4] = ["onRequest", "onResponse", "onRetry", "onError"];

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hook {
    Request,
    Response,
    Retry,
    Error,
}

/// The caller's hooks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hooks {
    functions: [Option<Function>; 4],
}

impl Hooks {
    /// Takes the hooks of a checked object; those it does not name are none.
    pub(crate) fn set(&mut self, object: &JsValue) {
        self.functions = HOOKS.map(|name| get(object, name).dyn_into::<Function>().ok());
    }

    /// Calls a hook, if there is one, with the event that `event` makes.
    pub(crate) fn call(&self, hook: Hook, log: &Log, event: impl FnOnce() -> JsValue) {
        let Some(Some(function)) = self.functions.get(hook as usize) else { return };
        if let Err(thrown) = function.call1(&JsValue::UNDEFINED, &event()) {
            let name = HOOKS.get(hook as usize).copied().unwrap_or_default();
            log.error(&["hook ", name, " threw; the request goes on"].concat(), &thrown);
        }
    }
}

/// Makes the object that a hook gets.
pub(crate) fn event(fields: &[(&str, JsValue)]) -> JsValue {
    let object: JsValue = Object::new().into();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}
