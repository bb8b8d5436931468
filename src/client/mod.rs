//! The client: its options, the one loop that sends every request, hooks and log. Decisions are
//! `core`'s, contact with the host is `platform`'s.

mod accounts;
mod answer;
mod arguments;
#[cfg(feature = "typed")]
pub(crate) mod direct;
mod driver;
mod failure;
mod observe;
mod options;
mod rate_limits;
mod send;
mod settings;
mod shared;
mod transcript;

use crate::platform::promise::ApiPromise;
use crate::resources;
use shared::Shared;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What every export gives that gives a JavaScript value. None of them fails; but a function of the
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
    /// `promise`.
    #[wasm_bindgen(skip_typescript)]
    pub fn start(
        &self,
        row: u32,
        promise: ApiPromise,
        first: &JsValue,
        second: &JsValue,
        input: &JsValue,
        options: &JsValue,
    ) {
        #[cfg(feature = "fault-for-tests")]
        crate::platform::fault::here("start");
        if let Some(operation) = resources::row(row) {
            send::start(&self.shared, operation, &[first, second], input, options, promise);
        }
    }

    /// Begins to follow a transcript (`transcript.rs`).
    #[wasm_bindgen(skip_typescript)]
    pub fn transcript(
        &self,
        row: u32,
        id: &JsValue,
        options: &JsValue,
    ) -> Result<transcript::TranscriptSource, JsValue> {
        let operation = resources::row(row).ok_or(JsValue::UNDEFINED)?;
        transcript::open(&self.shared, operation, id, options)
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
        send::start(&self.shared, operation, ids, input, options, promise.clone());
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
