//! Numbers and the wallet they are paid from.

use super::{Bench, NOON, ids};
use crate::Config;
use crate::time::iso;
use serde_json::{Value, json};

#[test]
fn a_purchased_number_is_paid_for_and_listed() {
    let mut bench = Bench::new();
    let number = bench.ok("POST", "/v1/numbers", json!({ "areaCode": "212" }));
    assert_eq!(number["phoneNumber"], "+12125550150");
    assert_eq!(ids(&bench.get("/v1/numbers")), [number["id"].as_str().unwrap()]);
    let ledger = bench.ledger();
    assert_eq!((&ledger["numbersBought"], &ledger["moneySpentCents"]), (&json!(1), &json!(300)));
}

#[test]
fn a_purchase_takes_the_first_number_on_sale_and_takes_it_off_sale() {
    let mut bench = Bench::new();
    let offer = |b: &mut Bench| b.get("/v1/numbers/available?areaCode=415&limit=2")["data"].clone();
    let before = offer(&mut bench);
    let bought = bench.ok("POST", "/v1/numbers", json!({ "areaCode": "415" }))["phoneNumber"].clone();
    assert_eq!(bought, before[0]["phoneNumber"]);
    assert_eq!(offer(&mut bench)[0], before[1]);
}

#[test]
fn a_purchase_needs_no_body() {
    for body in ["", "null", "{}"] {
        let mut bench = Bench::new();
        let response = bench.raw("POST", "/v1/numbers", &[("authorization", "Bearer sk_1")], body.as_bytes());
        assert_eq!(response.status, 200, "{body}");
    }
}

#[test]
fn a_purchase_needs_three_dollars() {
    let mut bench = Bench::with(Config { balance_cents: 599, ..Config::default() });
    bench.create("/v1/numbers", json!({}));
    let (status, body) = bench.fails("POST", "/v1/numbers", json!({}));
    assert_eq!((status, &body["error"]["code"]), (402, &json!("INSUFFICIENT_BALANCE")));
    assert_eq!(bench.ledger()["moneySpentCents"], 300);
    assert_eq!(bench.get("/v1/numbers")["total"], 1);
}

#[test]
fn the_eleventh_number_is_rejected_until_one_is_released() {
    let mut bench = Bench::new();
    let bought: Vec<String> = (0..10).map(|_| bench.create("/v1/numbers", json!({}))).collect();
    let (status, body) = bench.fails("POST", "/v1/numbers", json!({}));
    assert_eq!((status, &body["error"]["code"]), (400, &json!("VALIDATION_ERROR_NUMBER_LIMIT")));
    assert_eq!(bench.ledger()["moneySpentCents"], 3000);
    bench.ok("DELETE", &format!("/v1/numbers/{}", bought[0]), Value::Null);
    bench.create("/v1/numbers", json!({}));
}

#[test]
fn a_released_number_is_not_listed_but_can_still_be_read() {
    let (mut bench, agent, number) = Bench::staffed();
    let path = format!("/v1/numbers/{number}");
    let answer = bench.ok("DELETE", &path, Value::Null);
    assert_eq!(bench.ok("DELETE", &path, Value::Null), answer, "a repeat gets the lost answer");
    let read = bench.get(&path);
    assert_eq!((&read["status"], &read["agentId"]), (&json!("released"), &Value::Null));
    assert_eq!(bench.get("/v1/numbers")["total"], 0);
    assert_eq!(bench.get(&format!("/v1/agents/{agent}"))["numbers"], json!([]));
    assert_eq!(bench.fails("PATCH", &path, json!({ "externalId": "x" })).0, 404);
    let attach = format!("/v1/agents/{agent}/numbers");
    assert_eq!(bench.fails("POST", &attach, json!({ "numberId": number })).0, 404);
}

#[test]
fn a_released_number_is_on_sale_again() {
    let mut bench = Bench::new();
    let first = bench.ok("POST", "/v1/numbers", json!({}));
    bench.ok("DELETE", &format!("/v1/numbers/{}", first["id"].as_str().unwrap()), Value::Null);
    let second = bench.ok("POST", "/v1/numbers", json!({}));
    assert_eq!(second["phoneNumber"], first["phoneNumber"]);
    assert_ne!(second["id"], first["id"]);
}

