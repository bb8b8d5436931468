//! The module's side of `webhooks` and `voice`: what JavaScript asks of `core::webhook`, in two steps over
//! the module's edge. Arguments are checked, and the objects that users see made, in `src/js/webhooks.js`.

use super::Returned;
use crate::core::answer::BodyKind;
use crate::core::message;
use crate::core::webhook::reason::Reason;
use crate::core::webhook::signature::{self, Scheme};
use crate::core::webhook::verify::{Delivery, Policy, verify};
use crate::platform::errors::{self, Circumstances};
use crate::platform::value::{body_kind, kind_in_words, parse_json, set};
use wasm_bindgen::prelude::*;

fn scheme(body_alone: bool) -> Scheme {
    if body_alone { Scheme::Body } else { Scheme::V1 }
}

/// Judges a delivery: gives its fingerprint or throws. Absent headers are empty, secrets stand line by
/// line, times are milliseconds.
#[wasm_bindgen(js_name = webhookVerify, skip_typescript)]
pub fn verify_webhook(
    body: &[u8],
    signature: &str,
    timestamp: &str,
    secrets: &str,
    body_alone: bool,
    tolerance: f64,
    now: f64,
) -> Result<String, JsValue> {
    let policy = Policy { secrets, scheme: scheme(body_alone), now, tolerance };
    verify(&Delivery { body, signature, timestamp }, &policy).map_err(refusal)
}

/// Parses a body that was judged genuine.
#[wasm_bindgen(js_name = webhookEvent, skip_typescript)]
pub fn webhook_event(body: &JsValue) -> Returned<JsValue> {
    let event = parse_json(body).unwrap_or(JsValue::NULL);
    if body_kind(&event) == BodyKind::Object { Ok(event) } else { Err(refusal(Reason::NotAnEvent)) }
}

/// The signature of a body, as its header says it.
#[wasm_bindgen(js_name = webhookSign, skip_typescript)]
pub fn sign_webhook(body: &[u8], timestamp: &str, secret: &str, body_alone: bool) -> String {
    signature::of(secret, scheme(body_alone), timestamp, body)
        .as_ref()
        .map(signature::write)
        .unwrap_or_default()
}

/// Throws an `InvalidArgumentError` that says what an argument must be, and of what it is only the kind.
#[wasm_bindgen(js_name = webhookRefuse, skip_typescript)]
pub fn refuse_argument(subject: &str, must: &str, value: &JsValue) -> Result<(), JsValue> {
    let kind = if value.is_undefined() { "" } else { kind_in_words(value) };
    let join = if kind.is_empty() { "" } else { ", not " };
    let report = message::own("INVALID_ARGUMENT", subject, &[must, join, kind].concat(), false);
    Err(errors::make(&report, &Circumstances::default()))
}

fn refusal(reason: Reason) -> JsValue {
    let report = message::own("WEBHOOK_SIGNATURE_INVALID", "webhooks.verify", reason.words(), false);
    let error = errors::make(&report, &Circumstances::default());
    set(&error, "reason", &JsValue::from_str(reason.name()));
    error
}
