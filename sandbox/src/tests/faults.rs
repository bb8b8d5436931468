//! Faults: which requests they match, what they do to the response, and that the ledger records what
//! really happened.

use super::{Bench, header, json_of, text};
use crate::{Action, Delivery};
use serde_json::{Value, json};

/// Places a call under a rule: (status, delivery, calls really placed).
fn call_under(rule: Value) -> (u16, Delivery, u64) {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(rule);
    let response = bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }));
    (response.status, response.delivery, bench.ledger()["callsPlaced"].as_u64().unwrap())
}

#[test]
fn a_lost_response_still_places_the_call() {
    for (rule, action, placed) in [
        (json!({ "cut": "before-effect" }), Action::CutBeforeHeaders, 0),
        (json!({ "cut": "before-headers" }), Action::CutBeforeHeaders, 1),
        (json!({ "cut": "after-headers" }), Action::CutAfterHeaders, 1),
        (json!({ "cut": "mid-body" }), Action::CutMidBody, 1),
        (json!({ "stall": "headers" }), Action::StallHeaders, 1),
        (json!({ "stall": "body" }), Action::StallBody, 1),
        (json!({ "slow": { "bytes": 10, "everyMs": 5 } }), Action::Slow { bytes: 10, every_ms: 5 }, 1),
        (json!({ "delayMs": 250 }), Action::Normal, 1),
    ] {
        let (_, delivery, calls) = call_under(rule.clone());
        assert_eq!((delivery.action, calls), (action, placed), "{rule}");
    }
}

#[test]
fn an_error_is_returned_with_or_without_the_effect() {
    for (rule, status, placed) in [
        (json!({ "status": 503 }), 503, 0),
        (json!({ "status": 503, "effect": false }), 503, 0),
        (json!({ "status": 503, "effect": true }), 503, 1),
        (json!({ "status": 409, "code": "DELIVERY_UNCONFIRMED", "effect": true }), 409, 1),
    ] {
        let (found, _, calls) = call_under(rule.clone());
        assert_eq!((found, calls), (status, placed), "{rule}");
    }
}

#[test]
fn garbage_replaces_the_response_after_the_effect() {
    for (garbage, kind, is_json) in [
        ("html", "text/html; charset=utf-8", false),
        ("empty", "application/json", false),
        ("truncated", "application/json", false),
        ("text", "text/plain; charset=utf-8", false),
        ("array", "application/json", true),
        ("null", "application/json", true),
    ] {
        let (mut bench, agent, _) = Bench::staffed();
        bench.fault(json!({ "garbage": garbage }));
        let response =
            bench.send("POST", "/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }));
        assert_eq!((response.status, header(&response, "content-type")), (200, Some(kind)), "{garbage}");
        let parsed: Result<Value, _> = serde_json::from_slice(&response.body);
        assert_eq!(parsed.is_ok(), is_json, "{garbage}: {}", text(&response));
        assert!(!parsed.is_ok_and(|v| v.is_object()), "{garbage}");
        assert_eq!(bench.ledger()["callsPlaced"], 1, "{garbage}");
    }
}

#[test]
fn a_delay_combines_with_any_action() {
    let (_, delivery, _) = call_under(json!({ "cut": "mid-body", "delayMs": 40 }));
    assert_eq!(delivery, Delivery { delay_ms: 40, action: Action::CutMidBody });
}

#[test]
fn a_rule_applies_only_to_matching_requests() {
    for (matcher, hit) in [
        (json!({}), true),
        (json!({ "operation": "agents.list" }), true),
        (json!({ "operation": "agents.get" }), false),
        (json!({ "method": "get" }), true),
        (json!({ "method": "POST" }), false),
        (json!({ "path": "/v1/ag" }), true),
        (json!({ "path": "/v1/agents/x" }), false),
        (json!({ "operation": "agents.list", "method": "GET", "path": "/v1" }), true),
        (json!({ "operation": "agents.list", "method": "POST" }), false),
    ] {
        let mut bench = Bench::new();
        bench.fault(json!({ "match": matcher, "status": 503 }));
        let status = bench.send("GET", "/v1/agents", Value::Null).status;
        assert_eq!(status == 503, hit, "{matcher}");
    }
}

#[test]
fn the_first_applicable_rule_wins_and_a_used_up_one_is_skipped() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 500, "times": 2 }));
    bench.fault(json!({ "status": 502, "times": 1 }));
    let seen: Vec<u16> = (0..4).map(|_| bench.send("GET", "/v1/agents", Value::Null).status).collect();
    assert_eq!(seen, [500, 500, 502, 200]);
    let rules = bench.get("/__sandbox/faults");
    let hits: Vec<&Value> = rules["data"].as_array().unwrap().iter().map(|r| &r["hits"]).collect();
    assert_eq!(hits, [&json!(2), &json!(1)]);
}

