//! What follows from a look, by tables.

use super::*;
use crate::core::effects::intent::State;

const SENT_AT: Wall = 1_000_000_000;
const MINUTE: Wall = 60_000;

fn intent() -> Intent {
    Intent {
        operation: "calls.create".to_owned(),
        ids: vec![],
        content: vec![],
        facts: vec![],
        lane: "lane".to_owned(),
        state: State::Unknown,
        sent_at: SENT_AT,
        skew: None,
        before: None,
        exclusive: true,
        sends: 1,
    }
}

fn made(id: &str, made_at: Wall) -> Candidate {
    Candidate { id: id.to_owned(), made_at: Some(made_at), is_exact: false }
}

fn undated(id: &str) -> Candidate {
    Candidate { id: id.to_owned(), made_at: None, is_exact: false }
}

fn found(id: &str, how: How) -> Verdict {
    Verdict::Found { id: id.to_owned(), how }
}

#[test]
fn one_object_is_certain_only_in_a_lane_of_one_s_own() {
    let lane = Lane::default();
    assert_eq!(judge(&intent(), &lane, &[], Some(0)), Verdict::NotFound);
    let one = [made("call_1", SENT_AT)];
    assert_eq!(judge(&intent(), &lane, &one, Some(0)), found("call_1", How::Certain));
    let shared = Intent { exclusive: false, ..intent() };
    assert_eq!(judge(&shared, &lane, &one, Some(0)), found("call_1", How::Likely));
    let two = [made("call_1", SENT_AT), made("call_2", SENT_AT)];
    for intent in [intent(), shared] {
        let ids = vec!["call_1".to_owned(), "call_2".to_owned()];
        assert_eq!(judge(&intent, &lane, &two, Some(0)), Verdict::Ambiguous(ids));
    }
}

#[test]
fn an_object_on_two_pages_that_shifted_is_one() {
    let twice = [made("call_1", SENT_AT), made("call_1", SENT_AT)];
    assert_eq!(judge(&intent(), &Lane::default(), &twice, Some(0)), found("call_1", How::Certain));
}

#[test]
fn an_older_object_is_another_s_by_the_api_s_clock() {
    let snapshot = Intent { before: Some(vec![]), ..intent() };
    // How far the API's clock is ahead; when the object was made, by the API's clock; whether it may be it.
    for (intent, skew, made_at, expected) in [
        (intent(), Some(0), SENT_AT - 5_000, true),
        (intent(), Some(0), SENT_AT - 5_001, false),
        (intent(), Some(0), SENT_AT + 49 * MINUTE, true),
        (intent(), Some(600_000), SENT_AT + 10 * MINUTE - 5_000, true),
        (intent(), Some(600_000), SENT_AT + 10 * MINUTE - 5_001, false),
        (intent(), Some(-600_000), SENT_AT - 10 * MINUTE - 5_000, true),
        (intent(), Some(-600_000), SENT_AT - 10 * MINUTE - 5_001, false),
        // Nobody knows how far: the tolerance is that of clocks.
        (intent(), None, SENT_AT - 5 * MINUTE, true),
        (intent(), None, SENT_AT - 5 * MINUTE - 1, false),
        // A snapshot says better than a clock what is older.
        (snapshot.clone(), Some(0), SENT_AT - 5 * MINUTE, true),
        (snapshot, Some(0), SENT_AT - 5 * MINUTE - 1, false),
    ] {
        let verdict = judge(&intent, &Lane::default(), &[made("call_1", made_at)], skew);
        let expected = if expected { found("call_1", How::Certain) } else { Verdict::NotFound };
        assert_eq!(verdict, expected, "{skew:?} {made_at}");
    }
}

#[test]
fn what_was_there_before_or_belongs_to_another_intent_is_not_it() {
    let snapshot = Intent { before: Some(vec!["old".to_owned()]), ..intent() };
    let all = [made("old", SENT_AT), made("call_1", SENT_AT), made("call_2", SENT_AT)];
    let lane = Lane { holder: None, taken: vec![("call_1".to_owned(), SENT_AT)].into() };
    assert_eq!(judge(&snapshot, &lane, &all, Some(0)), found("call_2", How::Certain));
    assert_eq!(judge(&snapshot, &lane, &all[..2], Some(0)), Verdict::NotFound);
}

#[test]
fn an_object_without_a_time_is_certain_only_after_a_snapshot() {
    let lane = Lane::default();
    let one = [undated("call_1")];
    assert_eq!(judge(&intent(), &lane, &one, Some(0)), found("call_1", How::Likely));
    let snapshot = Intent { before: Some(vec![]), ..intent() };
    assert_eq!(judge(&snapshot, &lane, &one, Some(0)), found("call_1", How::Certain));
}

#[test]
fn a_reference_of_its_own_is_certain_whatever_the_clocks_and_the_lane_say() {
    let exact = Candidate { is_exact: true, ..made("num_1", SENT_AT - 60 * MINUTE) };
    let shared = Intent { exclusive: false, ..intent() };
    let strayed = Lane::default().strayed(SENT_AT);
    for lane in [Lane::default(), strayed] {
        let verdict = judge(&shared, &lane, std::slice::from_ref(&exact), Some(0));
        assert_eq!(verdict, found("num_1", How::Certain));
    }
    let taken = Lane { holder: None, taken: vec![("num_1".to_owned(), SENT_AT)].into() };
    assert_eq!(judge(&shared, &taken, &[exact], Some(0)), Verdict::NotFound);
}

#[test]
fn nothing_is_certain_in_a_lane_with_a_stray_until_it_is_too_old() {
    let one = [made("call_1", SENT_AT)];
    let day = 24 * 60 * MINUTE;
    for (strayed_at, how) in [
        (SENT_AT, How::Likely),
        (SENT_AT - day + 1, How::Likely),
        (SENT_AT - day, How::Certain),
        // By a clock that is ahead.
        (SENT_AT + 10 * MINUTE, How::Likely),
    ] {
        let lane = Lane::default().strayed(strayed_at);
        assert_eq!(judge(&intent(), &lane, &one, Some(0)), found("call_1", how), "{strayed_at}");
    }
}

#[test]
fn a_lane_forgets_the_oldest_objects_and_no_stray() {
    let mut lane = Lane::default().strayed(SENT_AT);
    for n in 0..300 {
        lane = lane.held_by("key").released(Some(&format!("call_{n}")), SENT_AT + n);
    }
    assert_eq!(lane.taken.len(), 200);
    assert!(lane.has_stray(SENT_AT));
    assert!(lane.taken.iter().any(|(id, _)| id == "call_299"));
    assert!(!lane.taken.iter().any(|(id, _)| id == "call_100"));
    // Once each, not at all where the API gives it no id, and a day long.
    let lane = lane.released(Some("call_299"), SENT_AT).released(Some(""), SENT_AT);
    assert_eq!(lane.taken.len(), 200);
    let later = lane.released(Some("call_300"), SENT_AT + 300 + 24 * 60 * MINUTE);
    assert_eq!(later.taken.len(), 1);
}
