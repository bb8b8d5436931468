//! Faults on demand: rules that say which requests go wrong and how. Rules are asked in the order
//! in which they were added, and the first that fires decides. A rule that does not fire (its dice,
//! its count, a limit not yet reached) leaves the request to the next.

mod parse;
mod play;
mod race;
mod rule;
mod window;

use crate::json::json;
use crate::magic;
use crate::random::Random;
use crate::store::{Small, weigh_value};
use serde_json::Value;

pub(crate) use parse::parse_rule;
pub(crate) use play::answer;
pub(crate) use race::{Order, Race, StartedAt, Unlisted};
pub(crate) use rule::{Cut, Garbage, Rule, Stall, StatusFault};
pub(crate) use window::{Exceeded, Limit, Window};

/// What a rule may look at.
#[derive(Debug)]
pub(crate) struct Probe<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Whom a call or a text is for.
    pub(crate) to_number: Option<&'a str>,
    pub(crate) now: u64,
}

/// What a rule that fired asks for.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) rule: String,
    pub(crate) delay_ms: u32,
    pub(crate) effect: Effect,
    pub(crate) race: Race,
}

#[derive(Debug)]
pub(crate) enum Effect {
    /// Nothing but the wait.
    Delay,
    Status(StatusFault),
    Cut(Cut),
    Stall(Stall),
    Slow {
        bytes: u32,
        every_ms: u32,
    },
    Garbage(Garbage),
    Limit(Exceeded),
}

/// How many rules are kept, and how many bytes of them as they were given.
const MOST: usize = 1000;
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The rules in force.
#[derive(Debug)]
pub(crate) struct Faults {
    rules: Vec<Entry>,
    /// The rules of the magic numbers that were asked for, by number.
    magic: Small<&'static str, Entry>,
    dice: Random,
    added: u64,
}

#[derive(Debug)]
struct Entry {
    id: String,
    rule: Rule,
    /// The rule as it was given, to show it again.
    raw: Value,
    window: Window,
    hits: u64,
}

impl Faults {
    pub(crate) fn new(dice: Random) -> Self {
        Self { rules: Vec::new(), magic: Small::default(), dice, added: 0 }
    }

    pub(crate) fn add(&mut self, rule: Rule, raw: Value) -> String {
        self.added += 1;
        let id = format!("fault_{}", self.added);
        self.rules.push(Entry { id: id.clone(), rule, raw, window: Window::default(), hits: 0 });
        id
    }

    /// Whether there is no room for one more of so many bytes.
    pub(crate) fn are_full(&self, bytes: usize) -> bool {
        // The text of a rule is never longer than what its tree weighs.
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

    /// Whether a rule would look at the number that a body names.
    pub(crate) fn ask_number(&self) -> bool {
        self.rules.iter().any(|e| e.rule.asks_number())
    }

    pub(crate) fn consult(&mut self, probe: &Probe<'_>) -> Option<Verdict> {
        let Self { rules, magic, dice, .. } = self;
        let magic = probe.to_number.and_then(|number| learned(magic, number));
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

/// The rule of a magic number. Read when somebody asks for it: most runs never do.
fn learned<'a>(known: &'a mut Small<&'static str, Entry>, number: &str) -> Option<&'a mut Entry> {
    if known.get(number).is_none() {
        let (number, raw) = magic::rule(number)?;
        let rule = parse_rule(&raw, |_| None).ok()?.only_to(number);
        let id = format!("magic {number}");
        known.insert(number, Entry { id, rule, raw, window: Window::default(), hits: 0 });
    }
    known.get_mut(number)
}

impl Entry {
    /// Whether count and dice let the rule fire.
    fn may_fire(&self, dice: &mut Random) -> bool {
        let spent = self.rule.times.is_some_and(|times| self.hits >= times);
        // A rule without dice does not draw, so that it shifts no other rule's luck.
        !spent && self.rule.probability.is_none_or(|p| dice.unit() < p)
    }
}
