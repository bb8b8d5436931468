//! Follows a live transcript: performs the actions of its state machine (`core::transcript::stream`). It runs as a task
//! in the async context of the first read; `src/js/results/transcript.js` makes an async iterable of the events.

use super::answer::Success;
use super::arguments::{self, Arguments};
use super::driver::Driver;
use super::failure;
use super::settings::{Settings, millis};
use super::shared::Shared;
use crate::core::Millis;
use crate::core::operation::Facts;
use crate::core::transcript::stream::{Action, Event, IDLE, Policy, Problem, Stream};
use crate::platform::alarm::Alarm;
use crate::platform::cancellation::Cancellation;
use crate::platform::errors::{self, Report};
use crate::platform::events::{bytes_of, chunks_of, events_of};
use crate::platform::fetch::Exchange;
use crate::platform::in_flight;
use crate::platform::promise::ApiPromise;
use crate::platform::promise_future::{self, PromiseFuture};
use crate::platform::{host, task};
use js_sys::{Array, Function, Uint8Array};
use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// So many chunks, or bytes, are read before other work of the host gets its turn: a caller's own `fetch` may have the
/// next one ready each time.
const MOST_AT_ONCE: u32 = 256;
const MOST_BYTES_AT_ONCE: u32 = 1 << 20;
/// A longer chunk is read piece by piece: it is as long as its sender made it, and would fill the module's memory.
const PIECE: u32 = 1 << 16;

/// The reader's end of a transcript. Freed or collected, it closes the connection.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct TranscriptSource(Rc<Reader>);

#[wasm_bindgen]
impl TranscriptSource {
    /// Settles `promise` with an array of the next events, or with nothing after the last.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(&self, promise: ApiPromise) {
        self.0.asked.replace(Some(promise));
        self.0.knock();
    }
}

impl Drop for TranscriptSource {
    fn drop(&mut self) {
        self.0.left.set(true);
        self.0.knock();
    }
}

/// Messages of the reader to the task.
#[derive(Debug, Default)]
struct Reader {
    asked: RefCell<Option<ApiPromise>>,
    left: Cell<bool>,
    /// Wakes the task, in its own async context.
    wake: RefCell<Option<Function>>,
}

impl Reader {
    fn knock(&self) {
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Checks the arguments and starts the task. `idle`: milliseconds, infinite for none, not a number for the default.
pub(super) fn open(
    shared: &Rc<Shared>,
    operation: Facts,
    in_flight: &JsValue,
    ids: &JsValue,
    options: Option<&JsValue>,
    idle: f64,
) -> Result<TranscriptSource, JsValue> {
    let refused = |settings: &Settings, refusal| {
        let error = failure::refused(operation, &refusal);
        settings.emit_error(&error);
        error
    };
    let (settings, signal) =
        arguments::settings(shared, options).map_err(|refusal| refused(&shared.settings, refusal))?;
    let none = JsValue::UNDEFINED;
    arguments::prepare(
        &settings,
        None,
        operation,
        &Arguments { in_flight, ids, input: &none, options: None },
    )
    .map_err(|refusal| refused(&settings, refusal))?;
    let subject = Subject {
        shared: Rc::clone(shared),
        operation,
        in_flight: in_flight.clone(),
        ids: ids.clone(),
        settings,
    };
    let end = End {
        idle_timeout: if idle.is_nan() { Some(IDLE) } else { millis(idle) },
        signal: signal.as_ref(),
        settle_on_drop: Some(SettleOnDrop(in_flight.clone())),
    };
    Ok(spawn(subject, end))
}

/// Follows the transcript for a call that continues after it.
pub(super) fn follow(subject: Subject, signal: Option<&AbortSignal>) -> TranscriptSource {
    spawn(subject, End { idle_timeout: Some(IDLE), signal, settle_on_drop: None })
}

/// Which transcript is followed, and how.
pub(super) struct Subject {
    pub(super) shared: Rc<Shared>,
    pub(super) operation: Facts,
    pub(super) in_flight: JsValue,
    /// An array of the id of the call.
    pub(super) ids: JsValue,
    pub(super) settings: Rc<Settings>,
}

/// What ends a stream from outside, and what its end brings about.
struct End<'a> {
    idle_timeout: Option<Millis>,
    signal: Option<&'a AbortSignal>,
    settle_on_drop: Option<SettleOnDrop>,
}

fn spawn(subject: Subject, end: End<'_>) -> TranscriptSource {
    let settings = &subject.settings;
    let policy = Policy {
        idle_timeout: end.idle_timeout,
        total_timeout: settings.total_timeout,
        max_retries: settings.max_retries,
        max_retry_delay: settings.max_retry_delay,
    };
    let reader = Rc::new(Reader::default());
    let follower = Follower {
        subject,
        stream: Stream::new(policy, host::now()),
        reader: Rc::clone(&reader),
        woken: None,
        cancellation: Cancellation::of(end.signal),
        alarm: Alarm::default(),
        connection: None,
        given: Array::new(),
        failure: JsValue::UNDEFINED,
        at_once: (0, 0),
        rest: None,
        settle_on_drop: end.settle_on_drop,
    };
    task::spawn(follower.run());
    TranscriptSource(reader)
}

struct Follower {
    subject: Subject,
    stream: Stream,
    reader: Rc<Reader>,
    /// Resolves when the reader has a message.
    woken: Option<PromiseFuture>,
    cancellation: Cancellation,
    alarm: Alarm,
    connection: Option<Connection>,
    /// The events that were emitted last: those not yet read are taken back when the stream fails.
    given: Array,
    /// What the last connection failed with.
    failure: JsValue,
    /// Chunks and bytes since the host's other work had its turn.
    at_once: (u32, u32),
    /// What is left of the last chunk.
    rest: Option<Uint8Array>,
    /// Dropped with the stream.
    settle_on_drop: Option<SettleOnDrop>,
}

/// Settles the call in flight of a stream when the stream is dropped.
struct SettleOnDrop(JsValue);

impl Drop for SettleOnDrop {
    fn drop(&mut self) {
        in_flight::settled(&self.0);
    }
}

struct Connection {
    _exchange: Exchange,
    chunks: Function,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.chunks.call1(&JsValue::UNDEFINED, &JsValue::TRUE);
    }
}

