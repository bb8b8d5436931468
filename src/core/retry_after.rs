//! How long a server asks us to wait, in every form in which servers say it: `retry-after-ms`,
//! `Retry-After` as seconds (whole or with a fraction) or as one of the three date forms of
//! RFC 9110 section 5.6.7, and `X-RateLimit-Reset`. Absurd values are clamped, because they go to a
//! host timer that overflows. Vectors: `contract/vectors/retry-after.json`.

use super::Millis;
use super::text::parse_thousandths;
use std::time::UNIX_EPOCH;

/// The longest wait that a host timer can hold: 2^31 - 1 ms, 24.8 days.
pub const MAX_WAIT: Millis = 2_147_483_647;

/// A wait that the server named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long.
    pub millis: Millis,
    /// True where the server said "retry after" in so many words; false where it was read from a
    /// rate limit's reset time, which accompanies answers of every kind and promises nothing about
    /// this one.
    pub explicit: bool,
}

/// The headers about waiting, as received; an absent one is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct WaitHeaders<'a> {
    /// `retry-after-ms`
    pub retry_after_ms: &'a str,
    /// `retry-after`
    pub retry_after: &'a str,
    /// `x-ratelimit-reset`
    pub reset: &'a str,
    /// `date`: the server's own clock. Dates are measured against it, so that a wrong clock here
    /// makes no wait wrong.
    pub date: &'a str,
}

/// The wait that the headers ask for, or nothing where they name none that can be read.
pub fn read(headers: &WaitHeaders<'_>, now: Millis) -> Option<Wait> {
    let now = http_date(headers.date.trim_ascii()).unwrap_or(now);
    let explicit = parse_thousandths(headers.retry_after_ms.trim_ascii().as_bytes())
        .map(|thousandths| thousandths.div_ceil(1000))
        .or_else(|| seconds_or_date(headers.retry_after.trim_ascii(), now));
    if let Some(millis) = explicit {
        return Some(Wait { millis: millis.min(MAX_WAIT), explicit: true });
    }
    let millis = reset(headers.reset.trim_ascii(), now)?;
    Some(Wait { millis: millis.min(MAX_WAIT), explicit: false })
}

/// One of HTTP's dates, in milliseconds since the Unix epoch.
fn http_date(text: &str) -> Option<Millis> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs().saturating_mul(1000))
}

fn seconds_or_date(text: &str, now: Millis) -> Option<Millis> {
    parse_thousandths(text.as_bytes()).or_else(|| http_date(text).map(|at| at.saturating_sub(now)))
}

/// Three habits share this header: Unix seconds (the official client's reading), Unix milliseconds,
/// and seconds from now. They are decades apart, so the size of the number says which it is.
fn reset(text: &str, now: Millis) -> Option<Millis> {
    const FIRST_UNIX_SECOND: Millis = 1_000_000_000;
    const FIRST_UNIX_MILLI: Millis = 100_000_000_000;
    let millis = parse_thousandths(text.as_bytes())?;
    let value = millis / 1000;
    Some(if value >= FIRST_UNIX_MILLI {
        value.saturating_sub(now)
    } else if value >= FIRST_UNIX_SECOND {
        millis.saturating_sub(now)
    } else {
        millis
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_vector_of_the_contract_is_read_as_it_says() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../contract/vectors/retry-after.json")).unwrap();
        let cases = vectors["cases"].as_array().unwrap();
        assert!(cases.len() >= 20);
        for case in cases {
            let text = |name: &str| case["headers"][name].as_str().unwrap_or_default();
            let headers = WaitHeaders {
                retry_after_ms: text("retry-after-ms"),
                retry_after: text("retry-after"),
                reset: text("x-ratelimit-reset"),
                date: text("date"),
            };
            let wait = read(&headers, case["now"].as_u64().unwrap());
            assert_eq!(wait.map(|w| w.millis), case["waitMs"].as_u64(), "{case}");
            assert_eq!(wait.is_some_and(|w| w.explicit), case["explicit"] == true, "{case}");
        }
    }

    proptest! {
        #[test]
        fn no_header_however_odd_makes_a_wait_that_a_timer_cannot_hold(
            a in "[0-9A-Za-z:,. -]{0,40}",
            b in "\\PC{0,30}",
            c in "[0-9.]{0,30}",
            now in any::<u64>(),
        ) {
            let headers = WaitHeaders { retry_after: &a, retry_after_ms: &b, reset: &c, date: "" };
            if let Some(wait) = read(&headers, now) {
                prop_assert!(wait.millis <= MAX_WAIT);
            }
        }
    }
}
