//! Where objects are kept: tables that stay fast however much is in them.

mod order;
mod table;

pub(crate) use table::{Record, Table};
