//! A live transcript: connects, reconnects after a cut, gives each turn once, and knows when to give up.
//! `src/js/results/transcript.js` asks for the chunks and makes an async iterable of it: a future a chunk would
//! cost more than reading what is in it.

use super::Returned;
use super::answer::Success;
use super::driver::Driver;
use super::settings::Settings;
use super::shared::Shared;
use super::{arguments, failure};
use crate::core::backoff;
use crate::core::error::{CallError, Code, in_words};
use crate::core::feed::Feed;
use crate::core::operation::Facts;
use crate::core::text::{joined, push_number};
use crate::core::{Millis, sse};
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::errors::{self, Report};
use crate::platform::events::{bytes_of, chunks_of, events_of};
use crate::platform::fetch::Exchange;
use crate::platform::host;
use crate::platform::promise::ApiPromise;
use crate::platform::task;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;

/// The longest event, in bytes: a turn is some sentences, and an endless one must not fill memory.
const LONGEST_EVENT: usize = 1 << 20;
/// The most turns: one for each second of a day and more. Each is remembered, and endless ones must not fill memory.
const MOST_TURNS: usize = 1 << 17;
/// Connections in a row that may fail or be cut before anything new has come.
const FRUITLESS: u32 = 5;
/// A connection that has lived so long was no failure, though nobody spoke.
const LONG_LIVED: Millis = 30_000;

/// The transcript of one call, while it is read.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct TranscriptSource(Rc<Source>);

#[wasm_bindgen]
impl TranscriptSource {
    /// Settles `promise` with a function that gives the chunks of a new connection, one promise each.
    #[wasm_bindgen(skip_typescript)]
    pub fn connect(&self, promise: ApiPromise) {
        let source = Rc::clone(&self.0);
        task::spawn(async move {
            match source.connect().await {
                Ok(chunks) => ApiPromise::fulfil(&promise, &chunks, &JsValue::UNDEFINED, 0, 0.0),
                Err(error) => ApiPromise::fail(&promise, &error),
            }
        });
    }

    /// Reads a chunk: the new events, an array; without any, true for a sign of life, or false.
    #[wasm_bindgen(skip_typescript)]
    pub fn take(&self, chunk: &JsValue) -> Returned<JsValue> {
        self.0.take(chunk)
    }

    /// True if the call has ended. Throws what is wrong with the stream, when the events before it have
    /// been given.
    #[wasm_bindgen(skip_typescript)]
    pub fn over(&self) -> Result<bool, JsValue> {
        self.0.over()
    }

    /// The connection has ended: true if the call has too, false if there is to be another; throws when
    /// patience is over.
    #[wasm_bindgen(skip_typescript)]
    pub fn cut(&self) -> Result<bool, JsValue> {
        self.0.cut()
    }

    /// Milliseconds left of `totalTimeout`; undefined for none.
    #[wasm_bindgen(skip_typescript)]
    pub fn left(&self) -> Option<f64> {
        #[allow(clippy::cast_precision_loss)]
        self.0.left().map(|left| left as f64)
    }

    /// The error of a stream that was aborted, or else had no time left.
    #[wasm_bindgen(skip_typescript)]
    pub fn stopped(&self, aborted: bool, reason: JsValue) -> Returned<JsValue> {
        Ok(if aborted { self.0.aborted(reason) } else { self.0.out_of_time() })
    }

    /// Tells the caller's hook of the error that the stream ends with.
    #[wasm_bindgen(skip_typescript)]
    pub fn tell(&self, error: &JsValue) {
        self.0.settings.tell_error(error);
    }

    /// Closes the connection.
    #[wasm_bindgen(skip_typescript)]
    pub fn close(&self) {
        drop(self.0.connection.borrow_mut().take());
    }
}

struct Source {
    shared: Rc<Shared>,
    operation: Facts,
    id: JsValue,
    options: JsValue,
    settings: Rc<Settings>,
    cancellation: RefCell<Cancellation>,
    began: Millis,
    feed: RefCell<Feed>,
    connection: RefCell<Option<Connection>>,
    connections: Cell<u32>,
    /// Connections in a row that brought nothing new.
    fruitless: Cell<u32>,
    /// How long the server wants to be left alone, as the last failed connection told.
    busy: Cell<Millis>,
    /// What is wrong with the stream, to be told after the events that came before it.
    wrong: RefCell<Option<JsValue>>,
    buffer: RefCell<Vec<u8>>,
}

