//! Where objects are kept: tables that stay fast however much is in them.

mod catalog;
mod kept;
#[cfg(test)]
mod model;
mod order;
mod saver;
mod small;
mod table;

pub(crate) use kept::{Kept, Misfits, added, field, kept, load};
pub(crate) use saver::{Saver, weigh, weigh_value};
pub(crate) use small::Small;
pub(crate) use table::{Filed, Record, Table};
