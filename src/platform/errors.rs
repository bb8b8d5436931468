//! Makes the JavaScript error of a report (`src/js/errors.js`). The classes are exported from the
//! module through here, so that the package has one copy of them.

use crate::core::Millis;
use crate::core::message::Report;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    // One call with many arguments: an object made from here would be a call a property.
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(js_name = createError)]
    fn create_error(
        kind: u32,
        message: &str,
        code: &str,
        category: &str,
        raw_code: &str,
        status: u32,
        details: &str,
        retry_after: f64,
        outcome_unknown: bool,
        retryable: bool,
        attempts: u32,
        elapsed: f64,
        method: &str,
        path: &str,
        operation: &str,
        request_id: &str,
        body: &JsValue,
        headers: &JsValue,
        cause: &JsValue,
    ) -> JsValue;
}

/// Exports error classes of `src/js/errors.js` under their own names.
macro_rules! export_classes {
    ($($name:ident)*) => {
        #[wasm_bindgen(module = "/src/js/errors.js")]
        extern "C" {
            $(
                #[wasm_bindgen(reexport)]
                #[doc = "A class of `src/js/errors.js`."]
                #[derive(Debug)]
                pub type $name;
            )*
        }
    };
}

export_classes! {
    AgentPhoneError ValidationError NumberLimitError AuthenticationError InsufficientBalanceError
    PermissionDeniedError NotFoundError PhoneNumberNotFoundError ConflictError
    DeliveryUnconfirmedError RateLimitError MessagingLimitError CarrierError ServerError
    ConnectionError TimeoutError AbortError InvalidResponseError InvalidArgumentError
    ConfigurationError WebhookVerificationError
}

/// What an error tells beyond its report.
#[derive(Debug, Default)]
pub(crate) struct Circumstances {
    pub(crate) attempts: u32,
    pub(crate) elapsed: Millis,
    /// Method, path template and operation; absent for faults of the constructor.
    pub(crate) place: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) request_id: Option<String>,
    /// The parsed body or its text, the headers, the cause: `undefined` where there is none.
    pub(crate) body: JsValue,
    pub(crate) headers: JsValue,
    pub(crate) cause: JsValue,
}

/// The JavaScript error. What there is none of is empty, 0 or `undefined`, and the wait then NaN.
/// Of the details each text ends a line: a report has them without line breaks.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn make(report: &Report, circumstances: &Circumstances) -> JsValue {
    let (method, path, operation) = circumstances.place.unwrap_or_default();
    let mut details = String::new();
    for detail in &report.details {
        for text in [&detail.field, &detail.message, &detail.kind] {
            details.push_str(text);
            details.push('\n');
        }
    }
    create_error(
        report.kind as u32,
        &report.message,
        &report.code,
        &report.category,
        report.raw_code.as_deref().unwrap_or_default(),
        u32::from(report.status.unwrap_or_default()),
        &details,
        report.retry_after.map_or(f64::NAN, |wait| wait as f64 / 1000.0),
        report.outcome_unknown,
        report.retryable,
        circumstances.attempts,
        circumstances.elapsed as f64,
        method,
        path,
        operation,
        circumstances.request_id.as_deref().unwrap_or_default(),
        &circumstances.body,
        &circumstances.headers,
        &circumstances.cause,
    )
}
