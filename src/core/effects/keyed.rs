//! One use of a key as a state machine: it says when to read and write the ledger, when the request may be sent, and
//! when and how long to look for what became of it. The rules are in the head of `mod.rs`.
//!
//! ```text
//!  Begin ─► (Snapshot) ─► Write "sending" ─► Send ─► Write what came of it ─► Done | Fail
//!               ▲              │ somebody was first      │ the answer was lost
//!               │              ▼                         ▼
//!               └─────────── Read ◄── Wait ◄────────── Look ─► Write what was found ─► Done
//! ```

use super::events::{Action, Done, Event, Now, Outcome, Policy, Problem, Subject, View, Wanted};
use super::intent::{Change, How, Intent, Lane, Stamped, State, Value};
use super::judge::{Look, Verdict, judge};
use crate::core::Millis;

/// Waits between looks, from the first one on.
const PAUSES: [Millis; 7] = [0, 1_000, 1_000, 3_000, 5_000, 10_000, 20_000];
/// How often somebody who is under way elsewhere is asked about.
const POLLS: [Millis; 6] = [20, 50, 100, 250, 500, 1_000];
/// How often the record of an answer is written again over what others wrote meanwhile.
const MOST_RECORDINGS: u32 = 5;
/// How often a write may find that somebody was faster.
const MOST_LOSSES: u32 = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    New,
    Snapshotting,
    Claiming,
    Reading,
    Sending,
    /// Writing what came of the request.
    Recording(Outcome),
    /// Reading what somebody else has written instead.
    Rereading(Outcome),
    Looking(Subject),
    /// Writing what was found, or that nothing was.
    Settling(Subject, Verdict),
    Pausing(Millis),
    Over,
}

/// One use of a key.
#[derive(Debug)]
pub struct Keyed {
    wanted: Wanted,
    policy: Policy,
    phase: Phase,
    view: View,
    /// What the view becomes when the write under way takes place.
    written: Option<Box<View>>,
    /// The request was sent by this use, and its answer was lost.
    sent: bool,
    before: Option<Vec<String>>,
    has_snapshot: bool,
    /// When the looks began, how many there were, and whether the last one could be made.
    doubt: Option<(Millis, usize, bool)>,
    polls: usize,
    recordings: u32,
    losses: u32,
    /// Nothing is to be sent: it is only looked for what became of an earlier use.
    only_settles: bool,
}

impl Keyed {
    /// A use of a key that begins now.
    pub fn new(wanted: Wanted, policy: Policy) -> Self {
        Self {
            wanted,
            policy,
            phase: Phase::New,
            view: View::default(),
            written: None,
            sent: false,
            before: None,
            has_snapshot: false,
            doubt: None,
            polls: 0,
            recordings: 0,
            losses: 0,
            only_settles: false,
        }
    }

    /// Looks for what became of an intent that the ledger holds, and sends nothing.
    pub fn settling(wanted: Wanted, policy: Policy) -> Self {
        Self { only_settles: true, ..Self::new(wanted, policy) }
    }

    /// The intent as it was asked for.
    pub fn wanted(&self) -> &Intent {
        &self.wanted.intent
    }

    /// The ledger's keys of the intent and of its lane.
    pub fn keys(&self) -> [&str; 2] {
        [&self.wanted.key, &self.wanted.intent.lane]
    }

    /// When the machine must be woken at the latest. A request that is on its way has its own time.
    pub fn deadline(&self) -> Option<Millis> {
        self.policy.ends
    }

    /// The intent that is looked for.
    pub fn subject(&self, subject: Subject) -> Option<&Intent> {
        let entry = match subject {
            Subject::Own => &self.view.intent,
            Subject::Holder => &self.view.holder,
        };
        entry.as_ref().map(|entry| &entry.value)
    }

    /// This use has sent the intent's request: the difference of clocks is that of whoever did, and nobody else's is known.
    pub fn is_ours(&self, subject: Subject) -> bool {
        self.sent && subject == Subject::Own
    }

    /// The stamp under which the request is announced to the ledger, while that is being written.
    pub fn claim(&self) -> Option<&str> {
        if self.phase != Phase::Claiming {
            return None;
        }
        Some(&self.written.as_ref()?.intent.as_ref()?.stamp)
    }

