//! Gathers the events that one chunk completes, so that the JavaScript engine parses them all at once:
//! one `JSON.parse` of many is several times cheaper than many of one.
//!
//! The text is an array of the data of the events. What a server sends as data need not be JSON, and
//! must not then change what its neighbours mean: `1,2` would count as two events, and a quotation mark
//! too many would swallow the next one. So only data that surely begins and ends in its own place is
//! taken (`stands_alone`). If the engine then finds fault with the whole, each event can be parsed by
//! itself, to give those before the broken one and to name it.

use super::scan::find_either;
use super::transcript::Kind;

/// The events of one chunk.
#[derive(Debug, Default)]
pub struct Batch {
    text: Vec<u8>,
    /// Of each event its kind, and where its data ends in `text`.
    events: Vec<(Kind, usize)>,
    broken: Option<Kind>,
}

impl Batch {
    /// Empties it for the next chunk. It keeps its memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.events.clear();
        self.broken = None;
    }

    /// Adds an event. One whose data cannot be JSON closes the batch: it and what follows are left out.
    pub fn push(&mut self, kind: Kind, data: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        if !stands_alone(data) {
            self.broken = Some(kind);
            return;
        }
        self.text.truncate(self.end());
        self.text.push(if self.events.is_empty() { b'[' } else { b',' });
        self.text.extend_from_slice(data);
        self.events.push((kind, self.text.len()));
    }

    /// An array of the data of all events, ready to be parsed if all of them are JSON; empty if there
    /// are none. The text is UTF-8 if the stream was.
    pub fn text(&mut self) -> &[u8] {
        if !self.events.is_empty() {
            self.text.truncate(self.end());
            self.text.push(b']');
        }
        &self.text
    }

    /// Each event with its data, to be parsed one by one when `text` cannot be parsed.
    pub fn each(&self) -> impl Iterator<Item = (Kind, &[u8])> {
        let mut start = 0;
        self.events.iter().map(move |(kind, end)| {
            // One byte stands before each: the bracket or a comma.
            let data = self.text.get(start + 1..*end).unwrap_or_default();
            start = *end;
            (*kind, data)
        })
    }

    /// The kinds of the events, in order.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.events.iter().map(|(kind, _)| *kind)
    }

    /// The kind of the event that closed the batch, because its data cannot be JSON.
    pub const fn broken(&self) -> Option<Kind> {
        self.broken
    }

    fn end(&self) -> usize {
        self.events.last().map_or(0, |(_, end)| *end)
    }
}

/// True if a JSON parser that starts at the beginning of `data` either finds one value and gets to its
/// end, or stops with an error: it is not blank (an array may be empty), has no comma outside brackets,
/// ends outside strings, and as deep as it began without ever having been shallower. To anything else
/// that is wrong, such as brackets that do not match, the parser objects where it stands.
fn stands_alone(data: &[u8]) -> bool {
    if data.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
        return false;
    }
    let mut depth = 0_usize;
    let mut rest = data;
    while let Some((byte, more)) = rest.split_first() {
        rest = more;
        match byte {
            b'"' => match after_string(rest) {
                Some(after) => rest = after,
                None => return false,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            b',' if depth == 0 => return false,
            _ => {}
        }
    }
    depth == 0
}

/// What follows the end of a string, given what follows its opening quotation mark.
#[inline]
fn after_string(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        match rest.get(find_either::<b'"', b'\\'>(rest)?..)? {
            [b'"', more @ ..] => return Some(more),
            [_, _, more @ ..] => rest = more,
            _ => return None,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "batch_tests.rs"]
mod tests;
