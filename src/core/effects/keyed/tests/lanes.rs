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