    /// Takes what has happened and says what to do.
    pub fn step(&mut self, event: Event, now: &mut Now<'_>) -> Action {
        let phase = std::mem::replace(&mut self.phase, Phase::Over);
        match (phase, event) {
            (Phase::Over, _) => self.fail(Problem::OutOfTime),
            (Phase::New, Event::Begin) if self.only_settles => self.read(),
            (Phase::New, Event::Begin) => self.claim_or_snapshot(now),
            (Phase::Snapshotting, Event::Before(ids)) => {
                self.before = ids;
                self.claim_or_snapshot(now)
            }
            (Phase::Claiming, Event::Written(true)) => {
                self.apply();
                self.send(now)
            }
            (Phase::Claiming | Phase::Settling(..), Event::Written(false)) => self.reread(),
            (Phase::Claiming, Event::LedgerFailed) => self.fail(Problem::LedgerUnavailable),
            (Phase::Reading, Event::Read(view)) => {
                self.view = *view;
                self.decide(now)
            }
            (Phase::Sending, Event::Sent(outcome)) => self.record(outcome, now),
            (Phase::Recording(outcome), Event::Written(true)) => {
                self.apply();
                self.after(&outcome, now)
            }
            (Phase::Recording(outcome), Event::Written(false)) if self.recordings < MOST_RECORDINGS => {
                self.phase = Phase::Rereading(outcome);
                Action::Read
            }
            (Phase::Rereading(outcome), Event::Read(view)) => {
                self.view = *view;
                self.record(outcome, now)
            }
            // The caller gets the answer; what the ledger says of it is settled later.
            (Phase::Recording(outcome) | Phase::Rereading(outcome), _) => self.after(&outcome, now),
            (Phase::Looking(subject), Event::Looked(look)) => self.looked(subject, look, now),
            (Phase::Settling(subject, verdict), Event::Written(true)) => {
                self.apply();
                self.settled(subject, verdict, now)
            }
            (Phase::Pausing(until), Event::Woken) if now.at < until && !self.is_late(now) => {
                self.phase = Phase::Pausing(until);
                Action::Wait(until)
            }
            (Phase::Pausing(_), Event::Woken) if !self.is_late(now) => self.read(),
            (_, Event::Aborted) => self.give_up(Problem::Aborted),
            (_, Event::LedgerFailed) => self.give_up(Problem::LedgerUnavailable),
            _ => self.give_up(Problem::OutOfTime),
        }
    }

    fn is_late(&self, now: &Now<'_>) -> bool {
        self.policy.ends.is_some_and(|ends| now.at >= ends)
    }

    fn read(&mut self) -> Action {
        self.written = None;
        self.phase = Phase::Reading;
        Action::Read
    }

    /// Somebody was faster. A ledger that always says so is broken.
    fn reread(&mut self) -> Action {
        self.losses = self.losses.saturating_add(1);
        if self.losses > MOST_LOSSES { self.give_up(Problem::LedgerUnavailable) } else { self.read() }
    }

    /// Sends, unless the lease ran out while the ledger wrote: by now others may have looked and found nothing.
    fn send(&mut self, now: &Now<'_>) -> Action {
        if self.subject(Subject::Own).is_some_and(|intent| intent.state.is_under_way(now.wall)) {
            self.phase = Phase::Sending;
            return Action::Send;
        }
        self.reread()
    }

    fn pause(&mut self, until: Millis) -> Action {
        let until = self.policy.ends.map_or(until, |ends| until.min(ends));
        self.phase = Phase::Pausing(until);
        Action::Wait(until)
    }

    fn fail(&mut self, problem: Problem) -> Action {
        self.phase = Phase::Over;
        Action::Fail(problem)
    }

    /// Ends it without a result; what is in doubt stays so.
    fn give_up(&mut self, problem: Problem) -> Action {
        let own = self.view.intent.as_ref().map(|entry| Box::new(entry.value.clone()));
        match own {
            _ if self.sent => self.fail(Problem::Sent(own)),
            Some(own) if own.state.is_in_doubt() && !self.view.is_unsent => self.fail(Problem::InDoubt(own)),
            _ => self.fail(problem),
        }
    }

    fn done(&mut self, id: String, how: How) -> Action {
        self.phase = Phase::Over;
        Action::Done(Done { id, how, replayed: !self.sent && how != How::Answered })
    }

    /// What follows from the ledger.
    fn decide(&mut self, now: &mut Now<'_>) -> Action {
        if let Some(Stamped { value: intent, .. }) = &self.view.intent {
            let differs = intent.differences(&self.wanted.intent.content);
            if intent.operation != self.wanted.intent.operation || !differs.is_empty() {
                let names = differs.into_iter().map(str::to_owned).collect();
                return self.fail(Problem::Reused(names));
            }
            match &intent.state {
                State::Placed { id, how } => {
                    let (id, how) = (id.clone(), *how);
                    self.phase = Phase::Over;
                    return Action::Done(Done { id, how, replayed: !self.sent });
                }
                State::Refused | State::NotPlaced if self.sent => return self.give_up(Problem::OutOfTime),
                State::Refused | State::NotPlaced => {}
                _ if self.view.is_unsent => {}
                state if !self.sent && state.is_under_way(now.wall) => return self.wait_for_another(now),
                _ => return self.doubt(Subject::Own, now),
            }
        }
        let holder = self.view.lane.as_ref().and_then(|lane| lane.value.holder.as_ref());
        if holder.is_some_and(|holder| *holder != self.wanted.key)
            && let Some(Stamped { value: holder, .. }) = &self.view.holder
            && holder.state.is_in_doubt()
        {
            if holder.state.is_under_way(now.wall) {
                return self.wait_for_another(now);
            }
            return self.doubt(Subject::Holder, now);
        }
        self.claim_or_snapshot(now)
    }