#[test]
fn probabilities_are_seeded_and_fair() {
    let failures = |probability: f64| {
        let mut bench = Bench::new();
        bench.fault(json!({ "status": 503, "probability": probability }));
        (0..1000).filter(|_| bench.send("GET", "/v1/agents", Value::Null).status == 503).count()
    };
    assert_eq!((failures(0.0), failures(1.0)), (0, 1000));
    let some = failures(0.3);
    assert!((250..350).contains(&some), "{some}");
    assert_eq!(failures(0.3), some);
}

#[test]
fn a_limit_rejects_excess_requests_until_its_window_closes() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.now += 1;
    bench.fault(
        json!({ "match": { "operation": "calls.create" }, "limit": { "requests": 2, "perMs": 1500 } }),
    );
    let body = json!({ "agentId": agent, "toNumber": "+14155550100" });
    let place = |bench: &mut Bench| bench.send("POST", "/v1/calls", body.clone());
    assert_eq!((place(&mut bench).status, place(&mut bench).status), (200, 200));
    bench.now += 400;
    let refused = place(&mut bench);
    assert_eq!(refused.status, 429);
    assert_eq!(json_of(&refused)["error"]["code"], "RATE_LIMIT_EXCEEDED");
    assert_eq!(json_of(&refused)["error"]["message"], "Rate limit exceeded. Limit: 2 requests per 1.5s");
    for (name, value) in [
        // 1.1 s are left, rounded up.
        ("retry-after", "2"),
        ("x-ratelimit-limit", "2"),
        ("x-ratelimit-remaining", "0"),
        // NOON + 1.501 s, rounded up.
        ("x-ratelimit-reset", "1795348802"),
    ] {
        assert_eq!(header(&refused, name), Some(value), "{name}");
    }
    bench.now += 1099;
    assert_eq!(place(&mut bench).status, 429);
    bench.now += 1;
    assert_eq!(place(&mut bench).status, 200);
    assert_eq!(bench.ledger()["callsPlaced"], 3);
}

#[test]
fn a_limit_that_is_not_reached_leaves_the_request_to_the_next_rule() {
    let mut bench = Bench::new();
    bench.fault(json!({ "limit": { "requests": 1, "perMs": 1000 } }));
    bench.fault(json!({ "status": 503 }));
    let seen: Vec<u16> = (0..2).map(|_| bench.send("GET", "/v1/agents", Value::Null).status).collect();
    assert_eq!(seen, [503, 429]);
}

#[test]
fn a_rule_sets_headers_on_its_error() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 503, "headers": { "Retry-After": 7, "x-note": "soon" } }));
    let response = bench.send("GET", "/v1/agents", Value::Null);
    assert_eq!((header(&response, "retry-after"), header(&response, "x-note")), (Some("7"), Some("soon")));
    bench.ok("DELETE", "/__sandbox/faults", Value::Null);
    bench.fault(json!({ "status": 503, "headers": { "Content-Type": "application/problem+json" } }));
    let response = bench.send("GET", "/v1/agents", Value::Null);
    let types: Vec<_> = response.headers.iter().filter(|(n, _)| n == "content-type").collect();
    assert_eq!(types, [&("content-type".to_owned(), "application/problem+json".to_owned())]);
}

#[test]
fn faults_come_before_the_key_check_and_apply_to_unknown_paths_but_never_to_control_paths() {
    let mut bench = Bench::new();
    bench.fault(json!({ "status": 503 }));
    assert_eq!(bench.raw("GET", "/v1/agents", &[], b"").status, 503);
    assert_eq!(bench.raw("GET", "/v1/nothing", &[], b"").status, 503);
    bench.get("/__sandbox/health");
}

