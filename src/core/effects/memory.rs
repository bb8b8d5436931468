//! A ledger that lives as long as the process: what the documented interface of ledgers is in Rust.

use std::collections::BTreeMap;

use super::events::View;
use super::intent::{Change, Intent, Lane, Stamped, Value, Wall};

/// See the head of this file.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    entries: BTreeMap<String, Stamped<Value>>,
}

impl MemoryLedger {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entry of a key.
    pub fn read(&self, key: &str) -> Option<&Stamped<Value>> {
        self.entries.get(key)
    }

    /// The intent of a key.
    pub fn intent(&self, key: &str) -> Option<Stamped<Intent>> {
        match self.read(key)? {
            Stamped { stamp, value: Value::Intent(intent) } => {
                Some(Stamped { stamp: stamp.clone(), value: (**intent).clone() })
            }
            _ => None,
        }
    }

    /// The lane of a key.
    pub fn lane(&self, key: &str) -> Option<Stamped<Lane>> {
        match self.read(key)? {
            Stamped { stamp, value: Value::Lane(lane) } => {
                Some(Stamped { stamp: stamp.clone(), value: lane.clone() })
            }
            _ => None,
        }
    }

    /// What the machine of a key reads: see `Keyed::keys`.
    pub fn view(&self, [key, lane]: [&str; 2]) -> View {
        let mut view = View { intent: self.intent(key), lane: self.lane(lane), ..View::default() };
        view.holder = view.other_holder(key).and_then(|holder| self.intent(holder));
        view
    }

    /// Makes all of these changes or, if one entry is not as it must have been, none: then it returns false.
    pub fn write(&mut self, changes: Vec<Change>) -> bool {
        let fits = |change: &Change| self.read(&change.key).map(|entry| &entry.stamp) == change.was.as_ref();
        if !changes.iter().all(fits) {
            return false;
        }
        for Change { key, stamp, value, .. } in changes {
            match value {
                Value::Gone => self.entries.remove(&key),
                value => self.entries.insert(key, Stamped { stamp, value }),
            };
        }
        true
    }

    /// The intents that are in doubt, under their keys.
    pub fn open(&self) -> impl Iterator<Item = (&str, &Intent)> {
        self.entries.iter().filter_map(|(key, entry)| match &entry.value {
            Value::Intent(intent) if intent.state.is_in_doubt() => Some((key.as_str(), &**intent)),
            _ => None,
        })
    }

    /// Forgets intents that are settled, and lanes that no intent holds, if they are from before this time. Returns how many
    /// entries that were.
    pub fn prune(&mut self, older_than: Wall) -> usize {
        let before = self.entries.len();
        self.entries.retain(|_, entry| match &entry.value {
            Value::Intent(intent) => intent.state.is_in_doubt() || intent.sent_at >= older_than,
            Value::Lane(lane) => lane.holder.is_some() || lane.taken.iter().any(|(_, at)| *at >= older_than),
            Value::Gone => false,
        });
        before.saturating_sub(self.entries.len())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::effects::intent::{How, State};

    fn intent(state: State, sent_at: Wall) -> Value {
        Value::Intent(Box::new(Intent {
            operation: "calls.create".to_owned(),
            ids: vec![],
            content: vec![],
            facts: vec![],
            lane: "lane".to_owned(),
            state,
            sent_at,
            skew: None,
            before: None,
            exclusive: false,
            sends: 1,
        }))
    }

    fn change(key: &str, was: Option<&str>, stamp: &str, value: Value) -> Change {
        Change { key: key.to_owned(), was: was.map(str::to_owned), stamp: stamp.to_owned(), value }
    }

    #[test]
    fn of_a_write_takes_place_all_or_nothing() {
        let mut ledger = MemoryLedger::new();
        assert!(ledger.write(vec![change("a", None, "1", intent(State::Unknown, 0))]));
        let both = |was| {
            vec![
                change("b", None, "2", intent(State::Unknown, 0)),
                change("a", was, "3", intent(State::Refused, 0)),
            ]
        };
        for stale in [None, Some("0"), Some("3")] {
            assert!(!ledger.write(both(stale)), "{stale:?}");
            assert!(ledger.read("b").is_none());
            assert_eq!(ledger.read("a").unwrap().stamp, "1");
        }
        assert!(ledger.write(both(Some("1"))));
        assert_eq!(ledger.intent("a").unwrap().value.state, State::Refused);
        assert!(ledger.write(vec![change("a", Some("3"), "4", Value::Gone)]));
        assert!(ledger.read("a").is_none());
    }

    #[test]
    fn what_is_in_doubt_or_held_survives_pruning() {
        let placed = State::Placed { id: "call_1".to_owned(), how: How::Answered };
        let lane = |holder: Option<&str>, at| {
            Value::Lane(Lane {
                holder: holder.map(str::to_owned),
                taken: vec![("call_0".to_owned(), at)].into(),
            })
        };
        let mut ledger = MemoryLedger::new();
        assert!(ledger.write(vec![
            change("sending", None, "1", intent(State::Sending { until: 5 }, 0)),
            change("absent", None, "2", intent(State::AbsentSoFar, 0)),
            change("old", None, "3", intent(placed.clone(), 9)),
            change("new", None, "4", intent(placed, 10)),
            change("held", None, "5", lane(Some("absent"), 0)),
            change("free", None, "6", lane(None, 9)),
            change("fresh", None, "7", lane(None, 10)),
        ]));
        assert_eq!(ledger.prune(10), 2);
        for key in ["sending", "absent", "new", "held", "fresh"] {
            assert!(ledger.read(key).is_some(), "{key}");
        }
        assert_eq!(ledger.open().map(|(key, _)| key).collect::<Vec<_>>(), ["absent", "sending"]);
    }

    #[test]
    fn a_view_names_the_holder_only_if_it_is_another() {
        let mut ledger = MemoryLedger::new();
        let held = Lane { holder: Some("a".to_owned()), taken: vec![].into() };
        assert!(ledger.write(vec![
            change("a", None, "1", intent(State::Unknown, 0)),
            change("lane", None, "2", Value::Lane(held)),
        ]));
        assert!(ledger.view(["a", "lane"]).holder.is_none());
        assert_eq!(ledger.view(["b", "lane"]).holder.unwrap().stamp, "1");
        assert!(ledger.view(["b", "lane"]).intent.is_none());
    }
}
