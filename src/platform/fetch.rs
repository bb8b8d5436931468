//! Sends one request through the platform's `fetch` or the caller's, and reads the answer by duck
//! typing: a `Response` of another realm, of a polyfill or of a test double is as good as our own.
//! `Headers`, `Request` and `Response` are never touched before the first answer: on Node 20 that
//! alone costs 25 ms of start-up.

use super::value::{self, get, text};
use super::watch::Watch;
use crate::core::connect;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    type ResponseLike;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn headers(this: &ResponseLike) -> Result<HeadersLike, JsValue>;

    type HeadersLike;
    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &HeadersLike, name: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/js/request.js")]
extern "C" {
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = startRequest)]
    fn start_request(
        fetch: Option<&Function>,
        options: &JsValue,
        prepared: &JsValue,
        headers: &JsValue,
        authorization: Option<&str>,
        settle: &JsValue,
        place: u32,
        round: u32,
    ) -> AbortController;
    /// -1 for what is no response.
    #[wasm_bindgen(js_name = statusOf)]
    fn status_of(value: &JsValue) -> f64;
    #[wasm_bindgen(js_name = readBody)]
    fn read_body(response: &JsValue, settle: &JsValue, place: u32, round: u32);
}

/// One request, ready to go.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    /// The caller's options, which have the address of the API.
    pub(crate) options: &'a JsValue,
    /// Method, path and body (`src/js/arguments.js`).
    pub(crate) prepared: &'a JsValue,
    /// A plain object; it is copied.
    pub(crate) headers: &'a JsValue,
    /// The value of the header, where it is not among the others.
    pub(crate) authorization: Option<&'a str>,
}

/// A request under way. Dropped, it is aborted: nothing of it goes on behind the caller's back.
#[must_use = "a dropped exchange is aborted"]
pub(crate) struct Exchange {
    controller: Option<AbortController>,
    /// What `fetch` gives, or throws.
    head: Watch,
}

impl Exchange {
    /// Starts a request. The caller's `fetch` is called with `this` undefined, as the global one is.
    pub(crate) fn start(request: &Request<'_>, user_fetch: Option<&Function>) -> Self {
        let Request { options, prepared, headers, authorization } = *request;
        let mut controller = None;
        let head = Watch::start(|settle, place, round| {
            let started =
                start_request(user_fetch, options, prepared, headers, authorization, settle, place, round);
            controller = Some(started);
        });
        Self { controller, head }
    }

    /// Waits for the head of the answer.
    pub(crate) async fn head(&mut self) -> Result<Response, Fault> {
        let value = (&mut self.head).await.map_err(Fault::Thrown)?;
        Response::from_value(value).ok_or(Fault::NoResponse)
    }

    /// Whoever reads the body aborts it.
    pub(crate) fn hand_over(mut self) -> JsValue {
        self.controller.take().map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// The answer is complete: there is nothing left to abort.
    pub(crate) fn finish(mut self) {
        self.controller = None;
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
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

    /// One header.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        text(&self.value.unchecked_ref::<ResponseLike>().headers().ok()?.get(name).ok()?)
    }

    /// Reads the whole body as a JavaScript string.
    pub(crate) async fn body(&self) -> Result<JsValue, JsValue> {
        let body = Watch::start(|settle, place, round| read_body(&self.value, settle, place, round)).await?;
        if body.is_string() { Ok(body) } else { Err(JsValue::from_str("text() gave no string")) }
    }
}

/// True where what `fetch` threw proves that no connection came about.
pub(crate) fn never_sent(thrown: &JsValue) -> bool {
    let cause = get(thrown, "cause");
    let cause = if value::absent(&cause) { thrown.clone() } else { cause };
    let errors = get(&cause, "errors");
    if value::is_array(&errors) {
        let errors: &js_sys::Array = errors.unchecked_ref();
        return errors.length() > 0 && errors.to_vec().iter().all(one_never_sent);
    }
    one_never_sent(&cause)
}

fn one_never_sent(error: &JsValue) -> bool {
    let field = |name: &str| text(&get(error, name)).unwrap_or_default();
    connect::never_sent(&field("code"), &field("syscall"))
}
