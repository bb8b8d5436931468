//! What happens outside of the uses of keys: webhooks, passes over all that is open, and people.

use super::super::api::{EPOCH, Object, name};
use super::super::number_of_key;
use super::super::plan::MINUTE;
use super::super::plan::{key_name, lane_name};
use super::{Deed, User, World};
use crate::core::effects::events::{Policy, Wanted};
use crate::core::effects::judge::Look;
use crate::core::effects::keyed::Keyed;
use crate::core::effects::resolve::{Word, resolve};

impl World {
    /// A webhook may tell of an object, some time after it was made.
    pub(super) fn announce(&mut self, object: usize, made_after: u64) {
        if self.rng.percent(self.plan.webhooks) {
            let worker = self.any(self.plan.clocks.len());
            let after = made_after + self.rng.span(10 * MINUTE);
            self.schedule(after, Deed::Webhook { object, worker });
        }
    }

    /// Settles an intent from outside of the use that sent it.
    fn settle(&mut self, key: usize, worker: usize, look: Look) {
        let Some(entry) = self.ledger.intent(&key_name(key)) else { return };
        if entry.value.state.is_under_way(self.wall(worker)) {
            return;
        }
        let policy = Policy {
            within: Some(0),
            accepts_likely: self.rng.percent(self.plan.accepts_likely),
            snapshot: false,
            again: false,
            has_witness: true,
            lease: 0,
            ends: None,
        };
        let wanted = Wanted { key: key_name(key), intent: entry.value };
        let keyed = Keyed::settling(wanted, policy);
        self.enter(User { evidence: Some(look), ..User::new(key, worker, keyed) });
    }

    fn open(&self) -> Vec<usize> {
        self.ledger.open().map(|(key, _)| number_of_key(key)).collect()
    }

    pub(super) fn pass(&mut self, worker: usize) {
        for key in self.open() {
            if let Some(look) = self.list(key) {
                self.settle(key, worker, look);
            }
        }
    }

    pub(super) fn webhook(&mut self, object: usize, worker: usize) {
        for key in self.open() {
            if self.api.fits(object, key, &self.plan) {
                let candidates = vec![self.api.candidate(object, self.now, &self.plan)];
                self.settle(key, worker, Look { candidates, skew: None, is_partial: true });
            }
        }
    }

    /// A person looks into it, and is right as far as one can see now, mostly.
    pub(super) fn person(&mut self) {
        let open = self.open();
        if open.is_empty() {
            return;
        }
        let key = open[self.any(open.len())];
        let lane = self.plan.keys[key];
        let is_seen = |object: &Object| object.lane == lane && object.made_at <= self.now;
        let objects = self.api.objects.iter().enumerate().filter(|(_, object)| is_seen(object));
        let (own, others): (Vec<_>, Vec<_>) = objects.partition(|(_, object)| object.key == Some(key));
        let (own, others) = (own.first().map(|one| one.0), others.first().map(|one| one.0));
        let errs = self.rng.percent(10);
        let id = if errs { others } else { own };
        let word = id.map_or(Word::DidNotHappen, |object| Word::Happened(name(object)));
        let view = self.ledger.view([&key_name(key), &lane_name(lane)]);
        let wall = EPOCH + self.now;
        let stamps = &mut self.stamps;
        let mut stamp = || {
            *stamps += 1;
            format!("s{stamps}")
        };
        if let Ok(changes) = resolve(&key_name(key), &view, word.clone(), wall, &mut stamp) {
            if self.is_told {
                println!("          a person on key {key}: {word:?}");
            }
            self.rules.word(key, (word == Word::DidNotHappen).then_some(self.now));
            assert!(self.write(changes));
        }
    }
}
