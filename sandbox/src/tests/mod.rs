//! Tests of the engine through its public interface, table-driven where possible. Every success that
//! passes through [`Bench::ok`] is checked against the contract.

mod agents;
mod calls;
mod capacity;
mod chaos;
mod conformance;
mod contacts;
mod control;
mod conversations;
mod errors;
mod faults;
mod host;
mod idempotency;
mod inbound;
mod limits;
mod lists;
mod live_calls;
mod magic;
mod messages;
mod numbers;
mod race_chaos;
mod races;
mod recordings;
mod registration;
mod requests;
mod schema;
mod services;
mod sign_up;
mod snapshot;
mod streams;
mod strict;
mod usage;
mod voice;
mod waits;
mod webhooks;

use crate::contract::{Contract, Route};
use crate::http::split_target;
use crate::{Config, Engine, Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// 2026-11-22T12:00:00Z
const NOON: u64 = 1_795_348_800_000;

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::embedded);

struct Bench {
    engine: Engine,
    now: u64,
    /// Operations that succeeded.
    seen: BTreeSet<String>,
}

impl Bench {
    fn new() -> Self {
        // Tests send more requests in a virtual minute than the rate limits allow; `limits` tests those.
        Self::with(Config { limits: false, ..Config::default() })
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

    /// Sends a request that must succeed, and checks the response against the contract.
    fn ok(&mut self, method: &str, target: &str, body: Value) -> Value {
        let response = self.send(method, target, body);
        let Route::To(operation) = CONTRACT.route(method, split_target(target).0) else {
            let text = text(&response);
            assert!((200..300).contains(&response.status), "{method} {target}: {} {text}", response.status);
            return json_of(&response);
        };
        self.seen.insert(operation.id.to_owned());
        conformance::hold(operation.id, &response)
    }

    fn delete(&mut self, target: &str) {
        self.ok("DELETE", target, Value::Null);
    }

    fn get(&mut self, target: &str) -> Value {
        self.ok("GET", target, Value::Null)
    }

    /// Creates an object and returns its id.
    fn create(&mut self, target: &str, body: Value) -> String {
        self.ok("POST", target, body)["id"].as_str().unwrap().to_owned()
    }

    /// Sends a request that must fail: (status, body).
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
