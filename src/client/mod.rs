//! The client: its options, the one loop that sends every request, hooks and log. Decisions are
//! `core`'s, contact with the host is `platform`'s.

mod accounts;
mod answer;
mod arguments;
#[cfg(feature = "typed")]
pub(crate) mod direct;
mod driver;
mod effects;
mod failure;
mod observe;
mod observers;
mod options;
mod rate_limits;
mod send;
mod settings;
mod shared;
mod transcript;
mod wait;

use crate::core::Millis;
use crate::platform::host;
use crate::platform::promise::ApiPromise;
use crate::platform::value::absent;
use crate::resources;
use arguments::Arguments;
use js_sys::Array;
use shared::Shared;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The return type of every export that returns a JavaScript value. None of them fails; but a function of the
/// module whose one result is a reference brings V8 down (Node 20, "unreachable code" in the
/// deoptimizer) when its caller is deoptimized during the call. With a `Result` wasm-bindgen gives
/// several values, and V8 does not inline such a call. `tests/node/engine.test.mjs` watches over it.
pub(crate) type Returned<T> = Result<T, JsValue>;

/// The client as the module exports it. `src/js/client/client.js` makes of it, and of [`table`], the class
/// that users construct.
#[wasm_bindgen(skip_typescript)]
#[derive(Debug)]
pub struct Client {
    shared: Rc<Shared>,
}

#[wasm_bindgen]
impl Client {
    /// Makes a client and checks its options; throws `ConfigurationError`, naming the option, for a
    /// missing key, a wrong value or an unknown name.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        #[cfg(feature = "fault-for-tests")]
        crate::platform::fault::here("new");
        Ok(Self { shared: Rc::new(Shared::new(options)?) })
    }

    /// The same client for another sub-account, or for the master account.
    #[wasm_bindgen(js_name = withSubAccount, skip_typescript)]
    pub fn with_sub_account(&self, id: &JsValue) -> Result<Client, JsValue> {
        Ok(Self { shared: Rc::new(self.shared.with_sub_account(id)?) })
    }

    /// Starts the operation of a row of the table. What comes of it, wrong arguments included, settles
    /// `promise`. `in_flight`: the call as JavaScript knows it; `began`: when it began.
    #[allow(clippy::too_many_arguments, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    #[wasm_bindgen(skip_typescript)]
    pub fn start(
        &self,
        row: u32,
        in_flight: &JsValue,
        began: f64,
        promise: ApiPromise,
        ids: &JsValue,
        input: &JsValue,
        options: Option<JsValue>,
    ) {
        #[cfg(feature = "fault-for-tests")]
        crate::platform::fault::here("start");
        if let Some(operation) = resources::row(row) {
            let given = Arguments { in_flight, ids, input, options: options.as_ref() };
            send::start(&self.shared, operation, &given, began as Millis, promise);
        }
    }

    /// Waits for a call (`wait.rs`); its result settles `promise`. `ask` and `follow`: the rows of its requests.
    #[allow(clippy::too_many_arguments)]
    #[wasm_bindgen(skip_typescript)]
    pub fn wait(
        &self,
        ask: u32,
        follow: u32,
        in_flight: &JsValue,
        promise: ApiPromise,
        ids: &JsValue,
        options: Option<JsValue>,
        until: &JsValue,
    ) {
        if let (Some(ask), Some(follow)) = (resources::row(ask), resources::row(follow)) {
            let input = &JsValue::UNDEFINED;
            let given = Arguments { in_flight, ids, input, options: options.as_ref() };
            wait::start(&self.shared, (ask, follow), promise, &given, until);
        }
    }

    /// `client.effects` and `client.settle` (`effects/manage.rs`); what comes of it settles `promise`. `asked`: a method and
    /// what it is passed.
    #[wasm_bindgen(skip_typescript)]
    pub fn effects(&self, in_flight: &JsValue, asked: &Array, promise: ApiPromise, options: &JsValue) {
        effects::Management::start(&self.shared, in_flight, asked, promise, options);
    }

    /// Begins to follow a transcript (`transcript.rs`).
    #[wasm_bindgen(skip_typescript)]
    pub fn transcript(
        &self,
        row: u32,
        in_flight: &JsValue,
        ids: &JsValue,
        options: Option<JsValue>,
        idle: f64,
    ) -> Result<transcript::TranscriptSource, JsValue> {
        let operation = resources::row(row).ok_or(JsValue::UNDEFINED)?;
        transcript::open(&self.shared, operation, in_flight, ids, options.as_ref(), idle)
    }
}

impl Client {
    /// Starts an operation by its id, for callers in Rust: `ids` fill its path. `None` if there is no
    /// such operation.
    pub fn call(
        &self,
        operation: &str,
        ids: &[&JsValue],
        input: &JsValue,
        options: &JsValue,
    ) -> Option<ApiPromise> {
        let operation = resources::named(operation)?;
        let promise = ApiPromise::pending();
        let ids: Array = ids.iter().collect();
        let options = Some(options).filter(|options| !absent(options));
        let given = Arguments { in_flight: &JsValue::UNDEFINED, ids: &ids, input, options };
        send::start(&self.shared, operation, &given, host::now(), promise.clone());
        Some(promise)
    }
}

/// The table of operations, a line each (`core::table`).
pub fn table() -> &'static str {
    resources::table()
}

/// The same for JavaScript.
#[wasm_bindgen(js_name = table, skip_typescript)]
pub fn table_in_javascript() -> Returned<JsValue> {
    Ok(JsValue::from_str(resources::table()))
}
