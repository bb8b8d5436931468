//! Magic numbers that decide the course of a call.

use super::script::{Outcome, Script};

/// A number that decides the course of a call.
pub(crate) type Course = (&'static str, &'static str, fn() -> Script);

/// Applies the rules of [`crate::strict`] without setting an option.
pub(crate) const STRICT: &str = "+15005550009";

pub(crate) const COURSES: [Course; 10] = [
    ("+15005550000", "is answered and follows the built-in script", Script::default),
    ("+15005550001", "is busy", || Script::ending(Outcome::Busy)),
    ("+15005550002", "is not answered", || Script::ending(Outcome::NoAnswer)),
    ("+15005550003", "fails at the carrier", || Script::ending(Outcome::Failed)),
    ("+15005550004", "rings until you end the call", || Script::ending(Outcome::RingsOn)),
    ("+15005550005", "talks for an hour, a turn every 5 s", || Script {
        pause_ms: Some(5000),
        talk_ms: Some(3_600_000),
        ..Script::default()
    }),
    ("+15005550006", "says hello and hangs up", Script::curt),
    ("+15005550007", "picks up and says nothing until you end the call", Script::mute),
    ("+15005550008", "talks 100 times as fast as usual", || Script {
        pause_ms: Some(6),
        ..Script::default()
    }),
    (
        STRICT,
        "holds you to the rules of strict: 409 for a second call of a number that has one, 403 for an SMS until 10DLC is approved",
        Script::default,
    ),
];

/// The scripts of these numbers.
pub(crate) fn scripts() -> impl Iterator<Item = (&'static str, Script)> {
    COURSES.into_iter().map(|(number, _, script)| (number, script()))
}

/// The script of a number, if it is one of these.
pub(crate) fn script(number: &str) -> Option<Script> {
    COURSES.iter().find(|(known, ..)| *known == number).map(|(.., script)| script())
}
