//! Abort and time in each phase, and every event in each.

use super::*;

#[test]
fn what_is_announced_when_time_is_up_is_taken_back() {
    let mut world = World::new();
    let ends = Some(world.now + 1_000);
    let mut keyed = Keyed::new(wanted("a"), Policy { ends, ..POLICY });
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(world.ledger.write(changes));
    world.now += 1_000;
    assert_eq!(world.on(&mut keyed, Event::Written(true)), Action::Fail(Problem::OutOfTime));
    assert_eq!(world.state("a"), State::Refused);
    assert_eq!(world.holder(), None);
    world.placed("a", "call_1");
}

#[test]
fn what_is_taken_back_does_not_free_a_key_that_is_in_doubt() {
    let mut world = World::new();
    let ends = Some(world.now + 1_000);
    let mut keyed = world.lost(wanted("a"), Policy { ends, within: Some(0), ..AGAIN });
    let Action::Write(changes) = world.step(&mut keyed, Event::Looked(NOTHING)) else { panic!() };
    assert!(world.ledger.write(changes));
    world.now += 1_000;
    let action = world.on(&mut keyed, Event::Written(true));
    assert_eq!(*in_doubt(&action), State::AbsentSoFar);
    assert_eq!(world.state("a"), State::AbsentSoFar);
    assert_eq!(world.holder().as_deref(), Some("a"));
}

/// A use of a key in each of its phases, by name; true where its request may have had an effect.
fn phases(policy: Policy) -> Vec<(&'static str, World, Keyed, bool)> {
    let mut all = Vec::new();
    let mut add = |name, world: World, keyed, sent| all.push((name, world, keyed, sent));

    add("new", World::new(), Keyed::new(wanted("a"), policy), false);

    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), Policy { snapshot: true, ..policy });
    assert_eq!(world.step(&mut keyed, Event::Begin), Action::Snapshot);
    add("snapshotting", world, keyed, false);

    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), policy);
    let Action::Write(_) = world.step(&mut keyed, Event::Begin) else { panic!() };
    add("claiming", world, keyed, false);

    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), policy);
    let Action::Write(_) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert_eq!(world.step(&mut keyed, Event::Written(false)), Action::Read);
    add("reading", world, keyed, false);

    let mut world = World::new();
    let keyed = world.sent(wanted("a"), policy);
    add("sending", world, keyed, true);

    for outcome in [Outcome::Placed("call_1".to_owned()), Outcome::Refused, Outcome::Unknown] {
        let sent = outcome == Outcome::Unknown;
        for (name, rereads) in [("recording", false), ("rereading", true)] {
            let mut world = World::new();
            let mut keyed = world.sent(wanted("a"), policy);
            let Action::Write(_) = world.step(&mut keyed, Event::Sent(outcome.clone())) else { panic!() };
            if rereads {
                assert_eq!(world.step(&mut keyed, Event::Written(false)), Action::Read);
            }
            add(name, world, keyed, sent);
        }
    }

    let mut world = World::new();
    let keyed = world.lost(wanted("a"), policy);
    add("looking", world, keyed, true);

    let mut world = World::new();
    world.dead(wanted("b"));
    let (keyed, action) = world.begin(wanted("a"), policy);
    assert_eq!(action, Action::Look(Subject::Holder));
    add("looking for the holder", world, keyed, false);

    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), policy);
    let look = listed(world.now, &["call_1"]);
    let Action::Write(_) = world.step(&mut keyed, Event::Looked(look)) else { panic!() };
    add("settling", world, keyed, true);

    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), policy);
    assert!(matches!(world.step(&mut keyed, Event::Looked(NOTHING)), Action::Wait(_)));
    add("pausing", world, keyed, true);

    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), Policy { ends: Some(world.now + 1), ..policy });
    let Action::Write(_) = world.step(&mut keyed, Event::Begin) else { panic!() };
    world.now += 1;
    let Action::Write(_) = world.step(&mut keyed, Event::Written(true)) else { panic!() };
    add("withdrawing", world, keyed, false);

    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), policy);
    let action = world.step(&mut keyed, Event::Aborted);
    assert_eq!(action, Action::Fail(Problem::Aborted));
    add("over", world, keyed, false);
    all
}

