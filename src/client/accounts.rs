//! What the calls of one account share: its rate limiters and its retry budget. An account is a key at a host. One
//! client may act for many (`apiKey` as an option of a request, a supplier that answers by tenant), and the trouble
//! of one must neither hold up nor use up what belongs to another. Sub-accounts share the limits of their key.

use super::rate_limits::RateLimiter;
use crate::core::Millis;
use crate::core::budget::Budget;
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How long an account is remembered that nobody uses: as long as its limiters remember a limit.
const IDLE: Millis = 60_000;
/// As many accounts are kept before the idle ones are first looked for.
const FEW: usize = 16;

/// Stands for a key without holding it.
type Id = u64;

/// One account.
#[derive(Default)]
pub(crate) struct Account {
    pub(crate) budget: RefCell<Budget>,
    limiters: RefCell<Vec<(u32, Rc<RateLimiter>)>>,
    used: Cell<Millis>,
}

impl Account {
    /// The rate limiter of an operation.
    pub(crate) fn limiter(&self, row: u32) -> Rc<RateLimiter> {
        let mut limiters = self.limiters.borrow_mut();
        if let Some((_, limiter)) = limiters.iter().find(|(of, _)| *of == row) {
            return Rc::clone(limiter);
        }
        let limiter = Rc::new(RateLimiter::default());
        limiters.push((row, Rc::clone(&limiter)));
        limiter
    }
}

/// The accounts that one client acts for.
pub(crate) struct Accounts {
    /// In the order of their ids.
    known: RefCell<Vec<(Id, Rc<Account>)>>,
    /// The number of accounts at which the idle ones are forgotten.
    sweep_at: Cell<usize>,
}

impl Default for Accounts {
    fn default() -> Self {
        Self { known: RefCell::default(), sweep_at: Cell::new(FEW) }
    }
}

impl Accounts {
    /// The account of a key at a host.
    pub(crate) fn of(&self, base_url: &str, key: &str, now: Millis) -> Rc<Account> {
        let id = id_of(base_url, key);
        let mut known = self.known.borrow_mut();
        let place = match known.binary_search_by_key(&id, |(id, _)| *id) {
            Ok(place) => place,
            Err(_) => {
                if known.len() >= self.sweep_at.get() {
                    known.retain(|(_, account)| {
                        Rc::strong_count(account) > 1 || now < account.used.get().saturating_add(IDLE)
                    });
                    self.sweep_at.set(known.len().saturating_mul(2).max(FEW));
                }
                let place = known.partition_point(|(known, _)| *known < id);
                known.insert(place, (id, Rc::default()));
                place
            }
        };
        let account = known.get(place).map(|(_, account)| Rc::clone(account)).unwrap_or_default();
        account.used.set(now);
        account
    }
}

/// Of a hash that nobody can find a second key for: else one tenant could share another's limits.
fn id_of(base_url: &str, key: &str) -> Id {
    let digest = Sha256::new().chain_update(base_url).chain_update([0]).chain_update(key).finalize();
    digest.iter().take(size_of::<Id>()).fold(0, |id, byte| id << 8 | Id::from(*byte))
}
