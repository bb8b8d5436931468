//! A live transcript. The stream of the JavaScript face (`src/js/results/transcript.js`) connects, reads and
//! reconnects; here its events get their types.

use super::read::read;
use super::{AgentPhone, Error, RequestOptions, TranscriptStreamEvent};
use crate::client::direct::fault;
use crate::platform::promise_future::{self, PromiseFuture};
use crate::platform::value::get;
use futures_core::Stream;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/results/transcript.js")]
extern "C" {
    #[wasm_bindgen(js_name = TranscriptStream)]
    #[derive(Debug)]
    type Events;
    #[wasm_bindgen(constructor, js_class = "TranscriptStream")]
    fn new(open: &JsValue, signal: &JsValue) -> Events;
    #[wasm_bindgen(method)]
    fn next(this: &Events) -> JsValue;
    #[wasm_bindgen(method, js_name = "return")]
    fn leave(this: &Events) -> JsValue;
}

// `transcript.js` imports it; wasm-bindgen copies only the files that Rust names into a front end.
#[wasm_bindgen(module = "/src/js/lib/iterator.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = disposable)]
    fn disposable(target: &JsValue);
}
#[wasm_bindgen(module = "/src/js/lib/turns.js")]
extern "C" {
    #[allow(dead_code)]
    type Turns;
    #[allow(dead_code)]
    #[wasm_bindgen(constructor)]
    fn new() -> Turns;
}

/// What is said in a call, live. The first read connects; dropping it closes the connection.
#[must_use = "a transcript is followed when its events are asked for"]
pub struct TranscriptStream {
    client: AgentPhone,
    call: JsValue,
    options: RequestOptions,
    /// Milliseconds; not a number for the default.
    idle: f64,
    events: Option<Events>,
    /// A pending read, kept so that a future dropped before it is done loses no event.
    reading: Option<PromiseFuture>,
    over: bool,
}

impl TranscriptStream {
    pub(super) fn new(client: &AgentPhone, call: &str) -> Self {
        Self {
            client: client.clone(),
            call: call.into(),
            options: RequestOptions::new(),
            idle: f64::NAN,
            events: None,
            reading: None,
            over: false,
        }
    }

    /// With these options instead of the client's, from the first read on. `timeout` is for the head of
    /// each response, `total_timeout` for the whole stream.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    /// How long a connection may be silent before it is replaced; `None` for ever. Default:
    /// 45 s; the API sends a sign of life every 15 s.
    pub fn idle_timeout(mut self, span: impl Into<Option<Duration>>) -> Self {
        self.idle = span.into().map_or(f64::INFINITY, |span| span.as_secs_f64() * 1000.0);
        self
    }

    /// The next event; `None` after the last, and after an error. A future that is dropped
    /// before it is done loses no event.
    pub async fn next(&mut self) -> Option<Result<TranscriptStreamEvent, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn begin(&self) -> Events {
        let core = self.client.core().clone();
        let (call, options, idle) = (self.call.clone(), self.options.clone(), self.idle);
        let open = Closure::once_into_js(move || -> Result<JsValue, JsValue> {
            core.follow(&call, options.object(), idle).map(JsValue::from)
        });
        Events::new(&open, &get(self.options.object(), "signal"))
    }

    fn read(result: Result<JsValue, JsValue>) -> Option<Result<TranscriptStreamEvent, Error>> {
        let step = match result {
            Ok(step) if get(&step, "done").is_truthy() => return None,
            Ok(step) => step,
            Err(error) => return Some(Err(Error::of(error))),
        };
        let wrong = |note: String| {
            Error::of(fault(
                "calls.transcript.stream",
                crate::core::error::Code::InvalidResponse,
                &note,
                &JsValue::UNDEFINED,
            ))
        };
        Some(read(get(&step, "value")).map_err(wrong))
    }
}

impl Stream for TranscriptStream {
    type Item = Result<TranscriptStreamEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if self.events.is_none() {
            self.events = Some(self.begin());
        }
        if self.reading.is_none() {
            self.reading = self.events.as_ref().map(|events| promise_future::of(&events.next()));
        }
        let Some(reading) = self.reading.as_mut() else { return Poll::Ready(None) };
        let result = ready!(Pin::new(reading).poll(context));
        self.reading = None;
        let event = Self::read(result);
        self.over = !matches!(event, Some(Ok(_)));
        Poll::Ready(event)
    }
}

impl Drop for TranscriptStream {
    fn drop(&mut self) {
        if let Some(events) = &self.events {
            let _ = events.leave();
        }
    }
}

// Not derived: the options may contain the key.
impl std::fmt::Debug for TranscriptStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TranscriptStream")
    }
}
