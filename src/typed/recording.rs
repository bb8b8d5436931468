//! The audio of a call and the picture of a message, through the class of the JavaScript face (`src/js/results/recording.js`):
//! bytes are copied into Rust's memory only on request.

use super::request::Sending;
use super::{AgentPhone, Error, RequestOptions};
use crate::client::direct::fault;
use crate::core::error::Code;
use crate::platform::promise_future;
use crate::platform::value::{get, text};
use js_sys::Uint8Array;
use std::future::IntoFuture;
use std::ops::{Bound, RangeBounds};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/results/recording.js")]
extern "C" {
    #[wasm_bindgen(js_name = Recording)]
    #[derive(Debug, Clone)]
    type Opened;
    #[wasm_bindgen(constructor, js_class = "Recording")]
    fn new(opened: &JsValue, signal: &JsValue, fail: &JsValue, most: &JsValue, what: &str) -> Opened;
    #[wasm_bindgen(method)]
    fn bytes(this: &Opened) -> JsValue;
    #[wasm_bindgen(method)]
    fn cancel(this: &Opened);
}

// `recording.js` imports it; wasm-bindgen copies only the files that Rust names into a front end.
#[wasm_bindgen(module = "/src/js/lib/file-name.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = fileNameIn)]
    fn file_name_in(header: &JsValue) -> JsValue;
}

/// A request for a file: a recording, or the picture of a message.
#[derive(Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct RecordingRequest {
    client: AgentPhone,
    operation: &'static str,
    id: String,
    options: RequestOptions,
    range: Option<String>,
}

// Not derived: the id belongs to the caller.
impl std::fmt::Debug for RecordingRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.operation)
    }
}

impl RecordingRequest {
    pub(super) fn new(client: &AgentPhone, operation: &'static str, id: &str) -> Self {
        let (client, id) = (client.clone(), id.to_owned());
        Self { client, operation, id, options: RequestOptions::new(), range: None }
    }

    /// With these options instead of the client's.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = options;
        self
    }

    /// Only these bytes, if the API can return a part.
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        let start = match bytes.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match bytes.end_bound() {
            Bound::Included(end) => end.to_string(),
            Bound::Excluded(after) => after.saturating_sub(1).to_string(),
            Bound::Unbounded => String::new(),
        };
        self.range = Some(format!("bytes={start}-{end}"));
        self
    }
}

impl IntoFuture for RecordingRequest {
    type Output = Result<Recording, Error>;
    type IntoFuture = Sending<Recording>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let options = self.options.clone();
            let options = match self.range.as_deref() {
                Some(range) => options.header("range", range),
                None => options,
            };
            let (operation, id) = (self.operation, JsValue::from_str(&self.id));
            let started = self.client.core().call(operation, &[&id], &JsValue::UNDEFINED, options.object());
            // tests/generated.rs checks that the table has this operation.
            let Some(promise) = started else {
                let note = "unknown operation";
                return Err(Error::of(fault(operation, Code::Internal, note, &JsValue::UNDEFINED)));
            };
            let opened = promise_future::of(&promise).await.map_err(Error::of)?;
            let fail = move |code: String, note: String, cause: JsValue| {
                fault(operation, Code::named(&code), &note, &cause)
            };
            let fail = Closure::<dyn Fn(String, String, JsValue) -> JsValue>::new(fail).into_js_value();
            let what = if operation == "calls.recording.get" { "recording" } else { "media file" };
            let signal = get(options.object(), "signal");
            Ok(Recording { opened: Opened::new(&opened, &signal, &fail, &JsValue::UNDEFINED, what) })
        })
    }
}

/// The audio of a call, or the picture of a message. Its bytes can be read once.
#[derive(Debug, Clone)]
pub struct Recording {
    opened: Opened,
}

impl Recording {
    /// Its media type, e.g. `audio/wav`.
    #[must_use]
    pub fn content_type(&self) -> String {
        text(&get(self.opened.as_ref(), "contentType")).unwrap_or_default()
    }

    /// Its file name, from the API.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        text(&get(self.opened.as_ref(), "fileName"))
    }

    /// Its length in bytes, if the API says so.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        let size = get(self.opened.as_ref(), "size").as_f64().filter(|size| *size >= 0.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        size.map(|size| size as u64)
    }

    /// All of it.
    pub async fn bytes(&self) -> Result<Vec<u8>, Error> {
        let bytes = promise_future::of(&self.opened.bytes()).await.map_err(Error::of)?;
        Ok(Uint8Array::new(&bytes).to_vec())
    }

    /// Its stream, a `ReadableStream`, for a player.
    #[must_use]
    pub fn stream(&self) -> JsValue {
        get(self.opened.as_ref(), "stream")
    }

    /// Cancels it.
    pub fn cancel(&self) {
        self.opened.cancel();
    }
}
