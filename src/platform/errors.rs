//! Makes the JavaScript error of a report (`src/js/errors.js`). The classes are exported from the
//! module through here, so that the package has one copy of them.

use super::value::set;
use crate::core::Millis;
use crate::core::message::Report;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(kind: u32, fields: &JsValue) -> JsValue;
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

/// The JavaScript error.
pub(crate) fn make(report: &Report, circumstances: &Circumstances) -> JsValue {
    let fields: JsValue = Object::new().into();
    let text = |name: &str, value: &str| set(&fields, name, &JsValue::from_str(value));
    text("message", &report.message);
    text("code", &report.code);
    text("type", &report.category);
    if let Some(raw) = &report.raw_code {
        text("rawCode", raw);
    }
    if let Some(status) = report.status {
        set(&fields, "status", &JsValue::from(status));
    }
    set(&fields, "details", &details(report));
    if let Some(wait) = report.retry_after {
        #[allow(clippy::cast_precision_loss)]
        set(&fields, "retryAfter", &JsValue::from_f64(wait as f64 / 1000.0));
    }
    set(&fields, "outcomeUnknown", &JsValue::from_bool(report.outcome_unknown));
    set(&fields, "retryable", &JsValue::from_bool(report.retryable));
    set(&fields, "attempts", &JsValue::from(circumstances.attempts));
    #[allow(clippy::cast_precision_loss)]
    set(&fields, "elapsed", &JsValue::from_f64(circumstances.elapsed as f64));
    if let Some((method, path, operation)) = circumstances.place {
        text("method", method);
        text("path", path);
        text("operation", operation);
    }
    if let Some(id) = &circumstances.request_id {
        text("requestId", id);
    }
    for (name, value) in
        [("body", &circumstances.body), ("headers", &circumstances.headers), ("cause", &circumstances.cause)]
    {
        if !value.is_undefined() {
            set(&fields, name, value);
        }
    }
    create_error(report.kind as u32, &fields)
}

fn details(report: &Report) -> JsValue {
    let list = Array::new();
    for detail in &report.details {
        let item: JsValue = Object::new().into();
        set(&item, "field", &JsValue::from_str(&detail.field));
        set(&item, "message", &JsValue::from_str(&detail.message));
        set(&item, "type", &JsValue::from_str(&detail.kind));
        list.push(&item);
    }
    list.into()
}
