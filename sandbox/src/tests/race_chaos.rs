//! Random histories of requests, rules, restarts and time, compared with a model that knows what its
//! rule does to each request: what really happens, when, by whom, and what lists show of it at any
//! moment.

use super::Bench;
use crate::random::Random;
use crate::{Action, Config};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LIST: &str = "/v1/calls";

/// An effect that the model expects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    at: u64,
    /// Orders two effects at the same instant by when they were planned.
    planned: usize,
    requested_at: u64,
    foreign: bool,
    /// Until when lists leave it out.
    hidden_until: u64,
    to: String,
    key: String,
}

struct History {
    bench: Bench,
    random: Random,
    agent: String,
    expected: Vec<Expected>,
    /// The request that each key was used for, and when it is finished.
    keys: BTreeMap<String, (String, u64)>,
}

impl History {
    fn new(seed: u64) -> Self {
        let config = Config {
            seed,
            limits: false,
            idempotency_keys: true,
            balance_cents: 1 << 40,
            ..Config::default()
        };
        let mut bench = Bench::with(config);
        let agent = bench.create("/v1/agents", json!({ "name": "A" }));
        bench.create("/v1/numbers", json!({ "agentId": agent }));
        Self { bench, random: Random::new(seed, 98), agent, expected: Vec::new(), keys: BTreeMap::new() }
    }

    fn below(&mut self, count: u64) -> u64 {
        self.random.next() % count
    }

    fn step(&mut self) {
        match self.below(8) {
            0 => {
                let saved = self.bench.engine.snapshot();
                self.bench.engine.restore(&saved).unwrap();
            }
            1 | 2 => self.bench.now += self.random.next() % 4000,
            3 => self.look(),
            _ => self.call(),
        }
    }

    /// Places a call under a rule, with a key that may have been used before.
    fn call(&mut self) {
        let mut rule = json!({ "match": { "operation": "calls.create" }, "times": 1 });
        let late = (self.below(3) == 0).then(|| 1 + self.below(3000));
        let foreign = (self.below(3) == 0).then(|| self.below(3000));
        let mut unlisted = (self.below(3) == 0).then(|| 1 + self.below(5000));
        let mut happens = true;
        if let Some(ms) = late {
            rule["late"] = json!({ "afterMs": ms });
        }
        if let Some(ms) = foreign {
            rule["foreign"] = json!({ "afterMs": ms });
        }
        if late.is_none() && self.below(4) == 0 {
            rule["cut"] = json!("before-effect");
            (happens, unlisted) = (false, None);
        }
        if let Some(ms) = unlisted {
            rule["unlisted"] = json!({ "forMs": ms });
        }
        let plain = late.is_none() && foreign.is_none() && unlisted.is_none() && happens;
        if !plain {
            self.bench.fault(rule);
        }
        let (key, to) = (format!("key-{}", self.below(40)), format!("+1415555{:04}", self.below(30)));
        let now = self.bench.now;
        let headers = [("Authorization", "Bearer sk_1"), ("Idempotency-Key", key.as_str())];
        let body = json!({ "agentId": self.agent, "toNumber": to }).to_string();
        let response = self.bench.raw("POST", LIST, &headers, body.as_bytes());
        let known = self.keys.get(&key).cloned();
        // Only if the client gets a response at all.
        if response.delivery.action == Action::Normal {
            let status = match &known {
                Some((other, _)) if *other != to => 422,
                Some((_, done_at)) if *done_at > now => 409,
                _ => 200,
            };
            assert_eq!(response.status, status, "{key} {to}");
        }
        let planned = self.expected.len();
        let own = Expected {
            at: now + late.unwrap_or(0),
            planned,
            requested_at: now,
            foreign: false,
            hidden_until: 0,
            to: to.clone(),
            key: key.clone(),
        };
        if happens && known.is_none() {
            self.keys.insert(key, (to.clone(), own.at));
            let hidden_until = unlisted.map_or(0, |ms| own.at + ms);
            self.expected.push(Expected { hidden_until, ..own.clone() });
        }
        if let Some(ms) = foreign {
            let planned = self.expected.len();
            self.expected.push(Expected { at: now + ms, planned, foreign: true, ..own });
        }
    }

    /// What has happened by now, in order. An immediate effect comes after those already due at that
    /// instant.
    fn done(&self) -> Vec<Expected> {
        let now = self.bench.now;
        let mut done: Vec<Expected> = self.expected.iter().filter(|e| e.at <= now).cloned().collect();
        done.sort();
        done
    }

    /// Compares the list, read in pages of three, and the log of effects with the model.
    fn look(&mut self) {
        let (done, now) = (self.done(), self.bench.now);
        let log = self.bench.get("/__sandbox/effects")["data"].clone();
        let log: Vec<Value> =
            log.as_array().unwrap().iter().filter(|e| e["operation"] == "calls.create").cloned().collect();
        assert_eq!(log.len(), done.len());
        let sorted = |mut all: Vec<(u64, u64, bool, Value)>| {
            all.sort_by_key(|(at, asked, foreign, key)| (*at, *asked, *foreign, key.to_string()));
            all
        };
        let of_log = log.iter().map(|e| {
            let number = |name: &str| e[name].as_u64().unwrap();
            (number("at"), number("requestedAt"), e["foreign"] == true, e["idempotencyKey"].clone())
        });
        let of_model = done.iter().map(|e| {
            let key = if e.foreign { Value::Null } else { json!(e.key) };
            (e.at, e.requested_at, e.foreign, key)
        });
        assert_eq!(sorted(of_log.collect()), sorted(of_model.collect()));

        let mut listed = Vec::new();
        let visible = done.iter().filter(|e| e.foreign || e.hidden_until <= now).count();
        loop {
            let page = self.bench.get(&format!("{LIST}?limit=3&offset={}", listed.len()));
            assert_eq!(page["total"], visible);
            let data = page["data"].as_array().unwrap().clone();
            listed.extend(data.iter().map(|call| call["toNumber"].as_str().unwrap().to_owned()));
            assert_eq!(page["hasMore"], listed.len() < visible);
            if data.is_empty() || listed.len() >= visible {
                break;
            }
        }
        listed.sort();
        let shown = done.iter().filter(|e| e.foreign || e.hidden_until <= now);
        let mut expected: Vec<String> = shown.map(|e| e.to.clone()).collect();
        expected.sort();
        assert_eq!(listed, expected);

        let ledger = self.bench.ledger();
        let own = done.iter().filter(|e| !e.foreign).count();
        assert_eq!(
            (&ledger["callsPlaced"], &ledger["foreign"]["callsPlaced"]),
            (&json!(own), &json!(done.len() - own))
        );
        assert_eq!(self.bench.get("/v1/usage")["stats"]["totalCalls"], done.len(), "all of it is billed");
    }
}

#[test]
fn whatever_races_every_effect_is_recorded_and_a_key_has_at_most_one() {
    for seed in 0..10 {
        let mut history = History::new(seed);
        for _ in 0..80 {
            history.step();
        }
        history.bench.now += 60_000;
        history.look();
        let mut own: Vec<&str> =
            history.expected.iter().filter(|e| !e.foreign).map(|e| e.key.as_str()).collect();
        let all = own.len();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), all, "seed {seed}: one effect for each key");
        assert!(all > 3, "seed {seed}: {all}");
    }
}
