//! What a caller passed to a method, as what can be sent, or as an `INVALID_ARGUMENT` that names the field.
//! `src/js/input/arguments.js` checks and makes it, before anything leaves.

use super::options::{Note, parse};
use super::settings::{Settings, millis};
use super::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::operation::Facts;
use crate::platform::fetch::can_send;
use crate::platform::value::{absent, get, text};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/js/input/arguments.js")]
extern "C" {
    #[wasm_bindgen(js_name = prepare, catch)]
    fn prepared(
        row: u32,
        in_flight: &JsValue,
        settings: &JsValue,
        ids: &JsValue,
        input: &JsValue,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    type PreparedRequest;
    /// Not a number where there is none.
    #[wasm_bindgen(method, getter, structural)]
    fn longest(this: &PreparedRequest) -> f64;
}

// What `arguments.js` imports; wasm-bindgen copies into a front end the files that Rust names, and no other.
#[wasm_bindgen(module = "/src/js/input/checks.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = firstProblem)]
    fn first_problem(checks: &JsValue, input: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/input/any-path.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = idsIn)]
    fn ids_in(path: &str) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/lib/fields.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = kind)]
    fn kind(value: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/lib/field-names.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = FIELD_NAMES)]
    fn field_names();
}
#[wasm_bindgen(module = "/src/js/input/hints.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = strangersIn)]
    fn strangers_in(id: &str, input: &JsValue) -> JsValue;
}
#[wasm_bindgen(module = "/src/js/input/snapshot.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = snapshotOf)]
    fn snapshot_of(given: &JsValue, what: &str) -> JsValue;
}

/// What a caller passed to a method.
pub(crate) struct Arguments<'a> {
    /// How JavaScript knows the call, where a method of the client's made it.
    pub(crate) in_flight: &'a JsValue,
    /// An array of values for the ids, of which the path may take fewer.
    pub(crate) ids: &'a JsValue,
    /// The body or the query.
    pub(crate) input: &'a JsValue,
    pub(crate) options: Option<&'a JsValue>,
}

/// A request that can be sent.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) settings: Rc<Settings>,
    pub(crate) signal: Option<AbortSignal>,
    /// `Prepared` of `src/js/input/arguments.js`.
    pub(crate) request: JsValue,
    /// One attempt, its body included.
    pub(crate) timeout: Option<Millis>,
    /// All attempts, and the waits between them.
    pub(crate) total_timeout: Option<Millis>,
    pub(crate) replay: Replay,
}

impl Prepared {
    /// A request that was prepared for an earlier call.
    fn again(settings: &Rc<Settings>, signal: Option<AbortSignal>, request: JsValue) -> Self {
        Self {
            settings: Rc::clone(settings),
            signal,
            request,
            timeout: settings.timeout,
            total_timeout: settings.total_timeout,
            replay: settings.replay,
        }
    }

    /// If the API responds only when something else is over, an attempt and the call may take that long, unless the
    /// caller has limited them for this request.
    pub(super) fn allow_wait(&mut self, options: Option<&JsValue>) {
        let longest = millis(self.request.unchecked_ref::<PreparedRequest>().longest());
        let Some(longest) = longest else { return };
        let raise = |option, limit: Option<Millis>| {
            if options.is_none_or(|options| absent(&get(options, option))) {
                limit.map(|limit| limit.max(longest))
            } else {
                limit
            }
        };
        self.timeout = raise("timeout", self.timeout);
        self.total_timeout = raise("totalTimeout", self.total_timeout);
    }
}

/// What keeps a request from being sent.
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) note: Note,
    pub(crate) cause: JsValue,
}

/// The settings of one call: those of the client, or its own options laid over them.
pub(crate) fn settings(
    shared: &Shared,
    options: Option<&JsValue>,
) -> Result<(Rc<Settings>, Option<AbortSignal>), Refusal> {
    if !shared.settings.has_fetch && !can_send() {
        let note = "this runtime has no fetch: pass one as the option fetch of the client".to_owned();
        return Err(Refusal { code: "CONFIGURATION_ERROR", note, cause: JsValue::UNDEFINED });
    }
    let Some(options) = options else {
        return Ok((Rc::clone(&shared.settings), None));
    };
    match parse(options, Some(&shared.settings)) {
        Ok(settings) => {
            let signal = settings.signal();
            Ok((Rc::new(settings), signal))
        }
        Err(note) => Err(Refusal { code: "CONFIGURATION_ERROR", note, cause: JsValue::UNDEFINED }),
    }
}

/// Checks the arguments of one call, whose options are settings by now.
pub(crate) fn prepare(
    settings: &Rc<Settings>,
    signal: Option<AbortSignal>,
    operation: Facts,
    arguments: &Arguments<'_>,
) -> Result<Prepared, Refusal> {
    let Arguments { in_flight, ids, input, .. } = arguments;
    match prepared(operation.row, in_flight, &settings.options, ids, input) {
        Ok(request) => Ok(Prepared::again(settings, signal, request)),
        Err(thrown) => {
            let note = text(&thrown).or_else(|| text(&get(&thrown, "note"))).unwrap_or_default();
            Err(Refusal { code: "INVALID_ARGUMENT", note, cause: get(&thrown, "cause") })
        }
    }
}