#[test]
fn pages_say_whether_there_are_more() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        bench.create("/v1/numbers", json!({}));
    }
    for (query, length, more) in [
        ("?limit=2", 2, true),
        ("?limit=2&offset=3", 2, false),
        ("?offset=9", 0, false),
        ("?limit=5", 5, false),
    ] {
        let page = bench.get(&format!("/v1/numbers{query}"));
        assert_eq!(ids(&page).len(), length, "{query}");
        assert_eq!((&page["hasMore"], &page["total"]), (&json!(more), &json!(5)), "{query}");
    }
}

#[test]
fn rules_of_buying_name_the_field() {
    for (body, field) in [
        (json!({ "country": "DE" }), "country"),
        (json!({ "country": "usa" }), "country"),
        (json!({ "areaCode": "4155" }), "areaCode"),
        (json!({ "type": "fax" }), "type"),
        (json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "expiresAt"),
    ] {
        let mut bench = Bench::new();
        let (status, answer) = bench.fails("POST", "/v1/numbers", body.clone());
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("VALIDATION_ERROR")), "{body}");
        assert_eq!(answer["error"]["details"][0]["field"], field, "{body}");
        assert_eq!(bench.ledger()["numbersBought"], 0);
    }
}

#[test]
fn a_number_is_released_when_it_expires() {
    let mut bench = Bench::new();
    let number = bench.create("/v1/numbers", json!({ "expiresAt": iso(NOON + 1000) }));
    bench.now += 999;
    assert_eq!(bench.get("/v1/numbers")["total"], 1);
    bench.now += 1;
    assert_eq!(bench.get("/v1/numbers")["total"], 0);
    assert_eq!(bench.get(&format!("/v1/numbers/{number}"))["status"], "released");
}

#[test]
fn tag_and_expiry_can_be_changed_cleared_and_left_alone() {
    let mut bench = Bench::new();
    let number = bench.create("/v1/numbers", json!({ "externalId": "a" }));
    let path = format!("/v1/numbers/{number}");
    let later = iso(NOON + 60_000);
    let patched = bench.ok("PATCH", &path, json!({ "expiresAt": later }));
    assert_eq!((&patched["externalId"], &patched["expiresAt"]), (&json!("a"), &json!(later)));
    let cleared = bench.ok("PATCH", &path, json!({ "externalId": null }));
    assert_eq!((&cleared["externalId"], &cleared["expiresAt"]), (&Value::Null, &json!(later)));
    bench.ok("PATCH", &path, json!({ "expiresAt": null }));
    bench.now += 120_000;
    assert_eq!(bench.get(&path)["status"], "active");
}

#[test]
fn a_call_reaches_the_agent_only_if_calls_are_routed_to_it() {
    let (mut bench, _, number) = Bench::staffed();
    let (path, routing) = (format!("/v1/numbers/{number}"), format!("/v1/numbers/{number}/voice-routing"));
    assert_eq!(bench.get(&path)["voiceRouting"], json!({ "method": "agent" }));
    for method in ["sip_trunk", "ignore"] {
        bench.ok("PATCH", &routing, json!({ "method": method }));
        assert_eq!(bench.get("/v1/numbers")["data"][0]["voiceRouting"]["method"], method);
        assert_eq!(bench.fails("POST", "/__sandbox/inbound/call", json!({})).0, 409, "{method}");
    }
    bench.ok("PATCH", &routing, json!({ "method": "agent" }));
    bench.ok("POST", "/__sandbox/inbound/call", json!({}));
    assert_eq!(bench.fails("PATCH", &routing, json!({ "method": "nowhere" })).0, 400);
    assert_eq!(bench.fails("PATCH", &routing, json!({})).0, 422);
    assert_eq!(bench.fails("PATCH", "/v1/numbers/none/voice-routing", json!({ "method": "agent" })).0, 404);
    bench.ok("DELETE", &path, Value::Null);
    assert_eq!(bench.fails("PATCH", &routing, json!({ "method": "agent" })).0, 404, "released");
}
