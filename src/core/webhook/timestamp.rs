//! When a delivery was signed, and whether that is near enough to now. A signature alone could be
//! replayed for ever.

use super::reason::Reason;
use crate::core::text::{parse_thousandths, trimmed};

/// Milliseconds since the Unix epoch of `X-Webhook-Timestamp`: seconds, perhaps with a fraction. A
/// header that was sent twice is joined by a comma, and is not a time.
pub fn read(header: &[u8]) -> Result<f64, Reason> {
    let header = trimmed(header);
    if header.is_empty() {
        return Err(Reason::MissingTimestamp);
    }
    let millis = parse_thousandths(header).ok_or(Reason::MalformedTimestamp)?;
    // Exact for any time up to the year 287 000.
    #[allow(clippy::cast_precision_loss)]
    Ok(millis as f64)
}

/// Whether `signed` lies within `tolerance` of `now`, all in milliseconds. The bound itself is inside.
pub fn near(signed: f64, now: f64, tolerance: f64) -> Result<(), Reason> {
    if now - signed > tolerance {
        Err(Reason::TooOld)
    } else if signed - now > tolerance {
        Err(Reason::TooNew)
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_another_form_is_no_time() {
        for header in ["x", "1e9", "-1", "0x10", "1 2", "1,1", "2026-11-22T10:00:00Z", "١"] {
            assert_eq!(read(header.as_bytes()), Err(Reason::MalformedTimestamp), "{header}");
        }
        for header in ["", " "] {
            assert_eq!(read(header.as_bytes()), Err(Reason::MissingTimestamp));
        }
        assert_eq!(read(b" 1700000000.25 "), Ok(1_700_000_000_250.0));
    }

    #[test]
    fn a_monstrous_time_is_far_from_now_and_overflows_nothing() {
        let far = read(b"99999999999999999999999999").unwrap();
        assert_eq!(near(far, 1e12, 300_000.0), Err(Reason::TooNew));
    }

    #[test]
    fn the_bound_is_inside_on_both_sides_and_a_millisecond_more_is_not() {
        let (now, tolerance) = (1_700_000_000_000.0, 300_000.0);
        assert_eq!(near(now - tolerance, now, tolerance), Ok(()));
        assert_eq!(near(now + tolerance, now, tolerance), Ok(()));
        assert_eq!(near(now - tolerance - 1.0, now, tolerance), Err(Reason::TooOld));
        assert_eq!(near(now + tolerance + 1.0, now, tolerance), Err(Reason::TooNew));
        assert_eq!(near(0.0, now, f64::INFINITY), Ok(()));
    }
}
