//! HTTP's three forms of a date (RFC 9110, section 5.6.7), exactly: a date that the calendar does not have, or whose
//! day of the week is another, is none. The tests hold it against the crate `httpdate`, which does the same in four
//! times the code.

use super::Millis;

/// From the day on which the Unix epoch began.
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// What follows a weekday's whole name, its first three letters, and these in the form of `asctime`. Small letters stand
/// for what is read: `d` day, `e` the first digit of a day or a space, `n` month, `y` year, `h`, `m` and `s` the time.
const RFC_850: &[u8] = b", dd-nnn-yy hh:mm:ss GMT";
const FIXED: &[u8] = b", dd nnn yyyy hh:mm:ss GMT";
const ASCTIME: &[u8] = b" nnn ed hh:mm:ss yyyy";

#[derive(Default)]
struct Fields {
    day: u32,
    /// Its three letters as one number.
    month: u32,
    year: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

/// Milliseconds since the Unix epoch, if the text is such a date.
pub fn read(text: &str) -> Option<Millis> {
    let (weekday, name) = DAYS.iter().enumerate().find(|(_, name)| text.get(..3) == name.get(..3))?;
    let (fields, from) = if let Some(rest) = text.strip_prefix(name) {
        let fields = filled(RFC_850, rest)?;
        let century = if fields.year < 70 { 2000 } else { 1900 };
        (fields, century)
    } else {
        let rest = text.get(3..)?;
        (filled(FIXED, rest).or_else(|| filled(ASCTIME, rest))?, 0)
    };
    let Fields { day, month, year, hour, minute, second } = fields;
    let year = year + from;
    let (months, _) = MONTHS.as_chunks::<3>();
    let month = months.iter().position(|name| letters(name) == month)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = |month: usize| match month {
        1 => 28 + u32::from(leap),
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    };
    if year < 1970 || day == 0 || day > length(month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let before = year - 1;
    // Leap days until the year began, less those until 1970.
    let leaps = before / 4 - before / 100 + before / 400 - 477;
    let days = (year - 1970) * 365 + leaps + (0..month).map(length).sum::<u32>() + day - 1;
    if days as usize % 7 != weekday {
        return None;
    }
    Some((Millis::from(days) * 86_400 + Millis::from(hour * 3600 + minute * 60 + second)) * 1000)
}

fn letters(name: &[u8]) -> u32 {
    name.iter().fold(0, |letters, letter| letters << 8 | u32::from(*letter))
}

/// What the text holds where the form asks for it.
fn filled(form: &[u8], text: &str) -> Option<Fields> {
    if form.len() != text.len() {
        return None;
    }
    let mut fields = Fields::default();
    for (asked, byte) in form.iter().zip(text.bytes()) {
        let field = match asked {
            b'd' | b'e' => &mut fields.day,
            b'y' => &mut fields.year,
            b'h' => &mut fields.hour,
            b'm' => &mut fields.minute,
            b's' => &mut fields.second,
            b'n' => {
                fields.month = fields.month << 8 | u32::from(byte);
                continue;
            }
            _ if *asked == byte => continue,
            _ => return None,
        };
        if *asked == b'e' && byte == b' ' {
            continue;
        }
        *field = *field * 10 + char::from(byte).to_digit(10)?;
    }
    Some(fields)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    /// What the crate makes of it.
    fn theirs(text: &str) -> Option<Millis> {
        let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(since.as_secs() * 1000)
    }

    /// The three forms of a second.
    fn forms(seconds: u64) -> [String; 3] {
        let fixed = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        let words: Vec<&str> = fixed.split(' ').collect();
        let [name, day, month, year, time, _] = words[..] else { panic!("{fixed}") };
        let name = name.trim_end_matches(',');
        let long = DAYS.iter().find(|long| long.starts_with(name)).unwrap();
        let plain = day.trim_start_matches('0');
        [
            fixed.clone(),
            format!("{long}, {day}-{month}-{} {time} GMT", &year[2..]),
            format!("{name} {month} {plain:>2} {time} {year}"),
        ]
    }

    #[test]
    fn the_examples_of_the_rfc_are_one_time() {
        for text in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            assert_eq!(read(text), Some(784_111_777_000), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "Sun",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:60 GMT",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Thu, 30 Feb 2023 00:00:00 GMT",
            "Wed, 29 Feb 2023 00:00:00 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Wed, 31 Dec 1969 23:59:59 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Sun Nov    08:49:37 1994",
            "2026-11-22T10:00:00Z",
            "Sún, 06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!((read(text), theirs(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn no_day_of_eight_thousand_years_is_read_otherwise_than_by_the_crate() {
        for day in 0..2_932_897_u64 {
            let seconds = day * 86_400 + day * 7919 % 86_400;
            let fixed = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(read(&fixed), Some(seconds * 1000), "{fixed}");
        }
    }

    proptest! {
        #[test]
        fn each_form_is_read_as_the_crate_reads_it(seconds in 0_u64..253_402_300_800) {
            for text in forms(seconds) {
                prop_assert!(read(&text).is_some() || text.contains('-'), "{text}");
                prop_assert_eq!(read(&text), theirs(&text), "{}", text);
            }
        }

        #[test]
        fn a_date_with_a_fault_in_it_is_refused_exactly_where_the_crate_refuses_it(
            seconds in 0_u64..253_402_300_800, form in 0_usize..3, at in 0_usize..40, other in "[0-9A-Za-z ,:-]",
        ) {
            let mut text = forms(seconds)[form].clone();
            let at = at % text.len();
            text.replace_range(at..=at, &other);
            let text = text.trim();
            prop_assert_eq!(read(text), theirs(text), "{}", text);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "(Sun|Monday)?\\PC{0,40}") {
            prop_assert_eq!(read(text.trim()), theirs(&text));
        }
    }
}
