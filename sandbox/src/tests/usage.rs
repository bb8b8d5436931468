//! Counters match what was done, on the right day.

use super::Bench;
use serde_json::{Value, json};

const DAY: u64 = 86_400_000;

fn text(bench: &mut Bench, line: &str) {
    bench.create("/v1/messages", json!({ "number_id": line, "to_number": "46645", "body": "x" }));
}

#[test]
fn totals_and_windows_count_what_happened() {
    let (mut bench, agent, number) = Bench::staffed();
    text(&mut bench, &number);
    bench.call(&agent);
    bench.now += 8 * DAY;
    text(&mut bench, &number);
    let usage = bench.get("/v1/usage");
    assert_eq!(usage["numbers"], json!({ "used": 1, "limit": 10, "remaining": 9 }));
    for (field, expected) in [
        ("totalMessages", 2),
        ("messagesLast24h", 1),
        ("messagesLast7d", 1),
        ("messagesLast30d", 2),
        ("totalCalls", 1),
        ("callsLast7d", 0),
        ("callsLast30d", 1),
    ] {
        assert_eq!(usage["stats"][field], expected, "{field}");
    }
    assert_eq!(usage["periodStart"], "2026-11-01T00:00:00.000Z");
    assert_eq!(usage["periodEnd"], "2026-12-01T00:00:00.000Z");
}

#[test]
fn days_and_months_count_what_happened_in_them() {
    let (mut bench, _, number) = Bench::staffed();
    text(&mut bench, &number);
    bench.now += 10 * DAY;
    text(&mut bench, &number);
    text(&mut bench, &number);
    let daily = bench.get("/v1/usage/daily?days=11");
    assert_eq!(daily["days"], 11);
    assert_eq!(daily["data"].as_array().unwrap().len(), 11);
    assert_eq!((&daily["data"][0]["date"], &daily["data"][0]["messages"]), (&json!("2026-11-22"), &json!(1)));
    assert_eq!(
        (&daily["data"][10]["date"], &daily["data"][10]["messages"]),
        (&json!("2026-12-02"), &json!(2))
    );
    let monthly = bench.get("/v1/usage/monthly?months=2");
    let rows: Vec<(&Value, &Value)> =
        monthly["data"].as_array().unwrap().iter().map(|r| (&r["month"], &r["messages"])).collect();
    assert_eq!(rows, [(&json!("2026-11"), &json!(1)), (&json!("2026-12"), &json!(2))]);
}

#[test]
fn what_a_deleted_agent_did_is_not_lost() {
    let (mut bench, agent, number) = Bench::staffed();
    bench.call(&agent);
    bench.now += 7800;
    let row = bench.get("/v1/usage/by-agent?period=week")["data"].clone();
    assert_eq!(row.as_array().unwrap().len(), 1);
    assert_eq!(
        (&row[0]["calls"], &row[0]["totalSeconds"], &row[0]["isOrphan"]),
        (&json!(1), &json!(6), &json!(false))
    );
    assert_eq!(bench.get("/v1/usage/by-number")["data"][0]["agentName"], "Support");

    bench.ok("DELETE", &format!("/v1/agents/{agent}"), Value::Null);
    let orphan = bench.get("/v1/usage/by-agent?period=week")["data"][0].clone();
    assert_eq!(
        (&orphan["agentId"], &orphan["isOrphan"], &orphan["calls"]),
        (&Value::Null, &json!(true), &json!(1))
    );
    let by_number = bench.get("/v1/usage/by-number")["data"][0].clone();
    assert_eq!((&by_number["numberId"], &by_number["calls"]), (&json!(number), &json!(1)));
    assert_eq!(by_number["agentName"], Value::Null);
}

#[test]
fn the_period_is_required_and_limited() {
    let mut bench = Bench::new();
    let (status, body) = bench.fails("GET", "/v1/usage/by-agent", Value::Null);
    assert_eq!((status, &body["detail"][0]["loc"]), (422, &json!(["query", "period"])));
    assert_eq!(bench.fails("GET", "/v1/usage/by-agent?period=day", Value::Null).0, 422);
    assert_eq!(bench.fails("GET", "/v1/usage/daily?days=366", Value::Null).0, 422);
}

#[test]
fn usage_has_sms_segments_and_no_plan() {
    let (mut bench, _, number) = Bench::staffed();
    for words in ["a".repeat(161), "é".repeat(71), "short".to_owned()] {
        let text = json!({ "number_id": number, "to_number": "+14155550100", "body": words });
        bench.ok("POST", "/v1/messages", text);
    }
    let usage = bench.get("/v1/usage");
    assert_eq!((usage.get("plan"), &usage["stats"]["smsSegmentsLast30d"]), (None, &json!(5)));
    bench.now += 31 * 86_400_000;
    assert_eq!(bench.get("/v1/usage")["stats"]["smsSegmentsLast30d"], 0);
}

#[test]
fn counters_of_sub_accounts_are_separate_and_for_the_requested_days() {
    let (mut bench, _, _) = Bench::staffed();
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Branch" }));
    let inside = [("authorization", "Bearer sk_test_1"), ("x-sub-account-id", sub.as_str())];
    let line = super::json_of(&bench.raw("POST", "/v1/numbers", &inside, b"{}"));
    bench.ok("POST", "/__sandbox/inbound/message", json!({ "to": line["phoneNumber"], "body": "Hi" }));
    bench.now += 2 * 86_400_000;
    let list =
        |bench: &mut Bench, query: &str| bench.get(&format!("/v1/sub-accounts{query}"))["data"][0].clone();
    assert_eq!(list(&mut bench, "").get("stats"), None);
    assert_eq!(list(&mut bench, "?stats_days=3")["stats"], json!({ "days": 3, "messages": 1, "calls": 0 }));
    assert_eq!(list(&mut bench, "?stats_days=1")["stats"]["messages"], 0);
    for query in ["?stats_days=0", "?stats_days=91", "?limit=501"] {
        assert_eq!(bench.fails("GET", &format!("/v1/sub-accounts{query}"), Value::Null).0, 422, "{query}");
    }
}
