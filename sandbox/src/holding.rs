//! Phone numbers that are held: paid for month by month, until they expire or are released.

use crate::account::Account;
use crate::agenda::Task;
use crate::records::Number;
use crate::state::{Holder, Shared};

/// Monthly price of a number.
pub(crate) const NUMBER_CENTS: u16 = 300;
/// How many numbers an account may hold.
pub(crate) const MOST_NUMBERS: usize = 10;
/// One billing month, and also how long an unpaid number is kept.
pub(crate) const MONTH_MS: u64 = 30 * 86_400_000;

impl Shared {
    /// Takes a number off the market, and schedules its renewal and its expiry.
    pub(crate) fn hold(&mut self, number: &Number, holder: Holder) {
        let Holder { account, number: id } = holder.clone();
        self.agenda.at(number.paid_until, Task::RenewNumber { account, number: id });
        if let Some(at) = number.expires_at {
            let Holder { account, number: id } = holder.clone();
            self.agenda.at(at, Task::ExpireNumber { account, number: id });
        }
        self.held.insert(number.phone.clone(), holder);
    }
}

impl Account {
    pub(crate) fn release_number(&mut self, shared: &mut Shared, id: &str) {
        let phone = self.numbers.update(id, |number| {
            number.released = true;
            number.agent_id = None;
            number.phone.clone()
        });
        if let Some(phone) = phone {
            shared.held.remove(&phone);
        }
    }

    pub(crate) fn expire_number(&mut self, shared: &mut Shared, id: &str, now: u64) {
        if self.held_number(id).is_some_and(|n| n.expires_at.is_some_and(|at| at <= now)) {
            self.release_number(shared, id);
        }
    }

    /// Pays for the number's next month. If the wallet cannot pay, the number is kept for a month of grace
    /// and then released.
    pub(crate) fn renew_number(&mut self, shared: &mut Shared, name: &str, id: &str, now: u64) {
        let Some(number) = self.held_number(id) else { return };
        let paid_until = number.paid_until;
        let next = if shared.can_pay(NUMBER_CENTS.into()) {
            shared.charge(NUMBER_CENTS.into());
            self.numbers.update(id, |n| n.paid_until = now.saturating_add(MONTH_MS));
            now.saturating_add(MONTH_MS)
        } else if now >= paid_until.saturating_add(MONTH_MS) {
            return self.release_number(shared, id);
        } else {
            // Payment is tried again on each day of grace.
            now.saturating_add(86_400_000)
        };
        shared.agenda.at(next, Task::RenewNumber { account: name.to_owned(), number: id.to_owned() });
    }
}
