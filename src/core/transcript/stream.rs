//! The life of a live transcript as a state machine. It takes events and returns the next action; it never waits,
//! connects or reads itself, so every order of events can be tested in milliseconds (`stream_tests.rs`).
//!
//! ```text
//!  Rest ─► Connect ─► Read ─► Give ─► Rest …
//!             ▲         │
//!             └─ Pause ◄┘ (cut or silent)      ─► End, Fail from anywhere
//! ```
//!
//! It owns all time limits: `totalTimeout` from the first read on, `idleTimeout` while a reader waits for the server, and
//! the pauses between connections. [`Stream::deadline`] says when the next of them is up; the driver then sends
//! [`Event::Woken`].

use super::replay::{Kind, Replay, Transcript};
use super::sse::Decoder;
use crate::core::error::{Code, in_words};
use crate::core::text::{joined, push_number};
use crate::core::{Millis, backoff};
use memchr::memchr;

/// Default for the milliseconds without a sign of life; the API sends one every 15 s.
pub const IDLE: Millis = 45_000;
/// The longest event, in bytes: a turn is a few sentences, and an endless one must not fill the memory.
const LONGEST_EVENT: usize = 1 << 20;
/// The most turns, one for each second of a day and more: each is remembered.
const MOST_TURNS: usize = 1 << 17;
/// Connections in a row that may fail or be cut before anything new arrives.
const FRUITLESS: u32 = 5;
/// A connection that lasted this long did not fail, even if nothing was said.
const LONG_LIVED: Millis = 30_000;

/// What governs a stream.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// How long a connection may show no sign of life while it is read.
    pub idle_timeout: Option<Millis>,
    /// For all of it.
    pub total_timeout: Option<Millis>,
    /// 0: one connection.
    pub max_retries: u32,
    /// The longest pause that is accepted.
    pub max_retry_delay: Millis,
}

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// The caller reads.
    Asked,
    /// A connection is open.
    Connected,
    /// A connection could not be opened.
    Refused {
        /// Another one may succeed.
        retryable: bool,
        /// How long the server asks to wait.
        retry_after: Option<Millis>,
    },
    /// The response has no body that can be read as it comes.
    NoBody,
    /// Bytes of the connection.
    Chunk(&'a [u8]),
    /// A chunk that is neither bytes nor text.
    NotBytes,
    /// The connection has ended, for whatever reason.
    Cut,
    /// The number of emitted events that are JSON; the next one is not.
    Given(usize),
    /// Time has passed.
    Woken,
    /// The caller's signal fired.
    Aborted,
    /// The caller stopped reading.
    Left,
}

/// What to do next. The same action again means: continue with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the stream continues only if the action is performed"]
pub enum Action {
    /// Wait until the caller reads.
    Rest,
    /// Open a connection.
    Connect,
    /// Close the connection and wait.
    Pause,
    /// Read a chunk of the connection.
    Read,
    /// Pass [`Stream::events`] to the reader.
    Give,
    /// There is nothing more to read.
    End,
    /// The stream has failed.
    Fail(Problem),
}

/// Why a stream has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The error of the last connection says why.
    Refused,
    /// The caller's signal fired.
    Aborted,
    /// `totalTimeout` is over.
    OutOfTime(Millis),
    /// This many connections in a row were cut or silent.
    Cut(u32),
    /// The response has no body that can be read as it comes.
    NoBody,
    /// A chunk is neither bytes nor text.
    NotBytes,
    /// An event is too long.
    TooLong,
    /// An event is not JSON.
    NotJson,
    /// More turns than any call has.
    TooManyTurns,
    /// A replay differs from the turn at this index on.
    Differs(usize),
}

impl Problem {
    /// The code of the error.
    pub const fn code(self) -> Code {
        match self {
            Self::Refused => Code::Refused,
            Self::Aborted => Code::Aborted,
            Self::OutOfTime(_) => Code::Timeout,
            Self::Cut(_) => Code::Connection,
            Self::NoBody
            | Self::NotBytes
            | Self::TooLong
            | Self::NotJson
            | Self::TooManyTurns
            | Self::Differs(_) => Code::InvalidResponse,
        }
    }

