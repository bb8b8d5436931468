//! Reads the three forms of a date that HTTP knows (RFC 9110, section 5.6.7), and nothing else. Not by
//! the JavaScript engine, because engines read more than is a date, and each something else; and not by a
//! crate, because those give the standard library's times, which weigh 8 kB with their error texts.

use super::Millis;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What follows the weekday: D, Y, h, m and s stand for a digit of day, year, hour, minute and second, `_`
/// for one of the day or a space, b for a letter of the month; all else for itself.
const FIXDATE: &str = ", DD bbb YYYY hh:mm:ss GMT";
const RFC850: &str = ", DD-bbb-YY hh:mm:ss GMT";
const ASCTIME: &str = " bbb _D hh:mm:ss YYYY";

/// The time of a date in milliseconds since the Unix epoch. One that no calendar has, or that falls on
/// another weekday than it says, is none: whoever wrote it meant something else.
pub fn parse(text: &str) -> Option<Millis> {
    let weekday = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (weekday, rest) = text.split_at_checked(weekday)?;
    let (number, name) = WEEKDAYS.iter().enumerate().find(|(_, name)| name.get(..3) == weekday.get(..3))?;
    let fields = if weekday == *name {
        fields(RFC850, rest)?.with_century()
    } else if weekday.len() == 3 {
        fields(if rest.starts_with(',') { FIXDATE } else { ASCTIME }, rest)?
    } else {
        return None;
    };
    fields.time(number as u64)
}

#[derive(Default)]
struct Fields {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

fn fields(form: &str, text: &str) -> Option<Fields> {
    if form.len() != text.len() {
        return None;
    }
    let mut fields = Fields::default();
    let mut month = String::new();
    for (want, came) in form.bytes().zip(text.bytes()) {
        let field = match want {
            b'b' => {
                month.push(char::from(came));
                continue;
            }
            b'_' if came == b' ' => continue,
            b'Y' => &mut fields.year,
            b'D' | b'_' => &mut fields.day,
            b'h' => &mut fields.hour,
            b'm' => &mut fields.minute,
            b's' => &mut fields.second,
            _ if want == came => continue,
            _ => return None,
        };
        if !came.is_ascii_digit() {
            return None;
        }
        *field = *field * 10 + u64::from(came - b'0');
    }
    fields.month = MONTHS.iter().position(|name| *name == month)? as u64;
    Some(fields)
}

impl Fields {
    fn with_century(self) -> Self {
        let century = if self.year < 70 { 2000 } else { 1900 };
        Self { year: self.year + century, ..self }
    }

    fn time(&self, weekday: u64) -> Option<Millis> {
        let Self { year, month, day, hour, minute, second } = *self;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = match month {
            1 => 28 + u64::from(leap),
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        };
        if year < 1970 || day == 0 || day > length || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        // From March on, so that the day that leap years have more is the last one of a year.
        let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
        // 1970-01-01, a Thursday, counted in the same way.
        let days = days.checked_sub(719_468)?;
        ((days + 3) % 7 == weekday).then_some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    // Dates are ASCII.
    #![allow(clippy::string_slice)]

    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn by_the_book(text: &str) -> Option<Millis> {
        let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(since.as_secs() * 1000)
    }

    #[test]
    fn what_is_almost_a_date_is_none() {
        for text in [
            "",
            "Sun",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "sun, 06 Nov 1994 08:49:37 GMT",
            "Xyz, 06 Nov 1994 08:49:37 GMT",
            "S, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 00 Nov 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT",
            "Sun, 06 Nov 1994 08:49:60 GMT",
            "Sun, 06-Nov-94 08:49:37 GMT",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Wed, 30 Feb 1994 08:49:37 GMT",
            "Sunday, 06 Nov 1994 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994",
            "Sun, 06 Növ 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
            assert_eq!(by_the_book(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_second_is_read_as_another_reader_reads_it(second in 0..253_402_300_800_u64) {
            let date = UNIX_EPOCH + Duration::from_secs(second);
            let text = httpdate::fmt_http_date(date);
            prop_assert_eq!(parse(&text), Some(second * 1000));
        }

        #[test]
        fn every_second_of_a_century_is_read_in_the_older_forms_too(second in 0..3_155_760_000_u64) {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(second));
            let (weekday, day, month) = (&date[..3], &date[5..7], &date[8..11]);
            let (year, time) = (&date[12..16], &date[17..25]);
            let long = WEEKDAYS.iter().find(|name| name.starts_with(weekday)).unwrap();
            let unpadded = day.strip_prefix('0').unwrap_or(day);
            prop_assert_eq!(parse(&format!("{long}, {day}-{month}-{} {time} GMT", &year[2..])), Some(second * 1000));
            prop_assert_eq!(parse(&format!("{weekday} {month} {unpadded:>2} {time} {year}")), Some(second * 1000));
        }

        #[test]
        fn the_older_forms_are_read_as_another_reader_reads_them(
            (weekday, month) in (0..7_usize, 0..12_usize),
            (year, day) in (1970..2070_u32, 0..33_u32),
            (hour, minute, second) in (0..25_u32, 0..61_u32, 0..61_u32),
        ) {
            let (long, month) = (WEEKDAYS[weekday], MONTHS[month]);
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            for text in [
                format!("{long}, {day:02}-{month}-{:02} {time} GMT", year % 100),
                format!("{} {month} {day:2} {time} {year}", &long[..3]),
                format!("{}, {day:02} {month} {year} {time} GMT", &long[..3]),
            ] {
                prop_assert_eq!(parse(&text), by_the_book(&text), "{}", text);
            }
        }

        #[test]
        fn no_text_at_all_breaks_the_reader(text in "\\PC{0,40}|(Mon|Tuesday)[, ]{1,2}[0-9A-Za-z: -]{0,30}") {
            if let Some(time) = parse(&text) {
                prop_assert_eq!(Some(time), by_the_book(&text));
            }
        }
    }
}
