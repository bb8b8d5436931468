//! The ordinary paths of a key.

use super::*;

#[test]
fn a_fresh_key_is_written_before_it_is_sent() {
    let mut world = World::new();
    let mut keyed = Keyed::new(wanted("a"), POLICY);
    let Action::Write(changes) = world.step(&mut keyed, Event::Begin) else { panic!() };
    assert!(changes.iter().all(|change| change.was.is_none()));
    let claim = keyed.claim().unwrap().to_owned();
    assert_eq!(claim, changes[0].stamp);
    assert!(world.ledger.write(changes));
    assert_eq!(world.state("a"), State::Sending { until: world.now + LEASE });
    assert_eq!(world.holder().as_deref(), Some("a"));
    assert_eq!(world.step(&mut keyed, Event::Written(true)), Action::Send);
    assert_eq!(keyed.claim(), None);
    let action = world.on(&mut keyed, Event::Sent(Outcome::Placed("call_1".to_owned())));
    assert_eq!(action, done("call_1", How::Answered, false));
    assert_eq!(world.state("a"), placed("call_1", How::Answered));
    assert_eq!(world.holder(), None);
    assert_eq!(world.ledger.lane("lane").unwrap().value.taken[..], [("call_1".to_owned(), world.now)]);
}

#[test]
fn a_second_use_of_a_key_sends_nothing_and_has_the_first_one_s_result() {
    let mut world = World::new();
    world.placed("a", "call_1");
    let (_, action) = world.begin(wanted("a"), POLICY);
    assert_eq!(action, done("call_1", How::Answered, true));
}

#[test]
fn a_refused_key_is_free_again_and_so_is_its_lane() {
    let mut world = World::new();
    for _ in 0..3 {
        let mut keyed = world.sent(wanted("a"), POLICY);
        let action = world.on(&mut keyed, Event::Sent(Outcome::Refused));
        assert_eq!(action, Action::Fail(Problem::Sent(None)));
        assert_eq!(world.state("a"), State::Refused);
        assert_eq!(world.holder(), None);
    }
    // Requests that did nothing are not counted: more than one means that there may be two effects.
    world.placed("a", "call_1");
    assert_eq!(world.ledger.intent("a").unwrap().value.sends, 1);
}

#[test]
fn a_key_with_other_content_is_never_another_s_result() {
    let mut world = World::new();
    world.placed("a", "call_1");
    let mut other = wanted("a");
    other.intent.content[0].1 = "9".to_owned();
    other.intent.content.push(("voice".to_owned(), "3".to_owned()));
    let (_, action) = world.begin(other, POLICY);
    assert_eq!(action, Action::Fail(Problem::Reused(vec!["toNumber".to_owned(), "voice".to_owned()])));
    let [mut other_operation, mut other_path] = [wanted("a"), wanted("a")];
    other_operation.intent.operation = "messages.send".to_owned();
    other_path.intent.ids.push("acc_1".to_owned());
    for other in [other_operation, other_path] {
        let (_, action) = world.begin(other, POLICY);
        assert_eq!(action, Action::Fail(Problem::Reused(vec![])));
    }
}

#[test]
fn a_lost_answer_is_found_as_certainly_as_it_can_be() {
    for (wanted, accepts_likely, ids, expected, state) in [
        (
            wanted("a"),
            false,
            &["call_1"][..],
            done("call_1", How::Certain, false),
            placed("call_1", How::Certain),
        ),
        (shared("a"), true, &["call_1"], done("call_1", How::Likely, false), placed("call_1", How::Likely)),
    ] {
        let mut world = World::new();
        let mut keyed = world.lost(wanted, Policy { accepts_likely, ..POLICY });
        assert_eq!(world.state("a"), State::Unknown);
        let look = listed(world.now, ids);
        assert_eq!(world.on(&mut keyed, Event::Looked(look)), expected);
        assert_eq!(world.state("a"), state);
        assert_eq!(world.holder(), None);
    }
}

#[test]
fn several_objects_are_left_to_a_person() {
    let mut world = World::new();
    let mut keyed = world.lost(shared("a"), Policy { accepts_likely: true, again: true, ..POLICY });
    let look = listed(world.now, &["call_1", "call_2"]);
    let action = world.on(&mut keyed, Event::Looked(look));
    let expected = State::Ambiguous { ids: vec!["call_1".to_owned(), "call_2".to_owned()] };
    assert_eq!(*in_doubt(&action), expected);
    assert_eq!(world.state("a"), expected);
    assert_eq!(world.holder().as_deref(), Some("a"));
    // It is not looked for again, and not sent again.
    let (_, action) = world.begin(shared("a"), Policy { accepts_likely: true, again: true, ..POLICY });
    assert!(matches!(action, Action::Fail(Problem::InDoubt(_))));
}