struct Connection {
    _exchange: Exchange,
    chunks: Function,
    began: Millis,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.chunks.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("transcript")
    }
}

/// Checks the arguments.
pub(super) fn open(
    shared: &Rc<Shared>,
    operation: Facts,
    id: &JsValue,
    options: &JsValue,
) -> Result<TranscriptSource, JsValue> {
    let refused = |settings: &Settings, refusal| {
        let error = failure::refused(operation, &refusal);
        settings.tell_error(&error);
        error
    };
    let (settings, signal) =
        arguments::settings(shared, options).map_err(|refusal| refused(&shared.settings, refusal))?;
    arguments::prepare(&settings, None, operation, &[id], &JsValue::UNDEFINED)
        .map_err(|refusal| refused(&settings, refusal))?;
    Ok(TranscriptSource(Rc::new(Source {
        shared: Rc::clone(shared),
        operation,
        id: id.clone(),
        options: options.clone(),
        cancellation: RefCell::new(Cancellation::of(signal.as_ref())),
        settings,
        began: host::now(),
        feed: RefCell::new(Feed::new(LONGEST_EVENT)),
        connection: RefCell::default(),
        connections: Cell::new(0),
        fruitless: Cell::new(0),
        busy: Cell::new(0),
        wrong: RefCell::default(),
        buffer: RefCell::default(),
    })))
}