#[test]
fn a_signal_ends_each_phase_at_once_and_hides_no_doubt() {
    for (name, mut world, mut keyed, sent) in phases(POLICY) {
        if name == "sending" {
            // It has not left, and that is written down.
            assert_eq!(world.on(&mut keyed, Event::Aborted), Action::Fail(Problem::Aborted));
            continue;
        }
        match world.step(&mut keyed, Event::Aborted) {
            Action::Fail(Problem::Sent(Some(intent))) => {
                assert!(sent, "{name}");
                assert!(intent.state.is_in_doubt(), "{name}");
            }
            // The answer is there, and the caller gets it.
            Action::Done(_) | Action::Fail(Problem::Sent(None)) => {
                assert!(matches!(name, "recording" | "rereading") && !sent, "{name}");
            }
            Action::Fail(problem) => {
                assert!(!sent, "{name} {problem:?}");
                assert!(matches!(problem, Problem::Aborted | Problem::OutOfTime), "{name} {problem:?}");
            }
            action => panic!("{name} {action:?}"),
        }
    }
}

#[test]
fn the_end_of_its_time_ends_each_phase_and_hides_no_doubt() {
    let ends = 10 * HOUR + 2 * LEASE;
    for (name, mut world, mut keyed, sent) in phases(Policy { ends: Some(ends), ..POLICY }) {
        world.now = world.now.max(ends);
        match world.step(&mut keyed, Event::Woken) {
            Action::Fail(Problem::Sent(Some(intent))) => {
                assert!(sent && intent.state.is_in_doubt(), "{name}")
            }
            Action::Done(_) | Action::Fail(Problem::Sent(None)) => {
                assert!(matches!(name, "recording" | "rereading") && !sent, "{name}");
            }
            Action::Fail(problem) => {
                assert!(!sent, "{name} {problem:?}");
                assert_eq!(problem, Problem::OutOfTime, "{name}");
            }
            action => panic!("{name} {action:?}"),
        }
    }
}

#[test]
fn every_event_in_every_phase_ends_or_goes_on_within_bounds() {
    let view = View::default();
    let events = [
        Event::Begin,
        Event::Before(None),
        Event::Before(Some(vec![])),
        Event::Read(Box::new(view)),
        Event::Written(true),
        Event::Written(false),
        Event::LedgerFailed,
        Event::Sent(Outcome::Placed("call_1".to_owned())),
        Event::Sent(Outcome::Refused),
        Event::Sent(Outcome::Unknown),
        Event::Looked(None),
        Event::Looked(NOTHING),
        Event::Looked(listed(10 * HOUR, &["call_1"])),
        Event::Looked(listed(10 * HOUR, &["call_1", "call_2"])),
        Event::Woken,
        Event::Aborted,
    ];
    let policies = [
        POLICY,
        AGAIN,
        Policy { within: None, ..POLICY },
        Policy { ends: Some(10 * HOUR + 5 * LEASE), ..AGAIN },
    ];
    for policy in policies {
        for event in &events {
            let phases = phases(Policy { within: Some(30_000), ..policy });
            for (name, mut world, mut keyed, sent) in phases {
                keyed.policy.within = policy.within;
                let has_left = *event != Event::Aborted || name != "sending";
                let mut sends = u32::from(sent && has_left);
                let mut action = world.step(&mut keyed, event.clone());
                let mut steps = 0;
                // Everything answers as badly as it can.
                while !matches!(action, Action::Done(_) | Action::Fail(_)) {
                    steps += 1;
                    assert!(steps < 2_000, "{name} {event:?} {action:?}");
                    let next = match action {
                        Action::Snapshot => Event::Before(None),
                        Action::Read => Event::Read(Box::new(world.ledger.view(keyed.keys()))),
                        Action::Write(changes) if steps % 3 == 0 => {
                            Event::Written(world.ledger.write(changes))
                        }
                        Action::Write(_) => Event::Written(false),
                        Action::Send => {
                            sends += 1;
                            Event::Sent(Outcome::Unknown)
                        }
                        Action::Look(_) => Event::Looked(if steps % 2 == 0 { None } else { NOTHING }),
                        Action::Wait(until) => {
                            assert!(until > world.now && until - world.now <= LEASE, "{name} {event:?}");
                            world.now = until;
                            Event::Woken
                        }
                        Action::Done(_) | Action::Fail(_) => panic!("it is over"),
                    };
                    action = world.step(&mut keyed, next);
                }
                assert!(policy.again || sends <= 1, "{name} {event:?}");
                // What may have happened is never told as if it had not.
                if sends > 0
                    && let Action::Fail(problem) = &action
                {
                    let told = matches!(problem, Problem::Sent(_) | Problem::InDoubt(_));
                    assert!(told || matches!(name, "over"), "{name} {event:?} {problem:?}");
                }
            }
        }
    }
}
