//! Prints what common operations cost as the store grows: the first page, a page in the middle, one
//! object and a new object, for agents and for the texts of a busy line.
//! `cargo run --release -p agentphone-sandbox --example curve -- 100 10000 1000000`

use agentphone_sandbox::{Config, Engine, Request};
use std::time::Instant;

const NOW: u64 = 1_795_348_800_000;
const ROUNDS: u32 = 200;

fn request(method: &str, target: &str, body: &str) -> Request {
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: vec![("authorization".to_owned(), "Bearer sk_test_1".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

/// Sends a request and returns the id in the response.
fn id(engine: &mut Engine, now: u64, request: &Request) -> String {
    let answer = engine.handle(request, now);
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    assert_eq!(answer.status, 200, "{body}");
    body.get("id").and_then(|id| id.as_str()).unwrap_or_default().to_owned()
}

/// Mean and worst time over several rounds, in microseconds.
fn measure(engine: &mut Engine, now: u64, what: &str, request: &Request) {
    let (mut sum, mut worst) = (0, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let answer = engine.handle(request, now);
        let took = start.elapsed().as_micros();
        assert!(answer.status < 300, "{what}: {}", answer.status);
        (sum, worst) = (sum + took, worst.max(took));
    }
    println!("  {what:32} {:>8.1} µs, worst {worst} µs", sum as f64 / f64::from(ROUNDS));
}

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    for size in if sizes.is_empty() { vec![100, 10_000] } else { sizes } {
        let mut engine = Engine::new(Config {
            balance_cents: i64::MAX / 2,
            limits: false,
            max_state_bytes: u64::MAX,
            max_objects: u64::MAX,
            ..Config::default()
        });
        let create = request("POST", "/v1/agents", r#"{"name":"Support"}"#);
        let mut agent = String::new();
        for _ in 0..size {
            agent = id(&mut engine, NOW, &create);
        }
        let line = id(&mut engine, NOW, &request("POST", "/v1/numbers", "{}"));
        for n in 0..size {
            let body = format!(
                r#"{{"number_id":"{line}","to_number":"+1415{:07}","body":"Hi"}}"#,
                2_000_000 + n / 10
            );
            id(&mut engine, NOW + n as u64, &request("POST", "/v1/messages", &body));
        }
        let now = NOW + size as u64;
        println!("{size} agents, {size} texts");
        let middle = size / 2;
        for (what, target) in [
            ("agents, first page of 20", "/v1/agents?limit=20".to_owned()),
            ("agents, 20 in the middle", format!("/v1/agents?limit=20&offset={middle}")),
            ("one agent", format!("/v1/agents/{agent}")),
            ("threads, first page of 20", "/v1/conversations?limit=20".to_owned()),
            ("texts of the line, 50", format!("/v1/numbers/{line}/messages")),
            ("usage", "/v1/usage".to_owned()),
            ("usage of a year by day", "/v1/usage/daily?days=365".to_owned()),
        ] {
            measure(&mut engine, now, what, &request("GET", &target, ""));
        }
        measure(
            &mut engine,
            now,
            "an agent changed",
            &request("PATCH", &format!("/v1/agents/{agent}"), r#"{"name":"B"}"#),
        );
        measure(&mut engine, now, "a new agent", &create);
        let text = format!(r#"{{"number_id":"{line}","to_number":"+14152000000","body":"Hi"}}"#);
        measure(&mut engine, now, "a new text", &request("POST", "/v1/messages", &text));
        let start = Instant::now();
        let snapshot = engine.snapshot();
        println!("  snapshot of {} kB in {} ms", snapshot.len() / 1000, start.elapsed().as_millis());
    }
}
