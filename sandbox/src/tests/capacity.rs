//! The state is limited, whatever it consists of, and a rejected request says what to do.

use super::{Bench, json_of};
use crate::http::Request;
use crate::store::weigh;
use crate::{Config, Response};
use serde_json::{Value, json};

const KEY: (&str, &str) = ("authorization", "Bearer sk_test_1");
const MIB: u64 = 1024 * 1024;

fn bench(max_state_bytes: u64) -> Bench {
    let free = Config { limits: false, balance_cents: 1_000_000_000, ..Config::default() };
    Bench::with(Config { max_state_bytes, ..free })
}

fn newest(bench: &mut Bench) -> String {
    super::ids(&bench.get("/v1/agents?limit=1"))[0].to_owned()
}

fn guest(bench: &mut Bench, method: &str, target: &str, body: &Value) -> Response {
    let headers = vec![(KEY.0.to_owned(), KEY.1.to_owned())];
    let request =
        Request { method: method.into(), target: target.into(), headers, body: body.to_string().into() };
    bench.engine.handle_guest(&request, bench.now)
}

/// Repeats an action until it is rejected: how often it succeeded, and the error.
fn fill(
    bench: &mut Bench,
    most: usize,
    mut act: impl FnMut(&mut Bench, usize) -> Response,
) -> (usize, Value) {
    for count in 0..most {
        let answer = act(bench, count);
        if answer.status >= 300 {
            assert_eq!(answer.status, 400, "{}", super::text(&answer));
            return (count, json_of(&answer));
        }
    }
    panic!("nothing was refused");
}

#[test]
fn whatever_fills_it_a_sandbox_stays_within_its_limit_and_says_what_to_do() {
    let numbers: Vec<u8> = vec![1; 5_000];
    type Act = fn(&mut Bench, &Value, usize) -> Response;
    let acts: [(&str, Value, Act); 8] = [
        ("agents", json!("x".repeat(100_000)), |b, big, _| {
            b.send("POST", "/v1/agents", json!({ "name": big }))
        }),
        ("trees of values", json!(numbers), |b, big, _| {
            b.send("POST", "/v1/agents", json!({ "name": "A", "customTools": [{ "name": "t", "description": "d", "url": "https://example.com", "parameters": { "a": big } }] }))
        }),
        ("characters that are longer when they are written", json!("\u{1}".repeat(20_000)), |b, big, _| {
            b.send("POST", "/v1/agents", json!({ "name": big }))
        }),
        ("many small ones", Value::Null, |b, _, n| {
            b.send(
                "POST",
                "/v1/contacts",
                json!({ "phoneNumber": format!("+1415{:07}", 2_000_000 + n), "name": "A" }),
            )
        }),
        ("texts", json!("x".repeat(1000)), |b, big, n| {
            let to = format!("+1415{:07}", 2_000_000 + n);
            let agent = newest(b);
            b.send("POST", "/v1/messages", json!({ "agent_id": agent, "to_number": to, "body": big }))
        }),
        ("what comes in", json!("x".repeat(100_000)), |b, big, _| {
            b.send("POST", "/__sandbox/inbound/message", json!({ "body": big }))
        }),
        ("scripts", json!("x".repeat(100_000)), |b, big, n| {
            let number = format!("+1415{:07}", 2_000_000 + n);
            b.send("PUT", "/__sandbox/script", json!({ "toNumber": number, "lines": [{ "caller": big }] }))
        }),
        ("changes of one object", Value::Null, |b, _, n| {
            let agent = newest(b);
            let tool =
                json!({ "name": "t", "description": "x".repeat(n * 100_000), "url": "https://example.com" });
            b.send("PATCH", &format!("/v1/agents/{agent}"), json!({ "customTools": [tool] }))
        }),
    ];
    for (what, big, act) in acts {
        let mut bench = bench(MIB);
        let agent = bench.create("/v1/agents", json!({ "name": "Support" }));
        bench.create("/v1/numbers", json!({ "agentId": agent }));
        let (count, refusal) = fill(&mut bench, 100_000, |b, n| act(b, &big, n));
        assert!(count > 1, "{what}: {count}");
        assert_eq!(refusal["error"]["code"], "SANDBOX_FULL", "{what}");
        let words = refusal["error"]["message"].as_str().unwrap();
        assert!(
            words.contains("1 MiB") && words.contains("/__sandbox/reset") && words.contains("maxStateBytes"),
            "{words}"
        );
        // A single request may exceed the limit by its own size.
        let weight = weigh(&bench.engine.world);
        assert!(weight < 3 * MIB, "{what}: {weight}");
        assert!(
            u64::try_from(bench.engine.snapshot().len()).unwrap() < weight,
            "{what}: a weight is no less than the text"
        );
        // Reading, ending and deleting still work, and so does a reset.
        bench.get("/v1/agents");
        bench.ok("POST", "/__sandbox/reset", Value::Null);
        bench.create("/v1/agents", json!({ "name": "Anew" }));
    }
}

