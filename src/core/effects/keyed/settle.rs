//! Looking for what became of an intent, and writing what was found.

use super::super::events::{Action, Now, Problem, Subject};
use super::super::intent::{How, Intent, State};
use super::super::judge::{Look, Verdict, judge};
use super::super::schedule::Doubt;
use super::{Keyed, Phase};

impl Keyed {
    /// Looks for what became of an intent, unless it was looked for long enough.
    pub(super) fn doubt(&mut self, subject: Subject, now: &mut Now<'_>) -> Action {
        let state = self.subject(subject).map(|intent| &intent.state);
        let is_ambiguous = matches!(state, Some(State::Ambiguous { ids }) if ids.len() > 1);
        let looks = self.policy.within.is_some() && self.policy.has_witness && !is_ambiguous;
        if !looks || self.is_late(now) {
            return self.in_doubt(subject);
        }
        let of = (self.key_of(subject), self.subject(subject).map_or(0, |intent| intent.sends));
        if self.doubt.as_ref().is_none_or(|doubt| doubt.of != of) {
            self.doubt = Some(Doubt::new(of, now.at));
        }
        self.phase = Phase::Looking(subject);
        Action::Look(subject)
    }

    pub(super) fn in_doubt(&mut self, subject: Subject) -> Action {
        match subject {
            Subject::Own => self.give_up(Problem::OutOfTime),
            Subject::Holder => self.give_up(Problem::LaneInDoubt),
        }
    }

    pub(super) fn looked(&mut self, subject: Subject, look: Option<Look>, now: &mut Now<'_>) -> Action {
        let is_whole = look.as_ref().is_some_and(|look| !look.is_partial);
        let look = look.unwrap_or_default();
        let (Some(mut intent), Some(mut doubt)) = (self.subject(subject).cloned(), self.doubt.take()) else {
            return self.give_up(Problem::OutOfTime);
        };
        let is_ours = self.is_ours(subject);
        intent.skew = intent.skew.or(look.skew.filter(|_| is_ours));
        let verdict = judge(&intent, &self.lane(), &look.candidates, intent.skew);
        doubt.was_whole = is_whole;
        let key = self.key_of(subject);
        let (state, lane) = match &verdict {
            Verdict::Found { id, how } if *how != How::Likely || self.policy.accepts_likely => {
                let lane = self.lane().settled_by(&key, intent.sends, id, *how, now.wall);
                (State::Placed { id: id.clone(), how: *how }, lane)
            }
            Verdict::Ambiguous(ids) => (State::Ambiguous { ids: ids.clone() }, self.lane()),
            Verdict::Found { .. } | Verdict::NotFound => {
                if let Verdict::Found { id, .. } = verdict {
                    doubt.seen = Some(id);
                }
                let next = doubt.next(self.policy.within.unwrap_or(0), now.at);
                self.doubt = Some(doubt);
                return match next {
                    Some(next) => self.pause(next),
                    None => self.not_found(subject, intent, now),
                };
            }
        };
        self.doubt = Some(doubt);
        self.phase = Phase::Settling(subject, verdict);
        self.write(subject, intent.in_state(state), lane, now)
    }

    /// It was looked for long enough. That proves nothing, so the lane stays taken.
    fn not_found(&mut self, subject: Subject, intent: Intent, now: &mut Now<'_>) -> Action {
        let (was_whole, seen) =
            self.doubt.as_ref().map_or((false, None), |doubt| (doubt.was_whole, doubt.seen.clone()));
        if !was_whole {
            return self.in_doubt(subject);
        }
        let seen = match &intent.state {
            State::Ambiguous { ids } => ids.first().cloned().or(seen),
            _ => seen,
        };
        let state = match seen {
            Some(id) => State::Ambiguous { ids: vec![id] },
            None if self.may_send_again(subject) => return self.claim_or_snapshot(now),
            None => State::AbsentSoFar,
        };
        if intent.state == state {
            return self.in_doubt(subject);
        }
        let lane = self.lane();
        self.phase = Phase::Settling(subject, Verdict::NotFound);
        self.write(subject, intent.in_state(state), lane, now)
    }

    pub(super) fn settled(&mut self, subject: Subject, verdict: Verdict, now: &mut Now<'_>) -> Action {
        match (subject, verdict) {
            (Subject::Own, Verdict::Found { id, how }) => self.done(id, how),
            // The lane is free.
            (Subject::Holder, Verdict::Found { .. }) => {
                self.view.holder = None;
                self.decide(now)
            }
            (subject, _) => self.in_doubt(subject),
        }
    }
}
