//! Sends one request through the platform's `fetch` or the caller's, and reads the response by duck
//! typing: a `Response` of another realm, of a polyfill or of a test double works like the platform's.
//! `Headers`, `Request` and `Response` are not touched before the first response, because loading them slows the start-up of
//! Node 20.

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
    /// True if there is a `fetch`.
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
// `body.js` imports it; wasm-bindgen copies only the files that Rust names into a front end.
#[wasm_bindgen(module = "/src/js/lib/pace.js")]
extern "C" {
    #[allow(dead_code)]
    type Pace;
}
#[wasm_bindgen(module = "/src/js/http/connect.js")]
extern "C" {
    /// The value that was thrown.
    #[wasm_bindgen(js_name = thrownBy)]
    pub(crate) fn thrown_by(fault: &JsValue) -> JsValue;
    /// True if what `fetch` threw proves that no connection was established.
    #[wasm_bindgen(js_name = neverSent)]
    pub(crate) fn never_sent(thrown: &JsValue) -> bool;
}

/// One request, ready to be sent.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    /// The caller's options, which have the address of the API.
    pub(crate) options: &'a JsValue,
    /// Method, path and body (`src/js/input/arguments.js`).
    pub(crate) prepared: &'a JsValue,
    /// A plain object; it is copied.
    pub(crate) headers: &'a JsValue,
    /// The key that a supplier returned, or `undefined`.
    pub(crate) key: &'a JsValue,
}

/// A request in flight. If it is dropped before its response is read to the end, it is aborted, so that nothing continues
/// unnoticed and no connection is held for a body that is never read.
#[must_use = "a dropped exchange is aborted"]
pub(crate) struct Exchange {
    controller: Option<AbortController>,
    /// The caller's options, which limit how much of a response is read.
    options: JsValue,
    /// What `fetch` returns or throws.
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

    /// Waits for the head of the response.
    pub(crate) async fn head(&mut self) -> Result<Response, Fault> {
        let value = (&mut self.head).await.map_err(Fault::Thrown)?;
        Response::from_value(value).ok_or(Fault::NoResponse)
    }

    /// Reads the whole body as a JavaScript string, after which there is nothing left to abort. Anything but a string has a
    /// `note` that the body is longer than the caller allows.
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

    /// The reader of the body becomes responsible for aborting it.
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

/// Why there is no head of a response.
#[derive(Debug)]
pub(crate) enum Fault {
    /// `fetch` threw, or its promise rejected.
    Thrown(JsValue),
    /// `fetch` returned something that is not a response.
    NoResponse,
}

/// The head of a response.
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

    /// The object that `fetch` returned.
    pub(crate) fn value(&self) -> &JsValue {
        &self.value
    }

    /// One header; empty if it is absent.
    pub(crate) fn header(&self, name: &str) -> String {
        header_of(&self.value, name).as_string().unwrap_or_default()
    }
}