#[test]
fn deleting_objects_frees_space() {
    let mut bench = bench(4 * MIB);
    let big = json!({ "name": "x".repeat(100_000) });
    let first = bench.create("/v1/agents", big.clone());
    fill(&mut bench, 1000, |b, _| b.send("POST", "/v1/agents", big.clone()));
    let more: Vec<String> =
        super::ids(&bench.get("/v1/agents?limit=20")).into_iter().map(str::to_owned).collect();
    assert_eq!(bench.send("POST", "/v1/agents", json!({ "name": "A" })).status, 400);
    for id in more.iter().chain([&first]) {
        bench.delete(&format!("/v1/agents/{id}"));
    }
    bench.create("/v1/agents", json!({ "name": "A" }));
}

#[test]
fn a_page_of_another_origin_cannot_fill_the_owners_half() {
    let mut bench = bench(8 * MIB);
    let big = json!({ "name": "x".repeat(100_000) });
    let (_, refusal) = fill(&mut bench, 1000, |b, _| guest(b, "POST", "/v1/agents", &big));
    let words = refusal["error"]["message"].as_str().unwrap();
    assert!(words.contains("--allow-origin"), "{words}");
    let (count, refusal) = fill(&mut bench, 1000, |b, _| b.send("POST", "/v1/agents", big.clone()));
    assert!(count > 20, "{count}");
    assert!(!refusal["error"]["message"].as_str().unwrap().contains("origin"));
}

#[test]
fn each_kind_of_object_has_its_own_limit() {
    let mut bench = Bench::with(Config { max_objects: 10, limits: false, ..Config::default() });
    let act = |b: &mut Bench, _| b.send("POST", "/v1/agents", json!({ "name": "A" }));
    let (count, refusal) = fill(&mut bench, 100, act);
    assert_eq!(count, 10);
    let words = refusal["error"]["message"].as_str().unwrap();
    assert!(words.contains("10 agents") && words.contains("maxObjects"), "{words}");
    assert_eq!(
        guest(&mut bench, "POST", "/v1/contacts", &json!({ "phoneNumber": "+14155550100", "name": "A" }))
            .status,
        201
    );
    let agent = super::ids(&bench.get("/v1/agents"))[0].to_owned();
    bench.create("/v1/numbers", json!({ "agentId": agent }));
    let (count, _) = fill(&mut bench, 100, |b, _| b.send("POST", "/__sandbox/inbound/call", json!({})));
    assert_eq!(count, 10);
    let (count, _) =
        fill(&mut bench, 100, |b, _| b.send("POST", "/__sandbox/inbound/message", json!({ "body": "Hi" })));
    assert_eq!(count, 10);
    bench.delete(&format!("/v1/agents/{agent}"));
    bench.create("/v1/agents", json!({ "name": "A" }));
}

