//! A person's word on an intent in doubt.

use super::events::View;
use super::intent::{Change, How, Stamped, State, Wall, write_both};

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It happened, and this is its object.
    Happened(String),
    /// Nothing happened.
    DidNotHappen,
}

/// Why a word is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The ledger has no such key.
    Unknown,
    /// Its request may still be on its way.
    UnderWay,
    /// It is not in doubt.
    Settled,
}

/// What is written for a person's word.
///
/// # Errors
///
/// Where there is nothing in doubt that it could settle.
pub fn resolve(
    key: &str,
    view: &View,
    word: Word,
    now: Wall,
    stamp: &mut dyn FnMut() -> String,
) -> Result<Vec<Change>, Refusal> {
    let entry = view.intent.as_ref().ok_or(Refusal::Unknown)?;
    if entry.value.state.is_under_way(now) {
        return Err(Refusal::UnderWay);
    }
    if !entry.value.state.is_in_doubt() {
        return Err(Refusal::Settled);
    }
    let lane = view.lane.as_ref().map(|lane| lane.value.clone()).unwrap_or_default();
    let (state, lane) = match word {
        Word::Happened(id) => {
            let lane = lane.settled_by(key, entry.value.sends, &id, How::Person, now);
            (State::Placed { id, how: How::Person }, lane)
        }
        // The person may be wrong: its object is not to be taken for another's.
        Word::DidNotHappen => (State::NotPlaced, lane.left_by(key, None, now).strayed(now)),
    };
    let was = [Some(entry.stamp.clone()), view.lane.as_ref().map(|lane| lane.stamp.clone())];
    let intent = Stamped { stamp: stamp(), value: entry.value.clone().in_state(state) };
    let lane = Stamped { stamp: stamp(), value: lane };
    let lane_key = entry.value.lane.clone();
    Ok(write_both((key.to_owned(), &intent), (lane_key, &lane), was))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::effects::intent::{Intent, Lane, Value};

    fn view(state: State) -> View {
        let intent = Intent {
            operation: "calls.create".to_owned(),
            ids: Vec::new(),
            content: Vec::new(),
            facts: Vec::new(),
            lane: "lane".to_owned(),
            state,
            sent_at: 0,
            skew: None,
            before: None,
            exclusive: false,
            sends: 1,
        };
        View {
            intent: Some(Stamped { stamp: "1".to_owned(), value: intent }),
            lane: Some(Stamped {
                stamp: "2".to_owned(),
                value: Lane { holder: Some("key".to_owned()), taken: vec![].into() },
            }),
            ..View::default()
        }
    }

    fn say(state: State, word: Word) -> Result<Vec<Change>, Refusal> {
        resolve("key", &view(state), word, 1_000, &mut || "new".to_owned())
    }

    #[test]
    fn a_word_about_what_is_still_under_way_could_ring_a_phone_twice() {
        assert_eq!(say(State::Sending { until: 1_001 }, Word::DidNotHappen), Err(Refusal::UnderWay));
        assert!(say(State::Sending { until: 1_000 }, Word::DidNotHappen).is_ok());
    }

    fn lane_of(changes: &[Change]) -> &Lane {
        match &changes[1].value {
            Value::Lane(lane) => lane,
            value => panic!("{value:?}"),
        }
    }

    #[test]
    fn a_word_frees_the_lane_and_keeps_the_object_from_being_taken_for_another() {
        let changes = say(State::AbsentSoFar, Word::Happened("call_1".to_owned())).unwrap();
        let lane = lane_of(&changes);
        assert_eq!(lane.holder, None);
        assert!(lane.taken.iter().any(|(id, _)| id == "call_1"));
    }

    #[test]
    fn a_person_may_be_wrong_so_nothing_is_certain_in_the_lane_for_a_time() {
        for word in [Word::DidNotHappen, Word::Happened("call_1".to_owned())] {
            let changes = say(State::Unknown, word).unwrap();
            assert_eq!(lane_of(&changes).holder, None);
            assert!(lane_of(&changes).has_stray(1_000));
        }
    }

    #[test]
    fn a_lane_that_another_key_holds_stays_with_it() {
        for word in [Word::DidNotHappen, Word::Happened("call_1".to_owned())] {
            let mut view = view(State::Unknown);
            view.lane.as_mut().unwrap().value.holder = Some("other".to_owned());
            let changes = resolve("key", &view, word, 1_000, &mut || "new".to_owned()).unwrap();
            assert_eq!(lane_of(&changes).holder.as_deref(), Some("other"));
            assert!(lane_of(&changes).has_stray(1_000));
        }
    }

    #[test]
    fn what_is_settled_or_not_there_is_not_changed() {
        let placed = State::Placed { id: "call_1".to_owned(), how: How::Answered };
        assert_eq!(say(placed, Word::DidNotHappen), Err(Refusal::Settled));
        assert_eq!(say(State::Refused, Word::DidNotHappen), Err(Refusal::Settled));
        let none = resolve("key", &View::default(), Word::DidNotHappen, 0, &mut String::new);
        assert_eq!(none, Err(Refusal::Unknown));
    }
}
