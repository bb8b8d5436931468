//! One use of a key by tables, branch by branch, on a ledger in memory and a clock that the test moves.

mod again;
mod every_phase;
mod failing_ledger;
mod lanes;
mod late_answers;
mod leases;
mod paths;

use super::*;
use crate::core::effects::intent::{Change, Value, Wall};
use crate::core::effects::judge::{Candidate, Look};
use crate::core::effects::memory::MemoryLedger;

const LEASE: Millis = 60_000;
const POLICY: Policy = Policy {
    within: Some(30_000),
    accepts_likely: false,
    snapshot: false,
    again: false,
    has_witness: true,
    lease: LEASE,
    ends: None,
};
const AGAIN: Policy = Policy { again: true, ..POLICY };
const HOUR: Wall = 3_600_000;

fn wanted(key: &str) -> Wanted {
    let intent = Intent {
        operation: "calls.create".to_owned(),
        ids: vec![],
        content: vec![("toNumber".to_owned(), "1".to_owned()), ("agentId".to_owned(), "2".to_owned())],
        facts: vec![],
        lane: "lane".to_owned(),
        state: State::Refused,
        sent_at: 0,
        skew: Some(0),
        before: None,
        exclusive: true,
        sends: 0,
    };
    Wanted { key: key.to_owned(), intent }
}

fn shared(key: &str) -> Wanted {
    let wanted = wanted(key);
    Wanted { intent: Intent { exclusive: false, ..wanted.intent }, ..wanted }
}

/// Uses of keys, which share a ledger and a clock.
struct World {
    ledger: MemoryLedger,
    now: Millis,
    stamps: u32,
}

impl World {
    fn new() -> Self {
        Self { ledger: MemoryLedger::new(), now: 10 * HOUR, stamps: 0 }
    }

    fn step(&mut self, keyed: &mut Keyed, event: Event) -> Action {
        let stamps = &mut self.stamps;
        let mut stamp = || {
            *stamps += 1;
            format!("s{stamps}")
        };
        keyed.step(event, &mut Now { at: self.now, wall: self.now, stamp: &mut stamp })
    }

    /// Lets the ledger do its part, up to something else.
    fn on(&mut self, keyed: &mut Keyed, mut event: Event) -> Action {
        for _ in 0..1_000 {
            event = match self.step(keyed, event) {
                Action::Read => Event::Read(Box::new(self.ledger.view(keyed.keys()))),
                Action::Write(changes) => Event::Written(self.ledger.write(changes)),
                action => return action,
            };
        }
        panic!("the ledger is asked for ever");
    }

    /// A use of a key up to its first deed outside of the ledger.
    fn begin(&mut self, wanted: Wanted, policy: Policy) -> (Keyed, Action) {
        let mut keyed = Keyed::new(wanted, policy);
        let action = self.on(&mut keyed, Event::Begin);
        (keyed, action)
    }

    /// A use of a key whose request is on its way.
    fn sent(&mut self, wanted: Wanted, policy: Policy) -> Keyed {
        let (keyed, action) = self.begin(wanted, policy);
        assert_eq!(action, Action::Send);
        keyed
    }

    /// A use of a key whose answer was lost, as it looks.
    fn lost(&mut self, wanted: Wanted, policy: Policy) -> Keyed {
        let mut keyed = self.sent(wanted, policy);
        assert_eq!(self.on(&mut keyed, Event::Sent(Outcome::Unknown)), Action::Look(Subject::Own));
        keyed
    }

    /// Somebody sent a request under this key and died.
    fn dead(&mut self, wanted: Wanted) {
        drop(self.sent(wanted, POLICY));
        self.now += LEASE;
    }

    fn placed(&mut self, key: &str, id: &str) {
        let mut keyed = self.sent(wanted(key), POLICY);
        let action = self.on(&mut keyed, Event::Sent(Outcome::Placed(id.to_owned())));
        assert_eq!(action, done(id, How::Answered, false));
    }

    /// Looks until it is over, each time with this result.
    fn looks(&mut self, keyed: &mut Keyed, look: &Option<Look>) -> Action {
        for _ in 0..100 {
            match self.on(keyed, Event::Looked(look.clone())) {
                Action::Wait(until) => {
                    self.now = until;
                    match self.on(keyed, Event::Woken) {
                        Action::Look(_) => {}
                        action => return action,
                    }
                }
                Action::Look(_) => {}
                action => return action,
            }
        }
        panic!("it looks for ever");
    }

    fn state(&self, key: &str) -> State {
        self.ledger.intent(key).unwrap().value.state
    }

    fn holder(&self) -> Option<String> {
        self.ledger.lane("lane").and_then(|lane| lane.value.holder)
    }

    /// A person's word on a key.
    fn person_frees(&mut self, key: &str) {
        let intent = self.ledger.intent(key).unwrap();
        let lane = self.ledger.lane("lane").unwrap();
        self.stamps += 1;
        let stamp = format!("person{}", self.stamps);
        let freed = lane.value.released(None, self.now).strayed(self.now);
        let value = Intent { state: State::NotPlaced, ..intent.value };
        assert!(self.ledger.write(vec![
            Change {
                key: key.to_owned(),
                was: Some(intent.stamp),
                stamp: stamp.clone(),
                value: Value::Intent(Box::new(value))
            },
            Change { key: "lane".to_owned(), was: Some(lane.stamp), stamp, value: Value::Lane(freed) },
        ]));
    }
}

fn done(id: &str, how: How, replayed: bool) -> Action {
    Action::Done(Done { id: id.to_owned(), how, replayed })
}

fn placed(id: &str, how: How) -> State {
    State::Placed { id: id.to_owned(), how }
}

/// The API's list, as it says it now.
fn listed(now: Wall, ids: &[&str]) -> Option<Look> {
    let candidate = |id: &&str| Candidate { id: (*id).to_owned(), made_at: Some(now), is_exact: false };
    Some(Look { candidates: ids.iter().map(candidate).collect(), skew: Some(0), is_partial: false })
}

const NOTHING: Option<Look> = Some(Look { candidates: vec![], skew: None, is_partial: false });

/// The intent that stands beside a failure.
fn in_doubt(action: &Action) -> &State {
    match action {
        Action::Fail(Problem::Sent(Some(intent)) | Problem::InDoubt(intent)) => &intent.state,
        action => panic!("{action:?}"),
    }
}
