//! A ledger that fails.

use super::*;

#[test]
fn a_ledger_that_fails_before_the_request_lets_nothing_be_sent() {
    let mut world = World::new();
    for write in [false, true] {
        let mut keyed = Keyed::new(wanted("a"), POLICY);
        let Action::Write(_) = world.step(&mut keyed, Event::Begin) else { panic!() };
        if !write {
            assert_eq!(world.step(&mut keyed, Event::Written(false)), Action::Read);
        }
        let action = world.step(&mut keyed, Event::LedgerFailed);
        assert_eq!(action, Action::Fail(Problem::LedgerUnavailable));
    }
}

#[test]
fn a_ledger_that_fails_after_the_request_keeps_nobody_from_the_answer() {
    for (outcome, expected) in [
        (Outcome::Placed("call_1".to_owned()), done("call_1", How::Answered, false)),
        (Outcome::Refused, Action::Fail(Problem::Sent(None))),
        (Outcome::Unknown, Action::Look(Subject::Own)),
    ] {
        for rereads in [false, true] {
            let mut world = World::new();
            let mut keyed = world.sent(wanted("a"), POLICY);
            let Action::Write(_) = world.step(&mut keyed, Event::Sent(outcome.clone())) else { panic!() };
            if rereads {
                assert_eq!(world.step(&mut keyed, Event::Written(false)), Action::Read);
            }
            assert_eq!(world.step(&mut keyed, Event::LedgerFailed), expected);
        }
    }
}

#[test]
fn a_write_that_took_place_although_it_failed_is_found_by_the_next_look() {
    let mut world = World::new();
    let mut keyed = world.sent(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Sent(Outcome::Unknown)) else { panic!() };
    assert!(world.ledger.write(changes));
    assert_eq!(world.step(&mut keyed, Event::LedgerFailed), Action::Look(Subject::Own));
    let look = listed(world.now, &["call_1"]);
    // The stamp is another one: it reads, looks again and settles.
    assert_eq!(world.on(&mut keyed, Event::Looked(look.clone())), Action::Look(Subject::Own));
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_1", How::Certain, false));
}

#[test]
fn a_claim_that_took_place_although_the_ledger_denies_it_is_our_own() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(world.ledger.write(changes));
    assert_eq!(world.on(&mut keyed, Event::Written(false)), Action::Send);
}

#[test]
fn a_ledger_that_always_loses_is_given_up() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let mut action = world.step(&mut keyed, Event::Begin);
    let mut steps = 0;
    while !matches!(action, Action::Fail(_)) {
        action = match action {
            Action::Write(_) => world.step(&mut keyed, Event::Written(false)),
            Action::Read => world.step(&mut keyed, Event::Read(Box::default())),
            action => panic!("{action:?}"),
        };
        steps += 1;
    }
    assert_eq!(action, Action::Fail(Problem::LedgerUnavailable));
    assert!(steps < 1_000);
    // An answer is the caller's all the same.
    let mut keyed = world.sent(wanted("a"), POLICY);
    let mut action = world.step(&mut keyed, Event::Sent(Outcome::Placed("call_1".to_owned())));
    for _ in 0..100 {
        action = match action {
            Action::Write(_) => world.step(&mut keyed, Event::Written(false)),
            Action::Read => {
                let view = world.ledger.view(keyed.keys());
                world.step(&mut keyed, Event::Read(Box::new(view)))
            }
            _ => break,
        };
    }
    assert_eq!(action, done("call_1", How::Answered, false));
}
