//! Listens to the caller's `AbortSignal`. One signal is often shared by a thousand requests; a
//! listener for each of them makes Node warn of a leak and costs a walk at every removal. So each
//! signal has one listener here, and it is removed when the last request that uses it has settled.

use super::value::get;
use js_sys::Map;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

type Callback = Box<dyn FnOnce(JsValue)>;

/// The one listener of a signal and those who wait behind it.
struct Hub {
    signal: AbortSignal,
    listener: Closure<dyn FnMut()>,
    waiting: Vec<(u64, Callback)>,
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ =
            self.signal.remove_event_listener_with_callback("abort", self.listener.as_ref().unchecked_ref());
    }
}

struct Hubs {
    /// From signal to its number in `by_number`: a JavaScript map, because it compares by identity.
    numbers: Option<Map>,
    by_number: Vec<(u64, Hub)>,
    next: u64,
}

thread_local! {
    static HUBS: RefCell<Hubs> =
        const { RefCell::new(Hubs { numbers: None, by_number: Vec::new(), next: 0 }) };
}

/// A place behind a signal; dropping it gives the place up.
#[must_use = "a dropped subscription hears nothing"]
pub(crate) struct Subscription {
    hub: u64,
    place: u64,
}

/// Calls `callback` with the signal's reason when it aborts. The signal must not be aborted yet.
pub(crate) fn subscribe(signal: &AbortSignal, callback: impl FnOnce(JsValue) + 'static) -> Subscription {
    let (subscription, listener) = HUBS.with_borrow_mut(|hubs| {
        hubs.next = hubs.next.wrapping_add(1);
        let place = hubs.next;
        let (number, listener) = hubs.number_of(signal);
        if let Some(hub) = hubs.hub(number) {
            hub.waiting.push((place, Box::new(callback)));
        }
        (Subscription { hub: number, place }, listener)
    });
    // Outside the borrow: a signal that is no real one may call back at once.
    if let Some(listener) = listener {
        let _ = signal.add_event_listener_with_callback("abort", listener.unchecked_ref());
    }
    subscription
}

impl Hubs {
    /// The number of a signal's hub and, for a new one, the listener that is still to be added.
    fn number_of(&mut self, signal: &AbortSignal) -> (u64, Option<JsValue>) {
        let numbers = self.numbers.get_or_insert_with(Map::new);
        if let Some(number) = known(numbers, signal) {
            return (number, None);
        }
        self.next = self.next.wrapping_add(1);
        let number = self.next;
        let listener = Closure::new(move || fire(number));
        let function = listener.as_ref().clone();
        #[allow(clippy::cast_precision_loss)]
        numbers.set(signal, &JsValue::from_f64(number as f64));
        self.by_number.push((number, Hub { signal: signal.clone(), listener, waiting: Vec::new() }));
        (number, Some(function))
    }

    fn hub(&mut self, number: u64) -> Option<&mut Hub> {
        self.by_number.iter_mut().find(|(n, _)| *n == number).map(|(_, hub)| hub)
    }

    fn remove(&mut self, number: u64) -> Option<Hub> {
        let place = self.by_number.iter().position(|(n, _)| *n == number)?;
        let (_, hub) = self.by_number.swap_remove(place);
        if let Some(numbers) = &self.numbers {
            numbers.delete(&hub.signal);
        }
        Some(hub)
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn known(numbers: &Map, signal: &AbortSignal) -> Option<u64> {
    numbers.get(signal).as_f64().map(|number| number as u64)
}

fn fire(number: u64) {
    #[cfg(feature = "fault-for-tests")]
    crate::platform::fault::here("abort");
    // Out of the borrow before anyone is called: a callback may drop its own subscription.
    let Some(mut hub) = HUBS.with_borrow_mut(|hubs| hubs.remove(number)) else { return };
    let reason = get(&hub.signal, "reason");
    for (_, callback) in std::mem::take(&mut hub.waiting) {
        callback(reason.clone());
    }
    // This runs inside the hub's own listener, which must not be freed while it runs.
    wasm_bindgen_futures::spawn_local(async move { drop(hub) });
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let empty = HUBS.with_borrow_mut(|hubs| {
            let hub = hubs.hub(self.hub)?;
            let place = hub.waiting.iter().position(|(place, _)| *place == self.place);
            let callback = place.map(|place| hub.waiting.swap_remove(place));
            let last = hub.waiting.is_empty();
            Some((callback, if last { hubs.remove(self.hub) } else { None }))
        });
        drop(empty);
    }
}
