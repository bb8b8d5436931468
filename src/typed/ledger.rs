//! Ledgers in Rust: where a front end keeps what became of each idempotency key, if not in the client's memory. The
//! client drives a JavaScript object with four methods (`src/js/ledger/ledger.d.ts`); this file makes one of a `Ledger`.

use crate::platform::value::{get, set};
use js_sys::{Array, Error as JsError, JSON, Object, Promise};
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;

/// What a ledger keeps of one key.
#[derive(Clone, PartialEq)]
pub struct LedgerEntry {
    /// The key: 1 to 512 characters without U+0000.
    pub key: String,
    /// Changed by each write, and used only once. A ledger compares it and never interprets it.
    pub stamp: String,
    /// True while it is not known what became of the request. `open` lists such entries, and `prune` keeps them.
    pub open: bool,
    /// Milliseconds since 1970: the order of `open`, and the age for `prune`.
    pub at: f64,
    /// JSON text, which a ledger stores and returns unchanged.
    pub value: String,
}

/// One change of a write.
#[derive(Clone, PartialEq)]
pub struct LedgerChange {
    /// The key whose entry is written.
    pub key: String,
    /// The stamp that must be the current one; `None` if there must be no entry.
    pub was: Option<String>,
    /// What replaces the entry, under the same key; `None` deletes it.
    pub entry: Option<LedgerEntry>,
}

// Not derived: keys and values are the caller's.
impl fmt::Debug for LedgerEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LedgerEntry").field("open", &self.open).field("at", &self.at).finish_non_exhaustive()
    }
}

impl fmt::Debug for LedgerChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LedgerChange").field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// A page of open entries.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerPage {
    /// Entries to return at most, 1 or more.
    pub limit: usize,
    /// `at` and key of the last entry of the page before; entries up to this place are left out.
    pub after: Option<(f64, String)>,
}

/// Why a ledger did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerErrorCode {
    /// The store cannot be reached or does not respond. A write may or may not have been made.
    Unavailable,
    /// A permission or a setting is missing.
    Configuration,
    /// Another release wrote the store, which was left untouched.
    Version,
}

/// A failure of a ledger. The message becomes part of the client's errors: it must contain no key and no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerError {
    /// What kind of failure it is.
    pub code: LedgerErrorCode,
    /// What happened, and what to do.
    pub message: String,
}

impl LedgerError {
    /// The store cannot be reached.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { code: LedgerErrorCode::Unavailable, message: message.into() }
    }

    fn into_js(self) -> JsValue {
        let code = match self.code {
            LedgerErrorCode::Unavailable => "LEDGER_UNAVAILABLE",
            LedgerErrorCode::Configuration => "LEDGER_CONFIGURATION",
            LedgerErrorCode::Version => "LEDGER_VERSION",
        };
        let error = JsError::new(&self.message);
        error.set_name("LedgerError");
        set(&error, "code", &code.into());
        error.into()
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LedgerError {}

/// A durable store with compare-and-set, in which the client keeps what became of each idempotency key: one of your own
/// for [`Options::ledger`](super::Options::ledger). `docs/ledger.md` says what a store must be able to do.
///
/// The client waits at most 30 s for each method.
// A JavaScript host has one thread: no future has to be `Send`.
#[allow(async_fn_in_trait)]
pub trait Ledger: 'static {
    /// The entries of these keys as of one moment, in the order of `keys`; `None` for a key without one.
    async fn read(&self, keys: Vec<String>) -> Result<Vec<Option<LedgerEntry>>, LedgerError>;

    /// Makes all of these changes, or none of them: `false` if one `was` is not the current stamp. No key appears twice. What is
    /// written is durable before the future resolves. After an error the changes may or may not have been made.
    async fn write(&self, changes: Vec<LedgerChange>) -> Result<bool, LedgerError>;

    /// Open entries, by `at`, and those of one `at` by key in an order that never changes.
    async fn open(&self, page: LedgerPage) -> Result<Vec<LedgerEntry>, LedgerError>;

    /// Deletes all entries that are not open and whose `at` is before this time; returns their number.
    async fn prune(&self, older_than: f64) -> Result<usize, LedgerError>;
}

