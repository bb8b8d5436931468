//! A fault rule: which requests it matches, and what it does to them.

use super::kinds::{Cut, Garbage, Stall, StatusFault};
use super::race::Race;
use super::verdict::{Effect, Probe};
use super::window::{Limit, Window};

#[derive(Debug)]
pub(crate) struct Rule {
    pub(super) operation: Option<String>,
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) to_number: Option<String>,
    pub(super) event: Option<String>,
    pub(super) times: Option<u64>,
    pub(super) probability: Option<f64>,
    pub(super) delay_ms: u32,
    pub(super) action: Act,
    pub(super) race: Race,
}

#[derive(Debug)]
pub(super) enum Act {
    Delay,
    Status(StatusFault),
    Cut(Cut),
    Stall(Stall),
    Slow {
        bytes: u32,
        every_ms: u32,
    },
    Garbage(Garbage),
    Limit(Limit),
    /// A webhook is delivered twice.
    Duplicate,
}

impl Rule {
    /// Whether the rule matches on the addressed number.
    pub(super) fn asks_number(&self) -> bool {
        self.to_number.is_some()
    }

    /// The same rule, limited to one number.
    pub(super) fn only_to(self, number: &str) -> Self {
        Self { to_number: Some(number.to_owned()), ..self }
    }

    pub(super) fn matches(&self, probe: &Probe<'_>) -> bool {
        !matches!(self.action, Act::Duplicate)
            && self.operation.as_deref().is_none_or(|id| probe.operation == Some(id))
            && self.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(probe.method))
            && self.path.as_deref().is_none_or(|p| probe.path.starts_with(p))
            && self.to_number.as_deref().is_none_or(|n| probe.to_number == Some(n))
            && self.race.fits(probe.operation, probe.method)
    }

    /// Whether a webhook with this event is delivered twice.
    pub(super) fn doubles(&self, event: &str) -> bool {
        matches!(self.action, Act::Duplicate) && self.event.as_deref().is_none_or(|own| own == event)
    }

    /// What the rule does now; None while its limit is not reached.
    pub(super) fn fire(&self, window: &mut Window, now: u64) -> Option<Effect> {
        Some(match &self.action {
            Act::Delay => Effect::Delay,
            Act::Status(fault) => Effect::Status(fault.clone()),
            Act::Cut(cut) => Effect::Cut(*cut),
            Act::Stall(stall) => Effect::Stall(*stall),
            Act::Slow { bytes, every_ms } => Effect::Slow { bytes: *bytes, every_ms: *every_ms },
            Act::Garbage(garbage) => Effect::Garbage(*garbage),
            Act::Limit(limit) => Effect::Limit(window.admit(*limit, now)?),
            Act::Duplicate => return None,
        })
    }
}
