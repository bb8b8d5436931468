//! Waiting for a call as a machine: it is asked for, its transcript is followed to know when it ends, and where that
//! does not tell it is asked for again, after pauses that grow.

use super::Millis;

const FIRST_PAUSE: Millis = 500;
const LONGEST_PAUSE: Millis = 5_000;

/// The states that a call does not leave.
const FINAL: [&str; 4] = ["completed", "failed", "busy", "no-answer"];
/// The others that we know.
const ON_ITS_WAY: [&str; 3] = ["queued", "ringing", "in-progress"];

/// True for a call that is over, also in a final state that we do not know: such a one has an end.
pub fn is_over(status: &str, has_ended_at: bool) -> bool {
    FINAL.contains(&status) || (has_ended_at && !ON_ITS_WAY.contains(&status))
}

/// True for a state that can be waited for.
pub fn is_known(status: &str) -> bool {
    FINAL.contains(&status) || ON_ITS_WAY.contains(&status)
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The call has been asked for.
    Answered {
        /// It is over, or where the caller wants it.
        is_there: bool,
    },
    /// The transcript is over: to its end or, where false, because it failed.
    Followed(bool),
    /// The pause is over, or there is a reason to ask at once.
    Woken,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the wait continues only if the action is performed"]
pub enum Action {
    /// Ask for the call.
    Ask,
    /// Follow its transcript to the end.
    Follow,
    /// Pause until this time.
    Pause(Millis),
    /// The call is there.
    Done,
    /// `totalTimeout`, with its length, is over.
    OutOfTime(Millis),
}

/// One wait for a call.
#[derive(Debug)]
pub struct Wait {
    began: Millis,
    total_timeout: Option<Millis>,
    /// The transcript can tell, and has not been tried: once, because what holds it back must not keep us blind.
    follow: bool,
    pause: Millis,
}

impl Wait {
    /// A wait that begins now by asking for the call. `follow`: its transcript can tell what is waited for.
    pub const fn new(total_timeout: Option<Millis>, follow: bool, now: Millis) -> Self {
        Self { began: now, total_timeout, follow, pause: FIRST_PAUSE }
    }

    /// What is left of `totalTimeout`.
    pub fn time_left(&self, now: Millis) -> Option<Millis> {
        Some(self.total_timeout?.saturating_sub(now.saturating_sub(self.began)))
    }

    /// The time that is over, if it is.
    pub fn out_of_time(&self, now: Millis) -> Option<Millis> {
        self.total_timeout.filter(|_| self.time_left(now) == Some(0))
    }

    /// Takes what has happened and says what to do.
    pub fn step(&mut self, event: Event, now: Millis) -> Action {
        if event == (Event::Answered { is_there: true }) {
            return Action::Done;
        }
        if let Some(span) = self.out_of_time(now) {
            return Action::OutOfTime(span);
        }
        match event {
            Event::Answered { .. } if self.follow => {
                self.follow = false;
                Action::Follow
            }
            Event::Answered { .. } | Event::Followed(false) => self.pause(now),
            Event::Followed(true) | Event::Woken => Action::Ask,
        }
    }

    fn pause(&mut self, now: Millis) -> Action {
        let pause = self.time_left(now).map_or(self.pause, |left| left.min(self.pause));
        self.pause = self.pause.saturating_mul(3).saturating_div(2).min(LONGEST_PAUSE);
        Action::Pause(now.saturating_add(pause))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOT_YET: Event = Event::Answered { is_there: false };

    #[test]
    fn a_final_state_that_nobody_knows_is_not_waited_for_for_ever() {
        assert!(is_over("canceled", true));
        assert!(!is_over("canceled", false), "it may be one on the way");
        assert!(!is_over("in-progress", true), "a state that says more than a time");
        assert!(FINAL.iter().all(|status| is_over(status, false)));
    }

    #[test]
    fn the_transcript_is_followed_once_and_what_it_tells_is_asked_for_at_once() {
        let mut wait = Wait::new(None, true, 0);
        assert_eq!(wait.step(NOT_YET, 0), Action::Follow);
        assert_eq!(wait.step(Event::Followed(true), 60_000), Action::Ask);
        assert_eq!(wait.step(NOT_YET, 60_000), Action::Pause(60_500));
        assert_eq!(wait.step(Event::Woken, 60_500), Action::Ask);
        assert_eq!(wait.step(Event::Answered { is_there: true }, 60_500), Action::Done);
    }

    #[test]
    fn a_transcript_that_fails_does_not_make_a_loop_without_pauses() {
        let mut wait = Wait::new(None, true, 0);
        assert_eq!(wait.step(NOT_YET, 0), Action::Follow);
        assert_eq!(wait.step(Event::Followed(false), 0), Action::Pause(500));
    }

    #[test]
    fn the_pauses_grow_to_five_seconds() {
        let mut wait = Wait::new(None, false, 0);
        let pauses: Vec<_> = (0..8).map(|_| wait.step(NOT_YET, 0)).collect();
        assert_eq!(pauses, [500, 750, 1_125, 1_687, 2_530, 3_795, 5_000, 5_000].map(Action::Pause));
    }

    #[test]
    fn a_call_that_is_there_counts_though_the_time_is_over() {
        let mut wait = Wait::new(Some(10), true, 0);
        assert_eq!(wait.step(Event::Answered { is_there: true }, 99), Action::Done);
    }

    proptest! {
        #[test]
        fn whatever_happens_no_wait_outlives_its_time(
            total in 1u64..20_000, steps in proptest::collection::vec((0usize..4, 0u64..3_000), 1..40),
        ) {
            let mut wait = Wait::new(Some(total), true, 0);
            let mut now = 0;
            for (event, passed) in steps {
                now += passed;
                let event = [NOT_YET, Event::Followed(true), Event::Followed(false), Event::Woken][event];
                match wait.step(event, now) {
                    Action::OutOfTime(span) => prop_assert!(now >= total && span == total),
                    Action::Pause(until) => prop_assert!(until > now && until <= total),
                    _ => prop_assert!(now < total),
                }
            }
        }
    }
}
