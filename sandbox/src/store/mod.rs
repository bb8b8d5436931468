//! Storage for objects: tables that stay fast at any size.

mod catalog;
mod load_errors;
#[cfg(test)]
mod model;
mod ordered_set;
mod persist;
mod saver;
mod sorted_map;
mod table;

pub(crate) use load_errors::LoadErrors;
pub(crate) use persist::{added, field, load, persist};
pub(crate) use saver::{Persist, Saver, weigh, weigh_value};
pub(crate) use sorted_map::SortedMap;
pub(crate) use table::{ByKey, Record, Table};
