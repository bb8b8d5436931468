//! The settings of a client, or of one request after its own options have been laid over them. Which
//! option sets what, and what is a wrong value, stands in `src/js/input/options.js`.

use super::accounts::Account;
use super::options::millis;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::operation::{AnswerShape, Facts};
use crate::platform::value::get;
use js_sys::Function;
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What the client calls itself. The API's edge blocks requests without a User-Agent.
const USER_AGENT: &str = concat!("agentphone-wasm/", env!("CARGO_PKG_VERSION"));

#[wasm_bindgen(module = "/src/js/input/options.js")]
extern "C" {
    #[wasm_bindgen(js_name = fixedKey)]
    fn fixed_key(options: &JsValue) -> String;
    #[wasm_bindgen(js_name = numberOf)]
    fn number_of(options: &JsValue, place: u32) -> f64;
    #[wasm_bindgen(js_name = headersOf)]
    fn headers_of(options: &JsValue, agent: &str, accept: &str, body: bool, keyed: bool) -> JsValue;
}

/// Everything that governs a request.
#[derive(Clone)]
pub(crate) struct Settings {
    /// All of it as an object, for what JavaScript does with it: headers, hooks, log.
    pub(crate) options: JsValue,
    /// Asked for the key before each request, if the caller passed a function as the key.
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
    /// A bit each hook that there is.
    pub(crate) hooks: u32,
    /// The settings are a request's, whose own options name neither key nor host nor headers.
    pub(super) inherits_account: bool,
    /// The account that its requests are of, once it has been looked up.
    pub(super) account: OnceCell<Rc<Account>>,
    /// Headers as an object, without a body's and with them: made once, copied for each request.
    pub(super) templates: [OnceCell<JsValue>; 2],
}

impl Settings {
    /// The settings of options that have been read.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn of(options: JsValue) -> Self {
        let number = |place| number_of(&options, place);
        Self {
            timeout: millis(number(0)),
            total_timeout: millis(number(1)),
            // `as` saturates, so that Infinity is the largest count.
            max_retries: number(2) as u32,
            max_retry_delay: Millis::from(number(3) as u32),
            replay: match number(4) as u32 {
                0 => Replay::Safe,
                1 => Replay::Always,
                _ => Replay::Never,
            },
            log_level: number(5) as u32,
            browser: number(6) > 0.0,
            hooks: number(7) as u32,
            inherits_account: number(8) > 0.0,
            account: OnceCell::new(),
            supplier: get(&options, "apiKey").dyn_into().ok(),
            base_url: get(&options, "baseUrl").as_string().unwrap_or_default(),
            options,
            templates: [OnceCell::new(), OnceCell::new()],
        }
    }

    /// The caller's `fetch`, or `undefined`.
    pub(super) fn fetch(&self) -> JsValue {
        get(&self.options, "fetch")
    }

    /// What authorizes requests where no supplier is asked; empty where nothing does.
    pub(super) fn fixed_key(&self) -> String {
        fixed_key(&self.options)
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
            AnswerShape::Media => "*/*",
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
}
