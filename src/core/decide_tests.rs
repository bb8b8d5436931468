//! The decision table, cell for cell, from the vectors that the JavaScript tests drive through the
//! real stack; and the properties that must hold outside the table.

use super::super::catalogue::{self, cure};
use super::super::retry_after::Wait;
use super::*;
use proptest::prelude::*;
use serde_json::Value;

fn answered(status: u16, code: Option<&str>, envelope: bool, wait: Option<Wait>) -> Failure {
    Failure::Answered(Answered { status, cure: cure(code), envelope, wait })
}

fn situation(effect: EffectClass, replay: Replay, failure: &Failure) -> Situation<'_> {
    Situation {
        effect,
        replay,
        failure,
        attempts: 1,
        max_retries: 2,
        max_delay: 60_000,
        time_left: None,
        backoff: 100,
    }
}

fn failure_of(case: &Value) -> Failure {
    match case["failure"].as_str().unwrap() {
        "not-sent" => Failure::NotSent,
        "no-answer" => Failure::NoAnswer,
        "timed-out" => Failure::TimedOut,
        "unreadable" => Failure::Unreadable,
        "answer" => {
            let wait =
                case["retryAfter"].as_u64().map(|seconds| Wait { millis: seconds * 1000, explicit: true });
            let body = &case["body"];
            let envelope = body["error"].is_object();
            let said = if envelope { &body["error"] } else { body };
            answered(case["status"].as_u64().unwrap() as u16, said["code"].as_str(), envelope, wait)
        }
        other => panic!("unknown failure {other}"),
    }
}

#[test]
fn every_cell_of_the_contract_table_is_decided_as_it_says() {
    let vectors: Value = serde_json::from_str(include_str!("../../contract/vectors/decisions.json")).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() >= 20);
    for case in cases {
        let failure = failure_of(case);
        for (name, effect) in [
            ("read", EffectClass::Read),
            ("idempotent", EffectClass::Idempotent),
            ("effect", EffectClass::Effect),
        ] {
            let want = case[name].as_str().unwrap();
            let decision = decide(&situation(effect, Replay::Safe, &failure), &mut Budget::default());
            let unknown = may_have_happened(effect, &failure);
            let got = match (decision, unknown) {
                (Decision::Retry { .. }, false) => "retry",
                (Decision::Fail, false) => "fail",
                (Decision::Fail, true) => "fail-unknown",
                (Decision::Retry { .. }, true) => "retry-unknown",
            };
            assert_eq!(got, want, "{name}: {case}");
        }
    }
}

#[test]
fn replay_always_repeats_an_effect_and_still_says_that_it_may_have_happened() {
    let failure = Failure::NoAnswer;
    let s = situation(EffectClass::Effect, Replay::Always, &failure);
    assert!(matches!(decide(&s, &mut Budget::default()), Decision::Retry { .. }));
    assert!(may_have_happened(EffectClass::Effect, &failure));
}

#[test]
fn replay_never_sends_nothing_twice_not_even_a_read() {
    for failure in [Failure::NotSent, Failure::NoAnswer, answered(503, None, false, None)] {
        let s = situation(EffectClass::Read, Replay::Never, &failure);
        assert_eq!(decide(&s, &mut Budget::default()), Decision::Fail);
    }
}

#[test]
fn a_wait_that_is_too_long_fails_at_once_instead_of_being_cut_short() {
    let hour = Some(Wait { millis: 3_600_000, explicit: true });
    let failure = answered(429, Some("RATE_LIMIT_EXCEEDED"), true, hour);
    let s = situation(EffectClass::Read, Replay::Safe, &failure);
    assert_eq!(decide(&s, &mut Budget::default()), Decision::Fail);
    let second = Some(Wait { millis: 1000, explicit: true });
    let failure = answered(429, None, false, second);
    let s = Situation { time_left: Some(900), ..situation(EffectClass::Read, Replay::Safe, &failure) };
    assert_eq!(decide(&s, &mut Budget::default()), Decision::Fail);
    let s = Situation { time_left: Some(1100), ..s };
    assert_eq!(decide(&s, &mut Budget::default()), Decision::Retry { after: 1000, rate_limited: true });
}