impl<L: Ledger> Ledger for Rc<L> {
    async fn read(&self, keys: Vec<String>) -> Result<Vec<Option<LedgerEntry>>, LedgerError> {
        (**self).read(keys).await
    }

    async fn write(&self, changes: Vec<LedgerChange>) -> Result<bool, LedgerError> {
        (**self).write(changes).await
    }

    async fn open(&self, page: LedgerPage) -> Result<Vec<LedgerEntry>, LedgerError> {
        (**self).open(page).await
    }

    async fn prune(&self, older_than: f64) -> Result<usize, LedgerError> {
        (**self).prune(older_than).await
    }
}

/// The JavaScript object of a ledger, for a client of the JavaScript face in the same page. It lives as long as JavaScript
/// refers to it.
pub fn ledger_object(ledger: impl Ledger) -> JsValue {
    let ledger = Rc::new(ledger);
    let object = Object::new();
    // Arguments are read before anything is awaited: they are the caller's, who may change them.
    method(&object, "read", &ledger, |ledger, keys| {
        let keys = Array::from(&keys).iter().filter_map(|key| key.as_string()).collect();
        async move {
            let entries = ledger.read(keys).await?;
            let entry = |entry: &Option<LedgerEntry>| entry.as_ref().map_or(JsValue::UNDEFINED, js_of);
            Ok(entries.iter().map(entry).collect::<Array>().into())
        }
    });
    method(&object, "write", &ledger, |ledger, changes| {
        let changes = Array::from(&changes).iter().map(|change| change_in(&change)).collect();
        async move { Ok(ledger.write(changes).await?.into()) }
    });
    method(&object, "open", &ledger, |ledger, page| {
        let after = get(&page, "after");
        let after = after.is_object().then(|| (time(&get(&after, "at")), text(&after, "key")));
        let page = LedgerPage { limit: limit_in(&page), after };
        async move { Ok(ledger.open(page).await?.iter().map(js_of).collect::<Array>().into()) }
    });
    method(&object, "prune", &ledger, |ledger, options| {
        let older_than = time(&get(&options, "olderThan"));
        async move { Ok(u32::try_from(ledger.prune(older_than).await?).unwrap_or(u32::MAX).into()) }
    });
    object.into()
}

/// A method of the object: a function of one argument that returns a promise.
fn method<L: Ledger, F: Future<Output = Result<JsValue, LedgerError>> + 'static>(
    object: &Object,
    name: &str,
    ledger: &Rc<L>,
    work: impl Fn(Rc<L>, JsValue) -> F + 'static,
) {
    let ledger = Rc::clone(ledger);
    let call = move |argument: JsValue| -> Promise {
        let done = work(Rc::clone(&ledger), argument);
        future_to_promise(async move { done.await.map_err(LedgerError::into_js) })
    };
    set(object, name, &Closure::<dyn Fn(JsValue) -> Promise>::new(call).into_js_value());
}

fn js_of(entry: &LedgerEntry) -> JsValue {
    let object = Object::new();
    set(&object, "key", &entry.key.as_str().into());
    set(&object, "stamp", &entry.stamp.as_str().into());
    set(&object, "open", &entry.open.into());
    set(&object, "at", &entry.at.into());
    // What is not JSON was not written by the client, which then reports that it does not understand the entry.
    set(&object, "value", &JSON::parse(&entry.value).unwrap_or(JsValue::NULL));
    object.into()
}

fn change_in(change: &JsValue) -> LedgerChange {
    let (key, entry) = (text(change, "key"), get(change, "entry"));
    let entry = entry.is_object().then(|| LedgerEntry {
        key: key.clone(),
        stamp: text(&entry, "stamp"),
        open: get(&entry, "open").is_truthy(),
        at: time(&get(&entry, "at")),
        value: JSON::stringify(&get(&entry, "value")).map(String::from).unwrap_or_default(),
    });
    LedgerChange { key, was: get(change, "was").as_string(), entry }
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

/// Milliseconds since 1970; a date is the time that it means.
fn time(value: &JsValue) -> f64 {
    value.dyn_ref::<js_sys::Date>().map_or_else(|| value.as_f64().unwrap_or_default(), js_sys::Date::get_time)
}

/// A positive number, which the client keeps small.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn limit_in(page: &JsValue) -> usize {
    get(page, "limit").as_f64().unwrap_or(1.0) as usize
}
