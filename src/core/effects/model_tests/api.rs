//! An API without idempotency keys: what it makes, and what its lists say of it.

use std::sync::LazyLock;

use super::plan::{Dated, MINUTE, Plan, Rng, SECOND, Shown};
use crate::core::effects::intent::Wall;
use crate::core::effects::json::Json;
use crate::core::effects::judge::Candidate;
use crate::core::effects::witness::{Kind, fact_of, fits};

pub(super) const EPOCH: Wall = 1_700_000_000_000;

/// The media of texts, of which each key and each object has one entry.
pub(super) const MEDIA: [&[&str]; 4] = [
    &[],
    &["https://shop.example/1.png"],
    &["https://shop.example/2.png"],
    &["https://shop.example/1.png", "https://shop.example/2.png"],
];
static SENT: LazyLock<Vec<Option<String>>> = LazyLock::new(|| facts(str::to_owned));
/// As an API shows them that has stored them at a host of its own.
static STORED: LazyLock<Vec<Option<String>>> =
    LazyLock::new(|| facts(|address| address.replace("shop", "media.api")));

fn facts(shown: fn(&str) -> String) -> Vec<Option<String>> {
    let fact = |media: &&[&str]| {
        let media = media.iter().map(|address| Json::Text(shown(address)));
        fact_of(Kind::Media, &Json::List(media.collect()))
    };
    MEDIA.iter().map(fact).collect()
}

/// The fact of an intent whose request has these media.
pub(super) fn media_fact(media: usize) -> Option<String> {
    SENT[media].clone()
}

/// True if an object with media may be what was sent with these, by what its list shows.
fn may_be(sent: usize, seen: usize, shown: Shown) -> bool {
    let seen = match shown {
        Shown::Kept => SENT[seen].as_deref(),
        Shown::Stored => STORED[seen].as_deref(),
        Shown::Never => None,
    };
    fits(Kind::Media, SENT[sent].as_deref(), seen)
}

/// An object. Its id is its place among all.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) lane: usize,
    /// Whose it is; `None`: somebody else made it.
    pub(super) key: Option<usize>,
    pub(super) media: usize,
    pub(super) made_at: u64,
    answered_at: u64,
    /// From when on lists have it.
    listed_at: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Api {
    pub(super) objects: Vec<Object>,
}

pub(super) fn name(object: usize) -> String {
    format!("call_{object}")
}

pub(super) fn number(id: &str) -> usize {
    id.strip_prefix("call_").unwrap().parse().unwrap()
}

impl Api {
    /// Makes an object that appears `at`, and returns its number.
    pub(super) fn make(
        &mut self,
        lane: usize,
        key: Option<usize>,
        at: u64,
        plan: &Plan,
        rng: &mut Rng,
    ) -> usize {
        let listed_at = if !rng.percent(plan.unlisted) {
            Some(at + rng.span(plan.lag))
        } else if rng.percent(50) {
            Some(at + rng.span(60 * MINUTE))
        } else {
            None
        };
        let media = key.map_or_else(|| rng.one_of(&[0, 1, 2, 3]), |key| plan.media[key]);
        self.objects.push(Object {
            lane,
            key,
            media,
            made_at: at,
            answered_at: at + rng.below(30 * SECOND),
            listed_at,
        });
        self.objects.len() - 1
    }

    pub(super) fn wall(now: u64, plan: &Plan) -> Wall {
        (EPOCH + now).saturating_add_signed(plan.api_clock)
    }

    /// An object as a list or a webhook says it.
    pub(super) fn candidate(&self, object: usize, now: u64, plan: &Plan) -> Candidate {
        let Object { lane, made_at, answered_at, .. } = self.objects[object];
        let made_at = match plan.dated {
            Dated::Created => Some(made_at),
            Dated::Answered => Some(answered_at).filter(|at| *at <= now),
            Dated::Never => None,
        };
        // To the second.
        let made_at = made_at.map(|at| Self::wall(at, plan) / SECOND * SECOND);
        Candidate { id: name(object), made_at, is_exact: plan.lanes[lane].is_exact }
    }

    /// True if a list says of an object what the request of a key said.
    pub(super) fn fits(&self, object: usize, key: usize, plan: &Plan) -> bool {
        let Object { lane, key: own, media, .. } = self.objects[object];
        let is_exact = plan.lanes[lane].is_exact;
        plan.keys[key] == lane
            && (!is_exact || own == Some(key))
            && may_be(plan.media[key], media, plan.shown)
    }

    /// What a list says now of the objects that may be a key's, and whether that is known not to be all. `None`: it cannot
    /// be read.
    pub(super) fn list(
        &self,
        key: usize,
        now: u64,
        plan: &Plan,
        rng: &mut Rng,
    ) -> Option<(Vec<Candidate>, bool)> {
        if rng.percent(plan.look_fails) {
            return None;
        }
        let mut all: Vec<_> = self
            .objects
            .iter()
            .enumerate()
            .filter(|(number, _)| self.fits(*number, key, plan))
            .filter(|(_, object)| object.made_at <= now && object.listed_at.is_some_and(|at| at <= now))
            .map(|(number, _)| self.candidate(number, now, plan))
            .collect();
        let mut is_partial = false;
        // In any order, with some twice because pages shift, and with some left out.
        if !all.is_empty() {
            let start = usize::try_from(rng.below(all.len() as u64)).unwrap();
            all.rotate_left(start);
            if rng.percent(10) {
                all.push(all[0].clone());
            }
            is_partial = rng.percent(plan.cut);
            if is_partial {
                let rest = usize::try_from(rng.below(all.len() as u64)).unwrap();
                all.truncate(rest);
            }
        }
        Some((all, is_partial))
    }
}
