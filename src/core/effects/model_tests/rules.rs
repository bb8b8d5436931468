//! What must hold in every history.

use super::api::{Api, MEDIA, number};
use super::plan::{Plan, Shown, key_name, lane_name};
use crate::core::effects::events::{Action, Done, Problem};
use crate::core::effects::intent::{Change, How, State, Value};
use crate::core::effects::memory::MemoryLedger;

/// A request of a key.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) key: usize,
    pub(super) sent_at: u64,
    /// When it was announced to the ledger.
    claimed_at: u64,
    /// The client was told that it did nothing.
    pub(super) is_refused: bool,
    /// The object that it made or will make.
    pub(super) object: Option<usize>,
}

/// What is remembered of a key.
#[derive(Debug, Default, Clone)]
pub(super) struct Memory {
    /// A person said that it did not happen, last at this time.
    freed_at: Option<u64>,
    /// A person said something.
    pub(super) has_word: bool,
    /// It was sent by a use that sends again on the caller's word, last at this time.
    again_at: Option<u64>,
    /// Ids that callers were given.
    results: Vec<(String, How)>,
}

/// How often things happened, so that a model in which nothing does is noticed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    pub(super) requests: u64,
    pub(super) agains: u64,
    pub(super) answered: u64,
    pub(super) certain: u64,
    pub(super) likely: u64,
    pub(super) ambiguous: u64,
    pub(super) absent: u64,
    pub(super) refused: u64,
    pub(super) in_doubt: u64,
    pub(super) lane_in_doubt: u64,
    pub(super) unsettled: u64,
    pub(super) freed: u64,
    /// Likely to be what it is not: a text with other media that the API does not show.
    pub(super) others: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        for (own, other) in [
            (&mut self.requests, other.requests),
            (&mut self.agains, other.agains),
            (&mut self.answered, other.answered),
            (&mut self.certain, other.certain),
            (&mut self.likely, other.likely),
            (&mut self.ambiguous, other.ambiguous),
            (&mut self.absent, other.absent),
            (&mut self.refused, other.refused),
            (&mut self.in_doubt, other.in_doubt),
            (&mut self.lane_in_doubt, other.lane_in_doubt),
            (&mut self.unsettled, other.unsettled),
            (&mut self.freed, other.freed),
            (&mut self.others, other.others),
        ] {
            *own += other;
        }
    }

    pub(super) const fn all(&self) -> [u64; 13] {
        [
            self.requests,
            self.agains,
            self.answered,
            self.certain,
            self.likely,
            self.ambiguous,
            self.absent,
            self.refused,
            self.in_doubt,
            self.lane_in_doubt,
            self.unsettled,
            self.freed,
            self.others,
        ]
    }
}

#[derive(Debug)]
pub(super) struct Rules {
    pub(super) requests: Vec<Request>,
    pub(super) keys: Vec<Memory>,
    pub(super) counts: Counts,
}

