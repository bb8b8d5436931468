//! The active rules, in the order in which they were added. The first that applies decides; one that does not apply, because
//! of its probability, its count or an unreached limit, leaves the request to the next.

use super::parse::parse_rule;
use super::rule::Rule;
use super::troubles;
use super::verdict::{Probe, Verdict};
use super::window::Window;
use crate::json::json;
use crate::random::Random;
use crate::store::{SortedMap, weigh_value};
use serde_json::Value;

/// Maximum number of rules, and maximum size of their JSON in bytes.
const MOST: usize = 1000;
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The active rules.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Entry>,
    /// The rules of magic numbers used so far, by number.
    magic: SortedMap<&'static str, Entry>,
    dice: Random,
    added: u64,
}

#[derive(Debug)]
struct Entry {
    id: String,
    rule: Rule,
    /// The rule as given, to return it unchanged.
    raw: Value,
    window: Window,
    hits: u64,
}

impl Faults {
    pub(crate) fn new(dice: Random) -> Self {
        Self { rules: Vec::new(), magic: SortedMap::default(), dice, added: 0 }
    }

    pub(crate) fn add(&mut self, rule: Rule, raw: Value) -> String {
        self.added += 1;
        let id = format!("fault_{}", self.added);
        self.rules.push(Entry { id: id.clone(), rule, raw, window: Window::default(), hits: 0 });
        id
    }

    /// Whether a rule of this size no longer fits.
    pub(crate) fn are_full(&self, bytes: usize) -> bool {
        // The JSON of a rule is never longer than its weight as a tree.
        let held: u64 = self.rules.iter().map(|e| weigh_value(&e.raw)).sum();
        let more = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.rules.len() >= MOST || held.saturating_add(more) > MOST_BYTES
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|e| e.id != id);
        self.rules.len() < before
    }

    pub(crate) fn clear(&mut self) -> usize {
        std::mem::take(&mut self.rules).len()
    }

    pub(crate) fn list(&self) -> Value {
        self.rules.iter().map(|e| json!({ "id": e.id, "hits": e.hits, "rule": e.raw })).collect()
    }

    /// Whether a rule matches on the number in the body.
    pub(crate) fn ask_number(&self) -> bool {
        self.rules.iter().any(|e| e.rule.asks_number())
    }

    pub(crate) fn consult(&mut self, probe: &Probe<'_>) -> Option<Verdict> {
        let Self { rules, magic, dice, .. } = self;
        let magic = probe.to_number.and_then(|number| magic_rule(magic, number));
        for entry in rules.iter_mut().chain(magic).filter(|e| e.rule.matches(probe)) {
            if !entry.may_fire(dice) {
                continue;
            }
            let Some(effect) = entry.rule.fire(&mut entry.window, probe.now) else { continue };
            entry.hits += 1;
            let Entry { id, rule, .. } = entry;
            let (rule_id, delay_ms, race) = (id.clone(), rule.delay_ms, rule.race.clone());
            return Some(Verdict { rule: rule_id, delay_ms, effect, race });
        }
        None
    }

    /// Whether a webhook with this event is delivered twice.
    pub(crate) fn doubles(&mut self, event: &str) -> bool {
        let Self { rules, dice, .. } = self;
        let found = rules.iter_mut().filter(|e| e.rule.doubles(event)).find(|e| e.may_fire(dice));
        found.map(|entry| entry.hits += 1).is_some()
    }
}

/// The rule of a magic number. Parsed on first use, because most runs use none.
fn magic_rule<'a>(known: &'a mut SortedMap<&'static str, Entry>, number: &str) -> Option<&'a mut Entry> {
    if known.get(number).is_none() {
        let (number, raw) = troubles::rule(number)?;
        let rule = parse_rule(&raw, |_| None).ok()?.only_to(number);
        let id = format!("magic {number}");
        known.insert(number, Entry { id, rule, raw, window: Window::default(), hits: 0 });
    }
    known.get_mut(number)
}

impl Entry {
    /// Whether its count and probability let the rule apply.
    fn may_fire(&self, dice: &mut Random) -> bool {
        let spent = self.rule.times.is_some_and(|times| self.hits >= times);
        // Draws only for rules with a probability, so that adding a rule without one does not change the luck
        // of others.
        !spent && self.rule.probability.is_none_or(|p| dice.unit() < p)
    }
}
