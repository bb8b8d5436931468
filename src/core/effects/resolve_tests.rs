//! What a person, a list or a webhook may write, by tables.

use super::*;
use crate::core::effects::judge::Candidate;
use crate::core::effects::memory::MemoryLedger;

const NOW: u64 = 1_000_000;

fn intent(state: State) -> Intent {
    Intent {
        operation: "calls.create".to_owned(),
        ids: vec![],
        content: vec![],
        facts: vec![],
        lane: "lane".to_owned(),
        state,
        sent_at: NOW,
        skew: Some(0),
        before: None,
        exclusive: true,
        sends: 1,
    }
}

/// A ledger in which the key "a" is in this state and this key holds the lane.
fn ledger(intent: Intent, holder: &str) -> MemoryLedger {
    let mut ledger = MemoryLedger::new();
    let intent = Stamped { stamp: "1".to_owned(), value: intent };
    let lane = Stamped { stamp: "2".to_owned(), value: Lane::default().held_by(holder) };
    assert!(ledger.write(write_both(("a".to_owned(), &intent), ("lane".to_owned(), &lane), [None, None])));
    ledger
}

/// Makes a write of this view, if there is one, and returns what the ledger says then.
fn write(
    ledger: &mut MemoryLedger,
    make: impl FnOnce(&View, &mut Now<'_>) -> Option<Vec<Change>>,
) -> Option<(State, Lane)> {
    let mut count = 2;
    let mut stamp = || {
        count += 1;
        format!("{count}")
    };
    let changes = make(&ledger.view(["a", "lane"]), &mut Now { at: 0, wall: NOW, stamp: &mut stamp })?;
    assert!(ledger.write(changes));
    let lane = ledger.lane("lane").map(|lane| lane.value).unwrap_or_default();
    Some((ledger.intent("a").unwrap().value.state, lane))
}

fn look(ids: &[&str]) -> Look {
    let candidate = |id: &&str| Candidate { id: (*id).to_owned(), made_at: Some(NOW), is_exact: false };
    Look { candidates: ids.iter().map(candidate).collect(), skew: None }
}

fn placed(id: &str, how: How) -> State {
    State::Placed { id: id.to_owned(), how }
}

#[test]
fn a_person_settles_only_what_is_in_doubt_and_not_under_way() {
    for (state, is_settled) in [
        (State::Unknown, true),
        (State::AbsentSoFar, true),
        (State::Ambiguous { ids: vec!["call_1".to_owned(), "call_2".to_owned()] }, true),
        (State::Sending { until: NOW }, true),
        (State::Sending { until: NOW + 1 }, false),
        (State::Refused, false),
        (State::NotPlaced, false),
        (placed("call_1", How::Certain), false),
    ] {
        for word in [Word::NotPlaced, Word::Happened("call_2".to_owned())] {
            let mut ledger = ledger(intent(state.clone()), "a");
            let written = write(&mut ledger, |view, now| by_person("a", view, &word, now));
            assert_eq!(written.is_some(), is_settled, "{state:?}");
        }
    }
    let none = write(&mut MemoryLedger::new(), |view, now| by_person("a", view, &Word::NotPlaced, now));
    assert_eq!(none, None);
}

#[test]
fn a_person_may_be_wrong_so_nothing_is_certain_in_the_lane_for_a_time() {
    for (word, state) in [
        (Word::NotPlaced, State::NotPlaced),
        (Word::Happened("call_1".to_owned()), placed("call_1", How::Person)),
    ] {
        let mut ledger = ledger(intent(State::Unknown), "a");
        let (written, lane) = write(&mut ledger, |view, now| by_person("a", view, &word, now)).unwrap();
        assert_eq!(written, state);
        assert_eq!(lane.holder, None);
        assert!(lane.has_stray(NOW));
    }
}

#[test]
fn a_lane_that_another_key_holds_stays_with_it() {
    let word = Word::Happened("call_1".to_owned());
    let (_, lane) =
        write(&mut ledger(intent(State::Unknown), "b"), |view, now| by_person("a", view, &word, now))
            .unwrap();
    assert_eq!(lane.holder.as_deref(), Some("b"));
    let (_, lane) = write(&mut ledger(intent(State::Unknown), "b"), |view, now| {
        by_look("a", view, &look(&["call_1"]), false, now)
    })
    .unwrap();
    assert_eq!(lane.holder.as_deref(), Some("b"));
}

#[test]
fn a_look_from_outside_settles_what_it_may() {
    let shared = |state| Intent { exclusive: false, ..intent(state) };
    let both = State::Ambiguous { ids: vec!["call_1".to_owned(), "call_2".to_owned()] };
    let under_way = State::Sending { until: NOW + 1 };
    for (intent, accepts_likely, ids, expected) in [
        (intent(State::Unknown), false, &["call_1"][..], Some(placed("call_1", How::Certain))),
        (intent(State::AbsentSoFar), false, &["call_1"], Some(placed("call_1", How::Certain))),
        (intent(under_way.clone()), false, &["call_1"], Some(placed("call_1", How::Certain))),
        (intent(State::Unknown), false, &["call_1", "call_2"], Some(both.clone())),
        (intent(State::Unknown), false, &[], None),
        (shared(State::Unknown), false, &["call_1"], None),
        (shared(State::Unknown), true, &["call_1"], Some(placed("call_1", How::Likely))),
        // Its own answer may still come.
        (shared(under_way.clone()), true, &["call_1"], None),
        (intent(under_way), true, &["call_1", "call_2"], None),
        // That is a person's.
        (intent(both), true, &["call_1"], None),
        (intent(State::Refused), true, &["call_1"], None),
        (intent(placed("call_0", How::Likely)), true, &["call_1"], None),
    ] {
        let state = intent.state.clone();
        let mut ledger = ledger(intent, "a");
        let written = write(&mut ledger, |view, now| by_look("a", view, &look(ids), accepts_likely, now));
        assert_eq!(written.map(|(state, _)| state), expected, "{state:?} {ids:?}");
    }
}
