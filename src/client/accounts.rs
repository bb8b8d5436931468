//! What the calls of one account share: its rate limiters and its retry budget. An account is a key at a host. One
//! client may act for many (`apiKey` as an option of a request, a supplier that chooses by tenant), and problems of one
//! must not slow down another or use up its budget. Sub-accounts share the limits of their key.

use super::rate_limits::SharedRateLimiter;
use crate::core::Millis;
use crate::core::budget::Budget;
use crate::core::recent::{Id, Recent};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::rc::Rc;

/// How long an unused account is remembered: as long as its limiters remember a limit.
const IDLE: Millis = 60_000;

/// One account.
#[derive(Default)]
pub(crate) struct Account {
    pub(crate) budget: RefCell<Budget>,
    limiters: RefCell<Vec<(u32, Rc<SharedRateLimiter>)>>,
}

impl Account {
    /// The rate limiter of an operation.
    pub(crate) fn limiter(&self, row: u32) -> Rc<SharedRateLimiter> {
        let mut limiters = self.limiters.borrow_mut();
        if let Some((_, limiter)) = limiters.iter().find(|(of, _)| *of == row) {
            return Rc::clone(limiter);
        }
        let limiter = Rc::new(SharedRateLimiter::default());
        limiters.push((row, Rc::clone(&limiter)));
        limiter
    }
}

/// The accounts that one client acts for.
#[derive(Default)]
pub(crate) struct Accounts(RefCell<Recent<Rc<Account>>>);

impl Accounts {
    /// The account of a key at a host.
    pub(crate) fn of(&self, base_url: &str, key: &str, now: Millis) -> Rc<Account> {
        let id = id_of(base_url, key);
        self.0.borrow_mut().of(id, now, IDLE, |account| Rc::strong_count(account) > 1)
    }
}

/// By a hash without feasible collisions: otherwise one tenant could share another's limits.
fn id_of(base_url: &str, key: &str) -> Id {
    let digest = Sha256::new().chain_update(base_url).chain_update([0]).chain_update(key).finalize();
    digest.iter().take(size_of::<Id>()).fold(0, |id, byte| id << 8 | Id::from(*byte))
}
