//! Awaits a JavaScript promise. `JsFuture` does the same with two wasm closures per promise, each with a finalizer, and
//! asserts on thenables that settle at once. Here one closure serves all promises of the thread; its arguments say
//! which of them has settled. A promise that settles twice, or after its future was dropped, is ignored. A request settles
//! the same way, with its response, so that reading this costs no further calls.

use js_sys::Function;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

type Settled = Result<JsValue, JsValue>;

/// What a request has led to (`src/js/http/request.js`). A promise has no status and no response.
pub(crate) struct Landed {
    pub(crate) result: Settled,
    /// Not a number if there is no response.
    pub(crate) status: f64,
    pub(crate) response: JsValue,
}

#[wasm_bindgen(module = "/src/js/state/promise.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenSettled)]
    fn when_settled(promise: &JsValue, settle: &JsValue, index: u32, generation: u32);
    #[wasm_bindgen(js_name = whenCallSettles)]
    fn when_call_settles(begin: &Function, settle: &JsValue, index: u32, generation: u32);
}

#[wasm_bindgen(module = "/src/js/lib/wakeup.js")]
extern "C" {
    #[wasm_bindgen(js_name = deferred)]
    fn new_deferred(settle: &JsValue, index: u32, generation: u32) -> Function;
}

// `transcript.js` imports it; wasm-bindgen copies only the files that Rust names into a front end.
#[wasm_bindgen(module = "/src/js/runtime/instance.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = recover)]
    fn recover();
}

/// One awaited promise.
#[derive(Default)]
struct Entry {
    /// Distinguishes this promise from those that used the entry before.
    generation: u32,
    taken: bool,
    settled: Option<Landed>,
    waker: Option<Waker>,
}

struct Slab {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

thread_local! {
    static SLAB: RefCell<Slab> = const { RefCell::new(Slab { entries: Vec::new(), free: Vec::new() }) };
    static SETTLE: JsValue = Closure::<dyn Fn(u32, u32, bool, JsValue, f64, JsValue)>::new(settle).into_js_value();
}

impl Slab {
    fn get(&mut self, index: u32) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(index).ok()?)
    }

    fn take(&mut self) -> (u32, u32) {
        let index = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry::default());
            u32::try_from(self.entries.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        let generation = self.get(index).map_or(0, |entry| {
            entry.taken = true;
            entry.generation
        });
        (index, generation)
    }

    fn free(&mut self, index: u32) -> Option<Entry> {
        let entry = self.get(index)?;
        let next = Entry { generation: entry.generation.wrapping_add(1), ..Entry::default() };
        let used = std::mem::replace(entry, next);
        self.free.push(index);
        Some(used)
    }
}

fn settle(index: u32, generation: u32, ok: bool, value: JsValue, status: f64, response: JsValue) {
    #[cfg(feature = "fault-for-tests")]
    crate::platform::fault::here("reaction");
    let waker = SLAB.with_borrow_mut(|slab| {
        let entry = slab.get(index).filter(|entry| entry.taken && entry.generation == generation)?;
        let result = if ok { Ok(value) } else { Err(value) };
        entry.settled.get_or_insert(Landed { result, status, response });
        entry.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A promise as a future; see the head of this file.
#[must_use = "the failure of a promise that is not awaited goes unnoticed"]
pub(crate) struct PromiseFuture {
    index: u32,
}

/// Waits for a promise, or for what `Promise.resolve` makes of any other value.
pub(crate) fn of(value: &JsValue) -> PromiseFuture {
    PromiseFuture::start(|settle, index, generation| when_settled(value, settle, index, generation))
}

/// Waits for the next microtask and resumes in the async context of the caller.
pub(crate) fn microtask() -> PromiseFuture {
    PromiseFuture::start(|settle, index, generation| {
        when_settled(&JsValue::UNDEFINED, settle, index, generation)
    })
}

/// A new promise and the function that resolves it. Calling that runs nothing of the waiter on the caller's stack or
/// in the caller's async context.
pub(crate) fn deferred() -> (PromiseFuture, Function) {
    let mut resolve = None;
    let future = PromiseFuture::start(|settle, index, generation| {
        resolve = Some(new_deferred(settle, index, generation))
    });
    (future, resolve.unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into()))
}

/// Calls `begin`, which may throw, and awaits what it returns.
pub(crate) fn call(begin: &Function) -> PromiseFuture {
    PromiseFuture::start(|settle, index, generation| when_call_settles(begin, settle, index, generation))
}

impl PromiseFuture {
    /// Waits until the function passed to `begin` is called with the index and generation passed along.
    pub(crate) fn start(begin: impl FnOnce(&JsValue, u32, u32)) -> Self {
        let (index, generation) = SLAB.with_borrow_mut(Slab::take);
        SETTLE.with(|settle| begin(settle, index, generation));
        Self { index }
    }

    /// Polls it with all that a request tells.
    pub(crate) fn poll_landed(&mut self, context: &mut Context<'_>) -> Poll<Landed> {
        SLAB.with_borrow_mut(|slab| {
            let Some(entry) = slab.get(self.index) else { return Poll::Pending };
            if let Some(settled) = entry.settled.take() {
                #[cfg(feature = "fault-for-tests")]
                crate::platform::fault::here("await");
                return Poll::Ready(settled);
            }
            entry.waker = Some(context.waker().clone());
            Poll::Pending
        })
    }
}

impl Future for PromiseFuture {
    type Output = Settled;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Settled> {
        self.poll_landed(context).map(|landed| landed.result)
    }
}

impl Drop for PromiseFuture {
    fn drop(&mut self) {
        // Ends the borrow before the contents are dropped.
        let used = SLAB.with_borrow_mut(|slab| slab.free(self.index));
        drop(used);
    }
}
