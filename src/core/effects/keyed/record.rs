//! Writing what came of the request, and what that means for its lane.

use super::super::events::{Action, Now, Outcome, Problem, Subject};
use super::super::intent::{How, Intent, Lane, Stamped, State, Wall};
use super::{Keyed, Phase};

impl Keyed {
    /// Nothing was sent, so the key is left as it was before.
    pub(super) fn withdraw(&mut self, problem: Problem, now: &mut Now<'_>) -> Action {
        let Some(Stamped { stamp, value: intent }) = self.view.intent.clone() else {
            return self.give_up(problem);
        };
        self.claim = Some(stamp);
        self.view.is_unsent = true;
        let (intent, lane) = self.without_effect(intent, now.wall);
        self.phase = Phase::Withdrawing(problem);
        self.write(Subject::Own, intent, lane, now)
    }

    /// The intent and the lane after a request that had no effect. It proves nothing about an earlier one.
    fn without_effect(&self, intent: Intent, now: Wall) -> (Intent, Lane) {
        if self.is_over_doubt {
            let mut intent = intent.in_state(State::AbsentSoFar);
            intent.sends = intent.sends.saturating_sub(1);
            return (intent, self.lane());
        }
        (intent.in_state(State::Refused), self.lane().left_by(&self.wanted.key, None, now))
    }

    /// The lane while the intent is in doubt. If by now another one holds it, its object is a stray there.
    fn held_lane(&self, now: Wall) -> Lane {
        let lane = self.lane();
        match &lane.holder {
            None => lane.held_by(&self.wanted.key),
            Some(holder) if *holder == self.wanted.key => lane,
            Some(_) => lane.strayed(now),
        }
    }

    /// Writes what came of the request, over what others have written meanwhile: a response is the best evidence.
    pub(super) fn record(&mut self, outcome: Outcome, now: &mut Now<'_>) -> Action {
        self.recordings = self.recordings.saturating_add(1);
        let Some(mine) = self.mine.clone() else { return self.after(&outcome, now) };
        let entry = self.subject(Subject::Own);
        let is_mine = entry.is_none_or(|entry| self.is_mine(entry));
        let is_in_doubt = entry.is_none_or(|entry| entry.state.is_in_doubt());
        // Not if others know as much as this use, or more. A person may have freed the key while its request was under way.
        let is_unrecorded = entry.is_none_or(|entry| {
            self.is_free(entry) || (is_mine && matches!(entry.state, State::Sending { .. }))
        });
        let state = entry.map(|entry| &entry.state);
        let intent = entry.cloned().unwrap_or(mine);
        let key = &self.wanted.key;
        let (intent, lane) = match &outcome {
            Outcome::Placed(id) => {
                let lane = self.lane().settled_by(key, intent.sends, id, How::Answered, now.wall);
                let state = match state {
                    // Of several requests the first that was settled is the key's.
                    Some(first @ State::Placed { how, .. }) if !is_mine && *how != How::Likely => {
                        first.clone()
                    }
                    _ => State::Placed { id: id.clone(), how: How::Answered },
                };
                (intent.in_state(state), lane)
            }
            Outcome::Refused if is_mine && is_in_doubt && self.view.intent.is_some() => {
                self.without_effect(intent, now.wall)
            }
            Outcome::Unknown if is_unrecorded => (intent.in_state(State::Unknown), self.held_lane(now.wall)),
            Outcome::Refused | Outcome::Unknown => return self.after(&outcome, now),
        };
        self.phase = Phase::Recording(outcome);
        self.write(Subject::Own, intent, lane, now)
    }

    pub(super) fn after(&mut self, outcome: &Outcome, now: &mut Now<'_>) -> Action {
        self.written = None;
        match outcome {
            Outcome::Placed(id) => self.done(id.clone(), How::Answered),
            // The refusal is the caller's; an earlier request may still have happened.
            Outcome::Refused => {
                let own = self.subject(Subject::Own).filter(|_| self.is_over_doubt).cloned();
                match own.as_ref().map(|intent| &intent.state) {
                    Some(State::Placed { id, how }) => self.done(id.clone(), *how),
                    _ => self.fail(Problem::Sent(own.map(Box::new))),
                }
            }
            Outcome::Unknown => self.decide(now),
        }
    }
}
