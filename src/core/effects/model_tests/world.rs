//! A history: workers with clocks and ledgers of their own, over one ledger and one API, event by event.

use std::collections::{BTreeMap, HashSet};

use super::api::{Api, EPOCH, media_fact};
use super::plan::{MINUTE, Plan, Rng, SECOND, clock, key_name, lane_name};
use super::rules::{Counts, Rules};
use crate::core::effects::events::{Event, Outcome, Policy, Subject, Wanted};
use crate::core::effects::intent::{Change, Intent, State, Wall};
use crate::core::effects::judge::Look;
use crate::core::effects::keyed::Keyed;
use crate::core::effects::memory::MemoryLedger;

mod outside;
mod uses;

/// No history has more events.
const MOST_EVENTS: u32 = 20_000;

/// How the ledger says what came of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Telling {
    Truly,
    /// It took place, if it could, and the ledger failed afterwards.
    Fails,
    /// It took place, and a second try of the ledger's own says that it did not.
    Denies,
}

#[derive(Debug)]
enum Deed {
    Begin {
        key: usize,
    },
    Tell {
        user: usize,
        ticket: u32,
        event: Event,
    },
    Read {
        user: usize,
        ticket: u32,
    },
    Write {
        user: usize,
        ticket: u32,
        changes: Vec<Change>,
        telling: Telling,
    },
    Look {
        user: usize,
        ticket: u32,
        subject: Subject,
    },
    Snapshot {
        user: usize,
        ticket: u32,
    },
    Arrive {
        user: usize,
        ticket: u32,
        request: usize,
    },
    Deadline {
        user: usize,
    },
    Abort {
        user: usize,
    },
    Crash {
        worker: usize,
    },
    /// The clock of a worker is set.
    Clock {
        worker: usize,
        ahead: i64,
    },
    Foreign {
        lane: usize,
    },
    Person,
    Pass {
        worker: usize,
    },
    Webhook {
        object: usize,
        worker: usize,
    },
}

/// One use of a key.
struct User {
    key: usize,
    worker: usize,
    keyed: Keyed,
    again: bool,
    /// Its requests, the last of which may be on its way.
    requests: Vec<usize>,
    /// When it last announced one to the ledger.
    claimed_at: u64,
    is_sending: bool,
    is_over: bool,
    /// Its signal may fire before its request leaves.
    may_abort: bool,
    /// What it looks at: it only settles.
    evidence: Option<Look>,
    /// Of what it waits for. What comes with another one is too late.
    ticket: u32,
}

impl User {
    const fn new(key: usize, worker: usize, keyed: Keyed) -> Self {
        Self {
            key,
            worker,
            keyed,
            again: false,
            requests: vec![],
            claimed_at: 0,
            is_sending: false,
            is_over: false,
            may_abort: false,
            evidence: None,
            ticket: 0,
        }
    }
}

pub(super) struct World {
    plan: Plan,
    rng: Rng,
    now: u64,
    events: u32,
    deeds: BTreeMap<(u64, u64), Deed>,
    ledger: MemoryLedger,
    api: Api,
    users: Vec<User>,
    /// Claims whose requests never left, as each worker remembers them.
    unsent: Vec<HashSet<String>>,
    stamps: u64,
    rules: Rules,
    is_told: bool,
}

/// Plays a history, and says how often what happened.
pub(super) fn play(seed: u64, plan: fn(&mut Rng) -> Plan, is_told: bool) -> (World, Counts) {
    let mut rng = Rng::new(seed);
    let plan = plan(&mut rng);
    let mut world = World {
        unsent: plan.clocks.iter().map(|_| HashSet::new()).collect(),
        rules: Rules::new(&plan),
        plan,
        rng,
        now: 0,
        events: 0,
        deeds: BTreeMap::new(),
        ledger: MemoryLedger::new(),
        api: Api::default(),
        users: vec![],
        stamps: 0,
        is_told,
    };
    world.prepare();
    world.run();
    world.rules.over(&world.ledger);
    let counts = world.rules.counts;
    (world, counts)
}

impl World {
    fn prepare(&mut self) {
        if self.is_told {
            println!("{:#?}", self.plan);
        }
        let span = self.plan.span;
        for _ in 0..self.plan.uses {
            let key = self.any(self.plan.keys.len());
            let at = self.rng.below(span);
            self.schedule(at, Deed::Begin { key });
        }
        for lane in 0..self.plan.lanes.len() {
            if self.plan.lanes[lane].is_shared {
                for _ in 0..self.rng.below(4) {
                    let at = self.rng.below(span + MINUTE);
                    self.schedule(at, Deed::Foreign { lane });
                }
            }
        }
        for _ in 0..2 {
            if self.rng.percent(self.plan.people) {
                let at = self.rng.below(2 * span + 2 * MINUTE);
                self.schedule(at, Deed::Person);
            }
            if self.rng.percent(self.plan.passes) {
                let worker = self.any(self.plan.clocks.len());
                let at = self.rng.below(2 * span + 2 * MINUTE);
                self.schedule(at, Deed::Pass { worker });
            }
        }
        if self.rng.percent(self.plan.jumps) {
            let worker = self.any(self.plan.clocks.len());
            let at = self.rng.below(span + MINUTE);
            let ahead = clock(&mut self.rng);
            self.schedule(at, Deed::Clock { worker, ahead });
        }
        if self.rng.percent(self.plan.crashes) {
            let worker = self.any(self.plan.clocks.len());
            let at = self.rng.below(span + 10 * SECOND);
            self.schedule(at, Deed::Crash { worker });
        }
    }

