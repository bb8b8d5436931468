//! Sign-up, and the deletion of sub-accounts.

use super::{Bench, json_of, text};
use serde_json::{Value, json};

fn sign_up(bench: &mut Bench, email: &str) -> Value {
    bench.ok("POST", "/v0/agent/sign-up", json!({ "human_email": email, "agent_name": "Helper" }))["verification_id"].clone()
}

#[test]
fn a_key_from_sign_up_has_its_own_account() {
    let mut bench = Bench::new();
    bench.create("/v1/agents", json!({ "name": "Master" }));
    let id = sign_up(&mut bench, "Ann@Example.com");
    let body = json!({ "verification_id": id, "otp_code": "123456" }).to_string();
    // Without a key, as a first-time caller has none.
    let made = json_of(&bench.raw("POST", "/v0/agent/verify", &[], body.as_bytes()));
    let bearer = format!("Bearer {}", made["api_key"].as_str().unwrap());
    let key = [("authorization", bearer.as_str())];
    let agents = json_of(&bench.raw("GET", "/v1/agents", &key, b""));
    assert_eq!((&agents["total"], &agents["data"][0]["id"]), (&json!(1), &made["agent_id"]));
    assert_eq!(agents["data"][0]["numbers"][0]["phoneNumber"], made["phone_number"]);
    assert_eq!(json_of(&bench.raw("GET", "/auth/me", &key, b""))["user"]["email"], "ann@example.com");
    assert_eq!(bench.get("/v1/agents")["total"], 1);
    assert_eq!(bench.fails("POST", "/v0/agent/sign-up", json!({ "human_email": "ann@example.com" })).0, 409);
    let call = json!({ "agentId": made["agent_id"], "toNumber": "+14155550100" }).to_string();
    let placed = bench.raw("POST", "/v1/calls", &key, call.as_bytes());
    assert_eq!(placed.status, 200, "{}", text(&placed));
}

#[test]
fn two_codes_for_one_email_create_one_account() {
    let mut bench = Bench::new();
    let (first, second) = (sign_up(&mut bench, "ann@example.com"), sign_up(&mut bench, "ann@example.com"));
    let verify = |id: &Value, code: &str| json!({ "verification_id": id, "otp_code": code });
    assert_eq!(bench.fails("POST", "/v0/agent/verify", verify(&first, "000000")).0, 400);
    bench.ok("POST", "/v0/agent/verify", verify(&first, "123456"));
    assert_eq!(bench.fails("POST", "/v0/agent/verify", verify(&second, "123456")).0, 409);
    assert_eq!(bench.fails("POST", "/v0/agent/verify", verify(&json!("none"), "123456")).0, 404);
    assert_eq!(bench.fails("POST", "/v0/agent/sign-up", json!({ "human_email": "nobody" })).0, 400);
}

#[test]
fn deleting_a_sub_account_releases_its_numbers() {
    let mut bench = Bench::new();
    let id = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    let sub = [("authorization", "Bearer sk_1"), ("x-sub-account-id", id.as_str())];
    let bought = json_of(&bench.raw("POST", "/v1/numbers", &sub, b""))["phoneNumber"].clone();
    bench.delete(&format!("/v1/sub-accounts/{id}"));
    assert_eq!(bench.raw("GET", "/v1/numbers", &sub, b"").status, 404);
    assert_eq!(bench.ok("POST", "/v1/numbers", json!({}))["phoneNumber"], bought);
    assert_eq!(bench.fails("DELETE", &format!("/v1/sub-accounts/{id}"), Value::Null).0, 404);
}
