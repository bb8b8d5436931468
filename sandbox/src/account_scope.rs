//! The context of work outside a request handler: one account, the state shared by all accounts, and
//! the time.

use crate::account::Account;
use crate::state::{Shared, World};

#[derive(Debug)]
pub(crate) struct AccountScope<'a> {
    pub(crate) account: &'a mut Account,
    /// The account's name, by which tasks find it later.
    pub(crate) account_name: &'a str,
    pub(crate) shared: &'a mut Shared,
    pub(crate) now: u64,
}

impl World {
    /// The context for work on an account outside a request.
    pub(crate) fn scope<'a>(&'a mut self, account_name: &'a str, now: u64) -> Option<AccountScope<'a>> {
        let account = self.accounts.get_mut(account_name)?;
        Some(AccountScope { account, account_name, shared: &mut self.shared, now })
    }
}
