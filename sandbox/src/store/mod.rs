//! Where objects are kept: tables that stay fast however much is in them.

mod catalog;
mod load;
#[cfg(test)]
mod model;
mod order;
pub(crate) mod pairs;
mod small;
mod table;

pub(crate) use load::load;
pub(crate) use small::Small;
pub(crate) use table::{Filed, Record, Table};
