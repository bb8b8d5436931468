//! Converts between ISO 8601 and milliseconds since 1970, with Howard Hinnant's civil calendar
//! algorithms. No crate, since the sandbox needs only UTC and two conversions, no zones and no clock.

const DAY_MS: i64 = 86_400_000;

/// `2026-11-22T09:30:00.000Z`
pub(crate) fn iso(ms: u64) -> String {
    let ms = signed(ms);
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let rest = ms.rem_euclid(DAY_MS);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    // Digit by digit, because the standard library's formatting is much slower and every object on every
    // page has such a time.
    let mut out = String::with_capacity(24);
    for (value, width, after) in [
        (year, if year > 9999 { 100_000 } else { 1000 }, '-'),
        (month, 10, '-'),
        (day, 10, 'T'),
        (hour, 10, ':'),
        (minute, 10, ':'),
        (second, 10, '.'),
        (milli, 100, 'Z'),
    ] {
        let mut place = width;
        while place > 0 {
            let digit = u32::try_from(value / place % 10).ok().and_then(|d| char::from_digit(d, 10));
            out.push(digit.unwrap_or('0'));
            place /= 10;
        }
        out.push(after);
    }
    out
}

/// `2026-11-22T09:30:00.000000Z`, the format used in events.
pub(crate) fn micros(ms: u64) -> String {
    let mut out = iso(ms);
    out.insert_str(out.len() - 1, "000");
    out
}

/// `2026-11-22`
pub(crate) fn day(ms: u64) -> String {
    let (year, month, day) = civil(signed(ms).div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11`
pub(crate) fn month(ms: u64) -> String {
    let (year, month, _) = civil(signed(ms).div_euclid(DAY_MS));
    format!("{year:04}-{month:02}")
}

/// The first instant of the month `back` months before that of `ms`.
pub(crate) fn month_start(ms: u64, back: i64) -> u64 {
    let (year, month, _) = civil(signed(ms).div_euclid(DAY_MS));
    let months = year * 12 + month - 1 - back;
    unsigned(days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) * DAY_MS)
}

/// The first instant of the day `back` days before that of `ms`.
pub(crate) fn day_start(ms: u64, back: i64) -> u64 {
    unsigned((signed(ms).div_euclid(DAY_MS) - back) * DAY_MS)
}

/// Parses `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`. A time before 1970 or without a zone is rejected.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (number(date.next()?, 4)?, number(date.next()?, 2)?, number(date.next()?, 2)?);
    if !(1..=12).contains(&month) || day < 1 || civil(days(year, month, day)) != (year, month, day) {
        return None;
    }
    let at = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = (time.get(..at)?, time.get(at..)?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut clock = clock.splitn(3, ':');
    let (hour, minute, second) =
        (number(clock.next()?, 2)?, number(clock.next()?, 2)?, number(clock.next()?, 2)?);
    if hour > 23 || minute > 59 || second > 59 || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let milli = number(format!("{fraction:0<3}").get(..3)?, 3)?;
    number(fraction, fraction.len())?;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset(zone)?;
    u64::try_from(seconds * 1000 + milli).ok()
}

fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hour, minute) = zone.get(1..)?.split_once(':')?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}

fn number(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

fn signed(ms: u64) -> i64 {
    // The latest instant that a JavaScript date can hold.
    i64::try_from(ms).unwrap_or(i64::MAX).min(8_640_000_000_000_000)
}

fn unsigned(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_formatted_like_in_javascript() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (1_795_340_999_999, "2026-11-22T09:49:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(ms), text);
            assert_eq!(parse(text), Some(ms));
        }
    }

    #[test]
    fn event_times_have_microseconds_and_can_be_parsed() {
        assert_eq!(micros(951_782_400_123), "2000-02-29T00:00:00.123000Z");
        assert_eq!(parse(&micros(951_782_400_123)), Some(951_782_400_123));
    }

    #[test]
    fn the_last_instant_of_javascript_has_a_six_digit_year() {
        assert_eq!(iso(u64::MAX), "275760-09-13T00:00:00.000Z");
    }

    #[test]
    fn zones_and_fractions_are_parsed() {
        assert_eq!(parse("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(parse("1969-12-31T23:30:00.5-00:30"), Some(500));
        assert_eq!(parse("1970-01-01 00:00:00.123456Z"), Some(123));
    }

    #[test]
    fn an_invalid_instant_is_rejected() {
        for text in [
            "",
            "soon",
            "2026-11-22",
            "2026-02-30T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T09:00:00",
            "2026-11-22T09:00:00.Z",
            "2026-11-22T09:00:00.x1Z",
            "+026-11-22T09:00:00Z",
            "1960-01-01T00:00:00Z",
            "2026-11-22T09:00:00+1",
            "2026-11-22T09:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_and_days_are_counted_back_across_years() {
        let now = parse("2026-01-15T12:00:00Z").unwrap();
        assert_eq!(iso(month_start(now, 0)), "2026-01-01T00:00:00.000Z");
        assert_eq!(iso(month_start(now, 13)), "2024-12-01T00:00:00.000Z");
        assert_eq!(iso(day_start(now, 15)), "2025-12-31T00:00:00.000Z");
        assert_eq!((day(now).as_str(), month(now).as_str()), ("2026-01-15", "2026-01"));
    }
}
