//! How long to wait before a retry where the server names no time: full jitter over a doubling
//! ceiling. Jitter spreads the clients that one outage failed together; "full" (anything from zero
//! to the ceiling) spreads them best for the least load.

use super::Millis;

/// Ceiling of the first wait.
pub const BASE: Millis = 500;
/// Ceiling of every wait.
pub const CAP: Millis = 8_000;

/// The ceiling after `attempts` requests have been sent (1 or more).
pub fn ceiling(attempts: u32) -> Millis {
    let doublings = attempts.saturating_sub(1).min(16);
    BASE.saturating_mul(1 << doublings).min(CAP)
}

/// The wait after `attempts` requests. `chance` is a number from 0 up to, not including, 1; anything
/// else is taken as the nearest of these.
pub fn delay(attempts: u32, chance: f64) -> Millis {
    const STEPS: Millis = 1 << 20;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let step = ((chance * STEPS as f64) as Millis).min(STEPS);
    ceiling(attempts).saturating_mul(step) / STEPS
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ceiling_doubles_and_stops_at_the_cap() {
        let ceilings: Vec<_> = [0, 1, 2, 3, 4, 5, 6, 60, u32::MAX].map(ceiling).to_vec();
        assert_eq!(ceilings, [500, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
    }

    #[test]
    fn a_broken_source_of_chance_makes_no_wait_longer_than_the_cap() {
        for chance in [f64::NAN, f64::INFINITY, -1.0, 2.0] {
            assert!(delay(9, chance) <= CAP);
        }
    }

    proptest! {
        #[test]
        fn every_wait_lies_between_nothing_and_its_ceiling(attempts in 1u32..40, chance in 0.0f64..1.0) {
            prop_assert!(delay(attempts, chance) <= ceiling(attempts));
        }
    }

    #[test]
    fn the_waits_are_spread_over_the_whole_range() {
        assert_eq!(delay(1, 0.0), 0);
        assert_eq!(delay(1, 0.5), 250);
        assert!(delay(1, 0.999_999) >= 499);
    }
}
