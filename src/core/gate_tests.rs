//! The gate against servers that limit, on a virtual clock.

use super::*;
use proptest::prelude::*;

/// A server with a fixed window, as the API's: so many requests a second.
struct Server {
    per_window: u32,
    window: Millis,
    began: Millis,
    used: u32,
}

impl Server {
    fn ask(&mut self, now: Millis) -> Verdict {
        if now >= self.began + self.window {
            self.began = now - (now - self.began) % self.window;
            self.used = 0;
        }
        if self.used < self.per_window {
            self.used += 1;
            return Verdict::Accepted;
        }
        // Whole seconds, rounded up, as Retry-After is written.
        Verdict::Limited((self.began + self.window - now).div_ceil(1000) * 1000)
    }
}

struct Outcome {
    requests: u32,
    most_refusals: u32,
    took: Millis,
}

/// Sends `calls` requests at once through a gate; each answer takes `latency`.
fn run(calls: u32, mut server: Server, latency: Millis) -> Outcome {
    let mut gate = Gate::default();
    let mut now = 1_000_000;
    let start = now;
    let mut waiting: Vec<(Ticket, u32)> = (0..calls).map(|_| (gate.ticket(0), 0)).collect();
    let mut under_way: Vec<(Millis, Pass, u32)> = Vec::new();
    let mut outcome = Outcome { requests: 0, most_refusals: 0, took: 0 };
    let mut done = 0;
    while done < calls {
        waiting.retain(|(ticket, refusals)| match gate.enter(*ticket, now) {
            Some(pass) => {
                outcome.requests += 1;
                under_way.push((now + latency, pass, *refusals));
                false
            }
            None => true,
        });
        let next = under_way.iter().map(|(at, ..)| *at).min().or_else(|| gate.opens(now));
        now = next.expect("the gate must never hold everybody for ever");
        let (due, rest) = under_way.into_iter().partition(|(at, ..)| *at <= now);
        under_way = rest;
        for (_, pass, refusals) in due {
            let verdict = server.ask(now);
            gate.answered(pass, verdict, now);
            if let Verdict::Limited(_) = verdict {
                outcome.most_refusals = outcome.most_refusals.max(refusals + 1);
                waiting.push((gate.ticket(refusals + 1), refusals + 1));
            } else {
                done += 1;
            }
        }
        assert!(now - start < 2_000_000, "no progress");
    }
    outcome.took = now - start;
    outcome
}

#[test]
fn two_hundred_at_once_against_twenty_a_second_all_get_through_without_a_storm() {
    let server = Server { per_window: 20, window: 1000, began: 0, used: 0 };
    let outcome = run(200, server, 5);
    assert!(outcome.requests <= 440, "{} requests", outcome.requests);
    assert!(outcome.took <= 13_000, "{} ms", outcome.took);
    assert!(outcome.most_refusals <= 2, "one more refusal would be a failed call");
}

#[test]
fn an_open_gate_holds_nobody() {
    let mut gate = Gate::default();
    for _ in 0..5000 {
        let ticket = gate.ticket(0);
        assert!(gate.enter(ticket, 5).is_some());
    }
}

#[test]
fn a_closed_gate_lets_nobody_through_until_its_time() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 100).unwrap();
    gate.answered(pass, Verdict::Limited(1000), 100);
    let (a, b) = (gate.ticket(0), gate.ticket(1));
    assert!(gate.enter(a, 1099).is_none());
    assert!(gate.enter(b, 1099).is_none());
    assert_eq!(gate.opens(1099), Some(1100));
    assert_eq!(gate.ready(1100), [b], "who was refused goes first, and one alone at the start");
    assert!(gate.enter(a, 1100).is_none());
    assert!(gate.enter(b, 1100).is_some());
}

#[test]
fn who_gives_up_at_the_gate_blocks_nobody_behind() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    let (a, b) = (gate.ticket(0), gate.ticket(0));
    assert!(gate.enter(a, 1).is_none() && gate.enter(b, 1).is_none());
    gate.leave(a);
    assert_eq!(gate.ready(10), [b]);
}