#[test]
fn an_invalid_rule_is_rejected_with_the_name_of_the_field() {
    for (rule, field) in [
        (json!([]), "object"),
        (json!({}), "delayMs"),
        (json!({ "status": 503, "colour": "red" }), "colour"),
        (json!({ "match": { "operaton": "calls.create" }, "status": 503 }), "match.operaton"),
        (json!({ "match": { "operation": "calls.creat" }, "status": 503 }), "match.operation"),
        (json!({ "match": { "path": "v1" }, "status": 503 }), "match.path"),
        (json!({ "match": { "method": 5 }, "status": 503 }), "match.method"),
        (json!({ "match": { "method": "" }, "status": 503 }), "match.method"),
        (json!({ "match": "calls.create", "status": 503 }), "match"),
        (json!({ "status": 503, "cut": "mid-body" }), "cut"),
        (json!({ "status": "503" }), "status"),
        (json!({ "status": 42 }), "status"),
        (json!({ "status": 503, "shape": "xml" }), "shape"),
        (json!({ "status": 503, "code": 5 }), "code"),
        (json!({ "status": 503, "message": 5 }), "message"),
        (json!({ "status": 503, "effect": "yes" }), "effect"),
        (json!({ "status": 503, "headers": { "a b": "c" } }), "headers.a b"),
        (json!({ "status": 503, "headers": { "a": "c\r\nd: e" } }), "headers.a"),
        (json!({ "status": 503, "headers": { "a": null } }), "headers.a"),
        (json!({ "status": 503, "headers": { "Content-Length": "5" } }), "headers.Content-Length"),
        (json!({ "cut": "mid-body", "code": "X" }), "code"),
        (json!({ "delayMs": 5, "effect": true }), "effect"),
        (json!({ "cut": "headers" }), "cut"),
        (json!({ "stall": true }), "stall"),
        (json!({ "garbage": "noise" }), "garbage"),
        (json!({ "slow": { "bytes": 0, "everyMs": 5 } }), "slow.bytes"),
        (json!({ "slow": { "bytes": 1 } }), "slow.everyMs"),
        (json!({ "slow": 5 }), "slow"),
        (json!({ "limit": { "requests": 1, "perMs": 1, "burst": 2 } }), "limit.burst"),
        (json!({ "limit": { "requests": 1 } }), "limit.perMs"),
        (json!({ "limit": { "requests": 1.5, "perMs": 1 } }), "limit.requests"),
        (json!({ "delayMs": -1 }), "delayMs"),
        (json!({ "delayMs": 600_001 }), "delayMs"),
        (json!({ "status": 503, "times": 0 }), "times"),
        (json!({ "status": 503, "probability": 1.1 }), "probability"),
        (json!({ "duplicate": true, "delayMs": 5 }), "delayMs"),
        (json!({ "late": false }), "late"),
        (json!({ "late": 5 }), "late"),
        (json!({ "late": { "ms": 5 } }), "late.ms"),
        (json!({ "late": { "afterMs": 0 } }), "late.afterMs"),
        (json!({ "late": { "afterMs": 86_400_001_u64 } }), "late.afterMs"),
        (json!({ "late": true, "cut": "before-effect" }), "late"),
        (json!({ "late": true, "cut": "mid-body" }), "late"),
        (json!({ "late": true, "garbage": "html" }), "late"),
        (json!({ "late": true, "status": 504, "effect": true }), "effect"),
        (json!({ "late": true, "limit": { "requests": 1, "perMs": 1 } }), "late"),
        (json!({ "late": true, "lagMs": 5 }), "lagMs"),
        (json!({ "match": { "operation": "calls.list" }, "late": true }), "late: calls.list"),
        (json!({ "unlisted": "yes" }), "unlisted"),
        (json!({ "unlisted": { "forMs": 0 } }), "unlisted.forMs"),
        (json!({ "unlisted": { "from": "search" } }), "unlisted.from"),
        (json!({ "unlisted": { "from": 5 } }), "unlisted.from"),
        (json!({ "unlisted": true, "cut": "before-effect" }), "unlisted"),
        (json!({ "unlisted": true, "status": 500 }), "unlisted"),
        (json!({ "match": { "operation": "calls.end" }, "unlisted": true }), "unlisted: calls.end"),
        (json!({ "foreign": { "ours": true } }), "foreign.ours"),
        (json!({ "foreign": { "afterMs": -1 } }), "foreign.afterMs"),
        (json!({ "foreign": true, "duplicate": true }), "foreign"),
        (json!({ "match": { "operation": "agents.get" }, "foreign": true }), "foreign: agents.get"),
        (json!({ "startedAt": "placed" }), "startedAt"),
        (
            json!({ "match": { "operation": "messages.send" }, "startedAt": "answered" }),
            "startedAt: messages",
        ),
        (json!({ "lagMs": 0 }), "lagMs"),
        (json!({ "match": { "operation": "calls.get" }, "lagMs": 5 }), "lagMs: calls.get"),
        (json!({ "order": "random" }), "order"),
        (json!({ "match": { "operation": "calls.create" }, "order": "oldest" }), "order: calls.create"),
        (json!({ "status": 503, "probability": "half" }), "probability"),
    ] {
        let mut bench = Bench::new();
        let (status, body) = bench.fails("POST", "/__sandbox/faults", rule.clone());
        let detail = body["detail"].as_str().unwrap();
        assert_eq!(status, 400, "{rule}");
        assert!(detail.contains(field), "{rule}: {detail}");
        assert_eq!(bench.get("/__sandbox/faults")["data"], json!([]), "{rule}");
    }
}
