//! `Idempotency-Key`, when the sandbox is set to honour it.

use super::{Bench, header, ids, json_of};
use crate::{Action, Config, Response};
use serde_json::{Value, json};

const PHONE: &str = "+14155550100";

struct Keyed {
    bench: Bench,
    agent: String,
}

impl Keyed {
    fn new() -> Self {
        let mut bench = Bench::with(Config { limits: false, idempotency_keys: true, ..Config::default() });
        let agent = bench.create("/v1/agents", json!({ "name": "Support" }));
        bench.create("/v1/numbers", json!({ "agentId": agent }));
        Self { bench, agent }
    }

    fn send(&mut self, key: &str, path: &str, body: &Value) -> Response {
        let headers = [("Authorization", "Bearer sk_test_1"), ("idempotency-key", key)];
        self.bench.raw("POST", path, &headers, body.to_string().as_bytes())
    }

    fn call(&mut self, key: &str, to: &str) -> Response {
        let body = json!({ "agentId": self.agent, "toNumber": to });
        self.send(key, "/v1/calls", &body)
    }

    fn placed(&mut self) -> Value {
        self.bench.ledger()["callsPlaced"].clone()
    }
}

#[test]
fn the_same_request_with_the_same_key_gets_the_first_response_and_does_nothing() {
    let mut keyed = Keyed::new();
    let first = keyed.call("order-7", PHONE);
    keyed.bench.now += 60_000;
    let again = keyed.call("order-7", PHONE);
    assert_eq!((again.status, &again.body), (200, &first.body), "as it was, not as it is");
    assert_eq!(header(&again, "content-type"), header(&first, "content-type"));
    assert_eq!(
        (header(&first, "idempotent-replayed"), header(&again, "idempotent-replayed")),
        (None, Some("true"))
    );
    assert_eq!(keyed.placed(), 1);
    assert_eq!(keyed.call("order-8", PHONE).status, 200);
    assert_eq!(keyed.placed(), 2);
}

#[test]
fn every_operation_that_changes_something_honours_a_key() {
    let mut keyed = Keyed::new();
    for (path, body) in [
        ("/v1/numbers", json!({})),
        ("/v1/agents", json!({ "name": "B" })),
        ("/v1/contacts", json!({ "phoneNumber": PHONE, "name": "Ann" })),
        ("/v1/sub-accounts", json!({ "name": "Shop" })),
        ("/v1/sip-trunks", json!({})),
        ("/v1/webhooks", json!({ "url": "https://example.com" })),
        ("/v1/verify/send", json!({ "phone_number": PHONE })),
    ] {
        let [first, again] = [0, 1].map(|_| keyed.send(path, path, &body));
        assert_eq!((first.status / 100, &again.body), (2, &first.body), "{path}");
        assert_eq!(again.status, first.status, "{path}");
    }
}

#[test]
fn the_same_key_with_another_request_is_an_error_and_does_nothing() {
    let mut keyed = Keyed::new();
    keyed.call("order-7", PHONE);
    let other = keyed.call("order-7", "+14155550101");
    assert_eq!(
        (other.status, json_of(&other)["error"]["code"].clone()),
        (422, json!("IDEMPOTENCY_KEY_REUSED"))
    );
    let elsewhere = keyed.send("order-7", "/v1/agents", &json!({ "name": "B" }));
    assert_eq!(elsewhere.status, 422);
    assert_eq!((keyed.placed(), keyed.bench.get("/v1/agents")["total"].clone()), (json!(1), json!(1)));
}

#[test]
fn a_key_whose_request_is_in_flight_is_in_use() {
    let mut keyed = Keyed::new();
    keyed.bench.fault(json!({ "late": true, "times": 1 }));
    assert_eq!(keyed.call("order-7", PHONE).delivery.action, Action::CutBeforeHeaders);
    let early = keyed.call("order-7", PHONE);
    assert_eq!(
        (early.status, json_of(&early)["error"]["code"].clone()),
        (409, json!("IDEMPOTENCY_KEY_IN_USE"))
    );
    keyed.bench.now += 5000;
    let after = keyed.call("order-7", PHONE);
    assert_eq!(json!(json_of(&after)["id"]), json!(ids(&keyed.bench.get("/v1/calls"))[0]));
    assert_eq!((after.status, keyed.placed()), (200, json!(1)));
}

