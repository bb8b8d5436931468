//! An incremental decoder of `text/event-stream`, exact to the grammar of the WHATWG
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
//!
//! It works on bytes: the grammar only looks at ASCII, so a chunk may end anywhere, even inside a character, and
//! decoding the text is left to the caller. An event that is complete within a chunk is borrowed from it; only
//! unfinished parts are copied. What is unfinished at the end of the stream is not an event: drop the decoder and use a
//! new one for the next connection.

use crate::core::Millis;
use memchr::memchr2;
use std::mem;

const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// One event, as bytes that should be UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// Its type; `message` if the stream names none.
    pub name: &'a [u8],
    /// The values of its data lines, joined by line feeds.
    pub data: &'a [u8],
    /// The last id that the stream sent; empty if there was none.
    pub id: &'a [u8],
}

/// A line, or the data of an event, is longer than the decoder's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// The decoder of one connection.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    /// How much of a byte order mark has arrived; its full length once none can follow.
    bom: usize,
    /// The last chunk ended in a carriage return, so that a line feed now belongs to it.
    after_return: bool,
    overrun: bool,
    /// The beginning of an unfinished line.
    line: Vec<u8>,
    /// What earlier chunks contained of the current event.
    name: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    id: Vec<u8>,
    retry: Option<Millis>,
}

/// What the current chunk contains of the current event, borrowed from the chunk.
#[derive(Default)]
struct Here<'c> {
    name: Option<&'c [u8]>,
    data: Option<&'c [u8]>,
}