impl Follower {
    async fn run(mut self) {
        let mut action = Action::Rest;
        loop {
            action = match action {
                Action::Rest => self.rest().await,
                Action::Connect => self.connect().await,
                Action::Pause => {
                    self.connection = None;
                    self.until_done(action, pending()).await.unwrap_or_else(|next| next)
                }
                Action::Read => self.read().await,
                Action::Give => self.give(),
                Action::End => return self.end(),
                Action::Fail(problem) => return self.fail(problem).await,
            }
        }
    }

    fn step(&mut self, event: Event<'_>) -> Action {
        let chance = if matches!(event, Event::Chunk(_)) { 0.0 } else { host::chance() };
        self.stream.step(event, host::now(), chance)
    }

    /// Waits for `future` as long as the machine continues with `action`; otherwise returns the new action.
    async fn until_done<T>(&mut self, action: Action, future: impl Future<Output = T>) -> Result<T, Action> {
        let mut future = pin!(future);
        loop {
            self.alarm.set_by(self.stream.deadline());
            let event = poll_fn(|context| match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Ok(output)),
                Poll::Pending => self.poll_interruption(context).map(Err),
            })
            .await;
            let next = match event {
                Ok(output) => return Ok(output),
                Err(event) => self.step(event),
            };
            if next != action {
                return Err(next);
            }
        }
    }

    /// What ends a wait for anything else.
    #[inline(never)]
    fn poll_interruption(&mut self, context: &mut Context<'_>) -> Poll<Event<'static>> {
        self.listen(context);
        if self.reader.left.get() {
            Poll::Ready(Event::Left)
        } else if self.cancellation.poll(context) {
            Poll::Ready(Event::Aborted)
        } else if self.alarm.has_rung(context) {
            Poll::Ready(Event::Woken)
        } else {
            Poll::Pending
        }
    }

    /// Wakes `context` when the reader has a message.
    fn listen(&mut self, context: &mut Context<'_>) {
        loop {
            let woken = self.woken.get_or_insert_with(|| {
                let (future, wake) = promise_future::deferred();
                self.reader.wake.replace(Some(wake));
                future
            });
            if Pin::new(woken).poll(context).is_pending() {
                return;
            }
            self.woken = None;
        }
    }

    async fn rest(&mut self) -> Action {
        if self.stream.has_ended() {
            self.connection = None;
            self.alarm.set(None);
        }
        let reader = Rc::clone(&self.reader);
        let asked =
            poll_fn(move |_| if reader.asked.borrow().is_some() { Poll::Ready(()) } else { Poll::Pending });
        match self.until_done(Action::Rest, asked).await {
            // A signal that has fired comes before what may have been read ahead.
            Ok(()) if self.cancellation.is_cancelled() => self.step(Event::Aborted),
            Ok(()) => self.step(Event::Asked),
            Err(next) => next,
        }
    }

    async fn connect(&mut self) -> Action {
        let total_timeout = self.stream.time_left(host::now()).map(|left| left.max(1));
        let Subject { shared, operation, in_flight, ids, settings } = &self.subject;
        let settings = Rc::new(Settings { total_timeout, ..(**settings).clone() });
        let none = JsValue::UNDEFINED;
        let given = Arguments { in_flight, ids, input: &none, options: None };
        let prepared = match arguments::prepare(&settings, None, *operation, &given) {
            Ok(prepared) => prepared,
            Err(refusal) => {
                self.failure = failure::refused(*operation, &refusal);
                return self.step(Event::Refused { retryable: false, retry_after: None });
            }
        };
        let mut driver = Driver::new(shared, *operation, prepared, host::now());
        match self.until_done(Action::Connect, driver.run()).await {
            Ok(Ok(success)) => self.connected(success),
            Ok(Err(error)) => {
                self.failure = driver.failure(&error);
                self.step(Event::Refused { retryable: error.retryable, retry_after: error.retry_after })
            }
            Err(next) => next,
        }
    }

    fn connected(&mut self, success: Success) -> Action {
        let (Some(chunks), Some(exchange)) = (chunks_of(success.response.value()), success.exchange) else {
            return self.step(Event::NoBody);
        };
        self.rest = None;
        self.connection = Some(Connection { _exchange: exchange, chunks });
        self.step(Event::Connected)
    }

    async fn read(&mut self) -> Action {
        let Some(Connection { chunks, .. }) = &self.connection else { return self.step(Event::Cut) };
        if self.at_once.0 >= MOST_AT_ONCE || self.at_once.1 >= MOST_BYTES_AT_ONCE {
            self.at_once = (0, 0);
            if let Err(next) =
                self.until_done(Action::Read, promise_future::of(&host::turn_of_the_loop())).await
            {
                return next;
            }
            return Action::Read;
        }
        if let Some(rest) = self.rest.take() {
            return self.take(&rest);
        }
        let chunk = promise_future::call(chunks);
        let read = match self.until_done(Action::Read, chunk).await {
            Ok(read) => read,
            Err(next) => return next,
        };
        // However it was cut.
        let Some(value) = read.ok().and_then(|read| value_of(&read)) else { return self.step(Event::Cut) };
        #[cfg(feature = "fault-for-tests")]
        crate::platform::fault::here("chunk");
        match bytes_of(&value) {
            Some(bytes) => self.take(&bytes),
            None => self.step(Event::NotBytes),
        }
    }

    /// Takes a piece of the bytes; the others are read next.
    fn take(&mut self, bytes: &Uint8Array) -> Action {
        let length = bytes.length();
        let end = length.min(PIECE);
        self.rest = (end < length).then(|| bytes.subarray(end, length));
        let (chunks, total) = self.at_once;
        self.at_once = (chunks.saturating_add(1), total.saturating_add(end));
        self.step(Event::Chunk(&bytes.subarray(0, end).to_vec()))
    }

    fn give(&mut self) -> Action {
        let events = events_of(self.stream.events());
        let next = self.step(Event::Given(usize::try_from(events.length()).unwrap_or(0)));
        if !matches!(next, Action::Fail(_)) {
            self.settle(&events);
            self.given = events;
        }
        next
    }

    fn settle(&self, with: &JsValue) {
        if let Some(promise) = self.reader.asked.take() {
            ApiPromise::fulfil(&promise, with, &JsValue::UNDEFINED, 0, 0.0);
        }
    }

    fn end(mut self) {
        self.connection = None;
        self.settle(&JsValue::UNDEFINED);
    }

    /// Fails the pending read or, if there is none, the next one.
    async fn fail(mut self, problem: Problem) {
        self.given.set_length(0);
        let error = self.error(problem);
        if let Some(SettleOnDrop(in_flight)) = &self.settle_on_drop {
            in_flight::failed(in_flight, &error);
        }
        self.connection = None;
        self.cancellation = Cancellation::default();
        self.alarm.set(None);
        self.settle_on_drop = None;
        poll_fn(|context| {
            self.listen(context);
            let asked = self.reader.left.get() || self.reader.asked.borrow().is_some();
            if asked { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        if self.reader.left.get() {
            return self.settle(&JsValue::UNDEFINED);
        }
        if let Some(promise) = self.reader.asked.take() {
            // First the promise, which sets the error's stack to that of the call.
            ApiPromise::fail(&promise, &error);
            self.subject.settings.emit_error(&error);
        }
    }

    fn error(&mut self, problem: Problem) -> JsValue {
        if problem == Problem::Refused {
            return std::mem::take(&mut self.failure);
        }
        let code = problem.code();
        errors::make(&Report {
            row: Some(self.subject.operation.row),
            code: code.as_str(),
            note: &problem.words(),
            retryable: code.is_retryable(),
            attempts: self.stream.connections(),
            elapsed: self.stream.elapsed(host::now()),
            cause: if problem == Problem::Aborted { self.cancellation.reason() } else { JsValue::UNDEFINED },
            ..Report::default()
        })
    }
}

/// The chunk that a body returned; none at its end.
fn value_of(read: &JsValue) -> Option<JsValue> {
    use crate::platform::value::get;
    if get(read, "done").is_truthy() { None } else { Some(get(read, "value")) }
}
