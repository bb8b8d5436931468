//! Every documented code in every form that a body may take, asked for by a fault rule.

use super::{Bench, header, text};
use crate::errors::{CODES, SHAPES};
use serde_json::{Value, json};

/// The codes of facts.md 4.3 and the first status documented for each, written out again so that a
/// slip in the table shows.
const DOCUMENTED: [(&str, u16); 16] = [
    ("VALIDATION_ERROR", 400),
    ("VALIDATION_ERROR_NUMBER_LIMIT", 400),
    ("INSUFFICIENT_BALANCE", 402),
    ("RATE_LIMIT_EXCEEDED", 429),
    ("RATE_LIMITED", 429),
    ("PHONE_NUMBER_NOT_FOUND", 404),
    ("CARRIER_ERROR", 502),
    ("TWILIO_ERROR", 502),
    ("WHATSAPP_NOT_ENABLED", 403),
    ("INBOUND_ONLY", 400),
    ("DELIVERY_UNCONFIRMED", 409),
    ("CONVERSATION_STREAK_LIMIT", 429),
    ("CONVERSATION_AWAITING_REPLY", 429),
    ("CONVERSATION_INACTIVE", 429),
    ("OUTBOUND_LIMIT_REACHED", 429),
    ("NEW_CONVERSATION_LIMIT_REACHED", 429),
];

#[test]
fn the_table_holds_every_documented_code_with_its_status() {
    let table: Vec<(&str, u16)> = CODES.iter().map(|k| (k.code, k.status)).collect();
    assert_eq!(table, DOCUMENTED);
}

#[test]
fn every_code_is_answered_in_every_shape() {
    for (code, status) in DOCUMENTED {
        for (shape, _) in SHAPES {
            let mut bench = Bench::new();
            bench.fault(json!({ "status": status, "code": code, "shape": shape, "message": "Told <so>." }));
            let response = bench.send("GET", "/v1/agents", Value::Null);
            assert_eq!(response.status, status, "{code} {shape}");
            let body = text(&response);
            let parsed: Option<Value> = serde_json::from_str(&body).ok();
            let found = parsed.unwrap_or_default();
            let kind = header(&response, "content-type").unwrap_or("none");
            let told = json!("Told <so>.");
            let fits = match shape {
                "envelope" => found["error"]["code"] == code && found["error"]["message"] == told,
                "fastapi" => found["detail"][0]["msg"] == told && found["detail"][0]["loc"].is_array(),
                "detail" => found["detail"] == told,
                "message" => found["message"] == told,
                "object" => found["detail"]["code"] == code && found["detail"]["message"] == told,
                "text" => body == "Told <so>." && kind.starts_with("text/plain"),
                "html" => body.contains("Told &lt;so&gt;.") && kind.starts_with("text/html"),
                "empty" => body.is_empty() && kind == "none",
                "broken" => found.is_null() && body.contains(code) && kind == "application/json",
                _ => false,
            };
            assert!(fits, "{code} {shape}: {kind} {body}");
        }
    }
}

#[test]
fn an_envelope_without_a_code_has_none() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 503 }));
    let (_, body) = bench.fails("GET", "/v1/agents", Value::Null);
    assert_eq!(body["error"]["message"], "Service Unavailable");
    assert!(body["error"].get("code").is_none(), "{body}");
}

#[test]
fn a_code_that_nobody_knows_yet_is_sent_as_it_is() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 418, "code": "TEAPOT" }));
    let (status, body) = bench.fails("GET", "/v1/agents", Value::Null);
    assert_eq!((status, &body["error"]["code"]), (418, &json!("TEAPOT")));
}
