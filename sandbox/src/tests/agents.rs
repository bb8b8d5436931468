//! Agents are listed, updated, paged and deleted.

use super::{Bench, ids};
use serde_json::{Value, json};

#[test]
fn an_agent_gets_the_defaults_of_the_contract() {
    let mut bench = Bench::new();
    let agent = bench.ok("POST", "/v1/agents", json!({ "name": "Support", "voiceSpeed": null }));
    for (field, expected) in [
        ("voiceMode", json!("webhook")),
        ("modelTier", json!("balanced")),
        ("voice", json!("custom_voice_ea22ba5fdfaa18f39c274851c1")),
        ("voiceSpeed", json!(1)),
        ("language", json!("en-US")),
        ("systemPrompt", Value::Null),
        ("createdAt", json!("2026-11-22T12:00:00.000Z")),
        ("numbers", json!([])),
    ] {
        assert_eq!(agent[field], expected, "{field}");
    }
}

#[test]
fn null_clears_a_field_and_an_absent_one_stays() {
    let mut bench = Bench::new();
    let id = bench.create(
        "/v1/agents",
        json!({ "name": "A", "description": "first", "voiceSpeed": 1.5, "voice": "x" }),
    );
    let path = format!("/v1/agents/{id}");
    let patched = bench.ok("PATCH", &path, json!({ "description": null, "voice": null, "name": null }));
    assert_eq!(patched["description"], Value::Null);
    assert_eq!(patched["voice"], "custom_voice_ea22ba5fdfaa18f39c274851c1");
    assert_eq!(patched["voiceSpeed"], 1.5);
    assert_eq!(patched["name"], "A");
    assert_eq!(bench.get(&path), patched);
}

#[test]
fn a_patch_that_breaks_a_rule_changes_nothing() {
    let mut bench = Bench::new();
    let id = bench.create("/v1/agents", json!({ "name": "A" }));
    let path = format!("/v1/agents/{id}");
    let (status, body) = bench.fails("PATCH", &path, json!({ "name": "B", "voiceMode": "hosted" }));
    assert_eq!((status, &body["error"]["code"]), (400, &json!("VALIDATION_ERROR")));
    assert_eq!(body["error"]["details"][0]["field"], "systemPrompt");
    let after = bench.get(&path);
    assert_eq!((&after["name"], &after["voiceMode"]), (&json!("A"), &json!("webhook")));
}

#[test]
fn pages_cover_every_agent_once_and_have_the_total() {
    let mut bench = Bench::new();
    let mut made: Vec<String> =
        (0..7).map(|n| bench.create("/v1/agents", json!({ "name": format!("Agent {n}") }))).collect();
    made.reverse();
    let mut found: Vec<String> = Vec::new();
    for offset in [0, 3, 6, 9] {
        let page = bench.get(&format!("/v1/agents?limit=3&offset={offset}"));
        assert_eq!(page["total"], 7);
        assert!(page.get("hasMore").is_none(), "agents have no hasMore");
        found.extend(ids(&page).into_iter().map(str::to_owned));
    }
    assert_eq!(found, made);
}

#[test]
fn a_deleted_agent_is_gone_and_its_numbers_become_unassigned() {
    let (mut bench, agent, number) = Bench::staffed();
    let path = format!("/v1/agents/{agent}");
    assert_eq!(bench.get(&path)["numbers"][0]["id"], number.as_str());
    let deleted = bench.ok("DELETE", &path, Value::Null);
    assert_eq!(deleted, json!({ "success": true, "id": agent, "name": "Support" }));
    assert_eq!(bench.fails("GET", &path, Value::Null), (404, json!({ "detail": "Agent not found" })));
    assert_eq!(bench.fails("DELETE", &path, Value::Null).0, 404);
    assert_eq!(bench.get("/v1/agents")["total"], 0);
    assert_eq!(bench.get(&format!("/v1/numbers/{number}"))["agentId"], Value::Null);
}

#[test]
fn a_number_belongs_to_one_agent_and_attaching_twice_is_harmless() {
    let (mut bench, first, number) = Bench::staffed();
    let second = bench.create("/v1/agents", json!({ "name": "Second" }));
    let attach = |agent: &str| format!("/v1/agents/{agent}/numbers");
    let body = json!({ "numberId": number });
    assert_eq!(bench.ok("POST", &attach(&first), body.clone())["agentId"], first.as_str());
    assert_eq!(bench.fails("POST", &attach(&second), body.clone()).0, 409);
    bench.ok("DELETE", &format!("{}/{number}", attach(&first)), Value::Null);
    assert_eq!(bench.fails("DELETE", &format!("{}/{number}", attach(&first)), Value::Null).0, 404);
    bench.ok("POST", &attach(&second), body);
    assert_eq!(bench.get(&format!("/v1/numbers/{number}"))["agentId"], second.as_str());
    assert_eq!(bench.get(&format!("/v1/agents/{first}"))["numbers"], json!([]));
    let (status, body) = bench.fails("POST", &attach(&first), json!({ "numberId": "nobody" }));
    assert_eq!((status, &body["error"]["code"]), (404, &json!("PHONE_NUMBER_NOT_FOUND")));
}
