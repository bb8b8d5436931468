//! The documented rate limits, which the other tests turn off.

use super::{Bench, header, json_of};
use crate::Config;
use serde_json::{Value, json};

/// A bench with enough money on which the limits apply.
fn bench() -> Bench {
    Bench::with(Config { balance_cents: 1_000_000, ..Config::default() })
}

fn statuses(bench: &mut Bench, count: usize, method: &str, path: &str, body: &Value) -> Vec<u16> {
    (0..count).map(|_| bench.send(method, path, body.clone()).status).collect()
}

#[test]
fn each_limit_rejects_one_request_more_and_ends_after_its_window() {
    let hook = json!({ "url": "https://example.com" });
    for (method, path, body, allowed, per_ms) in [
        ("POST", "/v1/numbers", json!({}), 5, 3_600_000),
        ("DELETE", "/v1/numbers/none", Value::Null, 10, 3_600_000),
        ("POST", "/v1/webhooks", hook, 100, 3_600_000),
        ("POST", "/v1/webhooks/test", Value::Null, 60, 3_600_000),
        ("GET", "/v1/numbers", Value::Null, 1000, 60_000),
        ("GET", "/v1/conversations", Value::Null, 100, 60_000),
        ("GET", "/v1/numbers/none/messages", Value::Null, 100, 60_000),
        ("POST", "/v1/calls", json!({ "agentId": "a", "toNumber": "+14155550100" }), 100, 60_000),
        ("POST", "/v1/register", json!({}), 5, 3_600_000),
    ] {
        let mut bench = bench();
        let passed = statuses(&mut bench, allowed, method, path, &body);
        assert!(!passed.contains(&429), "{method} {path}: {passed:?}");
        let refused = bench.send(method, path, body.clone());
        assert_eq!(refused.status, 429, "{method} {path}");
        assert_eq!(json_of(&refused)["error"]["code"], "RATE_LIMIT_EXCEEDED", "{method} {path}");
        let seconds = (per_ms / 1000).to_string();
        for (name, value) in [
            ("retry-after", seconds.as_str()),
            ("x-ratelimit-limit", &allowed.to_string()),
            ("x-ratelimit-remaining", "0"),
        ] {
            assert_eq!(header(&refused, name), Some(value), "{method} {path} {name}");
        }
        bench.now += per_ms - 1;
        assert_eq!(bench.send(method, path, body.clone()).status, 429, "{method} {path}");
        bench.now += 1;
        assert_ne!(bench.send(method, path, body).status, 429, "{method} {path}");
    }
}

#[test]
fn a_rejected_request_has_no_effect_and_other_operations_continue() {
    let mut bench = bench();
    statuses(&mut bench, 7, "POST", "/v1/numbers", &json!({}));
    assert_eq!(bench.ledger()["numbersBought"], 5);
    assert_eq!(bench.send("GET", "/v1/numbers", Value::Null).status, 200);
}

#[test]
fn a_wrong_key_does_not_use_up_a_limit() {
    let mut bench = bench();
    for _ in 0..200 {
        assert_eq!(bench.raw("GET", "/v1/agents", &[], b"").status, 401);
    }
    assert_eq!(bench.send("GET", "/v1/agents", Value::Null).status, 200);
}

#[test]
fn control_paths_have_no_limit() {
    let mut bench = bench();
    assert!(!statuses(&mut bench, 300, "GET", "/__sandbox/ledger", &Value::Null).contains(&429));
}

#[test]
fn a_limit_survives_a_restart() {
    let mut bench = bench();
    statuses(&mut bench, 5, "POST", "/v1/numbers", &json!({}));
    let saved = bench.engine.snapshot();
    bench.engine.restore(&saved).unwrap();
    assert_eq!(bench.send("POST", "/v1/numbers", json!({})).status, 429);
}
