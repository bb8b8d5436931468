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

/// How long an unused account is remembered, for its retry budget. A rate limit is remembered as long as it matters.
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

    /// True while a new account in its place would send what the API has just refused.
    fn is_limited(&self, now: Millis) -> bool {
        self.limiters.borrow().iter().any(|(_, limiter)| limiter.inner.borrow().remembers(now))
    }
}

/// The accounts that one client acts for.
#[derive(Default)]
pub(crate) struct Accounts(RefCell<Recent<Rc<Account>>>);

impl Accounts {
    /// The account of a key at a host.
    pub(crate) fn of(&self, base_url: &str, key: &str, now: Millis) -> Rc<Account> {
        let id = id_of(base_url, key);
        let is_held = |account: &Rc<Account>| Rc::strong_count(account) > 1 || account.is_limited(now);
        self.0.borrow_mut().of(id, now, IDLE, is_held)
    }
}

/// By a hash without feasible collisions: otherwise one tenant could share another's limits.
fn id_of(base_url: &str, key: &str) -> Id {
    let digest = Sha256::new().chain_update(base_url).chain_update([0]).chain_update(key).finalize();
    digest.iter().take(size_of::<Id>()).fold(0, |id, byte| id << 8 | Id::from(*byte))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::rate_limiter::Verdict;

    #[test]
    fn the_rate_limit_of_a_tenant_is_not_forgotten_while_it_lasts() {
        const WAIT: Millis = 10 * IDLE;
        let accounts = Accounts::default();
        let crowd = |now| {
            for number in 0..100 {
                let _ = accounts.of("https://api.example", &number.to_string(), now);
            }
        };
        let limits_mine = |now| accounts.of("https://api.example", "mine", now).is_limited(now);
        {
            let limiter = accounts.of("https://api.example", "mine", 0).limiter(7);
            let mut limiter = limiter.inner.borrow_mut();
            let waiter = limiter.register(0);
            let permit = limiter.try_acquire(waiter, 0).unwrap();
            assert!(limiter.release(permit, Verdict::Limited(WAIT), 0));
        }
        // Twice, because the first crowd is what the second one drives out.
        crowd(WAIT - 2 * IDLE);
        crowd(WAIT - 1);
        assert!(limits_mine(WAIT - 1));
        assert!(!limits_mine(WAIT + IDLE));
    }
}
