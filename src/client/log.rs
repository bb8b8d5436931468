//! The log: what the client does, for people. Lines name operations and path templates and never
//! ids; of an answer's headers only those on a list of harmless ones are shown, so that a header
//! nobody thought of cannot leak.

use super::hooks::on_rejection;
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::{get, set};
use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, JsValue};

/// Levels by name, the quietest first.
pub(crate) const LEVELS: [(&str, u8); 5] = [("off", 0), ("error", 1), ("warn", 2), ("info", 3), ("debug", 4)];

/// Headers of an answer that a log may show.
const SHOWN: [&str; 11] = [
    "cf-ray",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "retry-after-ms",
    "server",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
];

/// Where to write, and how much.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// The caller's logger; without one, the console.
    pub(crate) logger: Option<JsValue>,
    /// The chattiest level that is written.
    pub(crate) level: u8,
}

impl Default for Log {
    fn default() -> Self {
        Self { logger: None, level: 2 }
    }
}

impl Log {
    /// The level of a name.
    pub(crate) fn level_of(name: &str) -> Option<u8> {
        LEVELS.iter().find(|(known, _)| *known == name).map(|(_, level)| *level)
    }

    /// Something that the caller's own code did wrong.
    pub(crate) fn error(&self, line: &str, about: &JsValue) {
        self.write(1, line, about);
    }

    /// Something that will cost time, e.g. a rate limit.
    pub(crate) fn warn(&self, line: &str) {
        self.write(2, line, &JsValue::UNDEFINED);
    }

    /// A retry.
    pub(crate) fn info(&self, line: &str) {
        self.write(3, line, &JsValue::UNDEFINED);
    }

    /// Every request and answer; the line is only made if it is wanted.
    pub(crate) fn debug(&self, line: impl FnOnce() -> String, response: Option<&Response>) {
        if self.level >= 4 {
            let headers = response.map_or(JsValue::UNDEFINED, shown_headers);
            self.write(4, &line(), &headers);
        }
    }

    fn write(&self, level: u8, line: &str, about: &JsValue) {
        if self.level < level {
            return;
        }
        let logger = self.logger.clone().unwrap_or_else(host::console);
        let name = LEVELS.iter().find(|(_, l)| *l == level).map_or("debug", |(name, _)| name);
        let Ok(method) = get(&logger, name).dyn_into::<Function>() else { return };
        let line = JsValue::from_str(&["agentphone: ", line].concat());
        let returned = if about.is_undefined() {
            method.call1(&logger, &line)
        } else {
            method.call2(&logger, &line, about)
        };
        // A logger that throws or rejects has nowhere to say so.
        if let Ok(returned) = returned {
            on_rejection(&returned, drop);
        }
    }
}

fn shown_headers(response: &Response) -> JsValue {
    let shown: JsValue = Object::new().into();
    for name in SHOWN {
        if let Some(text) = response.header(name) {
            set(&shown, name, &JsValue::from_str(&text));
        }
    }
    shown
}
