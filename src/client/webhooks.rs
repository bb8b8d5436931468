//! The module's side of `webhooks`: two functions over bytes, texts and numbers, so that a module of
//! webhooks alone stays small. Arguments are checked, events read, and the objects that users see made, in
//! `src/js/webhooks.js`. Texts come and go as JavaScript values and are read by the one function that all of the
//! module shares: as `&str` and `String` each would be unpacked, and freed again, by glue of its own.

use super::Returned;
use crate::core::text::joined;
use crate::core::webhook::reason::Reason;
use crate::core::webhook::signature::{self, Scheme};
use crate::core::webhook::verify::{Delivery, Policy, verify};
use crate::platform::value::text;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

fn scheme(body_alone: bool) -> Scheme {
    if body_alone { Scheme::Body } else { Scheme::V1 }
}

/// Judges a delivery: gives its fingerprint, or throws its reason and the words for it, in two lines.
/// Absent headers are empty, secrets stand line by line, times are milliseconds.
#[wasm_bindgen(js_name = webhookVerify, skip_typescript)]
pub fn verify_webhook(
    body: &Uint8Array,
    signature: &JsValue,
    timestamp: &JsValue,
    secrets: &JsValue,
    body_alone: bool,
    tolerance: f64,
    now: f64,
) -> Returned<JsValue> {
    let read = |value| text(value).unwrap_or_default();
    let policy = Policy { secrets: &read(secrets), scheme: scheme(body_alone), now, tolerance };
    let delivery =
        Delivery { body: &body.to_vec(), signature: &read(signature), timestamp: &read(timestamp) };
    match verify(&delivery, &policy) {
        Ok(fingerprint) => Ok(JsValue::from_str(&fingerprint)),
        Err(reason) => Err(refusal(reason)),
    }
}

fn refusal(reason: Reason) -> JsValue {
    JsValue::from_str(&joined(&[reason.name(), "\n", reason.words()]))
}

/// The signature of a body, as its header says it.
#[wasm_bindgen(js_name = webhookSign, skip_typescript)]
pub fn sign_webhook(
    body: &Uint8Array,
    timestamp: &JsValue,
    secret: &JsValue,
    body_alone: bool,
) -> Returned<JsValue> {
    let read = |value| text(value).unwrap_or_default();
    let tag = signature::of(&read(secret), scheme(body_alone), &read(timestamp), &body.to_vec());
    Ok(JsValue::from_str(&tag.as_ref().map(signature::write).unwrap_or_default()))
}
