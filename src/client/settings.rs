//! The settings of a client, or of one request after its own options have been laid over them. Which
//! option sets what, and what is a wrong value, stands in `src/js/options.js`.

use super::options::millis;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::operation::{AnswerShape, Facts};
use crate::core::text::joined;
use crate::platform::value::get;
use js_sys::Function;
use std::cell::OnceCell;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What the client calls itself. The API's edge blocks requests without a User-Agent.
const USER_AGENT: &str = concat!("agentphone-wasm/", env!("CARGO_PKG_VERSION"));

#[wasm_bindgen(module = "/src/js/options.js")]
extern "C" {
    #[wasm_bindgen(js_name = numbersOf)]
    fn numbers_of(options: &JsValue) -> Vec<f64>;
    #[wasm_bindgen(js_name = headersOf)]
    fn headers_of(options: &JsValue, agent: &str, accept: &str, body: bool, keyed: bool) -> JsValue;
}

/// Everything that governs a request.
#[derive(Clone)]
pub(crate) struct Settings {
    /// All of it as an object, for what JavaScript does with it: headers, hooks, log.
    pub(crate) options: JsValue,
    /// Asked for the key before each request, where the caller gave one in the place of a key.
    pub(crate) supplier: Option<Function>,
    pub(crate) base_url: String,
    /// One attempt, its body included.
    pub(crate) timeout: Option<Millis>,
    /// All attempts and waits.
    pub(crate) total_timeout: Option<Millis>,
    pub(crate) max_retries: u32,
    pub(crate) max_retry_delay: Millis,
    pub(crate) replay: Replay,
    /// The chattiest level that is written to the log.
    pub(crate) log_level: u32,
    /// True in a page or a worker of one.
    pub(crate) browser: bool,
    /// A header of the caller's stands in the place of the key's, or forbids it.
    pub(super) own_authorization: bool,
    /// A bit each hook that there is.
    pub(crate) hooks: u32,
    /// Headers as an object, without a body's and with them: made once, copied for each request.
    pub(super) templates: [OnceCell<JsValue>; 2],
}

impl Settings {
    /// The settings of options that have been read.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn of(options: JsValue) -> Self {
        let numbers = numbers_of(&options).try_into().unwrap_or_default();
        let [timeout, total, retries, delay, replay, level, browser, own, hooks]: [f64; 9] = numbers;
        Self {
            supplier: get(&options, "apiKey").dyn_into().ok(),
            base_url: get(&options, "baseUrl").as_string().unwrap_or_default(),
            options,
            timeout: millis(timeout),
            total_timeout: millis(total),
            // `as` saturates, so that Infinity is the largest count.
            max_retries: retries as u32,
            max_retry_delay: Millis::from(delay as u32),
            replay: match replay as u32 {
                0 => Replay::Safe,
                1 => Replay::Always,
                _ => Replay::Never,
            },
            log_level: level as u32,
            browser: browser > 0.0,
            own_authorization: own > 0.0,
            hooks: hooks as u32,
            templates: [OnceCell::new(), OnceCell::new()],
        }
    }

    /// The caller's `fetch`.
    pub(super) fn fetch(&self) -> Option<Function> {
        get(&self.options, "fetch").dyn_into().ok()
    }

    /// The caller's signal for this request, which has been checked.
    pub(super) fn signal(&self) -> Option<AbortSignal> {
        let signal = get(&self.options, "signal");
        if signal.is_undefined() { None } else { Some(signal.unchecked_into()) }
    }

    /// The headers of a request of this operation, without a supplied key; not to be written into.
    pub(crate) fn headers(&self, operation: Facts) -> JsValue {
        let with_body = operation.body;
        let accept = match operation.answer {
            AnswerShape::Events => "text/event-stream",
            AnswerShape::Bytes => "audio/*",
            _ => "application/json",
        };
        let make = || headers_of(&self.options, USER_AGENT, accept, with_body, operation.keyed);
        if operation.answer.is_open() || !operation.keyed {
            return make();
        }
        let [plain, body] = &self.templates;
        let template = if with_body { body } else { plain };
        template.get_or_init(make).clone()
    }

    /// The authorization that a supplied key makes. With a fixed one the template has seen to it, and
    /// where the caller has asked for an authorization of his own, or for none, there is no other.
    pub(crate) fn authorization(&self, key: Option<&str>) -> Option<String> {
        key.filter(|_| !self.own_authorization).map(|key| joined(&["Bearer ", key]))
    }
}
