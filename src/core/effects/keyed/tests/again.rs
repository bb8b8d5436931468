//! The caller's word that what is not found may be sent again.

use super::*;

#[test]
fn what_is_not_found_is_sent_again_only_on_the_caller_s_word() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), AGAIN);
    assert_eq!(world.looks(&mut keyed, &NOTHING), Action::Send);
    assert_eq!(world.ledger.intent("a").unwrap().value.sends, 2);
    let action = world.on(&mut keyed, Event::Sent(Outcome::Placed("call_2".to_owned())));
    assert_eq!(action, done("call_2", How::Answered, false));
    // The first request may still have an effect: nobody else takes it for theirs.
    let mut keyed = world.lost(wanted("b"), POLICY);
    let look = listed(world.now, &["call_1"]);
    assert!(matches!(world.on(&mut keyed, Event::Looked(look)), Action::Wait(_)));
}

#[test]
fn a_use_sends_again_once_and_not_without_end() {
    let mut world = World::new();
    for sends in [2, 3] {
        let (mut keyed, mut action) = world.begin(wanted("a"), AGAIN);
        for _ in 0..2 {
            if action == Action::Send {
                action = world.on(&mut keyed, Event::Sent(Outcome::Unknown));
            }
            assert_eq!(action, Action::Look(Subject::Own));
            action = world.looks(&mut keyed, &NOTHING);
        }
        assert_eq!(*in_doubt(&action), State::AbsentSoFar);
        assert_eq!(world.ledger.intent("a").unwrap().value.sends, sends);
    }
}

#[test]
fn another_use_does_not_count_the_time_before_the_second_request() {
    let mut world = World::new();
    let mut first = world.lost(wanted("a"), AGAIN);
    let (mut second, action) = world.begin(wanted("a"), AGAIN);
    assert_eq!(action, Action::Look(Subject::Own));
    assert!(matches!(world.on(&mut second, Event::Looked(NOTHING)), Action::Wait(_)));
    assert_eq!(world.looks(&mut first, &NOTHING), Action::Send);
    assert_eq!(world.on(&mut first, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    assert_eq!(world.on(&mut second, Event::Woken), Action::Look(Subject::Own));
    assert!(matches!(world.on(&mut second, Event::Looked(NOTHING)), Action::Wait(_)));
}

#[test]
fn a_refusal_of_the_second_request_proves_nothing_about_the_first() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), AGAIN);
    let sent_at = world.ledger.intent("a").unwrap().value.sent_at;
    assert_eq!(world.looks(&mut keyed, &NOTHING), Action::Send);
    let action = world.on(&mut keyed, Event::Sent(Outcome::Refused));
    assert_eq!(*in_doubt(&action), State::AbsentSoFar);
    assert_eq!(world.holder().as_deref(), Some("a"));
    // What the first one made is found by its own time.
    let (mut keyed, action) = world.begin(wanted("a"), POLICY);
    assert_eq!(action, Action::Look(Subject::Own));
    let look = listed(sent_at, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_1", How::Certain, true));
}

#[test]
fn a_likely_object_is_a_reason_not_to_send_again() {
    let mut world = World::new();
    let mut keyed = world.lost(shared("a"), AGAIN);
    let seen = listed(world.now, &["call_1"]);
    let Action::Wait(until) = world.on(&mut keyed, Event::Looked(seen)) else { panic!() };
    world.now = until;
    assert_eq!(world.on(&mut keyed, Event::Woken), Action::Look(Subject::Own));
    // Lists flicker: once seen is enough.
    let action = world.looks(&mut keyed, &NOTHING);
    assert_eq!(*in_doubt(&action), State::Ambiguous { ids: vec!["call_1".to_owned()] });
    // It stays a reason for later uses, and one that accepts what is likely finds it.
    let (mut keyed, action) = world.begin(shared("a"), AGAIN);
    assert_eq!(action, Action::Look(Subject::Own));
    assert_eq!(
        *in_doubt(&world.looks(&mut keyed, &NOTHING)),
        State::Ambiguous { ids: vec!["call_1".to_owned()] }
    );
    let (mut keyed, _) = world.begin(shared("a"), Policy { accepts_likely: true, ..POLICY });
    let seen = listed(world.now, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(seen)), done("call_1", How::Likely, true));
}

#[test]
fn a_lane_that_another_key_holds_is_not_taken_by_sending_again() {
    let mut world = World::new();
    world.dead(wanted("a"));
    world.person_frees("a");
    let mut keyed = world.sent(wanted("a"), AGAIN);
    world.person_frees("a");
    drop(world.sent(wanted("b"), POLICY));
    assert_eq!(world.on(&mut keyed, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    assert_eq!(*in_doubt(&world.looks(&mut keyed, &NOTHING)), State::AbsentSoFar);
    assert_eq!(world.holder().as_deref(), Some("b"));
}

#[test]
fn the_looks_for_another_key_do_not_count_as_looks_for_this_one() {
    let mut world = World::new();
    world.dead(wanted("a"));
    let (mut keyed, action) = world.begin(wanted("b"), AGAIN);
    assert_eq!(action, Action::Look(Subject::Holder));
    assert!(matches!(world.on(&mut keyed, Event::Looked(NOTHING)), Action::Wait(_)));
    world.now += 29_999;
    assert_eq!(world.on(&mut keyed, Event::Woken), Action::Look(Subject::Holder));
    let look = listed(world.now, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), Action::Send);
    assert_eq!(world.state("a"), placed("call_1", How::Certain));
    world.now += 1_000;
    assert_eq!(world.on(&mut keyed, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    let action = world.on(&mut keyed, Event::Looked(NOTHING));
    assert!(matches!(action, Action::Wait(_)), "{action:?}");
}

#[test]
fn a_ledger_that_fails_before_the_second_request_does_not_hide_the_first() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), Policy { within: Some(0), ..AGAIN });
    let Action::Write(_) = world.step(&mut keyed, Event::Looked(NOTHING)) else { panic!() };
    let action = world.step(&mut keyed, Event::LedgerFailed);
    assert!(matches!(action, Action::Fail(Problem::Sent(Some(_)))), "{action:?}");
}
