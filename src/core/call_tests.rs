//! The life of a call by tables, branch by branch, and by properties over random orders of events.

use super::*;
use crate::core::catalogue::Cure;
use crate::core::retry_after::Wait;
use proptest::prelude::*;

const POLICY: Policy = Policy {
    effect: EffectClass::Read,
    replay: Replay::Safe,
    timeout: Some(1_000),
    total_timeout: None,
    max_retries: 2,
    max_retry_delay: 60_000,
    key_is_supplied: false,
};

/// A call with what it shares, on a clock that the test moves.
struct World {
    call: Call,
    limiter: RateLimiter,
    budget: Budget,
    now: Millis,
    chance: f64,
}

impl World {
    fn new(policy: Policy) -> Self {
        Self {
            call: Call::new(policy, 0),
            limiter: RateLimiter::default(),
            budget: Budget::default(),
            now: 0,
            chance: 0.0,
        }
    }

    fn step(&mut self, event: Event) -> Action {
        let mut shared = Shared { limiter: &mut self.limiter, budget: &mut self.budget, chance: self.chance };
        self.call.step(event, self.now, &mut shared)
    }

    fn at(&mut self, now: Millis, event: Event) -> Action {
        self.now = now;
        self.step(event)
    }

    /// As far as a request that is under way.
    fn sent(policy: Policy) -> Self {
        let mut world = Self::new(policy);
        let mut action = world.step(Event::Begin);
        if policy.key_is_supplied {
            assert_eq!(action, Action::AskKey);
            action = world.step(Event::KeyGiven);
        }
        assert_eq!(action, Action::Announce);
        assert_eq!(world.step(Event::Notified), Action::Send);
        world
    }

    /// Another request of the same operation closes the limiter until `opens`.
    fn limited(mut self, opens: Millis) -> Self {
        let waiter = self.limiter.register(0);
        let permit = self.limiter.try_acquire(waiter, self.now).unwrap();
        self.limiter.release(permit, Verdict::Limited(opens - self.now), self.now);
        self
    }

    /// True if the limiter is free: another request gets its permit at once.
    fn lets_others_in(&mut self) -> bool {
        let now = self.limiter.opens(self.now).unwrap_or(self.now);
        let waiter = self.limiter.register(0);
        self.limiter.try_acquire(waiter, now).is_some()
    }
}

fn refused(status: u16, wait: Option<Millis>) -> Failure {
    let wait = wait.map(|millis| Wait { millis, explicit: true });
    Failure::Answered(Answered { status, cure: Cure::ByStatus, envelope: true, wait })
}