    fn run(&mut self) {
        while let Some(((at, _), deed)) = self.deeds.pop_first() {
            self.now = at;
            self.events += 1;
            assert!(self.events < MOST_EVENTS, "the history has no end");
            if self.is_told {
                println!("{at:>9} {deed:?}");
            }
            self.happen(deed);
        }
        assert!(self.users.iter().all(|user| user.is_over), "a use has no end");
    }

    fn any(&mut self, count: usize) -> usize {
        usize::try_from(self.rng.below(count as u64)).unwrap()
    }

    fn schedule(&mut self, after: u64, deed: Deed) {
        self.stamps += 1;
        self.deeds.insert((self.now + after, self.stamps), deed);
    }

    fn wall(&self, worker: usize) -> Wall {
        (EPOCH + self.now).saturating_add_signed(self.plan.clocks[worker])
    }

    /// How far the API's clock is ahead of a worker's, as it measures it.
    fn skew(&mut self, worker: usize) -> i64 {
        let error = self.rng.below(SECOND) as i64;
        self.plan.api_clock - self.plan.clocks[worker] - error
    }

    /// What something takes that goes over the network.
    fn latency(&mut self) -> u64 {
        1 + if self.rng.percent(self.plan.stalls) { self.rng.span(20 * MINUTE) } else { self.rng.span(500) }
    }

    fn happen(&mut self, deed: Deed) {
        match deed {
            Deed::Begin { key } => self.begin(key),
            Deed::Tell { user, ticket, event } if self.awaits(user, ticket) => self.tell(user, event),
            Deed::Read { user, ticket } if self.awaits(user, ticket) => {
                let User { keyed, worker, .. } = &self.users[user];
                let mut view = self.ledger.view(keyed.keys());
                let stamp = view.intent.as_ref().map(|entry| &entry.stamp);
                view.is_unsent = stamp.is_some_and(|stamp| self.unsent[*worker].contains(stamp));
                let event = Event::Read(Box::new(view));
                self.answer(user, ticket, event);
            }
            Deed::Write { user, ticket, changes, telling } => {
                let is_written = self.write(changes);
                let event = match telling {
                    Telling::Truly => Event::Written(is_written),
                    Telling::Fails => Event::LedgerFailed,
                    Telling::Denies => Event::Written(false),
                };
                self.answer(user, ticket, event);
            }
            Deed::Snapshot { user, ticket } if self.awaits(user, ticket) => {
                let listed = self.list(self.users[user].key).filter(|look| !look.is_partial);
                let ids =
                    listed.map(|look| look.candidates.into_iter().map(|candidate| candidate.id).collect());
                self.answer(user, ticket, Event::Before(ids));
            }
            Deed::Look { user, ticket, .. }
                if self.awaits(user, ticket) && self.users[user].evidence.is_some() =>
            {
                let look = self.users[user].evidence.clone();
                self.answer(user, ticket, Event::Looked(look));
            }
            Deed::Look { user, ticket, subject } if self.awaits(user, ticket) => {
                let User { key, worker, .. } = self.users[user];
                let lane = self.plan.keys[key];
                let holder = self.ledger.lane(&lane_name(lane)).and_then(|lane| lane.value.holder);
                let key = match (subject, holder) {
                    (Subject::Holder, Some(holder)) => super::number_of_key(&holder),
                    _ => key,
                };
                let skew = Some(self.skew(worker)).filter(|_| self.rng.percent(80));
                // That a list is cut is not always noticed.
                let is_noticed = self.rng.percent(50);
                let noticed = |look: Look| Look { skew, is_partial: look.is_partial && is_noticed, ..look };
                let look = self.list(key).map(noticed);
                self.answer(user, ticket, Event::Looked(look));
            }
            Deed::Arrive { user, ticket, request } => self.arrive(user, ticket, request),
            Deed::Deadline { user } if !self.users[user].is_over && !self.users[user].is_sending => {
                self.tell(user, Event::Woken);
                assert!(self.users[user].is_over, "time is up and it goes on");
            }
            Deed::Abort { user } if !self.users[user].is_over => {
                if self.users[user].is_sending {
                    self.tell(user, Event::Sent(Outcome::Unknown));
                }
                if !self.users[user].is_over {
                    self.tell(user, Event::Aborted);
                    assert!(self.users[user].is_over, "it was aborted and goes on");
                }
            }
            Deed::Crash { worker } => {
                for user in self.users.iter_mut().filter(|user| user.worker == worker) {
                    user.is_over = true;
                }
                self.unsent[worker].clear();
            }
            Deed::Clock { worker, ahead } => self.plan.clocks[worker] = ahead,
            Deed::Foreign { lane } => {
                let object = self.api.make(lane, None, self.now, &self.plan, &mut self.rng);
                self.announce(object, 0);
            }
            Deed::Person => self.person(),
            Deed::Pass { worker } => self.pass(worker),
            Deed::Webhook { object, worker } => self.webhook(object, worker),
            // Nobody waits for it any more.
            Deed::Tell { .. } | Deed::Read { .. } | Deed::Snapshot { .. } | Deed::Look { .. } => {}
            Deed::Deadline { .. } | Deed::Abort { .. } => {}
        }
    }

