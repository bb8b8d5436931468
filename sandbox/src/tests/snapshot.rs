//! A snapshot contains everything that the API shows.

use super::Bench;
use crate::Config;
use serde_json::{Value, json};

const VIEWS: [&str; 12] = [
    "/v1/agents",
    "/v1/numbers",
    "/v1/conversations",
    "/v1/contacts",
    "/v1/calls",
    "/v1/usage",
    "/v1/usage/by-agent?period=week",
    "/v1/register",
    "/v1/sub-accounts",
    "/v1/sip-trunks",
    "/integrations/whatsapp/status",
    "/__sandbox/ledger",
];

fn busy() -> Bench {
    let (mut bench, agent, number) = Bench::staffed();
    bench.create("/v1/contacts", json!({ "phoneNumber": "+14155550100", "name": "Ann" }));
    bench.create("/v1/messages", json!({ "number_id": number, "to_number": "+14155550100", "body": "Hi" }));
    bench.call(&agent);
    bench.ok("POST", "/v1/register", super::registration::sole_proprietor());
    bench.create("/v1/sip-trunks", json!({}));
    let connection = bench.create("/integrations/whatsapp/connect", json!({ "code": "abc" }));
    let template = json!({ "name": "hello", "category": "UTILITY" });
    bench.create(&format!("/integrations/whatsapp/{connection}/templates"), template);
    bench
}

fn views(bench: &mut Bench) -> Vec<Value> {
    VIEWS.iter().map(|view| bench.get(view)).collect()
}

#[test]
fn a_restored_sandbox_continues_as_if_nothing_had_happened() {
    let mut bench = busy();
    let saved = bench.engine.snapshot();
    let mut other = Bench::new();
    other.engine.restore(&saved).unwrap();
    assert_eq!(other.engine.snapshot(), saved);
    assert_eq!(views(&mut other), views(&mut bench));
    // Time, ids and money continue the same way.
    (bench.now, other.now) = (bench.now + 60_000, other.now + 60_000);
    let next = |b: &mut Bench| b.ok("POST", "/v1/numbers", json!({}));
    assert_eq!(next(&mut other), next(&mut bench));
    assert_eq!(views(&mut other), views(&mut bench));
}

#[test]
fn a_snapshot_does_not_override_the_next_runs_options() {
    let first = Config { seed: 7, balance_cents: 900, limits: true, ..Config::default() };
    let saved = Bench::with(first).engine.snapshot();
    let mut other = Bench::with(Config { limits: false, queued_ms: 5, ringing_ms: 5, ..Config::default() });
    other.engine.restore(&saved).unwrap();
    let agent = other.create("/v1/agents", json!({ "name": "Support" }));
    other.create("/v1/numbers", json!({ "agentId": agent }));
    let call = other.call(&agent);
    other.now += 10;
    assert_eq!(other.get(&format!("/v1/calls/{call}"))["status"], "in-progress");
    for _ in 0..500 {
        other.get("/v1/agents");
    }
    // Ids and wallet belong to the state: they continue, even after a reset.
    other.ok("POST", "/__sandbox/reset", Value::Null);
    let mut fresh = Bench::with(Config { seed: 7, limits: false, ..Config::default() });
    let create = |bench: &mut Bench| bench.create("/v1/agents", json!({ "name": "Support" }));
    assert_eq!(create(&mut other), create(&mut fresh));
    (0..3).for_each(|_| drop(other.create("/v1/numbers", json!({}))));
    assert_eq!(other.fails("POST", "/v1/numbers", json!({})).0, 402);
}

#[test]
fn an_invalid_snapshot_is_rejected_and_changes_nothing() {
    let mut bench = busy();
    let saved = bench.engine.snapshot();
    let newer = saved.replacen("\"version\":2", "\"version\":3", 1);
    for text in ["", "{}", "[]", saved.get(..saved.len() / 2).unwrap(), newer.as_str()] {
        assert!(bench.engine.restore(text).is_err(), "{}", text.len());
    }
    assert_eq!(bench.engine.snapshot(), saved);
    for other in [newer.as_str(), r#"{"version":1,"state":{}}"#] {
        let why = bench.engine.restore(other).unwrap_err();
        assert!(why.contains("of version") && why.contains("not 2"), "{why}");
    }
}

#[test]
fn unused_scripts_do_not_pile_up_and_a_call_keeps_its_own() {
    let (mut bench, agent, _) = Bench::staffed();
    let hosted = json!({ "voiceMode": "hosted", "systemPrompt": "Be kind." });
    bench.ok("PATCH", &format!("/v1/agents/{agent}"), hosted);
    let script = |n: usize| json!({ "lines": [{ "caller": format!("Line {n}") }] });
    bench.ok("PUT", "/__sandbox/script", script(0));
    let call = bench.call(&agent);
    let before = bench.engine.snapshot().len();
    for n in 1..200 {
        bench.ok("PUT", "/__sandbox/script", script(n));
        bench.ok("DELETE", "/__sandbox/script", Value::Null);
    }
    assert!(bench.engine.snapshot().len() < before + 64 * 1000);
    bench.now += 60_000;
    let transcript = bench.get(&format!("/v1/calls/{call}/transcript"));
    assert_eq!(transcript["transcript"][0]["content"], "Line 0");
    for n in 200..300 {
        bench.ok("PUT", "/__sandbox/script", script(n));
    }
    assert!(!bench.engine.snapshot().contains(r#""caller":"Line 0""#));
}
