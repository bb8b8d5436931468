//! Hooks: functions of the caller's that see what the client does. They observe; a hook that throws
//! is reported to the log and changes nothing, because a mistake in a counter must not cost a call.

use super::log::Log;
use crate::platform::value::{get, set};
use crate::platform::watch::watch;
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

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
        let complain = move |log: &Log, thrown: &JsValue| {
            let name = HOOKS.get(hook as usize).copied().unwrap_or_default();
            log.error(&["hook ", name, " failed; the request goes on"].concat(), thrown);
        };
        match function.call1(&JsValue::UNDEFINED, &event()) {
            Err(thrown) => complain(log, &thrown),
            // An async hook that rejects would end a Node process.
            Ok(returned) => {
                let log = log.clone();
                on_rejection(&returned, move |thrown| complain(&log, &thrown));
            }
        }
    }
}

/// Calls `callback` if `returned` is a promise that rejects.
pub(crate) fn on_rejection(returned: &JsValue, callback: impl FnOnce(JsValue) + 'static) {
    if !get(returned, "then").is_function() {
        return;
    }
    let promise = watch(returned);
    spawn_local(async move {
        if let Err(thrown) = promise.await {
            callback(thrown);
        }
    });
}

/// Makes the object that a hook gets.
pub(crate) fn event(fields: &[(&str, JsValue)]) -> JsValue {
    let object: JsValue = Object::new().into();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}
