//! The limiter against servers that limit, on a virtual clock.

use super::*;
use proptest::prelude::*;

/// A server with a fixed window, as the API's: a number of requests per second.
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

/// Sends `calls` requests at once through a limiter; each response takes `latency`.
fn run(calls: u32, mut server: Server, latency: Millis) -> Outcome {
    let mut limiter = RateLimiter::default();
    let mut now = 1_000_000;
    let start = now;
    let mut waiting: Vec<(Waiter, u32)> = (0..calls).map(|_| (limiter.register(0), 0)).collect();
    let mut in_flight: Vec<(Millis, Permit, u32)> = Vec::new();
    let mut outcome = Outcome { requests: 0, most_refusals: 0, took: 0 };
    let mut done = 0;
    while done < calls {
        waiting.retain(|(waiter, refusals)| match limiter.try_acquire(*waiter, now) {
            Some(permit) => {
                outcome.requests += 1;
                in_flight.push((now + latency, permit, *refusals));
                false
            }
            None => true,
        });
        let next = in_flight.iter().map(|(at, ..)| *at).min().or_else(|| limiter.opens(now));
        now = next.expect("the limiter must never hold all requests for ever");
        let (due, rest) = in_flight.into_iter().partition(|(at, ..)| *at <= now);
        in_flight = rest;
        for (_, permit, refusals) in due {
            let verdict = server.ask(now);
            limiter.release(permit, verdict, now);
            if let Verdict::Limited(_) = verdict {
                outcome.most_refusals = outcome.most_refusals.max(refusals + 1);
                waiting.push((limiter.register(refusals + 1), refusals + 1));
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
fn an_open_limiter_admits_every_request() {
    let mut limiter = RateLimiter::default();
    for _ in 0..5000 {
        let waiter = limiter.register(0);
        assert!(limiter.try_acquire(waiter, 5).is_some());
    }
}

#[test]
fn a_closed_limiter_admits_none_until_it_opens() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 100).unwrap();
    limiter.release(permit, Verdict::Limited(1000), 100);
    let (a, b) = (limiter.register(0), limiter.register(1));
    assert!(limiter.try_acquire(a, 1099).is_none());
    assert!(limiter.try_acquire(b, 1099).is_none());
    assert_eq!(limiter.opens(1099), Some(1100));
    assert_eq!(limiter.ready(1100), [b], "a refused request goes first, and only one at the start");
    assert!(limiter.try_acquire(a, 1100).is_none());
    assert!(limiter.try_acquire(b, 1100).is_some());
}

#[test]
fn requests_that_were_accepted_while_it_closed_count_as_allowed() {
    /// How many requests are admitted at once, after one was accepted, if so many were on their way when it closed.
    fn admitted(on_their_way: u32) -> usize {
        let mut limiter = RateLimiter::default();
        let permits: Vec<_> = (0..=on_their_way)
            .map(|_| {
                let waiter = limiter.register(0);
                limiter.try_acquire(waiter, 0).unwrap()
            })
            .collect();
        assert!(!limiter.remembers(0));
        let mut permits = permits.into_iter();
        assert!(limiter.release(permits.next().unwrap(), Verdict::Limited(1_000), 0));
        assert!(limiter.remembers(0));
        for permit in permits {
            assert!(!limiter.release(permit, Verdict::Accepted, 10));
        }
        let waiter = limiter.register(0);
        let permit = limiter.try_acquire(waiter, 1_000).unwrap();
        limiter.release(permit, Verdict::Accepted, 1_010);
        let mut more = 0;
        loop {
            let waiter = limiter.register(0);
            if limiter.try_acquire(waiter, 1_010).is_none() {
                return more;
            }
            more += 1;
        }
    }
    assert_eq!((admitted(0), admitted(3)), (1, 2));
}

#[test]
fn a_waiter_that_gives_up_does_not_block_the_next() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    let (a, b) = (limiter.register(0), limiter.register(0));
    assert!(limiter.try_acquire(a, 1).is_none() && limiter.try_acquire(b, 1).is_none());
    limiter.withdraw(a);
    assert_eq!(limiter.ready(10), [b]);
}

#[test]
fn a_waiter_that_misses_its_turn_does_not_block_the_next() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    let (gone, next) = (limiter.register(0), limiter.register(0));
    assert!(limiter.try_acquire(gone, 1).is_none() && limiter.try_acquire(next, 1).is_none());
    // Its host has stopped running it, without notice.
    assert!(limiter.try_acquire(next, 10).is_none(), "the other goes first if it asks");
    let change = limiter.next_change(10).expect("a waiter must look again");
    assert!(change <= 10 + PATIENCE);
    assert!(limiter.try_acquire(next, change).is_some());
    assert!(limiter.try_acquire(gone, change).is_none(), "a late one waits like the others");
}