#[test]
fn not_found_is_no_proof() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), POLICY);
    let begun = world.now;
    let action = world.looks(&mut keyed, &NOTHING);
    assert!(matches!(action, Action::Fail(Problem::Sent(Some(_)))));
    assert_eq!(*in_doubt(&action), State::AbsentSoFar);
    assert_eq!(world.now - begun, 30_000);
    assert_eq!(world.state("a"), State::AbsentSoFar);
    assert_eq!(world.holder().as_deref(), Some("a"));
    // The next use looks as well, and finds what came late.
    let (mut keyed, action) = world.begin(wanted("a"), POLICY);
    assert_eq!(action, Action::Look(Subject::Own));
    let late = listed(world.now + 49 * 60_000, &["call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(late)), done("call_1", How::Certain, true));
}

#[test]
fn looks_are_spaced_as_documented() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), Policy { within: Some(100_000), ..POLICY });
    let begun = world.now;
    let mut times = vec![0];
    loop {
        match world.on(&mut keyed, Event::Looked(NOTHING)) {
            Action::Wait(until) => world.now = until,
            action => break assert_eq!(*in_doubt(&action), State::AbsentSoFar),
        }
        assert_eq!(world.on(&mut keyed, Event::Woken), Action::Look(Subject::Own));
        times.push((world.now - begun) / 1_000);
    }
    assert_eq!(times, [0, 1, 2, 5, 10, 20, 40, 60, 80, 100]);
}

#[test]
fn a_list_that_cannot_be_read_in_full_is_never_absent() {
    let partial = Look { is_partial: true, ..Look::default() };
    for again in [false, true] {
        for look in [None, Some(partial.clone())] {
            let mut world = World::new();
            let mut keyed = world.lost(wanted("a"), Policy { again, ..POLICY });
            let action = world.looks(&mut keyed, &look);
            assert_eq!(*in_doubt(&action), State::Unknown);
            assert_eq!(world.state("a"), State::Unknown);
        }
    }
}

#[test]
fn what_is_found_in_a_part_of_a_list_is_found() {
    let mut world = World::new();
    let mut keyed = world.lost(wanted("a"), POLICY);
    let look = listed(world.now, &["call_1"]).map(|look| Look { is_partial: true, ..look });
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_1", How::Certain, false));
}

#[test]
fn without_a_witness_or_settling_a_lost_answer_stays_unknown_at_once() {
    for policy in [Policy { within: None, ..POLICY }, Policy { has_witness: false, ..POLICY }] {
        let mut world = World::new();
        let mut keyed = world.sent(wanted("a"), policy);
        let action = world.on(&mut keyed, Event::Sent(Outcome::Unknown));
        assert!(matches!(action, Action::Fail(Problem::Sent(Some(_)))));
        assert_eq!(*in_doubt(&action), State::Unknown);
        let (_, action) = world.begin(wanted("a"), policy);
        assert!(matches!(action, Action::Fail(Problem::InDoubt(_))));
        let (_, action) = world.begin(wanted("b"), policy);
        assert_eq!(action, Action::Fail(Problem::LaneInDoubt));
    }
}

#[test]
fn a_snapshot_is_taken_once_and_before_the_claim() {
    let mut world = World::new();
    let policy = Policy { snapshot: true, ..POLICY };
    let (mut keyed, action) = world.begin(wanted("a"), policy);
    assert_eq!(action, Action::Snapshot);
    assert!(world.ledger.intent("a").is_none());
    assert_eq!(world.on(&mut keyed, Event::Before(Some(vec!["old".to_owned()]))), Action::Send);
    assert_eq!(world.on(&mut keyed, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
    let look = listed(world.now, &["old", "call_1"]);
    assert_eq!(world.on(&mut keyed, Event::Looked(look)), done("call_1", How::Certain, false));
    // A snapshot that cannot be read stops nothing.
    let (mut keyed, action) = world.begin(wanted("b"), policy);
    assert_eq!(action, Action::Snapshot);
    assert_eq!(world.on(&mut keyed, Event::Before(None)), Action::Send);
}
