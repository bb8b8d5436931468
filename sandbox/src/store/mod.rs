//! Where objects are kept: tables that stay fast however much is in them.

mod catalog;
mod order;
pub(crate) mod pairs;
mod table;

pub(crate) use table::{Filed, Record, Table};