    /// In words; empty if the error of the last connection has them.
    pub fn words(self) -> String {
        let number = |before, number, after| {
            let mut digits = String::new();
            push_number(&mut digits, u64::try_from(number).unwrap_or(u64::MAX));
            joined(&[before, &digits, after])
        };
        match self {
            Self::Refused => String::new(),
            Self::Aborted => "aborted by its signal".to_owned(),
            Self::OutOfTime(span) => {
                joined(&["the call did not end within totalTimeout (", &in_words(span), ")"])
            }
            Self::Cut(times) => number(
                "the stream was cut or silent on all of the last ",
                usize::try_from(times).unwrap_or(usize::MAX),
                " connections",
            ),
            Self::NoBody => "the response has no body that can be streamed".to_owned(),
            Self::NotBytes => "a chunk of the stream is neither bytes nor text".to_owned(),
            Self::TooLong => "an event of the stream is longer than 1 MiB".to_owned(),
            Self::NotJson => "an event of the stream is not JSON".to_owned(),
            Self::TooManyTurns => "the transcript has more turns than any call".to_owned(),
            Self::Differs(index) => number(
                "after a reconnection the transcript is another one, from turn ",
                index.saturating_add(1),
                " on",
            ),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Resting,
    Connecting,
    /// Until that time.
    Pausing(Millis),
    Reading,
    Giving,
    Over,
}

/// One live transcript.
#[derive(Debug)]
pub struct Stream {
    policy: Policy,
    state: State,
    began: Millis,
    decoder: Decoder,
    transcript: Transcript,
    /// The events that the last chunk completed, one per line: its name, a space, its data.
    events: Vec<u8>,
    /// How many events these are.
    new: usize,
    /// What is wrong with the stream, to be reported after the events before it.
    problem: Option<Problem>,
    /// When this connection began, while there is one.
    connected: Option<Millis>,
    /// The last sign of life, or when the reader began to wait.
    heard: Millis,
    connections: u32,
    /// Connections in a row that brought nothing new.
    fruitless: u32,
    /// The wait that the server has asked for.
    busy: Millis,
    /// The pause between connections that the stream has asked for.
    retry: Option<Millis>,
}

impl Stream {
    /// A stream that is read for the first time now.
    pub fn new(policy: Policy, now: Millis) -> Self {
        Self {
            policy,
            state: State::Resting,
            began: now,
            decoder: Decoder::new(LONGEST_EVENT),
            transcript: Transcript::default(),
            events: Vec::new(),
            new: 0,
            problem: None,
            connected: None,
            heard: now,
            connections: 0,
            fruitless: 0,
            busy: 0,
            retry: None,
        }
    }

    /// Connections that were tried.
    pub const fn connections(&self) -> u32 {
        self.connections
    }

    /// Milliseconds since the first read.
    pub const fn elapsed(&self, now: Millis) -> Millis {
        now.saturating_sub(self.began)
    }

    /// What is left of `totalTimeout`.
    pub fn time_left(&self, now: Millis) -> Option<Millis> {
        Some(self.policy.total_timeout?.saturating_sub(self.elapsed(now)))
    }

    /// The events to emit, one per line: name, space and data, in which line feeds have become carriage returns. Both are
    /// white space in JSON, and a stream has no carriage returns of its own.
    pub fn events(&self) -> &[u8] {
        &self.events
    }

    /// True once the end has arrived, even if the caller has yet to read it: the connection is no longer needed.
    pub const fn has_ended(&self) -> bool {
        self.transcript.ended()
    }

    /// When [`Event::Woken`] is due.
    pub fn deadline(&self) -> Option<Millis> {
        if self.has_ended() || self.state == State::Over {
            return None;
        }
        let own = match self.state {
            State::Reading => self.policy.idle_timeout.map(|idle| self.heard.saturating_add(idle)),
            State::Pausing(until) => Some(until),
            _ => None,
        };
        let total = self.policy.total_timeout.map(|total| self.began.saturating_add(total));
        own.into_iter().chain(total).min()
    }

    /// Takes an event and returns the next action. `chance` is in [0, 1).
    pub fn step(&mut self, event: Event<'_>, now: Millis, chance: f64) -> Action {
        if self.state == State::Over {
            return Action::End;
        }
        match event {
            Event::Left => return self.end(),
            Event::Aborted => return self.fail(Problem::Aborted),
            _ => {}
        }
        if let Some(total) = self.policy.total_timeout
            && !self.has_ended()
            && self.elapsed(now) >= total
        {
            return self.fail(Problem::OutOfTime(total));
        }
        match (self.state, event) {
            (State::Resting, Event::Asked) => self.asked(now, chance),
            (State::Connecting, Event::Connected) => self.connected(now),
            (State::Connecting, Event::Refused { retryable, retry_after }) => {
                self.refused(retryable, retry_after.unwrap_or(0), now, chance)
            }
            (State::Connecting, Event::NoBody) => self.fail(Problem::NoBody),
            (State::Pausing(until), Event::Woken) if now >= until => self.connect(),
            (State::Reading, Event::Chunk(chunk)) => self.chunk(chunk, now),
            (State::Reading, Event::NotBytes) => self.fail(Problem::NotBytes),
            (State::Reading, Event::Cut) => self.cut(now, chance),
            (State::Reading, Event::Woken) if self.is_silent(now) => self.cut(now, chance),
            (State::Giving, Event::Given(events)) => self.given(events),
            _ => self.going_on(),
        }
    }

    /// What is under way.
    const fn going_on(&self) -> Action {
        match self.state {
            State::Resting => Action::Rest,
            State::Connecting => Action::Connect,
            State::Pausing(_) => Action::Pause,
            State::Reading => Action::Read,
            State::Giving => Action::Give,
            State::Over => Action::End,
        }
    }

    fn go(&mut self, state: State) -> Action {
        self.state = state;
        self.going_on()
    }

    fn end(&mut self) -> Action {
        self.go(State::Over)
    }

    fn fail(&mut self, problem: Problem) -> Action {
        self.state = State::Over;
        Action::Fail(problem)
    }

    fn asked(&mut self, now: Millis, chance: f64) -> Action {
        if let Some(problem) = self.problem {
            return self.fail(problem);
        }
        if self.has_ended() {
            return self.end();
        }
        // Nothing was read for a while because the caller was busy; the server was not silent.
        self.heard = now;
        match self.connected {
            Some(_) => self.go(State::Reading),
            None if self.connections == 0 => self.connect(),
            None => self.pause(now, chance),
        }
    }

    fn connect(&mut self) -> Action {
        self.connections = self.connections.saturating_add(1);
        self.go(State::Connecting)
    }

    /// A new connection: an unfinished event is dropped, and what was emitted before is not emitted again.
    fn connected(&mut self, now: Millis) -> Action {
        self.decoder = Decoder::new(LONGEST_EVENT);
        self.transcript.reconnect();
        self.connected = Some(now);
        self.heard = now;
        self.go(State::Reading)
    }

    /// A stream that has begun deserves more patience than a first request.
    fn refused(&mut self, retryable: bool, busy: Millis, now: Millis, chance: f64) -> Action {
        self.busy = busy;
        self.fruitless = self.fruitless.saturating_add(1);
        let again = self.connections > 1
            && retryable
            && busy <= self.policy.max_retry_delay
            && !self.patience_is_over();
        if again { self.pause(now, chance) } else { self.fail(Problem::Refused) }
    }

    fn pause(&mut self, now: Millis, chance: f64) -> Action {
        let asked_for = self.retry.unwrap_or(0);
        let pause = backoff::delay(self.fruitless.max(1), chance).max(asked_for);
        let pause = pause.min(self.policy.max_retry_delay).max(std::mem::take(&mut self.busy));
        self.go(State::Pausing(now.saturating_add(pause)))
    }

    fn chunk(&mut self, chunk: &[u8], now: Millis) -> Action {
        self.events.clear();
        self.new = 0;
        let (transcript, events, new) = (&mut self.transcript, &mut self.events, &mut self.new);
        let mut differs = None;
        let read = self.decoder.push(chunk, |event| {
            let Some(kind) = Kind::of(event.name) else { return };
            match transcript.judge(kind, event.data) {
                Replay::Give => {
                    *new += 1;
                    write(events, kind, event.data);
                }
                Replay::Skip => {}
                Replay::Differs(index) => differs = differs.or(Some(index)),
            }
        });
        self.retry = self.decoder.retry().or(self.retry);
        self.problem = if read.is_err() {
            Some(Problem::TooLong)
        } else if self.transcript.turns() > MOST_TURNS {
            Some(Problem::TooManyTurns)
        } else {
            differs.map(Problem::Differs)
        };
        match self.problem {
            _ if self.new > 0 => {
                self.fruitless = 0;
                self.go(State::Giving)
            }
            Some(problem) => self.fail(problem),
            None => {
                if read == Ok(true) {
                    self.heard = now;
                }
                // Checked here too: if every chunk is available at once, no timer gets to run.
                if self.is_silent(now) { self.cut(now, 0.0) } else { Action::Read }
            }
        }
    }

    fn given(&mut self, events: usize) -> Action {
        if events < self.new {
            self.problem = Some(Problem::NotJson);
        }
        match self.problem {
            Some(problem) if events == 0 => self.fail(problem),
            _ => self.go(State::Resting),
        }
    }

    fn is_silent(&self, now: Millis) -> bool {
        self.policy.idle_timeout.is_some_and(|idle| now.saturating_sub(self.heard) >= idle)
    }

    fn cut(&mut self, now: Millis, chance: f64) -> Action {
        let lived = self.connected.take().map_or(0, |began| now.saturating_sub(began));
        if lived >= LONG_LIVED && self.policy.max_retries > 0 {
            self.fruitless = 0;
            return self.pause(now, chance);
        }
        self.fruitless = self.fruitless.saturating_add(1);
        if self.patience_is_over() {
            return self.fail(Problem::Cut(self.fruitless));
        }
        self.pause(now, chance)
    }

    fn patience_is_over(&self) -> bool {
        let allowed = match self.policy.max_retries {
            0 => 0,
            retries => retries.max(FRUITLESS),
        };
        self.fruitless > allowed
    }
}

fn write(events: &mut Vec<u8>, kind: Kind, data: &[u8]) {
    if !events.is_empty() {
        events.push(b'\n');
    }
    events.extend_from_slice(kind.name().as_bytes());
    events.push(b' ');
    let mut rest = data;
    while let Some((line, more)) = memchr(b'\n', rest).and_then(|end| rest.split_at_checked(end)) {
        events.extend_from_slice(line);
        events.push(b'\r');
        rest = more.get(1..).unwrap_or_default();
    }
    events.extend_from_slice(rest);
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "stream_tests.rs"]
mod tests;