enum Line<'l> {
    End,
    Name(&'l [u8]),
    Data(&'l [u8]),
    Id(&'l [u8]),
    Retry(&'l [u8]),
    Other,
}

impl Decoder {
    /// A decoder for a new connection, which holds at most `limit` bytes of a line, and of the data of
    /// one event.
    pub const fn new(limit: usize) -> Self {
        Self {
            limit,
            bom: 0,
            after_return: false,
            overrun: false,
            line: Vec::new(),
            name: Vec::new(),
            data: Vec::new(),
            has_data: false,
            id: Vec::new(),
            retry: None,
        }
    }

    /// The pause before the next connection, if the stream has asked for one.
    pub const fn retry(&self) -> Option<Millis> {
        self.retry
    }

    /// Decodes the next bytes of the stream and calls back with each event that they complete. True if they complete a
    /// line, even a comment: that is how a server shows that it is alive.
    ///
    /// After `TooLong`, which follows the events before it, nothing more is read.
    pub fn push(&mut self, chunk: &[u8], mut give: impl FnMut(Event<'_>)) -> Result<bool, TooLong> {
        if self.overrun {
            return Err(TooLong);
        }
        let outcome = self.read(chunk, &mut give);
        self.overrun = outcome.is_err();
        outcome
    }

    fn read(&mut self, chunk: &[u8], give: &mut impl FnMut(Event<'_>)) -> Result<bool, TooLong> {
        let mut rest = self.after_bom(chunk);
        if let Some((first, more)) = rest.split_first()
            && mem::take(&mut self.after_return)
            && *first == b'\n'
        {
            rest = more;
        }
        let mut alive = false;
        let mut here = Here::default();
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            let (line, tail) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = match tail {
                [b'\r', b'\n', more @ ..] => more,
                [b'\r'] => {
                    self.after_return = true;
                    &[]
                }
                [_, more @ ..] => more,
                [] => &[],
            };
            alive = true;
            if self.line.is_empty() {
                self.line(line, &mut here, give)?;
            } else {
                self.held_line(line, give)?;
            }
        }
        self.keep(here);
        self.hold(rest)?;
        Ok(alive)
    }

    /// The chunk without the byte order mark that may begin the stream.
    fn after_bom<'c>(&mut self, chunk: &'c [u8]) -> &'c [u8] {
        let mut rest = chunk;
        while let (Some(expected), Some((first, more))) = (BOM.get(self.bom), rest.split_first()) {
            if first == expected {
                self.bom += 1;
                rest = more;
            } else {
                self.line.extend_from_slice(BOM.get(..self.bom).unwrap_or_default());
                self.bom = BOM.len();
            }
        }
        rest
    }

    /// A line that began in an earlier chunk and is therefore not empty.
    fn held_line(&mut self, end: &[u8], give: &mut impl FnMut(Event<'_>)) -> Result<(), TooLong> {
        self.hold(end)?;
        let mut line = mem::take(&mut self.line);
        let mut here = Here::default();
        self.line(&line, &mut here, give)?;
        self.keep(here);
        line.clear();
        self.line = line;
        Ok(())
    }

    #[inline]
    fn line<'c>(
        &mut self,
        line: &'c [u8],
        here: &mut Here<'c>,
        give: &mut impl FnMut(Event<'_>),
    ) -> Result<(), TooLong> {
        if line.len() > self.limit {
            return Err(TooLong);
        }
        match read_line(line) {
            Line::End => self.end_event(mem::take(here), give),
            Line::Name(name) => here.name = Some(name),
            Line::Data(value) if here.data.is_none() && !self.has_data => here.data = Some(value),
            Line::Data(value) => {
                self.keep_data(here.data.take())?;
                self.keep_data(Some(value))?;
            }
            Line::Id(id) if !id.contains(&0) => replace(&mut self.id, id),
            Line::Retry(value) => self.retry = digits(value).or(self.retry),
            Line::Id(_) | Line::Other => {}
        }
        Ok(())
    }

    #[inline]
    fn end_event(&mut self, here: Here<'_>, give: &mut impl FnMut(Event<'_>)) {
        let name = here.name.unwrap_or(&self.name);
        if let Some(data) = here.data.or(self.has_data.then_some(&self.data)) {
            let name = if name.is_empty() { b"message" } else { name };
            give(Event { name, data, id: &self.id });
        }
        self.name.clear();
        self.data.clear();
        self.has_data = false;
    }

    /// Copies what the chunk contains of an unfinished event.
    fn keep(&mut self, here: Here<'_>) {
        if let Some(name) = here.name {
            replace(&mut self.name, name);
        }
        if here.data.is_some() {
            // One line is within the limit, and it is the first.
            let _ = self.keep_data(here.data);
        }
    }

    fn keep_data(&mut self, value: Option<&[u8]>) -> Result<(), TooLong> {
        let Some(value) = value else { return Ok(()) };
        if self.has_data {
            self.data.push(b'\n');
        }
        self.has_data = true;
        if self.data.len().saturating_add(value.len()) > self.limit {
            return Err(TooLong);
        }
        self.data.extend_from_slice(value);
        Ok(())
    }

    fn hold(&mut self, part: &[u8]) -> Result<(), TooLong> {
        if self.line.len().saturating_add(part.len()) > self.limit {
            return Err(TooLong);
        }
        self.line.extend_from_slice(part);
        Ok(())
    }
}

#[inline]
fn read_line(line: &[u8]) -> Line<'_> {
    match line {
        [] => Line::End,
        [b'd', b'a', b't', b'a', rest @ ..] => value(rest).map_or(Line::Other, Line::Data),
        [b'e', b'v', b'e', b'n', b't', rest @ ..] => value(rest).map_or(Line::Other, Line::Name),
        [b'i', b'd', rest @ ..] => value(rest).map_or(Line::Other, Line::Id),
        [b'r', b'e', b't', b'r', b'y', rest @ ..] => value(rest).map_or(Line::Other, Line::Retry),
        _ => Line::Other,
    }
}

/// The value of a field, from what follows its name; none if the name continues.
#[inline]
const fn value(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        [] => Some(rest),
        _ => None,
    }
}

/// A number of ASCII digits only. Too large a number saturates.
fn digits(value: &[u8]) -> Option<Millis> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        value
            .iter()
            .fold(0, |sum: u64, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))),
    )
}

fn replace(old: &mut Vec<u8>, new: &[u8]) {
    old.clear();
    old.extend_from_slice(new);
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "sse_tests.rs"]
mod tests;