fn failed(action: Action) -> CallError {
    match action {
        Action::Fail(error) => error,
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn a_call_is_announced_sent_and_done() {
    let mut world = World::new(POLICY);
    assert_eq!(world.step(Event::Begin), Action::Announce);
    assert_eq!(world.call.attempts(), 1, "the observers learn which attempt it is");
    assert_eq!(world.step(Event::Notified), Action::Send);
    assert_eq!(world.at(40, Event::Succeeded), Action::Done);
    assert_eq!((world.call.attempts(), world.call.elapsed(world.now)), (1, 40));
    assert_eq!(world.step(Event::Succeeded), Action::Done, "and nothing happens any more");
    assert!(world.lets_others_in());
}

#[test]
fn a_read_is_retried_after_its_backoff_and_no_earlier() {
    let mut world = World::sent(POLICY);
    world.chance = 0.5;
    assert_eq!(world.step(Event::Failed(Failure::NoAnswer)), Action::Retry { after: 250, limited: false });
    assert_eq!(world.step(Event::Notified), Action::Wait { until: Some(250) });
    assert_eq!(world.at(249, Event::Woken), Action::Wait { until: Some(250) });
    assert_eq!(world.at(250, Event::Woken), Action::Announce);
    assert_eq!(world.step(Event::Notified), Action::Send);
    assert_eq!(world.call.attempts(), 2);
}

#[test]
fn what_may_have_happened_is_never_sent_again_and_says_so() {
    for failure in [Failure::NoAnswer, Failure::TimedOut, Failure::Unreadable, refused(500, None)] {
        let mut world = World::sent(Policy { effect: EffectClass::Effect, ..POLICY });
        let error = failed(world.step(Event::Failed(failure)));
        assert!(error.outcome_unknown && !error.retryable, "{failure:?}");
    }
}

#[test]
fn what_is_proven_not_to_have_happened_is_sent_again() {
    for failure in [Failure::NotSent, refused(503, Some(10)), refused(429, Some(10))] {
        let mut world = World::sent(Policy { effect: EffectClass::Effect, ..POLICY });
        assert!(matches!(world.step(Event::Failed(failure)), Action::Retry { .. }), "{failure:?}");
    }
}

#[test]
fn a_replay_that_the_caller_asked_for_leaves_the_outcome_unknown_for_good() {
    let mut world = World::sent(Policy { effect: EffectClass::Effect, replay: Replay::Always, ..POLICY });
    assert!(matches!(world.step(Event::Failed(Failure::NoAnswer)), Action::Retry { .. }));
    let _ = world.step(Event::Notified);
    assert_eq!(world.step(Event::Woken), Action::Announce);
    let _ = world.step(Event::Notified);
    let error = failed(world.step(Event::Failed(refused(404, None))));
    assert!(error.outcome_unknown, "the first one may have happened");
}

#[test]
fn retries_end_with_the_last_ones_error() {
    let mut world = World::sent(POLICY);
    for attempt in 1..=2 {
        assert!(matches!(world.step(Event::Failed(Failure::NoAnswer)), Action::Retry { .. }), "{attempt}");
        let _ = world.step(Event::Notified);
        assert_eq!(world.step(Event::Woken), Action::Announce);
        let _ = world.step(Event::Notified);
    }
    let error = failed(world.step(Event::Failed(refused(503, None))));
    assert_eq!((error.code, error.attempts, error.reason), (Code::Refused, 3, Reason::Attempt));
}

#[test]
fn a_rate_limit_closes_the_limiter_for_others_and_is_waited_for_there() {
    let mut world = World::sent(POLICY);
    let action = world.step(Event::Failed(refused(429, Some(3_000))));
    assert_eq!(action, Action::Retry { after: 3_000, limited: true });
    assert_eq!(world.limiter.opens(0), Some(3_000));
    assert_eq!(world.step(Event::Notified), Action::Wait { until: Some(3_000) });
    assert_eq!(world.call.deadline(), None, "the time of an attempt does not run in the queue");
    assert_eq!(world.at(3_000, Event::Woken), Action::Announce);
    assert_eq!(world.call.deadline(), Some(4_000));
}

#[test]
fn a_rate_limit_that_names_no_time_or_too_long_a_time_closes_nothing_for_others() {
    for wait in [None, Some(POLICY.max_retry_delay + 1)] {
        let mut world = World::sent(POLICY);
        let action = world.step(Event::Failed(refused(429, wait)));
        assert!(!matches!(action, Action::Retry { limited: true, .. }), "{wait:?}: {action:?}");
        assert!(!world.limiter.remembers(0), "{wait:?}");
    }
}

#[test]
fn a_call_at_the_limiter_is_known_by_its_waiter_and_is_over_when_it_is_aborted() {
    let mut world = World::new(POLICY).limited(500);
    assert!(matches!(world.step(Event::Begin), Action::Wait { .. }));
    assert!(world.call.waiter().is_some() && !world.call.is_over());
    assert_eq!(world.at(500, Event::Woken), Action::Announce);
    assert!(world.call.waiter().is_none() && !world.call.is_over());
    let _ = failed(world.step(Event::Aborted));
    assert!(world.call.is_over());
}

#[test]
fn a_rate_limit_that_lasts_longer_than_the_call_may_fails_at_once() {
    let policy = Policy { total_timeout: Some(500), ..POLICY };
    let mut world = World::new(policy).limited(800);
    let error = failed(world.step(Event::Begin));
    assert_eq!((error.code, error.reason), (Code::Timeout, Reason::RateLimit));
    assert_eq!((error.retry_after, error.retryable, error.attempts), (Some(800), true, 0));
}

#[test]
fn a_rate_limit_that_only_another_caller_waits_for_fails_at_once() {
    let mut world = World::new(Policy { max_retry_delay: 500, ..POLICY }).limited(800);
    let error = failed(world.step(Event::Begin));
    assert_eq!((error.code, error.reason, error.attempts), (Code::RateLimited, Reason::LongRateLimit, 0));
    assert_eq!((error.retry_after, error.retryable, error.outcome_unknown), (Some(800), true, false));
    assert!(world.lets_others_in());
}

#[test]
fn the_time_of_an_attempt_ends_it_and_another_follows() {
    let mut world = World::sent(POLICY);
    assert_eq!(world.at(999, Event::Woken), Action::Wait { until: Some(1_000) });
    assert!(matches!(world.at(1_000, Event::Woken), Action::Retry { .. }));
    let mut world = World::sent(Policy { max_retries: 0, ..POLICY });
    let error = failed(world.at(1_000, Event::Woken));
    assert_eq!((error.code, error.reason), (Code::Timeout, Reason::AttemptTime(1_000)));
}

#[test]
fn the_time_of_the_call_ends_it_wherever_it_is() {
    let policy =
        Policy { total_timeout: Some(700), key_is_supplied: true, effect: EffectClass::Effect, ..POLICY };
    let over = |mut world: World, unknown: bool| {
        assert_eq!(world.call.deadline(), Some(700));
        let error = failed(world.at(700, Event::Woken));
        assert_eq!((error.code, error.reason), (Code::Timeout, Reason::TotalTime(700)));
        assert_eq!((error.outcome_unknown, error.retryable), (unknown, !unknown));
        assert!(world.lets_others_in());
    };
    let mut asking = World::new(policy);
    let _ = asking.step(Event::Begin);
    over(asking, false);
    let mut queued = World::new(Policy { key_is_supplied: false, ..policy }).limited(600);
    let _ = queued.step(Event::Begin);
    over(queued, false);
    let mut announced = World::new(Policy { key_is_supplied: false, ..policy });
    let _ = announced.step(Event::Begin);
    over(announced, false);
    over(World::sent(policy), true);
    let mut pausing = World::sent(policy);
    pausing.chance = 0.9;
    assert!(matches!(pausing.step(Event::Failed(Failure::NotSent)), Action::Retry { .. }));
    let _ = pausing.step(Event::Notified);
    over(pausing, false);
}

#[test]
fn a_supplier_that_is_slow_or_fails_ends_the_call_with_nothing_sent() {
    let policy = Policy { key_is_supplied: true, effect: EffectClass::Effect, ..POLICY };
    let mut world = World::new(policy);
    assert_eq!(world.step(Event::Begin), Action::AskKey);
    let error = failed(world.at(1_000, Event::Woken));
    assert_eq!((error.code, error.reason), (Code::Timeout, Reason::SlowSupplier));
    assert!(!error.outcome_unknown);
    let mut world = World::new(policy);
    let _ = world.step(Event::Begin);
    let error = failed(world.step(Event::KeyRefused));
    assert_eq!((error.code, error.attempts, error.retryable), (Code::Configuration, 0, false));
}

#[test]
fn a_key_is_asked_for_again_after_a_wait_at_the_limiter() {
    let policy = Policy { key_is_supplied: true, ..POLICY };
    let mut world = World::new(policy).limited(100);
    assert_eq!(world.step(Event::Begin), Action::AskKey);
    assert_eq!(world.step(Event::KeyGiven), Action::Wait { until: Some(100) });
    assert_eq!(world.at(100, Event::Woken), Action::AskKey);
    assert_eq!(world.step(Event::KeyGiven), Action::Announce);
}

#[test]
fn a_new_key_of_another_account_queues_at_that_accounts_limiter() {
    let policy = Policy { key_is_supplied: true, ..POLICY };
    let mut world = World::new(policy).limited(100);
    let _ = world.step(Event::Begin);
    let _ = world.step(Event::KeyGiven);
    assert_eq!(world.at(100, Event::Woken), Action::AskKey);
    world.call.change_account(100, &mut world.limiter);
    assert!(world.lets_others_in());
    world.limiter = RateLimiter::default();
    let mut world = world.limited(5_000);
    assert_eq!(world.step(Event::KeyGiven), Action::Wait { until: Some(5_000) });
}

#[test]
fn an_abort_ends_the_call_wherever_it_is_and_says_whether_a_request_was_under_way() {
    let policy = Policy { effect: EffectClass::Effect, ..POLICY };
    let mut announced = World::new(policy);
    let _ = announced.step(Event::Begin);
    let error = failed(announced.step(Event::Aborted));
    assert_eq!((error.code, error.attempts, error.outcome_unknown), (Code::Aborted, 0, false));
    let error = failed(World::sent(policy).step(Event::Aborted));
    assert_eq!((error.attempts, error.outcome_unknown, error.retryable), (1, true, false));
    let mut queued = World::new(policy).limited(100);
    let _ = queued.step(Event::Begin);
    assert!(!failed(queued.step(Event::Aborted)).outcome_unknown);
    assert!(queued.lets_others_in());
}

#[test]
fn a_call_too_late_for_a_closed_limiter_loses_no_retry() {
    let mut world = World::sent(Policy { max_retries: 1, ..POLICY });
    // Another request has closed the limiter since.
    let mut world = {
        world.now = 1;
        world.limited(500)
    };
    let action = world.step(Event::Failed(refused(429, Some(400))));
    assert_eq!(action, Action::Retry { after: 400, limited: false });
    let _ = world.step(Event::Notified);
    assert_eq!(world.at(500, Event::Woken), Action::Announce);
    let _ = world.step(Event::Notified);
    assert!(matches!(
        world.step(Event::Failed(refused(429, Some(400)))),
        Action::Retry { limited: true, .. }
    ));
}

#[test]
fn an_empty_budget_ends_a_call_after_its_first_attempt_and_a_success_fills_it() {
    let mut world = World::sent(POLICY);
    while world.budget.take(1) {}
    assert_eq!(failed(world.step(Event::Failed(Failure::NoAnswer))).attempts, 1);
    let mut world = World::sent(POLICY);
    while world.budget.take(1) {}
    let _ = world.step(Event::Succeeded);
    assert!(world.budget.take(1));
}

#[test]
fn no_error_of_the_machine_is_without_a_word_or_somebody_who_has_it() {
    let told = [
        Reason::SlowSupplier,
        Reason::AttemptTime(5),
        Reason::TotalTime(5),
        Reason::RateLimit,
        Reason::LongRateLimit,
        Reason::Signal,
    ];
    // Others have the words: what `fetch` threw, or what is wrong with the key.
    assert!([Reason::Attempt, Reason::Supplier].iter().all(|reason| reason.words().is_empty()));
    assert!(told.iter().all(|reason| !reason.words().is_empty()));
    assert_eq!(Reason::AttemptTime(500).words(), "no complete response within timeout (500 ms)");
    assert_eq!(Code::Refused.as_str(), "");
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::Begin),
        1 => Just(Event::KeyGiven),
        1 => Just(Event::KeyRefused),
        4 => Just(Event::Notified),
        4 => Just(Event::Woken),
        1 => Just(Event::Succeeded),
        1 => Just(Event::Failed(Failure::NotSent)),
        1 => Just(Event::Failed(Failure::NoAnswer)),
        1 => Just(Event::Failed(Failure::TimedOut)),
        1 => Just(Event::Failed(refused(429, Some(50)))),
        1 => Just(Event::Failed(refused(503, None))),
        1 => Just(Event::Failed(refused(404, None))),
        1 => Just(Event::Aborted),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    let effects =
        prop_oneof![Just(EffectClass::Read), Just(EffectClass::Idempotent), Just(EffectClass::Effect)];
    let times = || proptest::option::of(1u64..2_000);
    (effects, times(), times(), 0u32..4, any::<bool>()).prop_map(
        |(effect, timeout, total_timeout, max_retries, key_is_supplied)| Policy {
            effect,
            timeout,
            total_timeout,
            max_retries,
            key_is_supplied,
            ..POLICY
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_happens_in_whatever_order(
        policy in policies(),
        limited in proptest::option::of(1u64..300),
        chance in 0.0f64..1.0,
        steps in proptest::collection::vec((events(), 0u64..400), 1..60),
    ) {
        let mut world = World::new(policy);
        if let Some(opens) = limited {
            world = world.limited(opens);
        }
        world.chance = chance;
        let (mut sent, mut in_flight, mut in_doubt, mut over, mut looked) = (0u32, false, false, false, false);
        for (event, passes) in steps {
            let now = world.now + passes;
            let was_under_way = in_flight;
            match world.at(now, event) {
                Action::Send => {
                    prop_assert!(!in_flight, "two requests of one call at once");
                    prop_assert!(!in_doubt, "sent again although it may have happened");
                    prop_assert!(!over);
                    sent += 1;
                    in_flight = true;
                }
                Action::Retry { after, .. } => {
                    in_flight = false;
                    prop_assert!(after <= policy.max_retry_delay);
                    if let Event::Failed(failure) = event {
                        in_doubt |= may_have_happened(policy.effect, &failure);
                    } else {
                        in_doubt |= policy.effect == EffectClass::Effect;
                    }
                }
                Action::Done => {
                    prop_assert!(over || was_under_way, "done without an answer");
                    over = true;
                }
                Action::Fail(error) => {
                    prop_assert!(!over, "fails twice");
                    prop_assert!(!(error.outcome_unknown && error.retryable));
                    prop_assert_eq!(error.attempts, sent);
                    if event == Event::Aborted {
                        let unknown = was_under_way && policy.effect == EffectClass::Effect;
                        prop_assert_eq!(error.outcome_unknown, unknown);
                    }
                    over = true;
                }
                Action::Wait { .. } | Action::AskKey | Action::Announce => {}
            }
            if over && !looked {
                looked = true;
                prop_assert!(world.lets_others_in(), "holds a place after its end");
            }
        }
        prop_assert!(sent <= 1 + policy.max_retries + MOST_TOO_LATE);
    }

    /// A driver that does what it is told always comes to an end.
    #[test]
    fn nothing_hangs(
        policy in policies(),
        limited in proptest::option::of(1u64..300),
        outcomes in proptest::collection::vec(proptest::option::of(0usize..6), 12),
    ) {
        let failures = [
            Failure::NotSent, Failure::NoAnswer, Failure::Unreadable, refused(429, Some(50)), refused(503, Some(20)), refused(402, None),
        ];
        let mut world = World::new(policy);
        if let Some(opens) = limited {
            world = world.limited(opens);
        }
        let mut outcomes = outcomes.into_iter();
        let mut action = world.step(Event::Begin);
        for _ in 0..200 {
            let event = match action {
                Action::Done | Action::Fail(_) => return Ok(()),
                Action::AskKey => Event::KeyGiven,
                Action::Announce | Action::Retry { .. } => Event::Notified,
                Action::Send => match outcomes.next().flatten() {
                    Some(which) => Event::Failed(failures[which]),
                    None => Event::Succeeded,
                },
                Action::Wait { until } => {
                    let at = [until, world.call.deadline()].into_iter().flatten().min();
                    prop_assert!(at.is_some(), "waits for nothing");
                    world.now = at.unwrap_or(0).max(world.now);
                    Event::Woken
                }
            };
            action = world.step(event);
        }
        prop_assert!(false, "no end");
    }
}
