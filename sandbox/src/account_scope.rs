//! The context of work outside a request handler: one account, the state shared by all accounts, and
//! the time.

use crate::account::Account;
use crate::state::Shared;

#[derive(Debug)]
pub(crate) struct AccountScope<'a> {
    pub(crate) account: &'a mut Account,
    /// The account's name, by which tasks find it later.
    pub(crate) account_name: &'a str,
    pub(crate) shared: &'a mut Shared,
    pub(crate) now: u64,
}
