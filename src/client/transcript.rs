//! A live transcript: connects, reads, reconnects after a cut or a silence, and gives each turn once.
//! The caller pulls; between two pulls nothing is read, so that a slow caller slows the server down
//! instead of filling memory. `src/js/transcript.js` makes an async iterable of it.

use super::arguments;
use super::hooks::Hook;
use super::options::millis_in_words;
use super::send::{Call, place};
use super::settings::Settings;
use super::shared::Shared;
use crate::core::backoff;
use crate::core::feed::Feed;
use crate::core::message;
use crate::core::operation::Operation;
use crate::core::text::push_number;
use crate::core::{Millis, sse};
use crate::platform::errors::{self, Circumstances};
use crate::platform::events::{bytes_of, chunks_of, events_of};
use crate::platform::fetch::Exchange;
use crate::platform::host;
use crate::platform::interrupt::{Interrupt, Stop};
use crate::platform::promise::ApiPromise;
use crate::platform::timer;
use crate::platform::value::get;
use crate::platform::watch::watch;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// The longest event, in bytes: a turn is some sentences, and an endless one must not fill memory.
const LONGEST_EVENT: usize = 1 << 20;
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
    /// Settles `promise` with the next events, an array, or with undefined after the last.
    #[wasm_bindgen(skip_typescript)]
    pub fn pull(&self, promise: ApiPromise) {
        let source = Rc::clone(&self.0);
        spawn_local(async move {
            match source.pull().await {
                Ok(events) => ApiPromise::fulfil(&promise, &events, &JsValue::UNDEFINED, 0, 0.0),
                Err(error) => {
                    source.close();
                    if !source.left.get() {
                        source.tell(&error);
                    }
                    ApiPromise::fail(&promise, &error);
                }
            }
        });
    }

    /// Closes the connection. `left`: because the caller wants no more, which is no failure.
    #[wasm_bindgen(skip_typescript)]
    pub fn close(&self, left: bool) {
        self.0.left.set(left);
        self.0.close();
    }
}

struct Source {
    shared: Rc<Shared>,
    operation: &'static Operation,
    id: JsValue,
    options: JsValue,
    settings: Rc<Settings>,
    interrupt: Interrupt,
    /// The caller wants no more.
    left: Cell<bool>,
    /// How long a connection may be silent.
    idle: Option<Millis>,
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
    next: Function,
    began: Millis,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.next.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("transcript")
    }
}

