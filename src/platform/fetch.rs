//! Sends one request through the platform's `fetch` or the caller's, and reads the response by duck
//! typing: a `Response` of another realm, of a polyfill or of a test double works like the platform's.
//! `Headers`, `Request` and `Response` are not touched before the first response, because loading them slows the start-up of
//! Node 20.

use super::promise_future::{Landed, PromiseFuture};
use crate::core::Millis;
use std::future::poll_fn;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen(module = "/src/js/http/request.js")]
extern "C" {
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = startRequest)]
    fn start_request(
        options: &JsValue,
        prepared: &JsValue,
        headers: &JsValue,
        key: &JsValue,
        row: u32,
        attempt: u32,
        whole: bool,
        settle: &JsValue,
        place: u32,
        generation: u32,
    ) -> Sent;
    #[wasm_bindgen(js_name = limitRequest)]
    fn limit_request(sent: &Sent, at: f64, settle: &JsValue, place: u32, generation: u32);
    #[wasm_bindgen(js_name = abortRequest)]
    fn abort_request(sent: &Sent);
    /// True if the host has a `fetch`.
    #[wasm_bindgen(js_name = canSend)]
    pub(crate) fn can_send() -> bool;
    #[wasm_bindgen(js_name = headerOf)]
    fn header_of(response: &JsValue, name: &str) -> JsValue;
}
#[wasm_bindgen]
extern "C" {
    /// A request under way, as JavaScript knows it: an object of ours.
    type Sent;
    #[wasm_bindgen(method, getter, structural)]
    fn controller(this: &Sent) -> AbortController;
}
#[wasm_bindgen(module = "/src/js/http/body.js")]
extern "C" {
    #[wasm_bindgen(js_name = readBody)]
    fn read_body(
        response: &JsValue,
        options: &JsValue,
        sent: &Sent,
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
    /// Of its operation.
    pub(crate) row: u32,
    /// Which attempt of its call, from 1.
    pub(crate) attempt: u32,
}

/// A request in flight. If it is dropped before its response is read to the end, it is aborted, so that nothing continues
/// unnoticed and no connection is held for a body that is never read.
#[must_use = "a dropped exchange is aborted"]
pub(crate) struct Exchange {
    /// `None` once there is nothing left to abort.
    sent: Option<Sent>,
    /// The caller's options, which limit how much of a response is read.
    options: JsValue,
    /// What `fetch` returns or throws.
    landing: PromiseFuture,
    whole: bool,
}

/// The body of a response as a JavaScript string, or why there is none: an object of ours, with a `note` if the body is longer
/// than the caller allows, and otherwise with what was thrown as its `cause`.
pub(crate) type Body = Result<JsValue, JsValue>;

impl Exchange {
    /// Starts a request. `whole`: the body of any response is read at once. The caller's `fetch` is called with `this`
    /// undefined, as the global one is.
    pub(crate) fn start(request: &Request<'_>, whole: bool) -> Self {
        let Request { options, prepared, headers, key, row, attempt } = *request;
        let mut sent = None;
        let landing = PromiseFuture::start(|settle, index, generation| {
            sent = Some(start_request(
                options, prepared, headers, key, row, attempt, whole, settle, index, generation,
            ));
        });
        Self { sent, options: options.clone(), landing, whole }
    }

    /// Sets a timer for a time of the clock, for a request whose response is read as a whole: JavaScript clears it when that has
    /// been read, or with the request.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn timer(&self, at: Millis) -> PromiseFuture {
        PromiseFuture::start(|settle, index, generation| {
            if let Some(sent) = &self.sent {
                limit_request(sent, at as f64, settle, index, generation);
            }
        })
    }

    /// Waits for the response: its head, and its body if all of it is to be read.
    pub(crate) async fn response(&mut self) -> Result<(Response, Option<Body>), Fault> {
        let Landed { result, status, response } = poll_fn(|context| self.landing.poll_landed(context)).await;
        let Some(response) = Response::new(response, status) else {
            return Err(result.map_or_else(Fault::Thrown, |_| Fault::NoResponse));
        };
        if !self.whole {
            return Ok((response, None));
        }
        if result.is_ok() {
            self.sent = None;
        }
        Ok((response, Some(result)))
    }

    /// Reads the body of a response of which only the head was waited for.
    pub(crate) async fn body(&mut self, response: &Response) -> Body {
        let Some(sent) = &self.sent else { return Err(JsValue::UNDEFINED) };
        let body = PromiseFuture::start(|settle, index, generation| {
            read_body(&response.value, &self.options, sent, settle, index, generation);
        })
        .await;
        if body.is_ok() {
            self.sent = None;
        }
        body
    }

    /// The reader of the body becomes responsible for aborting it.
    pub(crate) fn hand_over(mut self) -> JsValue {
        self.sent.take().map_or(JsValue::UNDEFINED, |sent| sent.controller().into())
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(sent) = &self.sent {
            abort_request(sent);
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

    fn new(value: JsValue, status: f64) -> Option<Self> {
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
