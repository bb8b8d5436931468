//! The recording of a call: a real WAV file, as long as the talk, with a tone for each side while it
//! speaks. It is not stored; each read computes the bytes it needs.

use super::call::{Call, Role, Turn};
use crate::http::{Request, Response};

/// Samples per second, one byte each.
const RATE: u64 = 8000;
const SAMPLES_PER_MS: u64 = 8;
const HEADER: u64 = 44;
const SILENCE: u8 = 128;
/// Maximum length in milliseconds. Four hours take 115 MB.
const LONGEST_MS: u64 = 4 * 3_600_000;
/// Speaking time per character.
const MS_PER_CHARACTER: u64 = 60;

/// Serves the recording, whole or as a byte range.
pub(crate) fn recording(call: &Call, request: &Request) -> Option<Response> {
    if !call.has_recording() {
        return None;
    }
    let samples = call.talked_ms(0).min(LONGEST_MS) * SAMPLES_PER_MS;
    let length = HEADER + samples;
    let span = request.header("range").map_or(Span::Whole, |range| span(range, length));
    let mut response = match span {
        Span::Whole => Response::new(200, "audio/wav", wav(call, samples, 0, length)),
        Span::Part(from, to) => {
            let mut response = Response::new(206, "audio/wav", wav(call, samples, from, to + 1));
            response.set("content-range", format!("bytes {from}-{to}/{length}"));
            response
        }
        Span::Beyond => {
            let mut response = Response::empty(416);
            response.set("content-range", format!("bytes */{length}"));
            return Some(response);
        }
    };
    response.set("accept-ranges", "bytes");
    response.set("content-disposition", format!("attachment; filename=\"recording-{}.wav\"", call.id));
    Some(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Span {
    Whole,
    /// First and last byte.
    Part(u64, u64),
    Beyond,
}

/// Parses a `Range` header. One that is invalid or has several ranges gets the whole file, as HTTP
/// allows.
fn span(range: &str, length: u64) -> Span {
    let Some((from, to)) = range.trim().strip_prefix("bytes=").and_then(|r| r.split_once('-')) else {
        return Span::Whole;
    };
    let last = length - 1;
    match (from.trim().parse::<u64>().ok(), to.trim().parse::<u64>().ok()) {
        (Some(from), _) if from > last => Span::Beyond,
        (Some(from), Some(to)) if from <= to => Span::Part(from, to.min(last)),
        (Some(from), None) if to.trim().is_empty() => Span::Part(from, last),
        (None, Some(0)) if from.trim().is_empty() => Span::Beyond,
        (None, Some(count)) if from.trim().is_empty() => Span::Part(length.saturating_sub(count), last),
        _ => Span::Whole,
    }
}

/// The bytes of the file from `from` up to `to`.
fn wav(call: &Call, samples: u64, from: u64, to: u64) -> Vec<u8> {
    let header = header(samples);
    let mut out = Vec::with_capacity(usize::try_from(to - from).unwrap_or(0));
    out.extend(header.iter().enumerate().filter_map(|(at, byte)| {
        let at = u64::try_from(at).ok()?;
        (from..to).contains(&at).then_some(*byte)
    }));
    let (first, end) = (from.saturating_sub(HEADER), to.saturating_sub(HEADER));
    let start = call.answered_at.unwrap_or(0);
    let starts = |turn: &Turn| turn.at.saturating_sub(start).saturating_mul(SAMPLES_PER_MS);
    let mut at = first;
    for (index, turn) in call.turns.iter().enumerate() {
        let begins = starts(turn);
        let says = u64::try_from(turn.content.chars().count()).unwrap_or(0) * MS_PER_CHARACTER;
        let next = call.turns.get(index + 1).map_or(samples, starts);
        let stops = begins.saturating_add(says * SAMPLES_PER_MS).min(next);
        // The agent's tone is higher.
        let pitch = if turn.role == Role::Agent { 330 } else { 220 };
        out.extend((at..begins.clamp(at, end)).map(|_| SILENCE));
        at = at.max(begins.min(end));
        out.extend((at..stops.clamp(at, end)).map(|n| triangle(n, pitch)));
        at = at.max(stops.min(end));
    }
    out.extend((at..end).map(|_| SILENCE));
    out
}

/// A triangle wave, because integer arithmetic gives the same bytes on every machine.
fn triangle(sample: u64, pitch: u64) -> u8 {
    let phase = sample * pitch % RATE * 128 / RATE;
    let level = if phase < 64 { phase } else { 128 - phase };
    u8::try_from(96 + level).unwrap_or(SILENCE)
}

fn header(samples: u64) -> Vec<u8> {
    let samples = u32::try_from(samples).unwrap_or(u32::MAX - 36);
    let mut out = Vec::with_capacity(44);
    out.extend(b"RIFF");
    out.extend((samples + 36).to_le_bytes());
    out.extend(b"WAVEfmt ");
    // Chunk size, PCM, one channel, samples and bytes per second, block size, bits per sample.
    out.extend(16_u32.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(8000_u32.to_le_bytes());
    out.extend(8000_u32.to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(8_u16.to_le_bytes());
    out.extend(b"data");
    out.extend(samples.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_parsed_as_http_says_and_an_invalid_one_gets_the_whole_file() {
        for (range, expected) in [
            ("bytes=0-9", Span::Part(0, 9)),
            ("bytes=90-", Span::Part(90, 99)),
            ("bytes=-10", Span::Part(90, 99)),
            ("bytes=-500", Span::Part(0, 99)),
            ("bytes=50-5000", Span::Part(50, 99)),
            ("bytes=100-", Span::Beyond),
            ("bytes=-0", Span::Beyond),
            ("bytes=9-3", Span::Whole),
            ("bytes=0-1,5-6", Span::Whole),
            ("lines=0-9", Span::Whole),
            ("bytes=a-b", Span::Whole),
            ("", Span::Whole),
        ] {
            assert_eq!(span(range, 100), expected, "{range}");
        }
    }
}
