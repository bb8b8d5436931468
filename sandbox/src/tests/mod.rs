//! Tests of the engine through its front door, by table where a table says it. Each success that
//! passes through [`Bench::ok`] is held against the shape that the contract gives for its answer.

mod agents;
mod calls;
mod control;
mod errors;
mod faults;
mod messages;
mod numbers;
mod requests;
mod schema;
mod usage;

use crate::contract::{Contract, Route};
use crate::http::split_target;
use crate::{Config, Engine, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// 2026-11-22T12:00:00Z
const NOON: u64 = 1_795_348_800_000;

static FULL: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/contract_full.json"))).unwrap()
});
static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::embedded);

struct Bench {
    engine: Engine,
    now: u64,
    /// Operations that succeeded.
    seen: BTreeSet<String>,
}

impl Bench {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        Self { engine: Engine::new(config), now: NOON, seen: BTreeSet::new() }
    }

    /// A bench with an agent that has a number: (agent, number).
    fn staffed() -> (Self, String, String) {
        let mut bench = Self::new();
        let agent = bench.create("/v1/agents", json!({ "name": "Support" }));
        let number = bench.create("/v1/numbers", json!({ "agentId": agent }));
        (bench, agent, number)
    }

    fn raw(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let request = Request { method: method.into(), target: target.into(), headers, body: body.to_vec() };
        self.engine.handle(&request, self.now)
    }

    fn send(&mut self, method: &str, target: &str, body: Value) -> Response {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.raw(method, target, &[("Authorization", "Bearer sk_test_1")], body.as_bytes())
    }

    /// Sends what must succeed, and holds the answer against the contract.
    fn ok(&mut self, method: &str, target: &str, body: Value) -> Value {
        let response = self.send(method, target, body);
        let text = text(&response);
        assert!((200..300).contains(&response.status), "{method} {target}: {} {text}", response.status);
        let answer: Value = serde_json::from_str(&text).unwrap();
        if let Route::To(operation) = CONTRACT.route(method, split_target(target).0) {
            let known = FULL["operations"].as_array().unwrap();
            let shape = known.iter().find(|o| o["id"] == operation.id.as_str()).unwrap();
            let schemas = FULL["schemas"].as_object().unwrap();
            let issues = crate::schema::check(schemas, &shape["answer"], &answer, &[]);
            assert!(issues.is_empty(), "{} answers {answer}: {issues:?}", operation.id);
            self.seen.insert(operation.id.clone());
        }
        answer
    }

    fn get(&mut self, target: &str) -> Value {
        self.ok("GET", target, Value::Null)
    }

    /// Creates something and gives its id.
    fn create(&mut self, target: &str, body: Value) -> String {
        self.ok("POST", target, body)["id"].as_str().unwrap().to_owned()
    }

    /// Sends what must fail: (status, body).
    fn fails(&mut self, method: &str, target: &str, body: Value) -> (u16, Value) {
        let response = self.send(method, target, body);
        assert!(response.status >= 400, "{method} {target}: {} {}", response.status, text(&response));
        (response.status, json_of(&response))
    }

    fn ledger(&mut self) -> Value {
        self.get("/__sandbox/ledger")
    }

    fn fault(&mut self, rule: Value) -> String {
        self.create("/__sandbox/faults", rule)
    }

    fn call(&mut self, agent: &str) -> String {
        self.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+14155550100" }))
    }
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

fn json_of(response: &Response) -> Value {
    serde_json::from_str(&text(response)).unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
}

fn ids(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn every_operation_that_is_performed_answers_in_the_shape_of_the_contract() {
    let (mut bench, agent, number) = Bench::staffed();
    let phone = bench.create("/v1/numbers", json!({ "type": "imessage", "country": "CA" }));
    let call = bench.call(&agent);
    bench.now += 5000;
    for target in [
        "/v1/agents/voices",
        "/v1/agents",
        &format!("/v1/agents/{agent}"),
        "/v1/numbers",
        &format!("/v1/numbers/{number}"),
        "/v1/numbers/available?areaCode=212&limit=3",
        "/v1/calls",
        &format!("/v1/calls/{call}"),
        "/v1/usage",
        "/v1/usage/daily",
        "/v1/usage/monthly",
        "/v1/usage/by-number",
        "/v1/usage/by-agent?period=month",
    ] {
        bench.get(target);
    }
    bench.ok("PATCH", &format!("/v1/agents/{agent}"), json!({ "name": "Sales" }));
    bench.ok("POST", &format!("/v1/agents/{agent}/numbers"), json!({ "numberId": phone }));
    let text = bench.ok(
        "POST",
        "/v1/messages",
        json!({ "number_id": phone, "to_number": "+14155550100", "body": "Hi" }),
    );
    let reactions = format!("/v1/messages/{}/reactions", text["id"].as_str().unwrap());
    bench.ok("POST", &reactions, json!({ "reaction": "love" }));
    bench.ok("DELETE", &format!("/v1/agents/{agent}/numbers/{phone}"), Value::Null);
    bench.ok("PATCH", &format!("/v1/numbers/{number}"), json!({ "externalId": "front desk" }));
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    bench.ok("DELETE", &format!("/v1/numbers/{number}"), Value::Null);
    bench.ok("DELETE", &format!("/v1/agents/{agent}"), Value::Null);
    let sub = bench.create("/v1/sub-accounts", json!({ "name": "Client" }));
    bench.get("/v1/sub-accounts");
    bench.ok("PATCH", &format!("/v1/sub-accounts/{sub}"), json!({ "name": "Other" }));
    bench.ok("DELETE", &format!("/v1/sub-accounts/{sub}"), Value::Null);

    let performed: BTreeSet<String> = crate::resources::performed().map(str::to_owned).collect();
    assert_eq!(bench.seen, performed);
}

#[test]
fn the_same_seed_requests_and_times_give_the_same_bytes() {
    let run = |seed| {
        let mut bench = Bench::with(Config { seed, ..Config::default() });
        let agent = bench.create("/v1/agents", json!({ "name": "A" }));
        bench.fault(json!({ "probability": 0.5, "status": 503 }));
        (0..20).map(|_| bench.send("GET", &format!("/v1/agents/{agent}"), Value::Null)).collect::<Vec<_>>()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