#[test]
fn a_key_recovers_a_lost_response() {
    for lost in [json!({ "cut": "before-headers" }), json!({ "status": 500, "effect": true })] {
        let mut keyed = Keyed::new();
        let mut rule = lost.clone();
        rule["times"] = json!(1);
        keyed.bench.fault(rule);
        keyed.call("order-7", PHONE);
        let found = keyed.call("order-7", PHONE);
        assert_eq!((found.status, keyed.placed()), (200, json!(1)), "{lost}");
    }
}

#[test]
fn a_rejected_request_frees_its_key() {
    let mut keyed = Keyed::new();
    let body = json!({ "agentId": "nobody", "toNumber": PHONE });
    assert_eq!(keyed.send("order-7", "/v1/calls", &body).status, 404);
    assert_eq!(keyed.call("order-7", PHONE).status, 200);
    // The same for a late request that is rejected in the end.
    keyed.bench.fault(json!({ "late": true, "times": 1 }));
    keyed.send("order-8", "/v1/calls", &body);
    keyed.bench.now += 5000;
    assert_eq!(keyed.call("order-8", PHONE).status, 200);
    assert_eq!(keyed.placed(), 2);
}

#[test]
fn a_call_with_a_waiting_request_is_in_flight_until_it_has_ended() {
    let mut keyed = Keyed::new();
    let body = json!({ "agentId": keyed.agent, "toNumber": PHONE, "waitForCompletion": true });
    assert!(keyed.send("order-7", "/v1/calls", &body).stream.is_some());
    assert_eq!(keyed.send("order-7", "/v1/calls", &body).status, 409);
    keyed.bench.now += 60_000;
    let ended = keyed.send("order-7", "/v1/calls", &body);
    assert_eq!((ended.status, json_of(&ended)["status"].clone()), (200, json!("completed")));
    assert_eq!(keyed.placed(), 1);
}

#[test]
fn a_key_belongs_to_one_account_and_lasts_a_day() {
    let mut keyed = Keyed::new();
    let sub = keyed.bench.create("/v1/sub-accounts", json!({ "name": "Shop" }));
    let body = br#"{"name":"B"}"#;
    let own = [("Authorization", "Bearer sk_test_1"), ("idempotency-key", "k")];
    let other = [own[0], own[1], ("x-sub-account-id", sub.as_str())];
    let id = |answer: &Response| json_of(answer)["id"].clone();
    let [first, second] =
        [&own as &[_], &other].map(|headers| id(&keyed.bench.raw("POST", "/v1/agents", headers, body)));
    assert_ne!(first, second);
    keyed.bench.now += 86_399_999;
    assert_eq!(id(&keyed.bench.raw("POST", "/v1/agents", &own, body)), first);
    keyed.bench.now += 1;
    assert_ne!(id(&keyed.bench.raw("POST", "/v1/agents", &own, body)), first);
}

#[test]
fn a_restart_forgets_no_key() {
    let mut keyed = Keyed::new();
    let first = keyed.call("order-7", PHONE);
    let saved = keyed.bench.engine.snapshot();
    let mut other = Keyed::new();
    other.bench.engine.restore(&saved).unwrap();
    other.agent.clone_from(&keyed.agent);
    assert_eq!(other.call("order-7", PHONE).body, first.body);
    assert_eq!(other.placed(), 1);
}

#[test]
fn a_key_that_is_empty_or_too_long_is_refused() {
    let mut keyed = Keyed::new();
    for key in [" ", &"k".repeat(256)] {
        assert_eq!(keyed.call(key, PHONE).status, 400);
    }
    assert_eq!(keyed.call(&"k".repeat(255), PHONE).status, 200);
    let headers = [("Authorization", "Bearer sk_test_1"), ("idempotency-key", "")];
    assert_eq!(keyed.bench.raw("GET", "/v1/agents", &headers, b"").status, 200, "a read has no use for one");
}

#[test]
fn keys_are_ignored_by_default() {
    let (mut bench, agent, _) = Bench::staffed();
    let headers = [("Authorization", "Bearer sk_test_1"), ("idempotency-key", "order-7")];
    let body = json!({ "agentId": agent, "toNumber": PHONE }).to_string();
    let [one, two] = [0, 1].map(|_| json_of(&bench.raw("POST", "/v1/calls", &headers, body.as_bytes())));
    assert_ne!(one["id"], two["id"]);
    let keys = bench.get("/__sandbox/effects")["data"].clone();
    let keyed = keys.as_array().unwrap().iter().filter(|e| e["idempotencyKey"] == "order-7").count();
    assert_eq!(keyed, 2, "but what came with one is on record");
}