#[test]
fn a_refused_rate_that_names_no_wait_is_not_asked_again_within_a_second() {
    let failure = answered(429, None, false, None);
    let after = |attempts, backoff, max_delay| {
        let known = situation(EffectClass::Effect, Replay::Safe, &failure);
        let s = Situation { attempts, backoff, max_delay, max_retries: 99, ..known };
        decide(&s, &mut Budget::default())
    };
    let retry = |after| Decision::Retry { after, rate_limited: false };
    for (attempts, backoff, want) in
        [(1, 0, 1_000), (1, 400, 1_400), (2, 0, 2_000), (3, 900, 4_900), (9, 0, 60_000)]
    {
        assert_eq!(after(attempts, backoff, 60_000), retry(want));
    }
    assert_eq!(after(1, 100, 300), retry(300), "no longer than the caller allows");
    let other = answered(500, None, false, None);
    let s = Situation { backoff: 0, ..situation(EffectClass::Read, Replay::Safe, &other) };
    assert_eq!(decide(&s, &mut Budget::default()), retry(0));
}

#[test]
fn a_reset_time_alone_never_makes_an_unavailable_answer_safe_to_repeat() {
    let reset = Some(Wait { millis: 1000, explicit: false });
    let failure = answered(503, None, true, reset);
    assert!(may_have_happened(EffectClass::Effect, &failure));
    let s = situation(EffectClass::Effect, Replay::Safe, &failure);
    assert_eq!(decide(&s, &mut Budget::default()), Decision::Fail);
}

#[test]
fn a_rate_limit_does_not_drain_the_budget_and_an_outage_does() {
    let wait = Some(Wait { millis: 10, explicit: true });
    let mut budget = Budget::default();
    let limited = answered(429, None, false, wait);
    for _ in 0..1000 {
        let s = situation(EffectClass::Effect, Replay::Safe, &limited);
        assert!(matches!(decide(&s, &mut budget), Decision::Retry { rate_limited: true, .. }));
    }
    assert_eq!(budget, Budget::default());
    let outage = Failure::NotSent;
    let retries = (0..1000)
        .filter(|_| {
            decide(&situation(EffectClass::Read, Replay::Safe, &outage), &mut budget) != Decision::Fail
        })
        .count();
    assert_eq!(retries, 100);
}

fn any_failure() -> impl Strategy<Value = Failure> {
    let code = prop_oneof![
        Just(None),
        proptest::sample::select(catalogue::LASTING).prop_map(|code| Some(code.to_owned())),
        proptest::sample::select(&["CARRIER_ERROR", "DELIVERY_UNCONFIRMED", "RATE_LIMITED"][..])
            .prop_map(|code| Some(code.to_owned())),
        Just(Some("TWILIO_ERROR".to_owned())),
        "[A-Z_]{1,12}".prop_map(Some),
    ];
    let wait = proptest::option::of((0u64..200_000, any::<bool>()))
        .prop_map(|w| w.map(|(millis, explicit)| Wait { millis, explicit }));
    prop_oneof![
        Just(Failure::NotSent),
        Just(Failure::NoAnswer),
        Just(Failure::TimedOut),
        Just(Failure::Unreadable),
        (300u16..600, code, any::<bool>(), wait).prop_map(|(status, code, envelope, wait)| answered(
            status,
            code.as_deref(),
            envelope,
            wait
        )),
    ]
}

proptest! {
    #[test]
    fn an_effect_that_may_have_happened_is_never_repeated(
        failure in any_failure(), attempts in 1u32..5, backoff in 0u64..8000,
    ) {
        let s = Situation { attempts, backoff, ..situation(EffectClass::Effect, Replay::Safe, &failure) };
        if matches!(decide(&s, &mut Budget::default()), Decision::Retry { .. }) {
            prop_assert!(!may_have_happened(EffectClass::Effect, &failure));
        }
    }

    #[test]
    fn no_retry_breaks_its_bounds(
        failure in any_failure(), attempts in 1u32..6, max_retries in 0u32..6,
        left in proptest::option::of(0u64..100_000), backoff in 0u64..8000,
    ) {
        let s = Situation { attempts, max_retries, time_left: left, backoff, ..situation(EffectClass::Read, Replay::Always, &failure) };
        if let Decision::Retry { after, .. } = decide(&s, &mut Budget::default()) {
            prop_assert!(attempts <= max_retries);
            prop_assert!(after <= 60_000);
            prop_assert!(left.is_none_or(|left| after < left));
            prop_assert!(after >= backoff);
        }
    }
}
