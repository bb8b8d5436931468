//! Storage for objects: tables that stay fast at any size.

mod catalog;
#[cfg(test)]
mod model;
mod ordered_set;
mod persist;
mod saver;
mod sorted_map;
mod table;

pub(crate) use persist::{LoadErrors, Persist, added, field, load, persist};
pub(crate) use saver::{Saver, weigh, weigh_value};
pub(crate) use sorted_map::SortedMap;
pub(crate) use table::{ByKey, Record, Table};
