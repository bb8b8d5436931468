//! One use of a key as a state machine: it says when to read and write the ledger, when the request may be sent, and
//! when and how long to look for what became of it. The rules are in the head of `mod.rs`.
//!
//! ```text
//!  Begin ─► (Snapshot) ─► Write "sending" ─► Send ─► Write what came of it ─► Done | Fail
//!               ▲              │ another use was first   │ the answer was lost
//!               │              ▼                         ▼
//!               └─────────── Read ◄── Wait ◄────────── Look ─► Write what was found ─► Done
//! ```

use super::events::{Action, Done, Event, Now, Outcome, Policy, Problem, Subject, View, Wanted};
use super::intent::{How, Intent, Lane, Stamped, State, write_both};
use super::judge::Verdict;
use super::schedule::{Doubt, Polls};
use crate::core::Millis;

mod record;
mod settle;

/// How often the record of an answer is written again over what others wrote meanwhile.
const MOST_RECORDINGS: u32 = 5;
/// How often a write may find that another was faster.
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
    /// Reading what others have written instead.
    Rereading(Outcome),
    Looking(Subject),
    /// Writing what was found, or that nothing was.
    Settling(Subject, Verdict),
    /// Taking back what was announced to the ledger.
    Withdrawing(Problem),
    Pausing(Millis),
    Over,
}

/// A write under way: an intent, and its lane.
#[derive(Debug)]
struct Written {
    subject: Subject,
    entry: Stamped<Intent>,
    lane: Stamped<Lane>,
}

/// One use of a key.
#[derive(Debug)]
pub struct Keyed {
    wanted: Wanted,
    policy: Policy,
    phase: Phase,
    view: View,
    /// What the write under way changes.
    written: Option<Written>,
    /// The stamp of the last claim that this use wrote, or may have written, until its request leaves.
    claim: Option<String>,
    /// The claim is over an earlier request that may have happened, by the caller's policy.
    is_over_doubt: bool,
    /// This use has sent a request over such a one. It does so once, or a broken network would ring a phone without end.
    has_sent_again: bool,
    /// The intent as it was when this use sent it.
    mine: Option<Intent>,
    /// The answer to the last request of this use was lost.
    is_lost: bool,
    before: Option<Vec<String>>,
    has_snapshot: bool,
    doubt: Option<Doubt>,
    polls: Polls,
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
            claim: None,
            is_over_doubt: false,
            has_sent_again: false,
            mine: None,
            is_lost: false,
            before: None,
            has_snapshot: false,
            doubt: None,
            polls: Polls::default(),
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

    /// The intent that is looked for.
    pub fn subject(&self, subject: Subject) -> Option<&Intent> {
        let entry = match subject {
            Subject::Own => &self.view.intent,
            Subject::Holder => &self.view.holder,
        };
        entry.as_ref().map(|entry| &entry.value)
    }

    /// This use has sent the intent's request: only its sender knows how the sender's clock differs from the API's.
    pub fn is_ours(&self, subject: Subject) -> bool {
        let is_mine = self.subject(subject).is_some_and(|intent| self.is_mine(intent));
        subject == Subject::Own && self.is_lost && is_mine
    }

