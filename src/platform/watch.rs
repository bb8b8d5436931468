//! Awaits a JavaScript promise. `JsFuture` does the same with two wasm closures a promise, each with a
//! finalizer, and asserts on thenables that settle at once. Here one closure serves all promises of
//! the thread; it is told which of them has settled. A promise that settles after its future was dropped, or
//! twice, is ignored.

use js_sys::Function;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

type Settled = Result<JsValue, JsValue>;

#[wasm_bindgen(module = "/src/js/state/promise.js")]
extern "C" {
    #[wasm_bindgen(js_name = watch)]
    fn watch_promise(promise: &JsValue, settle: &JsValue, place: u32, round: u32);
    #[wasm_bindgen(js_name = watchCall)]
    fn watch_call(begin: &Function, settle: &JsValue, place: u32, round: u32);
}

#[wasm_bindgen(module = "/src/js/lib/wakeup.js")]
extern "C" {
    #[wasm_bindgen(js_name = deferred)]
    fn watch_deferred(settle: &JsValue, place: u32, round: u32) -> Function;
}

// `transcript.js` imports it; wasm-bindgen copies into a front end the files that Rust names, and no other.
#[wasm_bindgen(module = "/src/js/runtime/instance.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = recover)]
    fn recover();
}

/// One promise that somebody waits for.
#[derive(Default)]
struct Slot {
    /// Told apart from those that used this place before.
    round: u32,
    taken: bool,
    settled: Option<Settled>,
    waker: Option<Waker>,
}

struct Slots {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots { slots: Vec::new(), free: Vec::new() }) };
    static SETTLE: JsValue = Closure::<dyn Fn(u32, u32, bool, JsValue)>::new(settle).into_js_value();
}

impl Slots {
    fn get(&mut self, place: u32) -> Option<&mut Slot> {
        self.slots.get_mut(usize::try_from(place).ok()?)
    }

    fn take(&mut self) -> (u32, u32) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        let round = self.get(place).map_or(0, |slot| {
            slot.taken = true;
            slot.round
        });
        (place, round)
    }

    fn free(&mut self, place: u32) -> Option<Slot> {
        let slot = self.get(place)?;
        let next = Slot { round: slot.round.wrapping_add(1), ..Slot::default() };
        let used = std::mem::replace(slot, next);
        self.free.push(place);
        Some(used)
    }
}

fn settle(place: u32, round: u32, ok: bool, value: JsValue) {
    #[cfg(feature = "fault-for-tests")]
    crate::platform::fault::here("reaction");
    let waker = SLOTS.with_borrow_mut(|slots| {
        let slot = slots.get(place).filter(|slot| slot.taken && slot.round == round)?;
        slot.settled.get_or_insert(if ok { Ok(value) } else { Err(value) });
        slot.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A promise as a future; see the head of this file.
#[must_use = "a promise that nobody awaits tells nobody of its failure"]
pub(crate) struct Watch {
    place: u32,
}

/// Waits for a promise, or for what `Promise.resolve` makes of any other value.
pub(crate) fn watch(value: &JsValue) -> Watch {
    Watch::start(|settle, place, round| watch_promise(value, settle, place, round))
}

/// Waits for the next microtask, and goes on in the async context of whoever called this.
pub(crate) fn turn() -> Watch {
    Watch::start(|settle, place, round| watch_promise(&JsValue::UNDEFINED, settle, place, round))
}

/// A promise of one's own, and the function that resolves it: whoever calls that has nothing of the waiter's run
/// on its own stack, in its own async context.
pub(crate) fn deferred() -> (Watch, Function) {
    let mut resolve = None;
    let watch = Watch::start(|settle, place, round| resolve = Some(watch_deferred(settle, place, round)));
    (watch, resolve.unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into()))
}

/// Calls `begin`, which may throw, and waits for what it gives.
pub(crate) fn call(begin: &Function) -> Watch {
    Watch::start(|settle, place, round| watch_call(begin, settle, place, round))
}

impl Watch {
    /// Waits for whatever `begin` has told to the function, the place and the round that it is given.
    pub(crate) fn start(begin: impl FnOnce(&JsValue, u32, u32)) -> Self {
        let (place, round) = SLOTS.with_borrow_mut(Slots::take);
        SETTLE.with(|settle| begin(settle, place, round));
        Self { place }
    }
}

impl Future for Watch {
    type Output = Settled;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Settled> {
        SLOTS.with_borrow_mut(|slots| {
            let Some(slot) = slots.get(self.place) else { return Poll::Pending };
            if let Some(settled) = slot.settled.take() {
                #[cfg(feature = "fault-for-tests")]
                crate::platform::fault::here("await");
                return Poll::Ready(settled);
            }
            slot.waker = Some(context.waker().clone());
            Poll::Pending
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Out of the borrow before what it held is dropped.
        let used = SLOTS.with_borrow_mut(|slots| slots.free(self.place));
        drop(used);
    }
}