impl Rules {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { requests: vec![], keys: vec![Memory::default(); plan.keys.len()], counts: Counts::default() }
    }

    /// Never two requests of one key that may both have had an effect, but on the caller's word, or on that of a person
    /// who freed the key after one of them was announced.
    pub(super) fn send(&mut self, key: usize, again: bool, claimed_at: u64, now: u64) -> usize {
        let memory = &mut self.keys[key];
        let mut earlier = self.requests.iter().filter(|request| request.key == key && !request.is_refused);
        let freed_at = memory.freed_at.unwrap_or(0);
        let doubted = earlier.find(|request| request.claimed_at >= freed_at && claimed_at >= freed_at);
        if let Some(request) = doubted {
            // Whoever stalls between its claim and its request does not know that another use has sent it again.
            let is_overtaken = memory.again_at.is_some_and(|at| at >= claimed_at);
            let is_allowed = again || is_overtaken;
            assert!(is_allowed, "{} is sent twice, at {} and at {now}", key_name(key), request.sent_at);
            self.counts.agains += 1;
        }
        memory.again_at = memory.again_at.max(Some(now).filter(|_| again));
        self.counts.requests += 1;
        self.requests.push(Request { key, sent_at: now, claimed_at, is_refused: false, object: None });
        self.requests.len() - 1
    }

    pub(super) fn word(&mut self, key: usize, not_placed_at: Option<u64>) {
        self.keys[key].has_word = true;
        if not_placed_at.is_some() {
            self.counts.freed += 1;
            self.keys[key].freed_at = not_placed_at;
        }
    }

    /// What may stand in the ledger after a write.
    pub(super) fn written(&mut self, changes: &[Change], ledger: &MemoryLedger, api: &Api, plan: &Plan) {
        for change in changes {
            match &change.value {
                Value::Intent(intent) => {
                    let key: usize = change.key.strip_prefix("key_").unwrap().parse().unwrap();
                    match &intent.state {
                        State::Placed { id, how } => self.placed(key, id, *how, ledger, api, plan),
                        State::Ambiguous { .. } => self.counts.ambiguous += 1,
                        State::AbsentSoFar => self.counts.absent += 1,
                        _ => {}
                    }
                    // One intent of a lane is in doubt at a time.
                    let lane = plan.keys[key];
                    if intent.state.is_in_doubt() && !self.keys[key].has_word {
                        let holder = ledger.lane(&lane_name(lane)).and_then(|lane| lane.value.holder);
                        assert_eq!(holder, Some(key_name(key)), "{:?} without its lane", intent.state);
                    }
                }
                Value::Lane(lane) => {
                    // A lane is never held by a key that is not in doubt.
                    if let Some(holder) = &lane.holder {
                        let intent = ledger.intent(holder).map(|entry| entry.value.state);
                        assert!(
                            intent.as_ref().is_some_and(State::is_in_doubt),
                            "{holder} holds, {intent:?}"
                        );
                    }
                }
                Value::Gone => assert!(change.key.starts_with("lane_"), "a key is forgotten"),
            }
        }
    }

    fn placed(&mut self, key: usize, id: &str, how: How, ledger: &MemoryLedger, api: &Api, plan: &Plan) {
        let lane = plan.lanes[plan.keys[key]];
        let is_right = api.objects[number(id)].key == Some(key);
        match how {
            How::Answered => self.counts.answered += 1,
            How::Certain => {
                assert!(lane.is_exclusive || lane.is_exact, "certain in a shared lane");
                self.counts.certain += 1;
            }
            How::Likely => self.counts.likely += 1,
            How::Person => return,
        }
        assert!(how == How::Likely || is_right, "{} is {how:?} and wrong: {id}", key_name(key));
        if how == How::Answered {
            return;
        }
        // Nor is a text with other media, as far as the API shows them.
        let (own, found) = (plan.media[key], api.objects[number(id)].media);
        let is_alike = match plan.shown {
            Shown::Kept => own == found,
            Shown::Stored => MEDIA[own].len() == MEDIA[found].len(),
            Shown::Never => true,
        };
        assert!(is_alike, "{} is taken for a text with other media: {id}", key_name(key));
        self.counts.others += u64::from(own != found);
        // No id is given to two keys.
        for other in (0..plan.keys.len()).filter(|other| *other != key) {
            if let Some(State::Placed { id: theirs, .. }) =
                ledger.intent(&key_name(other)).map(|entry| entry.value.state)
            {
                assert_ne!(theirs, id, "{} has {id} already", key_name(other));
            }
        }
    }

    /// What a use may end with. `requests`: its own.
    pub(super) fn ended(&mut self, key: usize, action: &Action, requests: &[usize]) {
        assert!(requests.len() <= 2, "a use sends without end");
        let is_lost = requests.iter().any(|request| !self.requests[*request].is_refused);
        match action {
            Action::Done(Done { id, how, replayed }) => {
                assert_eq!(*replayed, requests.is_empty(), "{} is replayed?", key_name(key));
                self.result(key, id, *how);
            }
            Action::Fail(problem) => {
                match problem {
                    Problem::Sent(None) => self.counts.refused += 1,
                    Problem::Sent(Some(_)) => self.counts.unsettled += 1,
                    Problem::InDoubt(intent) => {
                        assert!(intent.state.is_in_doubt(), "{:?} is in doubt?", intent.state);
                        self.counts.in_doubt += 1;
                    }
                    Problem::LaneInDoubt => self.counts.lane_in_doubt += 1,
                    _ => {}
                }
                let tells_doubt = matches!(problem, Problem::Sent(Some(_)) | Problem::InDoubt(_));
                assert!(!is_lost || tells_doubt, "{} hides its doubt: {problem:?}", key_name(key));
                assert!(
                    !requests.is_empty() || !matches!(problem, Problem::Sent(_)),
                    "{} was not sent: {problem:?}",
                    key_name(key)
                );
            }
            action => panic!("{action:?} is no end"),
        }
    }

    /// The same key never has two results, apart from one that was only likely.
    fn result(&mut self, key: usize, id: &str, how: How) {
        let memory = &mut self.keys[key];
        memory.results.push((id.to_owned(), how));
        if memory.again_at.is_some() || memory.has_word {
            return;
        }
        for is_likely in [false, true] {
            let mut ids = memory.results.iter().filter(|(_, how)| (*how == How::Likely) == is_likely);
            let first = ids.next();
            assert!(
                ids.all(|(id, _)| Some(id) == first.map(|(id, _)| id)),
                "{} has several results: {:?}",
                key_name(key),
                memory.results
            );
        }
    }

    /// Every key ends settled, free, or open in the ledger.
    pub(super) fn over(&self, ledger: &MemoryLedger) {
        for (key, memory) in self.keys.iter().enumerate() {
            let mut requests = self.requests.iter().filter(|request| request.key == key);
            let may_have_happened = requests.any(|request| !request.is_refused);
            let state = ledger.intent(&key_name(key)).map(|entry| entry.value.state);
            let is_free = matches!(state, None | Some(State::Refused | State::NotPlaced));
            assert!(
                !may_have_happened || !is_free || memory.has_word,
                "{} is {state:?} and may have happened",
                key_name(key)
            );
        }
    }
}