impl Source {
    fn take(&self, chunk: &JsValue) -> Result<JsValue, JsValue> {
        #[cfg(feature = "fault-for-tests")]
        crate::platform::fault::here("chunk");
        let Some(chunk) = bytes_of(chunk) else {
            let note = "a chunk of the stream is neither bytes nor text";
            return Err(self.error(Code::InvalidResponse, note, JsValue::UNDEFINED));
        };
        let mut buffer = self.buffer.borrow_mut();
        buffer.resize(usize::try_from(chunk.length()).unwrap_or(0), 0);
        chunk.copy_to(&mut buffer);
        let mut feed = self.feed.borrow_mut();
        let outcome = feed.push(&buffer);
        let events = events_of(feed.batch());
        if !events.is_undefined() {
            self.fruitless.set(0);
        }
        let wrong = if outcome == Err(sse::TooLong) {
            "an event of the stream is longer than 1 MiB".to_owned()
        } else if feed.batch().broken().is_some() {
            "an event of the stream is not JSON".to_owned()
        } else if feed.turns() > MOST_TURNS {
            "the transcript has more turns than any call".to_owned()
        } else if let Some(index) = feed.differs() {
            let mut note = "after a reconnection the transcript is another one, from turn ".to_owned();
            push_number(&mut note, u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1));
            note.push_str(" on");
            note
        } else if events.is_undefined() {
            return Ok(JsValue::from_bool(outcome == Ok(true)));
        } else {
            return Ok(events);
        };
        let error = self.error(Code::InvalidResponse, &wrong, JsValue::UNDEFINED);
        if events.is_undefined() {
            return Err(error);
        }
        // The events that came before it are given first.
        *self.wrong.borrow_mut() = Some(error);
        Ok(events)
    }

    fn over(&self) -> Result<bool, JsValue> {
        let wrong = self.wrong.borrow_mut().take();
        wrong.map_or_else(|| Ok(self.feed.borrow().ended()), Err)
    }

    fn cut(&self) -> Result<bool, JsValue> {
        let connection = self.connection.borrow_mut().take();
        if self.over()? {
            return Ok(true);
        }
        let lived = connection.map_or(0, |connection| host::now().saturating_sub(connection.began));
        if lived >= LONG_LIVED && self.settings.max_retries > 0 {
            self.fruitless.set(0);
            return Ok(false);
        }
        self.fruitless.set(self.fruitless.get().saturating_add(1));
        if self.patience_is_over() {
            let mut note = "the stream was cut or silent on all of the last ".to_owned();
            push_number(&mut note, u64::from(self.fruitless.get()));
            note.push_str(" connections");
            return Err(self.error(Code::Connection, &note, JsValue::UNDEFINED));
        }
        Ok(false)
    }

    fn left(&self) -> Option<Millis> {
        let total = self.settings.total_timeout?;
        Some(total.saturating_sub(host::now().saturating_sub(self.began)))
    }

    fn patience_is_over(&self) -> bool {
        let allowed = match self.settings.max_retries {
            0 => 0,
            retries => retries.max(FRUITLESS),
        };
        self.fruitless.get() > allowed
    }

    async fn connect(&self) -> Result<JsValue, JsValue> {
        let refused = |refusal| failure::refused(self.operation, &refusal);
        loop {
            let earlier = self.connections.get();
            if earlier > 0 {
                let asked = self.feed.borrow().retry().unwrap_or(0);
                let pause = backoff::delay(self.fruitless.get().max(1), host::chance()).max(asked);
                self.pause(pause.min(self.settings.max_retry_delay).max(self.busy.take())).await?;
            }
            let (settings, signal) = arguments::settings(&self.shared, &self.options).map_err(refused)?;
            let total_timeout = self.left().map(|left| left.max(1));
            let settings = Rc::new(Settings { total_timeout, ..(*settings).clone() });
            let prepared =
                arguments::prepare(&settings, signal, self.operation, &[&self.id], &JsValue::UNDEFINED)
                    .map_err(refused)?;
            self.connections.set(earlier.saturating_add(1));
            let mut driver = Driver::new(&self.shared, self.operation, prepared);
            let error = match driver.run().await {
                Ok(success) => return self.connected(success),
                Err(error) => error,
            };
            if self.left() == Some(0) {
                // Told as the time of the whole stream, not of the last request.
                return Err(self.out_of_time());
            }
            if !self.may_reconnect(&error, earlier) {
                return Err(driver.failure(&error));
            }
        }
    }

    /// Whether another connection is worth it after one that did not come about. What has begun is worth more
    /// patience than a first request.
    fn may_reconnect(&self, error: &CallError, earlier: u32) -> bool {
        let busy = error.retry_after.unwrap_or(0);
        self.busy.set(busy);
        self.fruitless.set(self.fruitless.get().saturating_add(1));
        earlier > 0
            && error.retryable
            && busy <= self.settings.max_retry_delay
            && !self.patience_is_over()
            && !self.cancellation.borrow().is_cancelled()
    }

    /// Waits, unless the stream is aborted or out of time before.
    async fn pause(&self, span: Millis) -> Result<(), JsValue> {
        let mut alarm = Alarm::default();
        let left = self.left();
        alarm.set(Some(host::now().saturating_add(left.map_or(span, |left| left.min(span)))));
        let cancelled = poll_fn(|context| {
            if self.cancellation.borrow_mut().poll(context) {
                return Poll::Ready(true);
            }
            if alarm.has_rung(context) { Poll::Ready(false) } else { Poll::Pending }
        })
        .await;
        if cancelled {
            let reason = self.cancellation.borrow().reason();
            return Err(self.aborted(reason));
        }
        if left.is_some_and(|left| left <= span) { Err(self.out_of_time()) } else { Ok(()) }
    }

    fn connected(&self, success: Success) -> Result<JsValue, JsValue> {
        let chunks = chunks_of(success.response.value());
        let (Some(chunks), Some(exchange)) = (chunks, success.exchange) else {
            let note = "the answer has no body that can be read as it comes";
            return Err(self.error(Code::InvalidResponse, note, JsValue::UNDEFINED));
        };
        if self.connections.get() > 1 {
            self.feed.borrow_mut().reconnect();
        }
        let connection = Connection { _exchange: exchange, chunks: chunks.clone(), began: host::now() };
        *self.connection.borrow_mut() = Some(connection);
        Ok(chunks.into())
    }

    fn aborted(&self, reason: JsValue) -> JsValue {
        self.error(Code::Aborted, "aborted by its signal", reason)
    }

    fn out_of_time(&self) -> JsValue {
        let span = in_words(self.settings.total_timeout.unwrap_or(0));
        let note = joined(&["the call did not end within totalTimeout (", &span, ")"]);
        self.error(Code::Timeout, &note, JsValue::UNDEFINED)
    }

    fn error(&self, code: Code, note: &str, cause: JsValue) -> JsValue {
        errors::make(&Report {
            row: self.operation.row,
            code: code.as_str(),
            note,
            retryable: code.is_retryable(),
            attempts: self.connections.get(),
            elapsed: host::now().saturating_sub(self.began),
            cause,
            ..Report::default()
        })
    }
}