    /// The stamp under which the request is announced to the ledger, while that is being written or taken back.
    pub fn claim(&self) -> Option<&str> {
        let is_open = matches!(self.phase, Phase::Claiming | Phase::Withdrawing(_));
        self.claim.as_deref().filter(|_| is_open)
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
            (Phase::Claiming, Event::Written(true)) if self.is_late(now) => {
                self.apply();
                self.withdraw(Problem::OutOfTime, now)
            }
            (Phase::Claiming, Event::Written(true)) => {
                self.apply();
                self.send(now)
            }
            (Phase::Claiming | Phase::Settling(..), Event::Written(false)) => self.reread(),
            (Phase::Reading, Event::Read(view)) => {
                self.see(*view);
                self.decide(now)
            }
            (Phase::Sending, Event::Sent(outcome)) => {
                self.is_lost = matches!(outcome, Outcome::Unknown);
                self.record(outcome, now)
            }
            // It has not left: the end of one that has is an outcome.
            (Phase::Sending, Event::Aborted) => self.withdraw(Problem::Aborted, now),
            (Phase::Sending, _) => {
                self.is_lost = true;
                self.give_up(Problem::Aborted)
            }
            (Phase::Recording(outcome), Event::Written(true)) => {
                self.apply();
                self.after(&outcome, now)
            }
            (Phase::Recording(outcome), Event::Written(false)) if self.recordings < MOST_RECORDINGS => {
                self.phase = Phase::Rereading(outcome);
                Action::Read
            }
            (Phase::Rereading(outcome), Event::Read(view)) => {
                self.see(*view);
                self.record(outcome, now)
            }
            (Phase::Recording(Outcome::Unknown) | Phase::Rereading(Outcome::Unknown), Event::Aborted) => {
                self.give_up(Problem::Aborted)
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
            (Phase::Withdrawing(problem), event) => {
                if matches!(event, Event::Written(true)) {
                    self.apply();
                }
                self.give_up(problem)
            }
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

    /// Another write was faster. A ledger that always says so is broken.
    fn reread(&mut self) -> Action {
        self.losses = self.losses.saturating_add(1);
        if self.losses > MOST_LOSSES { self.give_up(Problem::LedgerUnavailable) } else { self.read() }
    }

    /// What the ledger says by now.
    fn see(&mut self, view: View) {
        self.view = view;
        let stamp = self.view.intent.as_ref().map(|entry| &entry.stamp);
        self.view.is_unsent |= stamp.is_some() && stamp == self.claim.as_ref();
    }

    /// Sends, unless the lease ran out while the ledger wrote: by now others may have looked and found nothing.
    fn send(&mut self, now: &Now<'_>) -> Action {
        let own = self.subject(Subject::Own).filter(|intent| intent.state.is_under_way(now.wall)).cloned();
        if own.is_none() {
            return self.reread();
        }
        self.mine = own;
        self.has_sent_again |= self.is_over_doubt;
        self.claim = None;
        self.is_lost = false;
        self.doubt = None;
        self.recordings = 0;
        self.phase = Phase::Sending;
        Action::Send
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
        let own = self.view.intent.as_ref().map(|entry| &entry.value);
        if self.is_lost {
            let own = own.or(self.mine.as_ref()).cloned().map(Box::new);
            return self.fail(Problem::Sent(own));
        }
        match own {
            Some(own) if own.state.is_in_doubt() && !self.is_free(own) => {
                let own = Box::new(own.clone());
                self.fail(Problem::InDoubt(own))
            }
            _ => self.fail(problem),
        }
    }

    fn done(&mut self, id: String, how: How) -> Action {
        self.phase = Phase::Over;
        Action::Done(Done { id, how, replayed: self.mine.is_none() })
    }

    /// True if the key may be used: it is known that no request under it had an effect. A claim whose request never left
    /// says nothing of those before it.
    fn is_free(&self, intent: &Intent) -> bool {
        matches!(intent.state, State::Refused | State::NotPlaced)
            || (self.view.is_unsent && intent.sends <= 1)
    }

    /// True if the entry is that of the request which this use sent, and of none after it. Requests that did nothing do not
    /// count, so that one after them has the same number and its own time.
    fn is_mine(&self, intent: &Intent) -> bool {
        self.mine.as_ref().is_some_and(|mine| (mine.sends, mine.sent_at) == (intent.sends, intent.sent_at))
    }

    /// What follows from the ledger.
    fn decide(&mut self, now: &mut Now<'_>) -> Action {
        let Some(entry) = &self.view.intent else {
            // The ledger has forgotten a request that may have happened.
            return if self.is_lost { self.give_up(Problem::OutOfTime) } else { self.enter_lane(now) };
        };
        let intent = &entry.value;
        let differs = intent.differences(&self.wanted.intent.content);
        let wanted = &self.wanted.intent;
        if intent.operation != wanted.operation || intent.ids != wanted.ids || !differs.is_empty() {
            let mut names = Vec::new();
            for name in differs {
                names.push(name.to_owned());
            }
            return self.fail(Problem::Reused(names));
        }
        if let State::Placed { id, how } = &intent.state {
            let (id, how) = (id.clone(), *how);
            return self.done(id, how);
        }
        if self.is_free(intent) {
            return if self.is_lost { self.give_up(Problem::OutOfTime) } else { self.enter_lane(now) };
        }
        let is_known = self.view.is_unsent || (self.is_lost && self.is_mine(intent));
        if !is_known && self.polls.is_under_way(entry, now.wall, now.at) {
            return if self.only_settles { self.in_doubt(Subject::Own) } else { self.wait_for_another(now) };
        }
        self.doubt(Subject::Own, now)
    }

    /// Claims the key, unless another intent of the lane is under way or in doubt.
    fn enter_lane(&mut self, now: &mut Now<'_>) -> Action {
        if self.only_settles {
            return self.give_up(Problem::OutOfTime);
        }
        if !self.lane_is_ours()
            && let Some(entry) = &self.view.holder
            && entry.value.state.is_in_doubt()
        {
            if self.polls.is_under_way(entry, now.wall, now.at) {
                return self.wait_for_another(now);
            }
            return self.doubt(Subject::Holder, now);
        }
        self.claim_or_snapshot(now)
    }

    /// True if what was not found may be sent again.
    fn may_send_again(&self, subject: Subject) -> bool {
        let is_wanted = self.policy.again && !self.has_sent_again && !self.only_settles;
        subject == Subject::Own && is_wanted && self.lane_is_ours()
    }

    /// True if no other key holds the lane.
    fn lane_is_ours(&self) -> bool {
        let holder = self.view.lane.as_ref().and_then(|lane| lane.value.holder.as_ref());
        holder.is_none_or(|holder| *holder == self.wanted.key)
    }

    fn wait_for_another(&mut self, now: &Now<'_>) -> Action {
        if self.is_late(now) {
            return self.in_doubt(Subject::Own);
        }
        let until = self.polls.next(now.at);
        self.pause(until)
    }

    fn claim_or_snapshot(&mut self, now: &mut Now<'_>) -> Action {
        if self.policy.snapshot && !self.has_snapshot {
            self.has_snapshot = true;
            self.phase = Phase::Snapshotting;
            return Action::Snapshot;
        }
        let earlier = self.view.intent.as_ref().map(|entry| &entry.value);
        let is_free = earlier.is_none_or(|intent| self.is_free(intent));
        // What had no effect does not count.
        let counted = earlier.map_or(0, |intent| match intent.state {
            State::Refused => intent.sends.saturating_sub(1),
            _ if self.view.is_unsent => intent.sends.saturating_sub(1),
            _ => intent.sends,
        });
        let mut intent = self.wanted.intent.clone();
        intent.state = State::Sending { until: now.wall.saturating_add(self.policy.lease) };
        intent.sent_at = now.wall;
        intent.before = self.before.clone();
        intent.sends = counted.saturating_add(1);
        // What an earlier request may have made is the key's as well, and is older.
        if let Some(earlier) = earlier.filter(|_| !is_free) {
            intent.sent_at = earlier.sent_at;
            intent.skew = earlier.skew;
            intent.before = earlier.before.clone();
        }
        self.is_over_doubt = !is_free;
        let lane = self.lane().held_by(&self.wanted.key);
        let action = self.write(Subject::Own, intent, lane, now);
        self.claim = self.written.as_ref().map(|written| written.entry.stamp.clone());
        self.phase = Phase::Claiming;
        action
    }

    fn lane(&self) -> Lane {
        self.view.lane.as_ref().map(|lane| lane.value.clone()).unwrap_or_default()
    }

    /// Writes an intent and its lane at once.
    fn write(&mut self, subject: Subject, intent: Intent, lane: Lane, now: &mut Now<'_>) -> Action {
        let key = self.key_of(subject);
        let was = match subject {
            Subject::Own => self.view.intent.as_ref(),
            Subject::Holder => self.view.holder.as_ref(),
        };
        let was =
            [was.map(|entry| entry.stamp.clone()), self.view.lane.as_ref().map(|lane| lane.stamp.clone())];
        let entry = Stamped { stamp: (now.stamp)(), value: intent };
        let lane = Stamped { stamp: (now.stamp)(), value: lane };
        let changes = write_both((key, &entry), (self.wanted.intent.lane.clone(), &lane), was);
        self.written = Some(Written { subject, entry, lane });
        Action::Write(changes)
    }

    fn apply(&mut self) {
        let Some(Written { subject, entry, lane }) = self.written.take() else { return };
        self.view.lane = Some(lane).filter(|lane| !lane.value.is_empty());
        match subject {
            Subject::Own => {
                self.view.intent = Some(entry);
                self.view.is_unsent = false;
            }
            Subject::Holder => self.view.holder = Some(entry),
        }
    }

    fn key_of(&self, subject: Subject) -> String {
        match subject {
            Subject::Own => self.wanted.key.clone(),
            Subject::Holder => self.lane().holder.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
