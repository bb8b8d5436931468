//! Reads the answer of one attempt: data, or a failure with all that came of it.

use super::pages;
use crate::core::answer::BodyKind;
use crate::core::catalogue::cure;
use crate::core::failure::{Answered, Failure};
use crate::core::operation::{Facts, Pages};
use crate::core::retry_after::{self, WaitHeaders};
use crate::core::text::joined;
use crate::platform::fetch::{self, Exchange, Fault, Response};
use crate::platform::host;
use crate::platform::value::{body_kind, get, parse_json, set, text};
use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/error-body.js")]
extern "C" {
    #[wasm_bindgen(js_name = readRefusal)]
    fn read_refusal(body: &JsValue) -> JsValue;
}

/// The data of a success, and the answer it came in.
pub(crate) struct Success {
    pub(crate) data: JsValue,
    pub(crate) response: Response,
    /// The exchange of an answer whose body is still to be read.
    pub(crate) exchange: Option<Exchange>,
}

/// An attempt that failed.
pub(crate) struct Failed {
    pub(crate) failure: Failure,
    /// What the client knows beyond the failure.
    pub(crate) note: String,
    pub(crate) response: Option<Response>,
    /// The parsed body or its text; of a refusal, what it says.
    pub(crate) body: JsValue,
    /// What was thrown.
    pub(crate) cause: JsValue,
}

impl Failed {
    /// A failure without an answer.
    pub(crate) fn bare(failure: Failure, note: impl Into<String>, cause: JsValue) -> Box<Self> {
        Box::new(Self { failure, note: note.into(), response: None, body: JsValue::UNDEFINED, cause })
    }

    fn with_response(mut self: Box<Self>, response: Response, body: JsValue) -> Box<Self> {
        self.response = Some(response);
        self.body = body;
        self
    }
}

/// What `fetch` threw, as a failure. In a browser a failed fetch tells nothing of how far the request
/// came, so there it may always have arrived.
pub(crate) fn of_fault(fault: Fault, browser: bool) -> Box<Failed> {
    match fault {
        Fault::Thrown(thrown) if !browser && fetch::never_sent(&thrown) => {
            Failed::bare(Failure::NotSent, "no connection to the API", thrown)
        }
        Fault::Thrown(thrown) => {
            Failed::bare(Failure::NoAnswer, "the connection failed before an answer came", thrown)
        }
        Fault::NoResponse => {
            Failed::bare(Failure::Unreadable, "fetch gave something that is no Response", JsValue::UNDEFINED)
        }
    }
}

/// Reads head and body of an answer.
pub(crate) async fn read(
    exchange: &mut Exchange,
    operation: Facts,
    query: &JsValue,
    browser: bool,
) -> Result<Success, Box<Failed>> {
    let response = exchange.head().await.map_err(|fault| of_fault(fault, browser))?;
    if operation.answer.is_open() && (200..300).contains(&response.status) {
        return opened(response, operation);
    }
    let body = match response.body().await {
        Ok(body) => body,
        // A refusal is one though its words were cut off; but a 409 may have said that it is unsure.
        Err(thrown) if response.status >= 400 && response.status != 409 => {
            let mut failed = error_answer(response, JsValue::from_str(""));
            failed.cause = thrown;
            return Err(failed);
        }
        Err(thrown) => {
            let failed = Failed::bare(Failure::NoAnswer, "the connection broke inside the answer", thrown);
            return Err(failed.with_response(response, JsValue::UNDEFINED));
        }
    };
    if (200..300).contains(&response.status) {
        success(response, body, operation, query)
    } else {
        Err(error_answer(response, body))
    }
}

/// An answer whose body is not text to be parsed: what it says of its type must fit.
fn opened(response: Response, operation: Facts) -> Result<Success, Box<Failed>> {
    let came = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if operation.answer.fits_type(&came) {
        let data: JsValue = Object::new().into();
        set(&data, "response", response.value());
        return Ok(Success { data, response, exchange: None });
    }
    let note = joined(&["the answer is not ", operation.answer.words()]);
    Err(Failed::bare(Failure::Unreadable, note, JsValue::UNDEFINED)
        .with_response(response, JsValue::UNDEFINED))
}

fn success(
    response: Response,
    body: JsValue,
    operation: Facts,
    query: &JsValue,
) -> Result<Success, Box<Failed>> {
    let parsed = parse_json(&body);
    let (kind, data) = match parsed {
        Ok(data) => (body_kind(&data), data),
        Err(_) => (BodyKind::of_text(&text(&body).unwrap_or_default()), JsValue::UNDEFINED),
    };
    let note = if kind.fits(operation.answer) {
        let data = match operation.pages {
            Pages::None => Some(data.clone()),
            _ => pages::page(operation, query, &data),
        };
        if let Some(data) = data {
            return Ok(Success { data, response, exchange: None });
        }
        "the answer holds no list".to_owned()
    } else {
        joined(&["the answer is ", kind.words(), " and not ", operation.answer.words()])
    };
    let came = if data.is_undefined() { body } else { data };
    Err(Failed::bare(Failure::Unreadable, note, JsValue::UNDEFINED).with_response(response, came))
}

fn error_answer(response: Response, body: JsValue) -> Box<Failed> {
    if response.status == 0 {
        let failed = Failed::bare(
            Failure::Unreadable,
            "the answer is a redirect, which is not followed: set baseUrl to the final address",
            JsValue::UNDEFINED,
        );
        return failed.with_response(response, JsValue::UNDEFINED);
    }
    let said = read_refusal(&body);
    let header = |name: &str| response.header(name);
    let waits = WaitHeaders {
        retry_after_ms: header("retry-after-ms"),
        retry_after: header("retry-after"),
        reset: header("x-ratelimit-reset"),
        date: header("date"),
    };
    let wait = retry_after::read(&waits, host::wall_clock());
    let failure = Failure::Answered(Answered {
        status: response.status,
        cure: cure(text(&get(&said, "code")).as_deref()),
        envelope: get(&said, "envelope").is_truthy(),
        wait,
    });
    Failed::bare(failure, "", JsValue::UNDEFINED).with_response(response, said)
}