    fn awaits(&self, user: usize, ticket: u32) -> bool {
        let user = &self.users[user];
        !user.is_over && user.ticket == ticket
    }

    fn answer(&mut self, user: usize, ticket: u32, event: Event) {
        let after = self.ledger_delay();
        self.schedule(after, Deed::Tell { user, ticket, event });
    }

    fn ledger_delay(&mut self) -> u64 {
        let stalls = self.rng.percent(self.plan.stalls) && self.rng.percent(20);
        let most = if stalls { 10 * MINUTE } else { self.plan.ledger_delay };
        self.rng.span(most)
    }

    fn list(&mut self, key: usize) -> Option<Look> {
        let (candidates, is_partial) = self.api.list(key, self.now, &self.plan, &mut self.rng)?;
        Some(Look { candidates, skew: None, is_partial })
    }

    fn write(&mut self, changes: Vec<Change>) -> bool {
        let is_written = self.ledger.write(changes.clone());
        if is_written {
            self.rules.written(&changes, &self.ledger, &self.api, &self.plan);
        }
        is_written
    }

    fn begin(&mut self, key: usize) {
        let worker = self.any(self.plan.clocks.len());
        let lane = self.plan.keys[key];
        let rng = &mut self.rng;
        let again = rng.percent(self.plan.again);
        let policy = Policy {
            within: if rng.percent(self.plan.impatient) {
                rng.one_of(&[None, Some(0), Some(30 * SECOND)])
            } else {
                rng.one_of(&[Some(MINUTE), Some(2 * MINUTE)])
            },
            accepts_likely: rng.percent(self.plan.accepts_likely),
            snapshot: rng.percent(self.plan.snapshots),
            again,
            has_witness: !(rng.percent(self.plan.impatient) && rng.percent(5)),
            lease: rng.one_of(&[5 * SECOND, 30 * SECOND, 2 * MINUTE]),
            ends: Some(self.now + rng.span(5 * MINUTE)).filter(|_| rng.percent(self.plan.ends)),
        };
        let knows_skew = rng.percent(self.plan.skew_is_known);
        let is_aborted = rng.percent(self.plan.aborts);
        let abort_after = rng.span(MINUTE);
        let skew = Some(self.skew(worker)).filter(|_| knows_skew);
        let wanted = Wanted {
            key: key_name(key),
            intent: Intent {
                operation: "calls.create".to_owned(),
                ids: vec![],
                content: vec![],
                facts: vec![media_fact(self.plan.media[key])],
                lane: lane_name(lane),
                state: State::Refused,
                sent_at: 0,
                skew,
                before: None,
                exclusive: self.plan.lanes[lane].is_exclusive,
                sends: 0,
            },
        };
        let user = self.users.len();
        if let Some(ends) = policy.ends {
            self.schedule(ends - self.now, Deed::Deadline { user });
        }
        if is_aborted {
            self.schedule(abort_after, Deed::Abort { user });
        }
        if self.is_told {
            println!("          user {user} on worker {worker}: {policy:?}");
        }
        let keyed = Keyed::new(wanted, policy);
        self.enter(User { again, may_abort: is_aborted, ..User::new(key, worker, keyed) });
    }

    /// The keys that were sent and whose result the ledger does not know.
    pub(super) fn unsettled(&self) -> usize {
        let is_settled = |key: usize| {
            let state = self.ledger.intent(&key_name(key)).map(|entry| entry.value.state);
            matches!(state, Some(State::Placed { .. }))
        };
        let mut sent: Vec<usize> = self.rules.requests.iter().map(|request| request.key).collect();
        sent.sort_unstable();
        sent.dedup();
        sent.into_iter().filter(|key| !is_settled(*key)).count()
    }
}
