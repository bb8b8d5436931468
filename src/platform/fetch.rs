//! Sends one request through the platform's `fetch` or the caller's, and reads the answer by duck
//! typing: a `Response` of another realm, of a polyfill or of a test double is as good as our own.
//! `Headers`, `Request` and `Response` are never touched before the first answer: on Node 20 that
//! alone costs 25 ms of start-up.

use super::promise_future::PromiseFuture;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen(module = "/src/js/http/request.js")]
extern "C" {
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = startRequest)]
    fn start_request(
        fetch: &JsValue,
        options: &JsValue,
        prepared: &JsValue,
        headers: &JsValue,
        key: &JsValue,
        settle: &JsValue,
        place: u32,
        generation: u32,
    ) -> AbortController;
    #[wasm_bindgen(js_name = abortRequest)]
    fn abort_request(controller: &AbortController);
    /// True where there is something to send with.
    #[wasm_bindgen(js_name = canSend)]
    pub(crate) fn can_send(fetch: &JsValue) -> bool;
    #[wasm_bindgen(js_name = statusOf)]
    fn status_of(value: &JsValue) -> f64;
    #[wasm_bindgen(js_name = headerOf)]
    fn header_of(response: &JsValue, name: &str) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/http/body.js")]
extern "C" {
    #[wasm_bindgen(js_name = readBody)]
    fn read_body(
        response: &JsValue,
        options: &JsValue,
        controller: &JsValue,
        settle: &JsValue,
        place: u32,
        generation: u32,
    );
}
// `body.js` imports it; wasm-bindgen copies into a front end the files that Rust names, and no other.
#[wasm_bindgen(module = "/src/js/lib/pace.js")]
extern "C" {
    #[allow(dead_code)]
    type Pace;
}
#[wasm_bindgen(module = "/src/js/http/connect.js")]
extern "C" {
    /// True where what `fetch` threw proves that no connection came about.
    /// What was thrown, as its thrower has it.
    #[wasm_bindgen(js_name = thrownBy)]
    pub(crate) fn thrown_by(fault: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = neverSent)]
    pub(crate) fn never_sent(thrown: &JsValue) -> bool;
}

/// One request, ready to go.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    /// The caller's options, which have the address of the API.
    pub(crate) options: &'a JsValue,
    /// Method, path and body (`src/js/input/arguments.js`).
    pub(crate) prepared: &'a JsValue,
    /// A plain object; it is copied.
    pub(crate) headers: &'a JsValue,
    /// The key that a supplier gave, or `undefined`.
    pub(crate) key: &'a JsValue,
}

/// A request under way. Dropped before its answer is read to the end, it is aborted: nothing of it goes on behind the
/// caller's back, and no connection is held for a body that nobody reads.
#[must_use = "a dropped exchange is aborted"]
pub(crate) struct Exchange {
    controller: Option<AbortController>,
    /// The caller's options, which say how much of an answer is read.
    options: JsValue,
    /// What `fetch` gives, or throws.
    head: PromiseFuture,
}

impl Exchange {
    /// Starts a request. The caller's `fetch` is called with `this` undefined, as the global one is.
    pub(crate) fn start(request: &Request<'_>, user_fetch: &JsValue) -> Self {
        let Request { options, prepared, headers, key } = *request;
        let mut controller = None;
        let head = PromiseFuture::start(|settle, index, generation| {
            controller =
                Some(start_request(user_fetch, options, prepared, headers, key, settle, index, generation));
        });
        Self { controller, options: options.clone(), head }
    }

    /// Waits for the head of the answer.
    pub(crate) async fn head(&mut self) -> Result<Response, Fault> {
        let value = (&mut self.head).await.map_err(Fault::Thrown)?;
        Response::from_value(value).ok_or(Fault::NoResponse)
    }

    /// Reads the whole body as a JavaScript string, after which there is nothing left to abort. What is no string has a
    /// `note`: that the body is longer than the caller allows.
    pub(crate) async fn body(&mut self, response: &Response) -> Result<JsValue, JsValue> {
        let body = PromiseFuture::start(|settle, index, generation| {
            let none = JsValue::UNDEFINED;
            let controller = self.controller.as_ref().map_or(&none, AsRef::as_ref);
            read_body(&response.value, &self.options, controller, settle, index, generation);
        })
        .await?;
        if body.is_string() {
            self.controller = None;
        }
        Ok(body)
    }

    /// Whoever reads the body aborts it.
    pub(crate) fn hand_over(mut self) -> JsValue {
        self.controller.take().map_or(JsValue::UNDEFINED, JsValue::from)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            abort_request(controller);
        }
    }
}

/// Why no head of an answer came.
#[derive(Debug)]
pub(crate) enum Fault {
    /// `fetch` threw, or its promise rejected.
    Thrown(JsValue),
    /// `fetch` gave something that is no response.
    NoResponse,
}

/// The head of an answer.
#[derive(Debug)]
pub(crate) struct Response {
    value: JsValue,
    /// HTTP status; 0 for a redirect that a browser hides.
    pub(crate) status: u16,
}

impl Response {
    /// None: what is known came in another way.
    pub(crate) fn none() -> Self {
        Self { value: JsValue::UNDEFINED, status: 0 }
    }

    fn from_value(value: JsValue) -> Option<Self> {
        let status = status_of(&value);
        if !(0.0..1000.0).contains(&status) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(Self { value, status: status as u16 })
    }

    /// The object that `fetch` gave.
    pub(crate) fn value(&self) -> &JsValue {
        &self.value
    }

    /// One header; empty where it is absent.
    pub(crate) fn header(&self, name: &str) -> String {
        header_of(&self.value, name).as_string().unwrap_or_default()
    }
}
