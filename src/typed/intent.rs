//! What the ledger knows of one use of an idempotency key, read from the JavaScript object that the client makes of it
//! (`Intent` of `src/client/effects.d.ts`).

use crate::core::effects::intent::How;
use crate::platform::value::{get, text};
use js_sys::{Array, Date};
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// How it is known that a call was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlacedBy {
    /// The API answered.
    Answered,
    /// It was found, and no other caller can have made it.
    Certain,
    /// It was found, and another caller might have made it.
    Likely,
    /// A person said so.
    Person,
}

impl From<How> for PlacedBy {
    fn from(how: How) -> Self {
        match how {
            How::Answered => Self::Answered,
            How::Certain => Self::Certain,
            How::Likely => Self::Likely,
            How::Person => Self::Person,
        }
    }
}

/// What is known of one thing that you want once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntentState {
    /// Its request is on its way, or was when the program that sent it died.
    Sending,
    /// It happened.
    Placed {
        /// The id of what was made; `None` where the API gives it none.
        id: Option<String>,
        /// How that is known.
        by: PlacedBy,
    },
    /// The API refused it: nothing happened, and the key is free again.
    Refused,
    /// In doubt: the response was lost.
    Unknown,
    /// In doubt: it was looked for and not found, which proves nothing.
    AbsentSoFar,
    /// In doubt: these objects might be it, or one of them that another caller may have made.
    Ambiguous {
        /// Their ids.
        candidates: Vec<String>,
    },
    /// A person said that nothing happened; the key is free again.
    NotPlaced,
}

impl IntentState {
    /// True while it may have happened and is not known to have.
    #[must_use]
    pub const fn is_in_doubt(&self) -> bool {
        matches!(self, Self::Sending | Self::Unknown | Self::AbsentSoFar | Self::Ambiguous { .. })
    }

    /// `None` for a state that does not exist.
    fn named(name: &str, id: Option<String>, how: Option<How>, candidates: Vec<String>) -> Option<Self> {
        Some(match name {
            "sending" => Self::Sending,
            "placed" => Self::Placed { id: id.filter(|id| !id.is_empty()), by: how?.into() },
            "refused" => Self::Refused,
            "unknown" => Self::Unknown,
            "absent_so_far" => Self::AbsentSoFar,
            "ambiguous" => Self::Ambiguous { candidates },
            "not_placed" => Self::NotPlaced,
            _ => return None,
        })
    }
}

/// For a call that was not found: if more are counted than listed, a billed call is not listed, and it may be this one. Neither a
/// difference nor equal numbers prove anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// Calls according to the account's usage.
    pub counted: u64,
    /// Calls according to their list.
    pub listed: u64,
}

/// One thing that you want once, as the ledger knows it.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Intent {
    /// Your key; `None` for [`AgentPhone::settle`](super::AgentPhone::settle).
    pub key: Option<String>,
    /// The operation, e.g. `calls.create`.
    pub operation: String,
    /// What is known.
    pub state: IntentState,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: f64,
    /// How often it was sent: more than once only by a person's word or [`Settle::again`](super::Settle::again).
    pub sends: u32,
    /// Only from [`Error::settlement`](super::Error::settlement), and if the API says it.
    pub evidence: Option<Evidence>,
}

impl Intent {
    /// `None` where there is none.
    pub(super) fn of(value: &JsValue) -> Option<Self> {
        let string = |name: &str| text(&get(value, name));
        let number = |name: &str| get(value, name).as_f64();
        let candidates = get(value, "candidates");
        let candidates = candidates.dyn_ref::<Array>().into_iter().flat_map(Array::iter);
        let candidates = candidates.filter_map(|id| id.as_string()).collect();
        let how = string("how").and_then(|how| How::named(&how));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Some(Self {
            state: IntentState::named(&string("state")?, string("id"), how, candidates)?,
            key: string("key"),
            operation: string("operation").unwrap_or_default(),
            sent_at: get(value, "sentAt").dyn_ref::<Date>().map_or(0.0, Date::get_time),
            sends: number("sends").unwrap_or(0.0) as u32,
            evidence: evidence_in(&get(value, "evidence")),
        })
    }
}

fn evidence_in(value: &JsValue) -> Option<Evidence> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let number = |name: &str| get(value, name).as_f64().map(|number| number as u64);
    Some(Evidence { counted: number("counted")?, listed: number("listed")? })
}

// Not derived: the key is the caller's, and may contain a phone number.
impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intent")
            .field("operation", &self.operation)
            .field("state", &self.state)
            .field("sent_at", &self.sent_at)
            .field("sends", &self.sends)
            .field("evidence", &self.evidence)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::effects::intent::State;

    #[test]
    fn no_state_of_the_ledger_is_without_one_here() {
        let ids = vec!["call_1".to_owned()];
        let states = [
            State::Sending { until: 1 },
            State::Placed { id: "call_1".to_owned(), how: How::Likely },
            State::Refused,
            State::Unknown,
            State::AbsentSoFar,
            State::Ambiguous { ids: ids.clone() },
            State::NotPlaced,
        ];
        for state in states {
            let read = IntentState::named(state.name(), ids.first().cloned(), Some(How::Likely), ids.clone());
            let read = read.unwrap_or_else(|| panic!("{}", state.name()));
            assert_eq!(read.is_in_doubt(), state.is_in_doubt(), "{}", state.name());
        }
        assert_eq!(IntentState::named("parked", None, None, vec![]), None);
    }
}
