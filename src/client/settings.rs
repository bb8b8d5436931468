//! The settings of a client, or of one request after its own options have been laid over them. Which
//! option sets what, and what is a wrong value, is in `src/js/input/options.js`.

use super::accounts::Account;
use super::observers::Observers;
use crate::core::Millis;
use crate::core::decide;
use crate::core::operation::{AnswerShape, Facts};
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
    #[wasm_bindgen(js_name = headersOf)]
    fn headers_of(options: &JsValue, agent: &str, accept: &str, body: bool, keyed: bool) -> JsValue;
    /// Writes fields of an object of ours, named in a list, into a row: numbers as they are, and of everything else whether it
    /// is there. In one step, where a getter for each would cross the boundary as often.
    #[wasm_bindgen(js_name = rowOf)]
    pub(super) fn row_of(object: &JsValue, names: &JsValue, row: &mut [f64]);
}

thread_local! {
    /// The fields that `Settings::of` reads, in its order.
    static FIELDS: JsValue = JsValue::from_str(concat!(
        "timeout totalTimeout maxRetries maxRetryDelay browser inherits keepsHeaders keepsObservers fetch signal ",
        "idempotencyKey ledger subAccount"
    ));
}

// Getters, because a property read by its name carries the name over each time.
#[wasm_bindgen]
extern "C" {
    /// `Settings` of `options.js`: an object of ours, without getters of a caller.
    type Options;
    #[wasm_bindgen(method, getter, structural, js_name = apiKey)]
    fn api_key(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, structural, js_name = baseUrl)]
    fn base_url(this: &Options) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn replay(this: &Options) -> Replay;
    #[wasm_bindgen(method, getter, structural, js_name = idempotencyKey)]
    fn idempotency_key(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn signal(this: &Options) -> Option<AbortSignal>;
}

/// Milliseconds of a checked number: whole, none where it is Infinity.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn millis(number: f64) -> Option<Millis> {
    number.is_finite().then_some(number as Millis)
}

/// The option `replay`.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug, Clone, Copy)]
enum Replay {
    Safe = "safe",
    Always = "always",
    Never = "never",
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
    pub(crate) replay: decide::Replay,
    /// True in a page or a worker of one.
    pub(crate) browser: bool,
    /// True if the caller has passed a `fetch`.
    pub(super) has_fetch: bool,
    pub(super) has_signal: bool,
    pub(super) has_key: bool,
    pub(super) has_ledger: bool,
    pub(super) has_sub_account: bool,
    /// What is known of the observers of its requests.
    pub(super) observers: Rc<Observers>,
    /// The settings are a request's, whose own options name neither key nor host nor headers.
    pub(super) inherits_account: bool,
    /// The account that its requests are of, once it has been looked up.
    pub(super) account: OnceCell<Rc<Account>>,
    /// Headers as an object, without a body's and with them: made once, copied for each request.
    pub(super) templates: Rc<[OnceCell<JsValue>; 2]>,
}

impl Settings {
    /// The settings of options that have been read. `client`: for those of a request, those of its client; what the client has
    /// found out need not be asked again.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn of(options: JsValue, client: Option<&Self>) -> Self {
        let mut row = [0.0; 13];
        FIELDS.with(|fields| row_of(&options, fields, &mut row));
        let [timeout, total_timeout, max_retries, max_retry_delay, flags @ ..] = row;
        let [browser, inherits, keeps_headers, keeps_observers, fetch, signal, key, ledger, sub_account] =
            flags.map(|flag| flag != 0.0);
        let read = options.unchecked_ref::<Options>();
        let (supplier, base_url) = match client.filter(|_| inherits) {
            Some(client) => (client.supplier.clone(), client.base_url.clone()),
            None => (read.api_key().dyn_into().ok(), read.base_url()),
        };
        Self {
            timeout: millis(timeout),
            total_timeout: millis(total_timeout),
            // `as` saturates, so that Infinity is the largest count.
            max_retries: max_retries as u32,
            max_retry_delay: Millis::from(max_retry_delay as u32),
            replay: match read.replay() {
                Replay::Safe => decide::Replay::Safe,
                Replay::Always => decide::Replay::Always,
                _ => decide::Replay::Never,
            },
            browser,
            has_fetch: fetch,
            has_signal: signal,
            has_key: key,
            has_ledger: ledger,
            has_sub_account: sub_account,
            observers: client
                .filter(|_| keeps_observers)
                .map_or_else(Rc::default, |client| Rc::clone(&client.observers)),
            inherits_account: inherits,
            account: OnceCell::new(),
            templates: client
                .filter(|_| keeps_headers)
                .map_or_else(Rc::default, |client| Rc::clone(&client.templates)),
            supplier,
            base_url,
            options,
        }
    }

    /// What authorizes requests where no supplier is asked; empty where nothing does.
    pub(super) fn fixed_key(&self) -> String {
        fixed_key(&self.options)
    }

    /// As the caller passed it, if it did.
    pub(super) fn idempotency_key(&self) -> Option<JsValue> {
        self.has_key.then(|| self.options.unchecked_ref::<Options>().idempotency_key())
    }

    /// The caller's signal for this request, which has been checked.
    pub(super) fn signal(&self) -> Option<AbortSignal> {
        if self.has_signal { self.options.unchecked_ref::<Options>().signal() } else { None }
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
        let [plain, body] = &*self.templates;
        let template = if with_body { body } else { plain };
        template.get_or_init(make).clone()
    }
}