#[test]
fn a_request_without_a_response_gives_its_permit_back() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    for _ in 0..50 {
        let waiter = limiter.register(0);
        let permit = limiter.try_acquire(waiter, 20).expect("the permit is free again");
        limiter.release(permit, Verdict::Unknown, 20);
    }
}

#[test]
fn a_request_that_never_ends_does_not_block_the_others_for_long() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    let (slow, next) = (limiter.register(0), limiter.register(0));
    let never_released = limiter.try_acquire(slow, 10).unwrap();
    assert!(limiter.try_acquire(next, 11).is_none());
    let change = limiter.next_change(11).expect("a waiter must look again");
    assert!(change <= 10 + PATIENCE);
    assert_eq!(limiter.ready(change), [next]);
    assert!(limiter.try_acquire(next, change).is_some());
    limiter.release(never_released, Verdict::Accepted, change + 60_000);
}

#[test]
fn an_absent_waiter_is_found_though_the_whole_queue_is_not_searched_each_time() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    let early = limiter.register(0);
    assert!(limiter.try_acquire(early, 0).is_none());
    let late = limiter.register(0);
    assert!(limiter.try_acquire(late, 9).is_none());
    let lapsed = 10 + PATIENCE;
    assert_eq!(limiter.ready(lapsed - 1), [early]);
    assert_eq!(limiter.ready(lapsed), [] as [Waiter; 0], "both could have asked, and neither has");
    assert!(limiter.try_acquire(late, lapsed).is_some());
    assert_eq!(
        limiter.next_change(lapsed),
        Some(lapsed + PATIENCE),
        "its place lapses, and no one else waits"
    );
}

#[test]
fn a_lifted_limit_is_found_and_a_quiet_minute_forgets_it() {
    let mut limiter = RateLimiter::default();
    let first = limiter.register(0);
    let permit = limiter.try_acquire(first, 0).unwrap();
    limiter.release(permit, Verdict::Limited(10), 0);
    let mut rounds = 0;
    let mut sent = 0;
    while sent < 1000 {
        rounds += 1;
        let mut permits = Vec::new();
        loop {
            let waiter = limiter.register(0);
            match limiter.try_acquire(waiter, 20) {
                Some(permit) => permits.push(permit),
                None => {
                    limiter.withdraw(waiter);
                    break;
                }
            }
        }
        sent += permits.len();
        for permit in permits {
            limiter.release(permit, Verdict::Accepted, 20);
        }
    }
    assert!(rounds < 100, "{rounds} rounds for {sent} requests");
    let waiters: Vec<_> = (0..100).map(|_| limiter.register(0)).collect();
    assert!(waiters.into_iter().all(|t| limiter.try_acquire(t, 10 + QUIET).is_some()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_limit_every_call_gets_through_with_few_refusals(
        calls in 1u32..300, per_window in 1u32..80, latency in 1u64..60, window in 300u64..3000,
    ) {
        let outcome = run(calls, Server { per_window, window, began: 0, used: 0 }, latency);
        let windows = calls.div_ceil(per_window);
        // The first burst, then in each window its share and few refusals.
        prop_assert!(outcome.requests <= calls * 2 + windows * 4, "{} requests", outcome.requests);
    }
}
