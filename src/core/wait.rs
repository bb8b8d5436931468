//! When a call that somebody waits for is over, and how long to pause between two questions.

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

/// The pauses between questions: they grow, because who has waited long can wait a little longer.
#[derive(Debug)]
pub struct Pauses(Millis);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Iterator for Pauses {
    type Item = Millis;

    fn next(&mut self) -> Option<Millis> {
        let pause = self.0;
        self.0 = pause.saturating_mul(3).saturating_div(2).min(LONGEST_PAUSE);
        Some(pause)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_final_state_that_nobody_knows_is_not_waited_for_for_ever() {
        assert!(is_over("canceled", true));
        assert!(!is_over("canceled", false), "it may be one on the way");
        assert!(!is_over("in-progress", true), "a state that says more than a time");
        assert!(FINAL.iter().all(|status| is_over(status, false)));
    }

    #[test]
    fn the_pauses_grow_to_five_seconds() {
        let pauses: Vec<_> = Pauses::default().take(8).collect();
        assert_eq!(pauses, [500, 750, 1_125, 1_687, 2_530, 3_795, 5_000, 5_000]);
    }
}
