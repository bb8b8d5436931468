//! A person's word on an intent in doubt.

use super::events::View;
use super::intent::{Change, How, State, Value, Wall};

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
    let (state, id) = match word {
        Word::Happened(id) => (State::Placed { id: id.clone(), how: How::Person }, Some(id)),
        Word::DidNotHappen => (State::NotPlaced, None),
    };
    let mut changes = vec![Change {
        key: key.to_owned(),
        was: Some(entry.stamp.clone()),
        stamp: stamp(),
        value: Value::Intent(Box::new(entry.value.clone().in_state(state))),
    }];
    if let Some(lane) = view.lane.as_ref().filter(|lane| lane.value.holder.as_deref() == Some(key)) {
        let released = lane.value.released(id.as_deref(), now);
        changes.push(Change {
            key: entry.value.lane.clone(),
            was: Some(lane.stamp.clone()),
            stamp: stamp(),
            value: if released.taken.is_empty() { Value::Gone } else { Value::Lane(released) },
        });
    }
    Ok(changes)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::effects::intent::{Intent, Lane, Stamped};

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
                value: Lane { holder: Some("key".to_owned()), taken: Vec::new() },
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

    #[test]
    fn a_word_frees_the_lane_and_keeps_the_object_from_being_taken_for_another() {
        let changes = say(State::AbsentSoFar, Word::Happened("call_1".to_owned())).unwrap();
        let lane = Lane { holder: None, taken: vec![("call_1".to_owned(), 1_000)] };
        assert_eq!(changes[1].value, Value::Lane(lane));
        assert_eq!(say(State::Unknown, Word::DidNotHappen).unwrap()[1].value, Value::Gone);
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
