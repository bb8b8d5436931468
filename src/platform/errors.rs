//! Creates the JavaScript error of a failure (`src/js/errors`: `failure.js` decides its class, code and message; `error.js` and
//! `errors.js` have the classes). The module exports the classes from here, so that the package has one copy of them.

use crate::core::Millis;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors/failure.js")]
extern "C" {
    #[wasm_bindgen(js_name = createFailure)]
    fn create_failure(
        subject: &JsValue,
        code: &str,
        note: &str,
        verdict: &JsValue,
        evidence: &JsValue,
    ) -> JsValue;
    // Objects created in JavaScript: from here each property would cost a call.
    #[wasm_bindgen(js_name = verdictOf)]
    fn verdict_of(
        outcome_unknown: bool,
        retryable: bool,
        retry_after: f64,
        attempts: u32,
        elapsed: f64,
    ) -> JsValue;
    #[wasm_bindgen(js_name = evidenceOf)]
    fn evidence_of(
        cause: &JsValue,
        response: &JsValue,
        status: u32,
        body: &JsValue,
        prepared: &JsValue,
        options: &JsValue,
        key: &JsValue,
    ) -> JsValue;
}

// Files that `failure.js` imports: wasm-bindgen copies only the files that Rust names into a front end in Rust.
#[wasm_bindgen(module = "/src/js/errors/catalogue.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = codeOfStatus)]
    fn code_of_status(status: u32) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/state/lost.js")]
extern "C" {
    /// What is remembered of a request whose answer was lost, by its error. Only the Rust face needs it here.
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = lostWith)]
    pub(crate) fn lost_with(error: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/lib/stack.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = withoutStack)]
    fn without_stack(make: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/errors/redact.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = oneLine)]
    fn one_line(text: &str) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/lib/fold.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = fold)]
    fn fold(text: &str) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/lib/pieces.js")]
extern "C" {
    #[allow(dead_code)]
    type Haystack;
}
#[wasm_bindgen(module = "/src/js/lib/escapes.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = readingsOf)]
    fn readings_of(text: &str) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/errors/private.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = isOpen)]
    fn is_open(name: &str, text: &str) -> bool;
}

/// Exports error classes of a file of `src/js` under their own names.
macro_rules! export_classes {
    (#[$file:meta] $($name:ident)*) => {
        #[$file]
        extern "C" {
            $(
                #[wasm_bindgen(reexport)]
                #[doc = "A class of JavaScript's."]
                #[derive(Debug)]
                pub type $name;
            )*
        }
    };
}

export_classes! {
    #[wasm_bindgen(module = "/src/js/errors/error.js")]
    AgentPhoneError InvalidArgumentError WebhookVerificationError
}

export_classes! {
    #[wasm_bindgen(module = "/src/js/errors/errors.js")]
    ValidationError NumberLimitError AuthenticationError InsufficientBalanceError PermissionDeniedError
    NotFoundError PhoneNumberNotFoundError ConflictError DeliveryUnconfirmedError RateLimitError
    MessagingLimitError CarrierError ServerError ConnectionError TimeoutError AbortError
    InvalidResponseError ConfigurationError IdempotencyError
}

/// What an error says. Absent values are empty, 0 or `undefined`.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// The number of the operation that failed.
    pub(crate) row: Option<u32>,
    /// What failed, if it is not an operation, e.g. `calls.wait`. Empty for the constructor.
    pub(crate) subject: &'static str,
    /// One of the client's own codes; empty if the API has refused, and then `body` is what it says.
    pub(crate) code: &'a str,
    /// What the client knows.
    pub(crate) note: &'a str,
    /// Whether the operation may have happened.
    pub(crate) outcome_unknown: bool,
    /// Whether trying again later can help.
    pub(crate) retryable: bool,
    /// How long the server asks us to wait.
    pub(crate) retry_after: Option<Millis>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Millis,
    pub(crate) cause: JsValue,
    /// The response, its status and its body.
    pub(crate) response: JsValue,
    pub(crate) status: u16,
    pub(crate) body: JsValue,
    /// What was sent, the options and the key of a supplier, all of which are taken out of what the server says.
    pub(crate) sent: Option<(&'a JsValue, &'a JsValue, &'a JsValue)>,
}

impl Default for Report<'_> {
    fn default() -> Self {
        Self {
            row: None,
            subject: "",
            code: "",
            note: "",
            outcome_unknown: false,
            retryable: false,
            retry_after: None,
            attempts: 0,
            elapsed: 0,
            cause: JsValue::UNDEFINED,
            response: JsValue::UNDEFINED,
            status: 0,
            body: JsValue::UNDEFINED,
            sent: None,
        }
    }
}

/// The JavaScript error.
#[allow(clippy::cast_precision_loss)]
#[inline(never)]
pub(crate) fn make(report: &Report<'_>) -> JsValue {
    let none = JsValue::UNDEFINED;
    let (prepared, options, key) = report.sent.unwrap_or((&none, &none, &none));
    let verdict = verdict_of(
        report.outcome_unknown,
        report.retryable,
        report.retry_after.map_or(f64::NAN, |wait| wait as f64 / 1000.0),
        report.attempts,
        report.elapsed as f64,
    );
    let status = u32::from(report.status);
    let evidence = evidence_of(&report.cause, &report.response, status, &report.body, prepared, options, key);
    let subject = report.row.map_or_else(|| JsValue::from_str(report.subject), JsValue::from);
    create_failure(&subject, report.code, report.note, &verdict, &evidence)
}
