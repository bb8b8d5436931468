//! Uses of keys in the simulated world: what their machines are told, and what is done for them.

use super::super::api::name;
use super::super::plan::{MINUTE, SECOND};
use super::{Deed, Telling, User, World};
use crate::core::effects::events::{Action, Event, Now, Outcome};

impl World {
    pub(super) fn enter(&mut self, user: User) {
        self.users.push(user);
        self.tell(self.users.len() - 1, Event::Begin);
    }

    /// Tells a use of a key what has happened, and does what it says.
    pub(super) fn tell(&mut self, user: usize, event: Event) {
        let worker = self.users[user].worker;
        let wall = self.wall(worker);
        let one = &mut self.users[user];
        one.ticket += 1;
        if let Event::Sent(outcome) = &event {
            one.is_sending = false;
            let request = *one.requests.last().unwrap();
            self.rules.requests[request].is_refused = *outcome == Outcome::Refused;
        }
        let stamps = &mut self.stamps;
        let mut stamp = || {
            *stamps += 1;
            format!("s{stamps}")
        };
        let claim = one.keyed.claim().map(str::to_owned);
        let action = one.keyed.step(event, &mut Now { at: self.now, wall, stamp: &mut stamp });
        self.unsent[worker].extend(claim.filter(|_| action != Action::Send));
        let ticket = one.ticket;
        if self.is_told {
            println!("          user {user}: {action:?}");
        }
        // It may die before it does it, or right after.
        let dies = self.rng.percent(self.plan.crashes) && self.rng.percent(5);
        if dies && self.rng.percent(50) {
            self.users[user].is_over = true;
            return;
        }
        self.perform(user, ticket, action);
        if dies {
            self.users[user].is_over = true;
        }
    }

    pub(super) fn perform(&mut self, user: usize, ticket: u32, action: Action) {
        let fails = self.rng.percent(self.plan.ledger_fails);
        match action {
            Action::Snapshot => {
                let after = self.latency();
                self.schedule(after, Deed::Snapshot { user, ticket });
            }
            Action::Read if fails => self.answer(user, ticket, Event::LedgerFailed),
            Action::Read => {
                let after = self.ledger_delay();
                self.schedule(after, Deed::Read { user, ticket });
            }
            Action::Write(changes) => {
                if self.users[user].keyed.claim().is_some() {
                    self.users[user].claimed_at = self.now;
                }
                let telling = match self.rng.below(10) {
                    _ if !fails => Telling::Truly,
                    0..3 => Telling::Denies,
                    3..6 => Telling::Fails,
                    6..8 => return self.answer(user, ticket, Event::LedgerFailed),
                    // It gives up before the write takes place.
                    _ => {
                        self.answer(user, ticket, Event::LedgerFailed);
                        Telling::Fails
                    }
                };
                let after = self.ledger_delay();
                self.schedule(after, Deed::Write { user, ticket, changes, telling });
            }
            Action::Send if self.users[user].may_abort && self.rng.percent(20) => {
                self.tell(user, Event::Aborted)
            }
            Action::Send => self.send(user, ticket),
            Action::Look(subject) => {
                let after = self.latency();
                self.schedule(after, Deed::Look { user, ticket, subject });
            }
            Action::Wait(until) => {
                assert!(until > self.now, "it waits for what is past");
                let early = self.rng.percent(5);
                let after = if early { self.rng.below(until - self.now) } else { until - self.now };
                self.schedule(after, Deed::Tell { user, ticket, event: Event::Woken });
            }
            Action::Done(_) | Action::Fail(_) => {
                let User { key, requests, .. } = &self.users[user];
                self.rules.ended(*key, &action, requests);
                self.users[user].is_over = true;
            }
        }
    }

    pub(super) fn send(&mut self, user: usize, ticket: u32) {
        let User { key, again, claimed_at, .. } = self.users[user];
        let request = self.rules.send(key, again, claimed_at, self.now);
        self.users[user].requests.push(request);
        self.users[user].is_sending = true;
        // The worker stalls before it sends, or the request does not get there.
        let stalls = if self.rng.percent(self.plan.stalls) { self.rng.span(20 * MINUTE) } else { 0 };
        if self.rng.percent(self.plan.never) {
            let outcome = if self.rng.percent(50) { Outcome::Refused } else { Outcome::Unknown };
            let after = stalls + self.rng.span(10 * SECOND);
            self.schedule(after, Deed::Tell { user, ticket, event: Event::Sent(outcome) });
            return;
        }
        let after = stalls + self.latency();
        self.schedule(after, Deed::Arrive { user, ticket, request });
        // It has a timeout of its own, after which the request may still get there.
        if self.rng.percent(self.plan.lost) {
            let after = stalls + self.rng.span(30 * SECOND);
            self.schedule(after, Deed::Tell { user, ticket, event: Event::Sent(Outcome::Unknown) });
        }
    }

    pub(super) fn arrive(&mut self, user: usize, ticket: u32, request: usize) {
        let key = self.rules.requests[request].key;
        let is_lost = self.rng.percent(self.plan.lost);
        let outcome = if self.rng.percent(self.plan.refused) {
            Outcome::Refused
        } else {
            let late = if self.rng.percent(self.plan.late) { self.rng.span(49 * MINUTE) } else { 0 };
            let (lane, at) = (self.plan.keys[key], self.now + late);
            let object = self.api.make(lane, Some(key), at, &self.plan, &mut self.rng);
            self.rules.requests[request].object = Some(object);
            self.announce(object, late);
            Outcome::Placed(name(object))
        };
        let outcome = if is_lost { Outcome::Unknown } else { outcome };
        let after = if is_lost { self.rng.span(30 * SECOND) } else { self.rng.span(500) };
        self.schedule(after, Deed::Tell { user, ticket, event: Event::Sent(outcome) });
    }
}