/// Checks the arguments; the first pull connects. `idle`: milliseconds, or none.
pub(super) fn open(
    shared: &Rc<Shared>,
    operation: &'static Operation,
    id: &JsValue,
    options: &JsValue,
    idle: Option<Millis>,
) -> Result<TranscriptSource, JsValue> {
    let refused = |settings: &Settings, refusal| {
        let error = super::send::refused(operation, &refusal);
        settings.hooks.call(Hook::Error, &settings.log, || error.clone());
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
        interrupt: Interrupt::new(signal.as_ref(), settings.total_timeout),
        settings,
        left: Cell::new(false),
        idle,
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
    fn close(&self) {
        drop(self.connection.borrow_mut().take());
    }

    async fn pull(&self) -> Result<JsValue, JsValue> {
        let mut heard = host::now();
        loop {
            if let Some(stop @ Stop::Aborted(_)) = self.interrupt.raised() {
                return Err(self.stopped(stop));
            }
            if let Some(wrong) = self.wrong.borrow_mut().take() {
                return Err(wrong);
            }
            if self.feed.borrow().ended() {
                self.close();
                return Ok(JsValue::UNDEFINED);
            }
            let next = self.connection.borrow().as_ref().map(|connection| connection.next.clone());
            let Some(next) = next else {
                self.connect().await?;
                heard = host::now();
                continue;
            };
            match self.chunk(&next, heard).await? {
                None => self.cut()?,
                Some(chunk) => {
                    let (alive, events) = self.take(&chunk);
                    if alive {
                        heard = host::now();
                    }
                    if !events.is_undefined() {
                        self.fruitless.set(0);
                        return Ok(events);
                    }
                }
            }
        }
    }

    /// The next chunk; nothing if the connection has been cut or is silent.
    async fn chunk(&self, next: &Function, heard: Millis) -> Result<Option<JsValue>, JsValue> {
        // The clock of the last chunk may have rung while that chunk came.
        self.interrupt.forget_attempt();
        let silent = host::now().saturating_sub(heard);
        let _clock = self.interrupt.attempt(self.idle.map(|idle| idle.saturating_sub(silent)));
        let Ok(promise) = next.call0(&JsValue::UNDEFINED) else { return Ok(None) };
        match self.interrupt.race(watch(&promise)).await {
            Ok(Ok(read)) if !get(&read, "done").is_truthy() => Ok(Some(get(&read, "value"))),
            Ok(_) => match self.interrupt.raised() {
                // The connection broke because the caller closed it.
                Some(stop @ Stop::Aborted(_)) => Err(self.stopped(stop)),
                _ => Ok(None),
            },
            Err(Stop::AttemptTime) => {
                self.interrupt.forget_attempt();
                Ok(None)
            }
            Err(stop) => Err(self.stopped(stop)),
        }
    }

    /// Reads a chunk: whether the server has shown life, and the new events.
    fn take(&self, chunk: &JsValue) -> (bool, JsValue) {
        let Some(chunk) = bytes_of(chunk) else {
            let note = "a chunk of the stream is neither bytes nor text";
            *self.wrong.borrow_mut() = Some(self.error("INVALID_RESPONSE", note, JsValue::UNDEFINED));
            return (true, JsValue::UNDEFINED);
        };
        let mut buffer = self.buffer.borrow_mut();
        buffer.resize(usize::try_from(chunk.length()).unwrap_or(0), 0);
        chunk.copy_to(&mut buffer);
        let mut feed = self.feed.borrow_mut();
        let outcome = feed.push(&buffer);
        let events = events_of(feed.batch());
        let wrong = if outcome == Err(sse::TooLong) {
            "an event of the stream is longer than 1 MiB".to_owned()
        } else if feed.batch().broken().is_some() {
            "an event of the stream is not JSON".to_owned()
        } else if let Some(index) = feed.differs() {
            let mut note = "after a reconnection the transcript is another one, from turn ".to_owned();
            push_number(&mut note, u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1));
            note.push_str(" on");
            note
        } else {
            return (outcome == Ok(true), events);
        };
        *self.wrong.borrow_mut() = Some(self.error("INVALID_RESPONSE", &wrong, JsValue::UNDEFINED));
        (true, events)
    }

    /// The connection has ended before the call has.
    fn cut(&self) -> Result<(), JsValue> {
        let connection = self.connection.borrow_mut().take();
        let lived = connection.map_or(0, |connection| host::now().saturating_sub(connection.began));
        if lived >= LONG_LIVED && self.settings.max_retries > 0 {
            self.fruitless.set(0);
            return Ok(());
        }
        self.fruitless.set(self.fruitless.get().saturating_add(1));
        if self.patience_is_over() {
            let mut note = "the stream was cut or silent on all of the last ".to_owned();
            push_number(&mut note, u64::from(self.fruitless.get()));
            note.push_str(" connections");
            return Err(self.error("CONNECTION_ERROR", &note, JsValue::UNDEFINED));
        }
        Ok(())
    }

    fn patience_is_over(&self) -> bool {
        let allowed = match self.settings.max_retries {
            0 => 0,
            retries => retries.max(FRUITLESS),
        };
        self.fruitless.get() > allowed
    }

    async fn connect(&self) -> Result<(), JsValue> {
        let earlier = self.connections.get();
        if earlier > 0 {
            let asked = self.feed.borrow().retry().unwrap_or(0);
            let pause = backoff::delay(self.fruitless.get().max(1), host::chance()).max(asked);
            let pause = pause.min(self.settings.max_retry_delay).max(self.busy.take());
            self.interrupt.race(timer::sleep(pause)).await.map_err(|stop| self.stopped(stop))?;
        }
        let (settings, signal) = arguments::settings(&self.shared, &self.options)
            .map_err(|refusal| super::send::refused(self.operation, &refusal))?;
        let left = settings.total_timeout.map(|total| {
            let used = host::now().saturating_sub(self.began);
            total.saturating_sub(used).max(1)
        });
        let settings = Rc::new(Settings { total_timeout: left, ..(*settings).clone() });
        let prepared =
            arguments::prepare(&settings, signal, self.operation, &[&self.id], &JsValue::UNDEFINED)
                .map_err(|refusal| super::send::refused(self.operation, &refusal))?;
        let mut call = Call::new(&self.shared, self.operation, prepared);
        self.connections.set(earlier.saturating_add(1));
        match call.outcome().await {
            Ok(success) => {
                let next = chunks_of(success.response.value());
                let (Some(next), Some(exchange)) = (next, success.exchange) else {
                    let note = "the answer has no body that can be read as it comes";
                    return Err(self.error("INVALID_RESPONSE", note, JsValue::UNDEFINED));
                };
                if earlier > 0 {
                    self.feed.borrow_mut().reconnect();
                }
                let connection = Connection { _exchange: exchange, next, began: host::now() };
                *self.connection.borrow_mut() = Some(connection);
                Ok(())
            }
            // What has begun is worth more patience than a first request.
            // Told as the time of the whole stream, not of the last request.
            Err(_) if self.time_is_over() => Err(self.stopped(Stop::TotalTime)),
            // What has begun is worth more patience than a first request.
            Err(error) if earlier > 0 && get(&error, "retryable").is_truthy() => {
                self.fruitless.set(self.fruitless.get().saturating_add(1));
                let wait = get(&error, "retryAfter").as_f64().unwrap_or(0.0) * 1000.0;
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                self.busy.set(wait as Millis);
                let over = self.patience_is_over() || self.busy.get() > self.settings.max_retry_delay;
                if over { Err(error) } else { Ok(()) }
            }
            Err(error) => Err(error),
        }
    }

    fn time_is_over(&self) -> bool {
        let used = host::now().saturating_sub(self.began);
        self.settings.total_timeout.is_some_and(|total| used >= total)
    }

    fn tell(&self, error: &JsValue) {
        let settings = &self.settings;
        settings.hooks.call(Hook::Error, &settings.log, || error.clone());
    }

    fn stopped(&self, stop: Stop) -> JsValue {
        match stop {
            Stop::Aborted(reason) => self.error("ABORTED", "aborted by its signal", reason),
            Stop::AttemptTime | Stop::TotalTime => {
                let span = self.settings.total_timeout.unwrap_or(0);
                let note =
                    ["the call did not end within totalTimeout (", &millis_in_words(span), ")"].concat();
                self.error("TIMEOUT", &note, JsValue::UNDEFINED)
            }
        }
    }

    fn error(&self, code: &str, note: &str, cause: JsValue) -> JsValue {
        let mut report = message::own(code, self.operation.id, note, false);
        report.retryable = matches!(code, "CONNECTION_ERROR" | "TIMEOUT");
        let circumstances = Circumstances {
            attempts: self.connections.get(),
            elapsed: host::now().saturating_sub(self.began),
            place: Some(place(self.operation)),
            cause,
            ..Circumstances::default()
        };
        errors::make(&report, &circumstances)
    }
}

/// Milliseconds that a caller gave for silence: a number above 0, or null for none.
pub(super) fn idle(given: &JsValue) -> Result<Option<Millis>, String> {
    if given.is_undefined() {
        return Ok(Some(45_000));
    }
    super::options::span("idleTimeout", given)
}
