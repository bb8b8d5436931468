//! Leases, and requests that never left.

use super::*;

#[test]
fn a_request_whose_lease_ran_out_while_the_ledger_wrote_is_announced_anew() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(world.ledger.write(changes));
    world.now += LEASE;
    assert_eq!(world.on(&mut keyed, Event::Written(true)), Action::Send);
    let intent = world.ledger.intent("a").unwrap().value;
    assert_eq!(intent.state, State::Sending { until: world.now + LEASE });
    assert_eq!(intent.sends, 1);
}

#[test]
fn a_request_is_not_announced_anew_over_what_others_wrote_meanwhile() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(world.ledger.write(changes));
    world.now += LEASE;
    let (mut other, action) = world.begin(wanted("a"), POLICY);
    assert_eq!(action, Action::Look(Subject::Own));
    assert_eq!(*in_doubt(&world.looks(&mut other, &NOTHING)), State::AbsentSoFar);
    let action = world.on(&mut keyed, Event::Written(true));
    assert_eq!(action, Action::Look(Subject::Own));
    assert!(matches!(world.looks(&mut keyed, &NOTHING), Action::Fail(Problem::InDoubt(_))));
}

#[test]
fn nobody_waits_for_ever_for_a_clock_that_is_wrong() {
    let mut world = World::new();
    let ahead = world.now + 1_000 * HOUR;
    let real = std::mem::replace(&mut world.now, ahead);
    drop(world.sent(wanted("a"), POLICY));
    world.now = real;
    for key in ["a", "b"] {
        let begun = world.now;
        let (mut keyed, mut action) = world.begin(wanted(key), POLICY);
        while let Action::Wait(until) = action {
            assert!(until > world.now && until <= begun + LEASE + 1_000);
            world.now = until;
            action = world.on(&mut keyed, Event::Woken);
        }
        assert!(matches!(action, Action::Look(_)), "{key} {action:?}");
    }
}

#[test]
fn a_key_that_is_under_way_elsewhere_is_waited_for() {
    let mut world = World::new();
    let mut first = world.sent(wanted("a"), POLICY);
    let (mut second, action) = world.begin(wanted("a"), POLICY);
    let Action::Wait(until) = action else { panic!() };
    assert_eq!(until, world.now + 20);
    // Woken too early it goes on waiting.
    assert_eq!(world.on(&mut second, Event::Woken), Action::Wait(until));
    world.now = until;
    assert_eq!(world.on(&mut second, Event::Woken), Action::Wait(until + 50));
    let _ = world.on(&mut first, Event::Sent(Outcome::Placed("call_1".to_owned())));
    world.now += 50;
    assert_eq!(world.on(&mut second, Event::Woken), done("call_1", How::Answered, true));
}

#[test]
fn a_request_that_never_left_leaves_its_key_free_for_whoever_knows() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(world.ledger.write(changes));
    let claim = keyed.claim().unwrap().to_owned();
    let action = world.step(&mut keyed, Event::LedgerFailed);
    assert_eq!(action, Action::Fail(Problem::LedgerUnavailable));
    let view = |world: &World, keyed: &Keyed| {
        let view = world.ledger.view(keyed.keys());
        let is_unsent = view.intent.as_ref().is_some_and(|entry| entry.stamp == claim);
        Event::Read(Box::new(View { is_unsent, ..view }))
    };
    let mut next = Keyed::new(wanted("a"), POLICY);
    let Action::Write(_) = world.step(&mut next, Event::Begin) else { panic!() };
    assert_eq!(world.step(&mut next, Event::Written(false)), Action::Read);
    let read = view(&world, &next);
    assert_eq!(world.on(&mut next, read), Action::Send);
    // The entry is another's by now.
    let mut last = Keyed::new(wanted("a"), POLICY);
    let Action::Write(_) = world.step(&mut last, Event::Begin) else { panic!() };
    assert_eq!(world.step(&mut last, Event::Written(false)), Action::Read);
    let read = view(&world, &last);
    assert!(matches!(world.on(&mut last, read), Action::Wait(_)));
}

#[test]
fn a_request_that_never_left_says_nothing_about_one_before_it() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), Policy { within: Some(0), ..AGAIN });
    let Action::Write(changes) = world.step(&mut keyed, Event::Looked(NOTHING)) else { panic!() };
    assert!(world.ledger.write(changes));
    let claim = keyed.claim().unwrap().to_owned();
    let _ = world.step(&mut keyed, Event::LedgerFailed);
    let mut next = Keyed::new(wanted("a"), POLICY);
    let Action::Write(_) = world.step(&mut next, Event::Begin) else { panic!() };
    assert_eq!(world.step(&mut next, Event::Written(false)), Action::Read);
    let view = world.ledger.view(next.keys());
    assert_eq!(view.intent.as_ref().unwrap().stamp, claim);
    let action = world.on(&mut next, Event::Read(Box::new(View { is_unsent: true, ..view })));
    assert_eq!(action, Action::Look(Subject::Own));
}

#[test]
fn a_request_that_was_aborted_before_it_left_leaves_its_key_as_it_was() {
    let mut world = World::new();
    let mut keyed = world.sent(wanted("a"), POLICY);
    assert_eq!(world.on(&mut keyed, Event::Aborted), Action::Fail(Problem::Aborted));
    assert_eq!(world.state("a"), State::Refused);
    assert_eq!(world.holder(), None);
    // One before it stays in doubt.
    let mut keyed = world.lost(wanted("b"), Policy { within: Some(0), ..AGAIN });
    assert_eq!(world.on(&mut keyed, Event::Looked(NOTHING)), Action::Send);
    assert_eq!(*in_doubt(&world.on(&mut keyed, Event::Aborted)), State::AbsentSoFar);
    assert_eq!(world.holder().as_deref(), Some("b"));
}

#[test]
fn a_request_that_was_aborted_before_it_left_is_remembered_where_the_ledger_fails() {
    let mut world = World::new();
    let mut keyed = world.sent(wanted("a"), POLICY);
    let stamp = world.ledger.intent("a").unwrap().stamp;
    let Action::Write(_) = world.step(&mut keyed, Event::Aborted) else { panic!() };
    assert_eq!(keyed.claim(), Some(stamp.as_str()));
    assert_eq!(world.step(&mut keyed, Event::LedgerFailed), Action::Fail(Problem::Aborted));
}