    fn wait_for_another(&mut self, now: &Now<'_>) -> Action {
        if self.is_late(now) {
            return self.in_doubt(Subject::Own);
        }
        let pause = POLLS.get(self.polls).or(POLLS.last()).copied().unwrap_or(1_000);
        self.polls = self.polls.saturating_add(1);
        self.pause(now.at.saturating_add(pause))
    }

    fn claim_or_snapshot(&mut self, now: &mut Now<'_>) -> Action {
        if self.only_settles {
            return self.give_up(Problem::OutOfTime);
        }
        if self.policy.snapshot && !self.has_snapshot {
            self.has_snapshot = true;
            self.phase = Phase::Snapshotting;
            return Action::Snapshot;
        }
        let earlier = self.view.intent.as_ref().map_or(0, |entry| entry.value.sends);
        let intent = Intent {
            state: State::Sending { until: now.wall.saturating_add(self.policy.lease) },
            sent_at: now.wall,
            before: self.before.clone(),
            sends: earlier.saturating_add(1),
            ..self.wanted.intent.clone()
        };
        let lane = self.lane().held_by(&self.wanted.key);
        self.phase = Phase::Claiming;
        self.write(Subject::Own, intent, lane, now)
    }

    fn lane(&self) -> Lane {
        self.view.lane.as_ref().map(|lane| lane.value.clone()).unwrap_or_default()
    }

    /// Writes an intent and its lane at once.
    fn write(&mut self, subject: Subject, intent: Intent, lane: Lane, now: &mut Now<'_>) -> Action {
        let (key, was) = match subject {
            Subject::Own => (self.wanted.key.clone(), self.view.intent.as_ref()),
            Subject::Holder => (self.lane().holder.unwrap_or_default(), self.view.holder.as_ref()),
        };
        let was = was.map(|entry| entry.stamp.clone());
        let entry = Stamped { stamp: (now.stamp)(), value: intent };
        let lane_was = self.view.lane.as_ref().map(|lane| lane.stamp.clone());
        let lane_stamp = (now.stamp)();
        let is_empty = lane == Lane::default();
        let changes = vec![
            Change {
                key,
                was,
                stamp: entry.stamp.clone(),
                value: Value::Intent(Box::new(entry.value.clone())),
            },
            Change {
                key: self.wanted.intent.lane.clone(),
                was: lane_was,
                stamp: lane_stamp.clone(),
                value: if is_empty { Value::Gone } else { Value::Lane(lane.clone()) },
            },
        ];
        let mut view = self.view.clone();
        view.lane = (!is_empty).then_some(Stamped { stamp: lane_stamp, value: lane });
        match subject {
            Subject::Own => {
                view.intent = Some(entry);
                view.is_unsent = false;
            }
            Subject::Holder => view.holder = Some(entry),
        }
        self.written = Some(Box::new(view));
        Action::Write(changes)
    }

    fn apply(&mut self) {
        if let Some(view) = self.written.take() {
            self.view = *view;
        }
    }

    /// Writes what came of the request, over whatever others have written meanwhile: an answer is the best witness.
    fn record(&mut self, outcome: Outcome, now: &mut Now<'_>) -> Action {
        self.recordings = self.recordings.saturating_add(1);
        self.sent = outcome == Outcome::Unknown;
        let Some(Stamped { value: intent, .. }) = self.view.intent.clone() else {
            return self.after(&outcome, now);
        };
        let holds =
            self.view.lane.as_ref().and_then(|lane| lane.value.holder.as_ref()) == Some(&self.wanted.key);
        let (state, lane) = match &outcome {
            Outcome::Placed(id) => {
                let lane = self.lane();
                let released = lane.released(Some(id), now.wall);
                // Whoever holds the lane by now goes on holding it.
                let lane = if holds { released } else { Lane { holder: lane.holder, ..released } };
                (State::Placed { id: id.clone(), how: How::Answered }, lane)
            }
            Outcome::Refused if holds => (State::Refused, self.lane().released(None, now.wall)),
            Outcome::Refused => (State::Refused, self.lane()),
            // Others know as much as we do.
            Outcome::Unknown if self.recordings > 1 => return self.after(&outcome, now),
            Outcome::Unknown => (State::Unknown, self.lane()),
        };
        let intent = Intent { state, ..intent };
        self.phase = Phase::Recording(outcome);
        self.write(Subject::Own, intent, lane, now)
    }

