//! Reads the response of one attempt: data, or a failure with all that is known of it.

use crate::core::catalogue::cure;
use crate::core::failure::{Answered, Failure};
use crate::core::operation::Facts;
use crate::core::retry_after::{self, WaitHeaders};
use crate::platform::fetch::{Exchange, Fault, Response, never_sent, thrown_by};
use crate::platform::host;
use crate::platform::value::{get, text};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors/error-body.js")]
extern "C" {
    #[wasm_bindgen(js_name = readRefusal)]
    fn read_refusal(body: &JsValue) -> JsValue;
}

// What `list.js` imports.
#[wasm_bindgen(module = "/src/js/results/normal.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = mend)]
    fn mend(id: &str, data: &JsValue);
}
#[wasm_bindgen(module = "/src/js/lib/spoken.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = turnsIn)]
    fn turns_in(text: &str) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/results/list.js")]
extern "C" {
    /// The data; what is thrown is an object of ours, whose `note` says why there is none and whose `body` is what was received.
    #[wasm_bindgen(js_name = readAnswer, catch)]
    fn read_answer(row: u32, response: &JsValue, body: &JsValue, sent: &JsValue) -> Result<JsValue, JsValue>;
}

/// The data of a success, and its response.
pub(crate) struct Success {
    pub(crate) data: JsValue,
    pub(crate) response: Response,
    /// The exchange of a response whose body is still to be read.
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
    /// A failure without a response.
    pub(crate) fn bare(failure: Failure, note: impl Into<String>, cause: JsValue) -> Box<Self> {
        Box::new(Self { failure, note: note.into(), response: None, body: JsValue::UNDEFINED, cause })
    }

    fn with_response(mut self: Box<Self>, response: Response, body: JsValue) -> Box<Self> {
        self.response = Some(response);
        self.body = body;
        self
    }
}

/// What `fetch` threw, as a failure. In a browser a failed fetch does not reveal how far the request got, so it may
/// always have arrived.
pub(crate) fn of_fault(fault: Fault, browser: bool) -> Box<Failed> {
    match fault {
        Fault::Thrown(thrown) if !browser && never_sent(&thrown) => {
            Failed::bare(Failure::NotSent, "no connection to the API", thrown_by(&thrown))
        }
        Fault::Thrown(thrown) => Failed::bare(
            Failure::NoAnswer,
            "the connection failed before a response arrived",
            thrown_by(&thrown),
        ),
        Fault::NoResponse => {
            Failed::bare(Failure::Unreadable, "fetch did not return a Response", JsValue::UNDEFINED)
        }
    }
}

/// Reads head and body of a response. `sent`: the request.
pub(crate) async fn read(
    exchange: &mut Exchange,
    operation: Facts,
    sent: &JsValue,
    browser: bool,
) -> Result<Success, Box<Failed>> {
    let (response, body) = exchange.response().await.map_err(|fault| of_fault(fault, browser))?;
    let body = match body {
        Some(body) => body,
        None if (200..300).contains(&response.status) => {
            return success(response, &JsValue::UNDEFINED, operation, sent);
        }
        None => exchange.body(&response).await,
    };
    let body = match body {
        Ok(body) => body,
        Err(unread) => return Err(unreadable(response, &unread)),
    };
    if (200..300).contains(&response.status) {
        success(response, &body, operation, sent)
    } else {
        Err(error_answer(response, body))
    }
}

/// The failure of a response whose body could not be read.
fn unreadable(response: Response, unread: &JsValue) -> Box<Failed> {
    if let Some(note) = text(&get(unread, "note")) {
        let failed = Failed::bare(Failure::Unreadable, note, JsValue::UNDEFINED);
        return failed.with_response(response, JsValue::UNDEFINED);
    }
    let thrown = get(unread, "cause");
    // A refusal with a truncated body is still a refusal; but a 409 may have said that the outcome is unknown.
    if response.status >= 400 && response.status != 409 {
        let mut failed = error_answer(response, JsValue::from_str(""));
        failed.cause = thrown;
        return failed;
    }
    Failed::bare(Failure::NoAnswer, "the connection broke in the middle of the response", thrown)
        .with_response(response, JsValue::UNDEFINED)
}

/// A success, if its content matches the contract. `body` is undefined if it is streamed.
fn success(
    response: Response,
    body: &JsValue,
    operation: Facts,
    sent: &JsValue,
) -> Result<Success, Box<Failed>> {
    match read_answer(operation.row, response.value(), body, sent) {
        Ok(data) => Ok(Success { data, response, exchange: None }),
        Err(unfit) => {
            let note = text(&get(&unfit, "note")).unwrap_or_default();
            Err(Failed::bare(Failure::Unreadable, note, JsValue::UNDEFINED)
                .with_response(response, get(&unfit, "body")))
        }
    }
}

fn error_answer(response: Response, body: JsValue) -> Box<Failed> {
    if response.status == 0 {
        let failed = Failed::bare(
            Failure::Unreadable,
            "the response is a redirect, which is not followed: set baseUrl to the final address",
            JsValue::UNDEFINED,
        );
        return failed.with_response(response, JsValue::UNDEFINED);
    }
    let said = read_refusal(&body);
    let header = |name: &str| response.header(name);
    let waits = WaitHeaders {
        retry_after_ms: &header("retry-after-ms"),
        retry_after: &header("retry-after"),
        reset: &header("x-ratelimit-reset"),
        date: &header("date"),
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