#[test]
fn who_never_comes_although_it_is_their_turn_blocks_nobody_behind() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    let (gone, next) = (gate.ticket(0), gate.ticket(0));
    assert!(gate.enter(gone, 1).is_none() && gate.enter(next, 1).is_none());
    // Its host has stopped running it, and nobody has been told.
    assert!(gate.enter(next, 10).is_none(), "the other goes first, if it comes");
    let change = gate.next_change(10).expect("somebody must look again");
    assert!(change <= 10 + PATIENCE);
    assert!(gate.enter(next, change).is_some());
    assert!(gate.enter(gone, change).is_none(), "one that comes late after all waits like the others");
}

#[test]
fn a_request_without_an_answer_gives_its_place_back() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    for _ in 0..50 {
        let ticket = gate.ticket(0);
        let pass = gate.enter(ticket, 20).expect("the place is free again");
        gate.answered(pass, Verdict::Unknown, 20);
    }
}

#[test]
fn a_request_that_never_ends_holds_nobody_up_for_long() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    let (slow, next) = (gate.ticket(0), gate.ticket(0));
    let never_given_back = gate.enter(slow, 10).unwrap();
    assert!(gate.enter(next, 11).is_none());
    let change = gate.next_change(11).expect("somebody must look again");
    assert!(change <= 10 + PATIENCE);
    assert_eq!(gate.ready(change), [next]);
    assert!(gate.enter(next, change).is_some());
    gate.answered(never_given_back, Verdict::Accepted, change + 60_000);
}

#[test]
fn who_is_absent_is_found_though_not_everybody_is_looked_at_each_time() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    let early = gate.ticket(0);
    assert!(gate.enter(early, 0).is_none());
    let late = gate.ticket(0);
    assert!(gate.enter(late, 9).is_none());
    // The first of them does not come back when it may enter, and the second does.
    let lapsed = 10 + PATIENCE;
    assert_eq!(gate.ready(lapsed - 1), [early]);
    assert_eq!(gate.ready(lapsed), [] as [Ticket; 0], "both could have asked, and neither has");
    assert!(gate.enter(late, lapsed).is_some());
    assert_eq!(gate.next_change(lapsed), Some(lapsed + PATIENCE), "its place lapses, and nobody else waits");
}

#[test]
fn a_lifted_limit_is_found_and_a_quiet_minute_forgets_it() {
    let mut gate = Gate::default();
    let first = gate.ticket(0);
    let pass = gate.enter(first, 0).unwrap();
    gate.answered(pass, Verdict::Limited(10), 0);
    let mut rounds = 0;
    let mut sent = 0;
    while sent < 1000 {
        rounds += 1;
        let mut passes = Vec::new();
        loop {
            let ticket = gate.ticket(0);
            match gate.enter(ticket, 20) {
                Some(pass) => passes.push(pass),
                None => {
                    gate.leave(ticket);
                    break;
                }
            }
        }
        sent += passes.len();
        for pass in passes {
            gate.answered(pass, Verdict::Accepted, 20);
        }
    }
    assert!(rounds < 100, "{rounds} rounds for {sent} requests");
    let tickets: Vec<_> = (0..100).map(|_| gate.ticket(0)).collect();
    assert!(tickets.into_iter().all(|t| gate.enter(t, 10 + QUIET).is_some()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_limit_everybody_gets_through_and_refusals_stay_few(
        calls in 1u32..300, per_window in 1u32..80, latency in 1u64..60, window in 300u64..3000,
    ) {
        let outcome = run(calls, Server { per_window, window, began: 0, used: 0 }, latency);
        let windows = calls.div_ceil(per_window);
        // The first burst, then in each window its share and few refusals.
        prop_assert!(outcome.requests <= calls * 2 + windows * 4, "{} requests", outcome.requests);
    }
}
