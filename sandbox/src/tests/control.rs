//! The control paths: rules are added and removed, the ledger and the log report what happened, a reset
//! clears everything.

use super::{Bench, NOON, header};
use serde_json::{Value, json};

#[test]
fn rules_are_listed_with_their_hits_and_removed_one_by_one_or_all() {
    let mut bench = Bench::new();
    let rule = json!({ "match": { "operation": "agents.list" }, "status": 503 });
    let first = bench.fault(rule.clone());
    let second = bench.fault(json!({ "delayMs": 5 }));
    bench.send("GET", "/v1/agents", Value::Null);
    let listed = bench.get("/__sandbox/faults")["data"].clone();
    assert_eq!(listed[0], json!({ "id": first, "hits": 1, "rule": rule }));
    assert_eq!((&listed[1]["id"], &listed[1]["hits"]), (&json!(second), &json!(0)));
    bench.ok("DELETE", &format!("/__sandbox/faults/{first}"), Value::Null);
    assert_eq!(bench.fails("DELETE", &format!("/__sandbox/faults/{first}"), Value::Null).0, 404);
    assert_eq!(bench.send("GET", "/v1/agents", Value::Null).status, 200);
    assert_eq!(bench.ok("DELETE", "/__sandbox/faults", Value::Null)["removed"], 1);
    assert_eq!(bench.get("/__sandbox/faults")["data"], json!([]));
}

#[test]
fn the_ledger_separates_received_from_performed() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.fault(json!({ "match": { "operation": "calls.create" }, "status": 503, "times": 1 }));
    bench.fault(json!({ "match": { "operation": "calls.create" }, "cut": "before-headers", "times": 1 }));
    let body = json!({ "agentId": agent, "toNumber": "+14155550100" });
    for _ in 0..3 {
        bench.send("POST", "/v1/calls", body.clone());
    }
    bench.send("POST", "/v1/calls", json!({}));
    bench.send("GET", "/v1/nothing", Value::Null);
    let ledger = bench.ledger();
    assert_eq!(ledger["byOperation"]["calls.create"], json!({ "received": 4, "performed": 2 }));
    assert_eq!((&ledger["requests"], &ledger["callsPlaced"]), (&json!(7), &json!(2)));
}

#[test]
fn the_log_shows_what_the_client_saw() {
    let mut bench = Bench::new();
    let fault = bench.fault(json!({ "match": { "operation": "agents.list" }, "stall": "headers" }));
    bench.send("GET", "/v1/agents?limit=5", Value::Null);
    bench.send("GET", "/v1/nothing", Value::Null);
    assert_eq!(
        bench.get("/__sandbox/requests")["data"],
        json!([
            { "at": NOON, "method": "GET", "path": "/v1/agents", "operation": "agents.list", "status": null, "fault": fault },
            { "at": NOON, "method": "GET", "path": "/v1/nothing", "operation": null, "status": 404 },
        ])
    );
}

#[test]
fn the_log_keeps_the_latest_thousand() {
    let mut bench = Bench::new();
    for n in 0..1002 {
        bench.send("GET", &format!("/v1/{n}"), Value::Null);
    }
    let log = bench.get("/__sandbox/requests")["data"].clone();
    assert_eq!(log.as_array().unwrap().len(), 1000);
    assert_eq!((&log[0]["path"], &log[999]["path"]), (&json!("/v1/2"), &json!("/v1/1001")));
    assert_eq!(bench.ledger()["requests"], 1002);
}

#[test]
fn a_reset_restores_the_initial_state() {
    let (mut bench, first, _) = Bench::staffed();
    bench.fault(json!({ "status": 503 }));
    bench.ok("POST", "/__sandbox/reset", Value::Null);
    assert_eq!(bench.get("/v1/agents")["total"], 0);
    assert_eq!(bench.get("/__sandbox/faults")["data"], json!([]));
    assert_eq!(bench.ledger()["moneySpentCents"], 0);
    assert_eq!(bench.create("/v1/agents", json!({ "name": "Support" })), first, "ids begin again too");
}

#[test]
fn control_paths_need_no_key_and_are_not_counted() {
    let mut bench = Bench::new();
    let health = bench.raw("GET", "/__sandbox/health", &[], b"");
    assert_eq!(health.status, 200);
    assert_eq!(bench.ledger()["requests"], 0);
}

#[test]
fn invalid_control_requests_get_clear_errors() {
    let mut bench = Bench::new();
    for (method, path, status) in [
        ("GET", "/__sandbox", 404),
        ("GET", "/__sandbox/nothing", 404),
        ("GET", "/__sandboxes", 404),
        ("GET", "/__sandbox/reset", 405),
        ("POST", "/__sandbox/ledger", 405),
        ("GET", "/__sandbox/faults/fault_1", 405),
    ] {
        let response = bench.send(method, path, Value::Null);
        assert_eq!(response.status, status, "{method} {path}");
        assert_eq!(header(&response, "allow").is_some(), status == 405, "{method} {path}");
    }
    let response = bench.raw("POST", "/__sandbox/faults", &[], b"{oops");
    assert_eq!(response.status, 400);
}
