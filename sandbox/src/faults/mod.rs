//! Fault injection: rules that say which requests fail and how.

mod apply;
mod kinds;
mod parse;
mod race;
mod rule;
mod rules;
mod troubles;
mod verdict;
mod window;

pub(crate) use apply::apply;
pub(crate) use parse::parse_rule;
pub(crate) use race::{Order, Race, StartedAt, Unlisted};
pub(crate) use rules::Faults;
pub(crate) use troubles::TROUBLES;
pub(crate) use verdict::{Probe, Verdict};
pub(crate) use window::{Exceeded, Limit, Window};
