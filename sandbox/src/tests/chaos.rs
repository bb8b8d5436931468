//! Random histories: whatever hosts, callers and servers do in any order, the ledger and the calls stay
//! consistent, and a snapshot can be taken at any moment.

use super::host::{Host, head};
use super::{Bench, json_of};
use crate::random::Random;
use crate::{Config, SendResult};
use serde_json::{Value, json};

const ANSWERS: [&str; 10] = [
    r#"{"text":"Hi"}"#,
    r#"{"text":"Bye","hangup":true}"#,
    r#"{"action":"transfer"}"#,
    r#"{"digits":"1"}"#,
    "{\"text\":\"One\",\"interim\":true}\n{\"te",
    "{\"interim\":true}\n{\"interim\":true}\n",
    "[1,2",
    "",
    "\n\n\n",
    "{\"text\":\"\u{1f600}\"}\n{\"hangup\":true}",
];
const NUMBERS: [&str; 6] =
    ["+14155550100", "+15005550001", "+15005550004", "+15005550006", "+15005550007", "+15005550008"];

struct Chaos {
    bench: Bench,
    host: Host,
    random: Random,
    agent: String,
    calls: Vec<String>,
    streams: Vec<u64>,
    /// Ids that the host may report on, including old ones.
    out: Vec<u64>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        let mut bench =
            Bench::with(Config { seed, limits: false, balance_cents: 1_000_000, ..Config::default() });
        let agent = bench.create("/v1/agents", json!({ "name": "A", "transferNumber": "+14165550199" }));
        bench.create("/v1/numbers", json!({ "agentId": agent }));
        bench.ok("POST", "/v1/webhooks", json!({ "url": "https://example.com", "timeout": 5 }));
        let random = Random::new(seed, 99);
        Self {
            bench,
            host: Host::default(),
            random,
            agent,
            calls: Vec::new(),
            streams: Vec::new(),
            out: Vec::new(),
        }
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.random.next() % count as u64).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.below(from.len())].clone())
    }

    fn step(&mut self) {
        let call = self.pick(&self.calls.clone()).unwrap_or_else(|| "none".into());
        let id = self.pick(&self.out.clone()).unwrap_or(7);
        let now = self.bench.now;
        match self.below(13) {
            0 => {
                let to = self.pick(&NUMBERS).unwrap();
                self.calls
                    .push(self.bench.create("/v1/calls", json!({ "agentId": self.agent, "toNumber": to })));
            }
            1 => {
                let came = self.bench.ok("POST", "/__sandbox/inbound/call", Value::Null);
                self.calls.push(came["id"].as_str().unwrap().to_owned());
            }
            2 => drop(self.bench.send("POST", "/__sandbox/inbound/message", json!({ "body": "Hi" }))),
            3 => drop(self.bench.send("POST", &format!("/v1/calls/{call}/end"), Value::Null)),
            4 => drop(self.bench.send(
                "POST",
                &format!("/__sandbox/calls/{call}/say"),
                json!({ "text": "Hm" }),
            )),
            5 => {
                let path = format!("/v1/calls/{call}/transcript/stream");
                self.streams.extend(self.bench.send("GET", &path, Value::Null).stream);
            }
            6 => {
                if let Some(stream) = self.pick(&self.streams.clone()) {
                    self.bench.engine.closed(stream);
                }
            }
            7 => {
                let status = self.pick(&[200, 200, 200, 204, 302, 500]).unwrap();
                let kind = self.pick(&["application/json", "application/x-ndjson", "text/plain"]).unwrap();
                head(&mut self.bench, id, status, kind);
            }
            8 => {
                let body = self.pick(&ANSWERS).unwrap();
                self.bench.engine.sent(id, SendResult::Body(body.into()), now);
            }
            9 => self.bench.engine.sent(id, SendResult::End, now),
            10 => self.bench.engine.sent(id, SendResult::Failed("ECONNRESET".into()), now),
            11 => self.restart(),
            _ => self.bench.now += self.random.next() % 8000,
        }
        self.host.pull(&mut self.bench);
        self.out.extend(std::mem::take(&mut self.host.sends).into_iter().map(|s| s.id));
    }

    /// Occasionally takes a snapshot and restores it.
    fn restart(&mut self) {
        if self.below(10) == 0 {
            let saved = self.bench.engine.snapshot();
            self.bench.engine.restore(&saved).unwrap();
        }
    }
}

#[test]
fn whatever_happens_every_call_ends_once_and_is_billed_once() {
    for seed in 0..8 {
        let mut chaos = Chaos::new(seed);
        for _ in 0..300 {
            chaos.step();
        }
        let Chaos { mut bench, mut host, calls, .. } = chaos;
        // Nobody responds any more, so the calls that would never end are ended.
        for call in &calls {
            bench.ok("POST", &format!("/v1/calls/{call}/end"), Value::Null);
        }
        for _ in 0..30 {
            host.pass(&mut bench, 3_600_000);
        }
        let mut cents = 300;
        for call in &calls {
            let seen = json_of(&bench.send("GET", &format!("/__sandbox/calls/{call}"), Value::Null));
            assert!(seen["endedAt"].is_string(), "seed {seed}: {seen}");
            let seconds = seen["durationSeconds"].as_u64().unwrap();
            cents += (seconds * 13).div_ceil(60);
            let times: Vec<&str> = seen["transcripts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["createdAt"].as_str().unwrap())
                .collect();
            assert!(times.is_sorted(), "seed {seed}: {times:?}");
            assert!(times.iter().all(|at| *at <= seen["endedAt"].as_str().unwrap()), "seed {seed}");
        }
        let deliveries =
            bench.get("/v1/webhooks/deliveries?limit=100000")["items"].as_array().unwrap().clone();
        let texts = deliveries.iter().filter(|d| d["channel"] == "sms").count() as u64;
        assert_eq!(bench.ledger()["moneySpentCents"], cents + 2 * texts, "seed {seed}");
        let told = deliveries.iter().filter(|d| d["eventType"] == "agent.call_ended").count();
        assert_eq!(told, calls.len(), "seed {seed}: each end is told once");
        for delivery in &deliveries {
            assert_ne!(delivery["status"], "pending", "seed {seed}: {delivery}");
            let most = if delivery["channel"] == "sms" { 6 } else { 1 };
            assert!(delivery["attemptCount"].as_u64().unwrap() <= most, "seed {seed}: {delivery}");
        }
        assert!(
            bench.engine.world.shared.flights.iter().next().is_none(),
            "seed {seed}: nothing is out for ever"
        );
    }
}
