//! Settling an intent from outside of the use that sent it: by a person's word, by a list that was read for many intents
//! at once, by a webhook. What is written here is the whole of what may be written.

use super::events::{Now, View};
use super::intent::{Change, How, Intent, Lane, Stamped, State, write_both};
use super::judge::{Look, Verdict, judge};

/// What a person says of an intent that is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// It happened, and this is the object's id.
    Happened(String),
    /// It did not. The key is free again.
    NotPlaced,
}

/// The write of a person's word on the intent of a key. `None`: it is not in doubt, or its request is under way.
pub fn by_person(key: &str, view: &View, word: &Word, now: &mut Now<'_>) -> Option<Vec<Change>> {
    let (entry, lane) = in_doubt(view)?;
    if entry.value.state.is_under_way(now.wall) {
        return None;
    }
    let (state, lane) = match word {
        Word::Happened(id) => {
            let how = How::Person;
            (
                State::Placed { id: id.clone(), how },
                lane.settled_by(key, entry.value.sends, id, how, now.wall),
            )
        }
        // The person may be wrong.
        Word::NotPlaced => (State::NotPlaced, lane.left_by(key, None, now.wall).strayed(now.wall)),
    };
    Some(write(key, view, Intent { state, ..entry.value.clone() }, lane, now))
}

/// The write of what follows from a look. `None`: nothing does.
pub fn by_look(
    key: &str,
    view: &View,
    look: &Look,
    accepts_likely: bool,
    now: &mut Now<'_>,
) -> Option<Vec<Change>> {
    let (entry, lane) = in_doubt(view)?;
    let intent = &entry.value;
    if matches!(&intent.state, State::Ambiguous { ids } if ids.len() > 1) {
        return None;
    }
    // While its request is under way its answer may still come, and its object may be the next one.
    let is_under_way = intent.state.is_under_way(now.wall);
    let (state, lane) = match judge(intent, &lane, &look.candidates, intent.skew) {
        Verdict::Found { id, how } if how != How::Likely || (accepts_likely && !is_under_way) => {
            let lane = lane.settled_by(key, intent.sends, &id, how, now.wall);
            (State::Placed { id, how }, lane)
        }
        Verdict::Ambiguous(ids) if !is_under_way => (State::Ambiguous { ids }, lane),
        Verdict::Found { .. } | Verdict::Ambiguous(_) | Verdict::NotFound => return None,
    };
    Some(write(key, view, Intent { state, ..intent.clone() }, lane, now))
}

fn in_doubt(view: &View) -> Option<(&Stamped<Intent>, Lane)> {
    let entry = view.intent.as_ref().filter(|entry| entry.value.state.is_in_doubt())?;
    Some((entry, view.lane.as_ref().map(|lane| lane.value.clone()).unwrap_or_default()))
}

fn write(key: &str, view: &View, intent: Intent, lane: Lane, now: &mut Now<'_>) -> Vec<Change> {
    let was = [
        view.intent.as_ref().map(|entry| entry.stamp.clone()),
        view.lane.as_ref().map(|entry| entry.stamp.clone()),
    ];
    let lane_key = intent.lane.clone();
    let intent = Stamped { stamp: (now.stamp)(), value: intent };
    let lane = Stamped { stamp: (now.stamp)(), value: lane };
    write_both((key.to_owned(), &intent), (lane_key, &lane), was)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "resolve_tests.rs"]
mod tests;
