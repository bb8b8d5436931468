//! Another key in the lane.

use super::*;

#[test]
fn the_lane_of_a_request_that_is_under_way_is_waited_for() {
    let mut world = World::new();
    let mut first = world.sent(wanted("a"), POLICY);
    let (mut second, action) = world.begin(wanted("b"), POLICY);
    let Action::Wait(until) = action else { panic!("{action:?}") };
    assert!(world.ledger.intent("b").is_none());
    let _ = world.on(&mut first, Event::Sent(Outcome::Refused));
    world.now = until;
    assert_eq!(world.on(&mut second, Event::Woken), Action::Send);
}

#[test]
fn the_holder_of_a_lane_is_settled_first() {
    let mut world = World::new();
    world.dead(wanted("a"));
    let (mut keyed, action) = world.begin(wanted("b"), POLICY);
    assert_eq!(action, Action::Look(Subject::Holder));
    assert!(keyed.subject(Subject::Holder).is_some());
    let look = listed(world.now, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), Action::Send);
    assert_eq!(world.state("a"), placed("call_1", How::Certain));
    assert_eq!(world.holder().as_deref(), Some("b"));
    // Its object is not the next one's.
    assert_eq!(world.on(&mut keyed, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    let look = listed(world.now, &["call_1", "call_2"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_2", How::Certain, false));
}

#[test]
fn a_lane_in_doubt_lets_nobody_in() {
    let mut world = World::new();
    world.dead(wanted("a"));
    for again in [false, true] {
        let (mut keyed, action) = world.begin(wanted("b"), Policy { again, ..POLICY });
        assert_eq!(action, Action::Look(Subject::Holder));
        assert_eq!(world.looks(&mut keyed, &NOTHING), Action::Fail(Problem::LaneInDoubt));
        assert_eq!(world.state("a"), State::AbsentSoFar);
        assert!(world.ledger.intent("b").is_none());
    }
}

#[test]
fn a_lane_whose_holder_the_ledger_has_lost_is_free() {
    let mut world = World::new();
    world.dead(wanted("a"));
    let entry = world.ledger.intent("a").unwrap();
    assert!(world.ledger.write(vec![Change {
        key: "a".to_owned(),
        was: Some(entry.stamp),
        stamp: "gone".to_owned(),
        value: Value::Gone,
    }]));
    let (_, action) = world.begin(wanted("b"), POLICY);
    assert_eq!(action, Action::Send);
}

#[test]
fn the_looks_for_the_holder_do_not_count_for_a_key_that_is_in_doubt_by_now() {
    let mut world = World::new();
    world.dead(wanted("a"));
    let (mut keyed, action) = world.begin(wanted("b"), AGAIN);
    assert_eq!(action, Action::Look(Subject::Holder));
    let Action::Wait(_) = world.on(&mut keyed, Event::Looked(NOTHING)) else { panic!() };
    // Meanwhile the holder is settled, and another use of the key sends and loses its answer.
    world.person_frees("a");
    let mut other = world.lost(wanted("b"), POLICY);
    let Action::Wait(_) = world.on(&mut other, Event::Looked(NOTHING)) else { panic!() };
    world.now += 30_000;
    assert_eq!(world.on(&mut keyed, Event::Woken), Action::Look(Subject::Own));
    let action = world.on(&mut keyed, Event::Looked(NOTHING));
    assert!(matches!(action, Action::Wait(_)), "{action:?}");
}

// Settling from outside of the use that sent it.

#[test]
fn whoever_only_settles_never_sends_and_never_waits() {
    let settling = |world: &World| {
        let intent = world.ledger.intent("a").unwrap().value;
        Keyed::settling(Wanted { key: "a".to_owned(), intent }, Policy { within: Some(0), ..AGAIN })
    };
    let mut world = World::new();
    drop(world.sent(wanted("a"), POLICY));
    let mut keyed = settling(&world);
    assert!(matches!(world.on(&mut keyed, Event::Begin), Action::Fail(Problem::InDoubt(_))));
    world.now += LEASE;
    let mut keyed = settling(&world);
    assert_eq!(world.on(&mut keyed, Event::Begin), Action::Look(Subject::Own));
    assert_eq!(*in_doubt(&world.on(&mut keyed, Event::Looked(NOTHING))), State::AbsentSoFar);
    let mut keyed = settling(&world);
    assert_eq!(world.on(&mut keyed, Event::Begin), Action::Look(Subject::Own));
    let look = listed(world.now, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_1", How::Certain, true));
    // A key that is free stays so, whoever holds the lane.
    let mut world = World::new();
    let mut keyed = world.sent(wanted("a"), POLICY);
    let _ = world.on(&mut keyed, Event::Sent(Outcome::Refused));
    for holds in [false, true] {
        if holds {
            drop(world.sent(wanted("b"), POLICY));
        }
        let mut keyed = settling(&world);
        assert!(matches!(world.on(&mut keyed, Event::Begin), Action::Fail(Problem::OutOfTime)));
    }
}