    fn after(&mut self, outcome: &Outcome, now: &mut Now<'_>) -> Action {
        self.written = None;
        match outcome {
            Outcome::Placed(id) => {
                self.phase = Phase::Over;
                Action::Done(Done { id: id.clone(), how: How::Answered, replayed: false })
            }
            Outcome::Refused => self.fail(Problem::Sent(None)),
            Outcome::Unknown => self.doubt(Subject::Own, now),
        }
    }

    /// Looks for what became of an intent, unless it was looked for long enough.
    fn doubt(&mut self, subject: Subject, now: &mut Now<'_>) -> Action {
        let is_ambiguous =
            self.subject(subject).is_some_and(|intent| matches!(intent.state, State::Ambiguous { .. }));
        let looks = self.policy.within.is_some() && self.policy.has_witness && !is_ambiguous;
        if !looks || self.is_late(now) {
            return self.in_doubt(subject);
        }
        self.doubt.get_or_insert((now.at, 0, false));
        self.phase = Phase::Looking(subject);
        Action::Look(subject)
    }

    fn in_doubt(&mut self, subject: Subject) -> Action {
        match subject {
            Subject::Own => self.give_up(Problem::OutOfTime),
            Subject::Holder => self.fail(Problem::LaneInDoubt),
        }
    }

    fn looked(&mut self, subject: Subject, look: Option<Look>, now: &mut Now<'_>) -> Action {
        let is_readable = look.as_ref().is_some_and(|look| !look.is_partial);
        let look = look.unwrap_or_default();
        let Some(intent) = self.subject(subject).cloned() else { return self.give_up(Problem::OutOfTime) };
        let skew = intent.skew.or(look.skew.filter(|_| self.is_ours(subject)));
        let lane = self.lane();
        let verdict = judge(&intent, &lane, &look.candidates, skew);
        let (since, looks, _) = self.doubt.unwrap_or((now.at, 0, false));
        self.doubt = Some((since, looks.saturating_add(1), is_readable));
        let state = match &verdict {
            Verdict::Found { how: How::Likely, .. } if !self.policy.accepts_likely => State::Unknown,
            Verdict::Found { id, how } => State::Placed { id: id.clone(), how: *how },
            Verdict::Ambiguous(ids) => State::Ambiguous { ids: ids.clone() },
            Verdict::NotFound => State::Unknown,
        };
        if state == State::Unknown {
            let within = self.policy.within.unwrap_or(0);
            let pause = PAUSES.get(looks.saturating_add(1)).or(PAUSES.last()).copied().unwrap_or(0);
            let end = since.saturating_add(within);
            let next = now.at.saturating_add(pause).min(end);
            return if now.at >= end { self.not_found(subject, now) } else { self.pause(next) };
        }
        let lane = match &state {
            State::Placed { id, .. } => lane.released(Some(id), now.wall),
            _ => lane,
        };
        self.phase = Phase::Settling(subject, verdict);
        self.write(subject, Intent { state, skew, ..intent }, lane, now)
    }

    /// It was looked for long enough. That is no proof, so the lane stays taken.
    fn not_found(&mut self, subject: Subject, now: &mut Now<'_>) -> Action {
        let was_readable = self.doubt.is_some_and(|(_, _, readable)| readable);
        let Some(intent) = self.subject(subject).cloned() else { return self.give_up(Problem::OutOfTime) };
        if !was_readable {
            return self.in_doubt(subject);
        }
        if subject == Subject::Own && self.policy.again {
            self.doubt = None;
            self.sent = false;
            return self.claim_or_snapshot(now);
        }
        if intent.state == State::AbsentSoFar {
            return self.in_doubt(subject);
        }
        let lane = self.lane();
        self.phase = Phase::Settling(subject, Verdict::NotFound);
        self.write(subject, Intent { state: State::AbsentSoFar, ..intent }, lane, now)
    }

    fn settled(&mut self, subject: Subject, verdict: Verdict, now: &mut Now<'_>) -> Action {
        match (subject, verdict) {
            (Subject::Own, Verdict::Found { id, how }) => self.done(id, how),
            // The lane is free.
            (Subject::Holder, Verdict::Found { .. }) => {
                self.doubt = None;
                self.view.holder = None;
                self.decide(now)
            }
            (subject, _) => self.in_doubt(subject),
        }
    }
}
