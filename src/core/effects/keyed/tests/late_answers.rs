//! Answers that come after others have written.

use super::*;

#[test]
fn an_answer_corrects_what_others_took_for_it() {
    let mut world = World::new();
    let mut first = world.sent(shared("a"), POLICY);
    world.now += LEASE;
    let (mut second, _) = world.begin(shared("a"), Policy { accepts_likely: true, ..POLICY });
    let look = listed(world.now, &["foreign"]);
    assert_eq!(world.on(&mut second, Event::Looked(look)), done("foreign", How::Likely, true));
    let action = world.on(&mut first, Event::Sent(Outcome::Placed("call_1".to_owned())));
    assert_eq!(action, done("call_1", How::Answered, false));
    assert_eq!(world.state("a"), placed("call_1", How::Answered));
}

#[test]
fn an_answer_after_the_lane_went_on_leaves_it_to_its_holder() {
    let mut world = World::new();
    let mut first = world.sent(shared("a"), POLICY);
    world.now += LEASE;
    let (mut second, _) = world.begin(shared("b"), Policy { accepts_likely: true, ..POLICY });
    let look = listed(world.now, &["foreign"]);
    assert_eq!(world.on(&mut second, Event::Looked(look)), Action::Send);
    let _ = world.on(&mut first, Event::Sent(Outcome::Placed("call_1".to_owned())));
    assert_eq!(world.holder().as_deref(), Some("b"));
    assert_eq!(world.on(&mut second, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    let look = listed(world.now, &["foreign", "call_1", "call_2"]);
    assert_eq!(world.on(&mut second, Event::Looked(look)), done("call_2", How::Likely, false));
}

#[test]
fn of_two_requests_the_first_that_was_settled_is_the_key_s() {
    let mut world = World::new();
    let mut first = world.sent(wanted("a"), POLICY);
    world.now += LEASE;
    let (mut second, _) = world.begin(wanted("a"), AGAIN);
    assert_eq!(world.looks(&mut second, &NOTHING), Action::Send);
    let _ = world.on(&mut second, Event::Sent(Outcome::Placed("call_2".to_owned())));
    let action = world.on(&mut first, Event::Sent(Outcome::Placed("call_1".to_owned())));
    assert_eq!(action, done("call_1", How::Answered, false));
    assert_eq!(world.state("a"), placed("call_2", How::Answered));
    let taken = world.ledger.lane("lane").unwrap().value.taken;
    assert!(taken.iter().any(|(id, _)| id == "call_1"));
}

#[test]
fn a_late_refusal_does_not_free_a_key_that_was_sent_again() {
    for outcome in [Outcome::Unknown, Outcome::Placed("call_2".to_owned())] {
        let mut world = World::new();
        let mut first = world.sent(wanted("a"), POLICY);
        world.now += LEASE;
        let (mut second, _) = world.begin(wanted("a"), AGAIN);
        assert_eq!(world.looks(&mut second, &NOTHING), Action::Send);
        let _ = world.on(&mut second, Event::Sent(outcome));
        let before = world.state("a");
        let action = world.on(&mut first, Event::Sent(Outcome::Refused));
        assert_eq!(action, Action::Fail(Problem::Sent(None)));
        assert_eq!(world.state("a"), before);
    }
}

#[test]
fn a_late_refusal_frees_a_key_that_others_only_looked_for() {
    let mut world = World::new();
    let mut first = world.sent(wanted("a"), POLICY);
    world.now += LEASE;
    let (mut second, _) = world.begin(wanted("a"), POLICY);
    assert_eq!(*in_doubt(&world.looks(&mut second, &NOTHING)), State::AbsentSoFar);
    let _ = world.on(&mut first, Event::Sent(Outcome::Refused));
    assert_eq!(world.state("a"), State::Refused);
    assert_eq!(world.holder(), None);
}

#[test]
fn a_lost_answer_puts_a_key_that_a_person_freed_in_doubt_again() {
    for lane_is_taken in [false, true] {
        let mut world = World::new();
        let mut first = world.sent(wanted("a"), POLICY);
        world.now += LEASE;
        world.person_frees("a");
        if lane_is_taken {
            drop(world.sent(wanted("b"), POLICY));
        }
        assert_eq!(world.on(&mut first, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
        assert_eq!(world.state("a"), State::Unknown);
        assert_eq!(world.holder().as_deref(), Some(if lane_is_taken { "b" } else { "a" }));
        // Found in a lane that another holds by now, it leaves the lane to it.
        let policy = Policy { accepts_likely: true, ..POLICY };
        let (mut next, action) = world.begin(wanted("a"), policy);
        assert_eq!(action, Action::Look(Subject::Own));
        let look = listed(world.now, &["call_1"]);
        assert_eq!(world.on(&mut next, Event::Looked(look)), done("call_1", How::Likely, true));
        assert_eq!(world.holder().as_deref(), lane_is_taken.then_some("b"));
    }
}

#[test]
fn a_lost_answer_is_no_news_to_whoever_has_settled_it() {
    let mut world = World::new();
    let mut first = world.sent(wanted("a"), POLICY);
    world.now += LEASE;
    let (mut second, _) = world.begin(wanted("a"), POLICY);
    let look = listed(world.now, &["call_1"]);
    assert_eq!(world.on(&mut second, Event::Looked(look)), done("call_1", How::Certain, true));
    let action = world.on(&mut first, Event::Sent(Outcome::Unknown));
    assert_eq!(action, done("call_1", How::Certain, false));
}

#[test]
fn a_key_that_the_ledger_has_forgotten_is_not_sent_again_by_whoever_sent_it() {
    for outcome in [Outcome::Unknown, Outcome::Placed("call_1".to_owned())] {
        let mut world = World::new();
        let mut keyed = world.sent(wanted("a"), POLICY);
        world.ledger = MemoryLedger::new();
        let _ = world.on(&mut keyed, Event::Sent(outcome.clone()));
        let expected = match outcome {
            Outcome::Placed(id) => placed(&id, How::Answered),
            _ => State::Unknown,
        };
        assert_eq!(world.state("a"), expected);
    }
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), POLICY);
    let Action::Wait(until) = world.on(&mut keyed, Event::Looked(NOTHING)) else { panic!() };
    world.ledger = MemoryLedger::new();
    world.now = until;
    assert!(matches!(world.on(&mut keyed, Event::Woken), Action::Fail(Problem::Sent(Some(_)))));
}

#[test]
fn a_late_refusal_does_not_change_what_is_settled() {
    for how in [How::Likely, How::Person] {
        let mut world = World::new();
        let mut first = world.sent(shared("a"), POLICY);
        world.now += LEASE;
        let entry = world.ledger.intent("a").unwrap();
        let lane = world.ledger.lane("lane").unwrap();
        let settled = Stamped {
            stamp: "settled".to_owned(),
            value: Intent { state: placed("call_1", how), ..entry.value },
        };
        let left = Stamped { stamp: "left".to_owned(), value: lane.value.left_by("a", None, world.now) };
        let was = [Some(entry.stamp), Some(lane.stamp)];
        let changes = write_both(("a".to_owned(), &settled), ("lane".to_owned(), &left), was);
        assert!(world.ledger.write(changes));
        let action = world.on(&mut first, Event::Sent(Outcome::Refused));
        assert_eq!(action, Action::Fail(Problem::Sent(None)));
        assert_eq!(world.state("a"), placed("call_1", how));
    }
}
