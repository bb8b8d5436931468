//! Gathers the events that one chunk completes, so that they reach JavaScript in one step: turns of the
//! documented shape as one text to be cut (`turn.rs`), the data of the others as one JSON array, because
//! one `JSON.parse` of many is cheaper than many of one.
//!
//! What a server sends as data need not be JSON, and must not then change what its neighbours mean: `1,2`
//! would count as two events, and a quotation mark too many would swallow the next one. So only data that
//! surely begins and ends in its own place is taken (`stands_alone`). If the engine then finds fault with
//! the array, each item can be parsed by itself, to give what came before the broken one and to name it.

use super::scan::find_either;
use super::transcript::Kind;
use super::turn::{self, Role};

/// How an event lies in a batch. As a number it is what the JavaScript side sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Form {
    /// A `connected`, whose data is the next item of the array.
    Connected = 0,
    /// A `turn`, whose data is the next item of the array.
    Turn = 1,
    /// An `ended`, whose data is the next item of the array.
    Ended = 2,
    /// A `turn` of the agent, whose content and time are the next two parts of the text.
    AgentTurn = 3,
    /// A `turn` of the user, likewise.
    UserTurn = 4,
}

impl Form {
    const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Connected => Self::Connected,
            Kind::Turn => Self::Turn,
            Kind::Ended => Self::Ended,
        }
    }
}

/// The events of one chunk.
#[derive(Debug, Default)]
pub struct Batch {
    forms: Vec<u8>,
    text: Vec<u8>,
    /// Where each part of `text` ends, in UTF-16 units.
    ends: Vec<u32>,
    json: Vec<u8>,
    /// Where each item of `json` ends, and the place in `forms` of its event.
    items: Vec<(usize, usize)>,
    broken: Option<Kind>,
}

impl Batch {
    /// Empties it for the next chunk. It keeps its memory.
    pub fn clear(&mut self) {
        self.forms.clear();
        self.text.clear();
        self.ends.clear();
        self.json.clear();
        self.items.clear();
        self.broken = None;
    }

    /// Adds an event. One whose data cannot be JSON closes the batch: it and what follows are left out.
    pub fn push(&mut self, kind: Kind, data: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        if kind == Kind::Turn
            && let Some(turn) = turn::read(data, &mut self.text)
        {
            let content = self.ends.last().copied().unwrap_or(0) + turn.content;
            self.ends.extend_from_slice(&[content, content + turn.created_at]);
            let form = if turn.role == Role::Agent { Form::AgentTurn } else { Form::UserTurn };
            self.forms.push(form as u8);
        } else if stands_alone(data) {
            self.json.truncate(self.json_end());
            self.json.push(if self.items.is_empty() { b'[' } else { b',' });
            self.json.extend_from_slice(data);
            self.items.push((self.json.len(), self.forms.len()));
            self.forms.push(Form::of(kind) as u8);
        } else {
            self.broken = Some(kind);
        }
    }

    /// The `Form` of each event, in order.
    pub fn forms(&self) -> &[u8] {
        &self.forms
    }

    /// The text of the turns. It is UTF-8, and a byte order mark in it is text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Where each part of the text ends, in UTF-16 units: two for a turn, its content and its time.
    pub fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// A JSON array of the data of the other events, if all of it is JSON; empty if there are none. It is
    /// UTF-8 if the stream was.
    pub fn json(&mut self) -> &[u8] {
        if !self.items.is_empty() {
            self.json.truncate(self.json_end());
            self.json.push(b']');
        }
        &self.json
    }

    /// The items of the array, to be parsed one by one when it cannot be parsed as a whole.
    pub fn items(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.items.iter().map(move |(end, _)| {
            // One byte stands before each: the bracket or a comma.
            let item = self.json.get(start + 1..*end).unwrap_or_default();
            start = *end;
            item
        })
    }

    /// Closes the batch before the event of this item: the engine has found that it is not JSON.
    pub fn break_at(&mut self, item: usize) {
        let Some((_, place)) = self.items.get(item).copied() else { return };
        let form = self.forms.get(place).copied();
        self.forms.truncate(place);
        self.items.truncate(item);
        self.json.truncate(self.json_end());
        self.broken = Some(match form {
            Some(0) => Kind::Connected,
            Some(2) => Kind::Ended,
            _ => Kind::Turn,
        });
    }

    /// The kind of the event that closed the batch, because its data is not JSON.
    pub const fn broken(&self) -> Option<Kind> {
        self.broken
    }

    fn json_end(&self) -> usize {
        self.items.last().map_or(0, |(end, _)| *end)
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
