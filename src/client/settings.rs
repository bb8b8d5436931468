//! The settings of a client, or of one request after its own options have been laid over them. Which
//! option sets what, and what is a wrong value, stands in `options.rs`.

use super::hooks::Hooks;
use super::log::Log;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::operation::{AnswerShape, Operation};
use crate::platform::value;
use js_sys::{Function, Object};
use std::cell::OnceCell;
use wasm_bindgen::JsValue;

/// Where requests go by default.
pub(crate) const BASE_URL: &str = "https://api.agentphone.ai";
/// What the client calls itself. The API's edge blocks requests without a User-Agent.
const USER_AGENT: &str = concat!("agentphone-wasm/", env!("CARGO_PKG_VERSION"));

/// The key, or how to get it.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    /// None is sent: a proxy of the user's adds it.
    None,
    /// Always this one.
    Fixed(String),
    /// Asked for before each request.
    Supplier(Function),
}

/// Everything that governs a request.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) key: Key,
    pub(crate) base_url: String,
    pub(crate) sub_account: Option<String>,
    /// One attempt, its body included.
    pub(crate) timeout: Option<Millis>,
    /// All attempts and waits.
    pub(crate) total_timeout: Option<Millis>,
    pub(crate) max_retries: u32,
    pub(crate) max_retry_delay: Millis,
    pub(crate) replay: Replay,
    /// Lower-case name and value; no value removes a header that the client would send.
    pub(crate) headers: Vec<(String, Option<String>)>,
    pub(crate) allow_browser: bool,
    /// True in a page or a worker of one.
    pub(crate) browser: bool,
    pub(crate) hooks: Hooks,
    pub(crate) log: Log,
    /// Headers as an object, without a body's and with them: made once, copied for each request.
    pub(crate) templates: [OnceCell<JsValue>; 2],
}

impl Settings {
    /// The defaults, in a page or elsewhere.
    pub(crate) fn new(browser: bool) -> Self {
        Self {
            key: Key::None,
            base_url: BASE_URL.to_owned(),
            sub_account: None,
            timeout: Some(60_000),
            total_timeout: None,
            max_retries: 2,
            max_retry_delay: 60_000,
            replay: Replay::Safe,
            headers: Vec::new(),
            allow_browser: false,
            browser,
            hooks: Hooks::default(),
            log: Log::default(),
            templates: [OnceCell::new(), OnceCell::new()],
        }
    }

    /// The headers of a request of this operation, without a supplied key; not to be written into.
    pub(crate) fn headers(&self, operation: &Operation, with_body: bool) -> JsValue {
        let [plain, body] = &self.templates;
        match operation.answer {
            AnswerShape::Events | AnswerShape::Bytes => self.template(operation, with_body),
            _ if !operation.keyed => self.template(operation, with_body),
            _ => {
                let template = if with_body { body } else { plain };
                template.get_or_init(|| self.template(operation, with_body)).clone()
            }
        }
    }

    /// The authorization that a supplied key makes. With a fixed one the template has seen to it, and
    /// where the caller has asked for an authorization of his own, or for none, there is no other.
    pub(crate) fn authorization(&self, key: Option<&str>) -> Option<String> {
        let own = self.headers.iter().any(|(name, _)| name == "authorization");
        key.filter(|_| !own).map(|key| ["Bearer ", key].concat())
    }

    fn template(&self, operation: &Operation, with_body: bool) -> JsValue {
        let headers: JsValue = Object::new().into();
        let set = |name: &str, text: &str| value::set(&headers, name, &JsValue::from_str(text));
        let accept = match operation.answer {
            AnswerShape::Events => "text/event-stream",
            AnswerShape::Bytes => "audio/*",
            _ => "application/json",
        };
        set("accept", accept);
        if with_body {
            set("content-type", "application/json");
        }
        if !self.browser {
            // In a page the browser sends its own, and one of ours would cost a preflight.
            set("user-agent", USER_AGENT);
        }
        if let Key::Fixed(key) = &self.key
            && operation.keyed
        {
            authorize(&headers, key);
        }
        if let Some(id) = &self.sub_account {
            set("x-sub-account-id", id);
        }
        for (name, text) in &self.headers {
            match text {
                Some(text) => set(name, text),
                None => value::delete(&headers, name),
            }
        }
        headers
    }
}

fn authorize(headers: &JsValue, key: &str) {
    value::set(headers, "authorization", &JsValue::from_str(&["Bearer ", key].concat()));
}
