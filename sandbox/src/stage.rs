//! Where something happens outside of a request: one account, what all accounts share, an instant.

use crate::account::Account;
use crate::state::Shared;

/// What a step of a call or a delivery works with.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) account: &'a mut Account,
    /// The name of that account, by which tasks find it again.
    pub(crate) scope: &'a str,
    pub(crate) shared: &'a mut Shared,
    pub(crate) now: u64,
}
