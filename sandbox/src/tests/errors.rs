//! Every documented code in every shape a body may have, requested by a fault rule.

use super::{Bench, header, text};
use crate::errors::{CODES, SHAPES};
use crate::{Config, ErrorForm};
use serde_json::{Value, json};

/// The documented codes and the first status documented for each, written out again so that a mistake
/// in the table is noticed.
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
fn the_table_has_every_documented_code_with_its_status() {
    let table: Vec<(&str, u16)> = CODES.iter().map(|k| (k.code, k.status)).collect();
    assert_eq!(table, DOCUMENTED);
}

#[test]
fn every_code_can_be_returned_in_every_shape() {
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
fn an_unknown_code_is_sent_as_it_is() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 418, "code": "TEAPOT" }));
    let (status, body) = bench.fails("GET", "/v1/agents", Value::Null);
    assert_eq!((status, &body["error"]["code"]), (418, &json!("TEAPOT")));
}

/// A sandbox whose error bodies have the shape recorded from the real API.
fn recorded() -> Bench {
    Bench::with(Config { limits: false, errors: ErrorForm::Detail, balance_cents: 310, ..Config::default() })
}

#[test]
fn the_detail_shape_alone_says_what_is_wrong() {
    let mut bench = recorded();
    let agent = bench.create("/v1/agents", json!({ "name": "A" }));
    let number = bench.create("/v1/numbers", json!({ "agentId": agent }));
    let message = |to: &str| json!({ "number_id": number, "to_number": to, "body": "Hi" });
    for (path, body, status, part) in [
        ("/v1/numbers", json!({ "agentId": agent }), 402, "balance is too low"),
        ("/v1/calls", json!({ "agentId": agent, "toNumber": "+911" }), 400, "toNumber: "),
        ("/v1/messages", message("nobody"), 400, "to_number: "),
        ("/v1/messages", message("+15005550105"), 429, "Rate limit"),
        ("/v1/messages", message("+15005550109"), 403, "WhatsApp"),
        ("/v1/calls", json!({ "agentId": "none", "toNumber": "+14155550100" }), 404, "not found"),
    ] {
        let (found, body) = bench.fails("POST", path, body);
        assert_eq!(found, status, "{path} {body}");
        assert!(body["detail"].as_str().is_some_and(|text| text.contains(part)), "{path} {body}");
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    }
    let (status, body) = bench.fails("POST", "/v1/agents", json!({}));
    assert_eq!(status, 422, "{body}");
    assert!(body["detail"][0]["msg"].is_string(), "the framework has its own form: {body}");
}

#[test]
fn rate_limits_and_a_full_sandbox_use_that_shape_too() {
    let errors = ErrorForm::Detail;
    let mut bench = Bench::with(Config { errors, max_objects: 1, ..Config::default() });
    bench.create("/v1/agents", json!({ "name": "A" }));
    let (status, body) = bench.fails("POST", "/v1/agents", json!({ "name": "B" }));
    assert!(status == 400 && body["detail"].as_str().unwrap().contains("maxObjects"), "{body}");
    let mut answers = (0..200).map(|_| bench.send("GET", "/v1/agents", Value::Null));
    let limited = answers.find(|answer| answer.status == 429).unwrap();
    let body: Value = serde_json::from_str(&text(&limited)).unwrap();
    assert!(body["detail"].as_str().unwrap().contains("Rate limit"), "{body}");
    assert!(header(&limited, "retry-after").is_some());
}

#[test]
fn a_rule_with_a_shape_uses_it_and_one_without_uses_the_default() {
    let mut bench = recorded();
    bench.fault(json!({ "status": 402, "code": "INSUFFICIENT_BALANCE", "shape": "envelope", "times": 1 }));
    bench.fault(json!({ "status": 402, "code": "INSUFFICIENT_BALANCE", "times": 1 }));
    let (_, named) = bench.fails("GET", "/v1/agents", Value::Null);
    assert_eq!(named["error"]["code"], "INSUFFICIENT_BALANCE");
    let (_, usual) = bench.fails("GET", "/v1/agents", Value::Null);
    assert!(usual["detail"].is_string(), "{usual}");
}