#[test]
fn the_delivery_log_drops_its_oldest_entries_and_never_rejects() {
    let (mut bench, ..) = Bench::staffed();
    bench.engine = crate::Engine::new(Config { max_objects: 8, limits: false, ..Config::default() });
    let agent = bench.create("/v1/agents", json!({ "name": "A" }));
    bench.ok("POST", "/v1/webhooks", json!({ "url": "https://example.com/hook" }));
    bench.create("/v1/numbers", json!({ "agentId": agent }));
    for _ in 0..8 {
        bench.send("POST", "/v1/webhooks/test", Value::Null);
        bench.create("/__sandbox/inbound/message", json!({ "body": "Hi" }));
    }
    let log = bench.get("/v1/webhooks/deliveries?limit=100");
    assert_eq!(log["total"], 8, "{log}");
}

#[test]
fn a_call_whose_transcript_is_full_ends() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    bench.now += 10_000;
    bench.get("/v1/calls");
    let words = json!({ "text": "x".repeat(300_000) });
    let said = (0..30).take_while(|_| {
        bench.send("POST", &format!("/__sandbox/calls/{call}/say"), words.clone()).status == 200
    });
    assert!((10..15).contains(&said.count()));
    let shown = bench.get(&format!("/__sandbox/calls/{call}"));
    assert_eq!(shown["status"], "completed");
    assert!(shown["log"].to_string().contains("4 MiB"), "{}", shown["log"]);
    assert!(bench.engine.snapshot().len() < 6_000_000);
}

#[test]
fn fault_rules_are_limited() {
    let mut bench = bench(u64::MAX);
    let (count, refusal) = fill(&mut bench, 2000, |b, _| {
        b.send("POST", "/__sandbox/faults", json!({ "status": 500, "times": 1 }))
    });
    assert_eq!(count, 1000);
    assert!(refusal["detail"].as_str().unwrap().contains("remove some"));
    bench.delete("/__sandbox/faults");
    let big = json!({ "status": 500, "message": "x".repeat(1_000_000) });
    let (count, _) = fill(&mut bench, 100, |b, _| b.send("POST", "/__sandbox/faults", big.clone()));
    assert!((2..5).contains(&count), "{count}");
}

#[test]
fn one_request_cannot_multiply_its_own_size() {
    let (mut bench, agent, _) = Bench::staffed();
    let call = json!({
        "agentId": agent,
        "toNumber": "+14155550100",
        "systemPrompt": "Be brief.",
        "initialGreeting": "{{a}}".repeat(50_000),
        "variables": { "a": "{{b}}".repeat(5_000), "b": "x".repeat(100_000) },
    });
    let (status, refusal) = bench.fails("POST", "/v1/calls", call);
    assert_eq!((status, &refusal["error"]["details"][0]["field"]), (400, &json!("variables")));
}

#[test]
fn a_call_of_a_year_has_a_recording_of_a_few_hours() {
    let (mut bench, agent, _) = Bench::staffed();
    bench.ok("POST", "/credits/recording/enable", Value::Null);
    let call = bench.create("/v1/calls", json!({ "agentId": agent, "toNumber": "+15005550007" }));
    bench.now += 365 * 86_400_000;
    bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
    let range = [KEY, ("range", "bytes=0-99")];
    let answer = bench.raw("GET", &format!("/v1/calls/{call}/recording"), &range, b"");
    assert_eq!(super::header(&answer, "content-range"), Some("bytes 0-99/115200044"));
}

#[test]
fn a_snapshot_without_limits_has_the_same_version() {
    let saved = bench(4 * MIB).engine.snapshot();
    assert!(!saved.contains("max_"), "bounds belong to a run");
    let mut other = bench(2 * MIB);
    other.engine.restore(&saved).unwrap();
    fill(&mut other, 1000, |b, _| b.send("POST", "/v1/agents", json!({ "name": "x".repeat(100_000) })));
    assert!(weigh(&other.engine.world) < 3 * MIB, "a run keeps to its own bound");
}
