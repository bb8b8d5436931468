//! What can end a call before its answer: the caller's signal, the time of one attempt, the time of
//! the whole call. All three raise one flag, and `race` lets any future run only until it is raised.

use super::timer;
use super::watch::Watch;
use crate::core::Millis;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/js/signal.js")]
extern "C" {
    #[wasm_bindgen(js_name = listen)]
    fn listen(signal: &AbortSignal, settle: &JsValue, place: u32, round: u32);
    #[wasm_bindgen(js_name = leave)]
    fn leave(signal: &AbortSignal, place: u32);
    #[wasm_bindgen(js_name = hasAborted)]
    fn has_aborted(signal: &AbortSignal) -> bool;
    #[wasm_bindgen(js_name = reasonOf)]
    fn reason_of(signal: &AbortSignal) -> JsValue;
}

/// Why a call was interrupted.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// The caller's signal, with its reason.
    Aborted(JsValue),
    /// One attempt took too long.
    AttemptTime,
    /// The call took too long.
    TotalTime,
}

/// A place behind the caller's signal; dropping it gives the place up.
struct Listener {
    signal: AbortSignal,
    place: u32,
    /// Settles when the signal aborts.
    aborted: Watch,
}

impl Listener {
    fn new(signal: &AbortSignal) -> Self {
        let mut number = 0;
        let aborted = Watch::start(|settle, place, round| {
            number = place;
            listen(signal, settle, place, round);
        });
        Self { signal: signal.clone(), place: number, aborted }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        leave(&self.signal, self.place);
    }
}

#[derive(Default)]
struct Flag {
    stop: Option<Stop>,
    listener: Option<Listener>,
    waker: Option<Waker>,
}

impl Flag {
    /// The reason, if the flag is raised; if not, `context` is woken when the signal aborts.
    fn look(&mut self, context: &mut Context<'_>) -> Option<Stop> {
        if let Some(listener) = &mut self.listener
            && Pin::new(&mut listener.aborted).poll(context).is_ready()
        {
            #[cfg(feature = "fault-for-tests")]
            super::fault::here("abort");
            // An abort outranks the times.
            self.stop = Some(Stop::Aborted(reason_of(&listener.signal)));
        }
        self.stop.clone()
    }
}

/// The flag of one call, with what raises it. Dropped, it clears its timer and its listener.
pub(crate) struct Interrupt {
    flag: Rc<RefCell<Flag>>,
    _total: Option<Timeout>,
}

impl Interrupt {
    /// Listens to `signal`, and starts the clock of the whole call.
    pub(crate) fn new(signal: Option<&AbortSignal>, total: Option<Millis>) -> Self {
        let flag = Rc::new(RefCell::new(Flag::default()));
        flag.borrow_mut().listener = signal.map(Listener::new);
        let total = clock(&flag, total, Stop::TotalTime);
        Self { flag, _total: total }
    }

    /// Starts the clock of one attempt; dropping the value stops it.
    pub(crate) fn attempt(&self, timeout: Option<Millis>) -> Option<Timeout> {
        clock(&self.flag, timeout, Stop::AttemptTime)
    }

    /// Lowers the flag that an attempt's clock has raised, so that another attempt can be made.
    pub(crate) fn forget_attempt(&self) {
        let mut flag = self.flag.borrow_mut();
        if matches!(flag.stop, Some(Stop::AttemptTime)) {
            flag.stop = None;
        }
    }

    /// The reason, if the flag is raised.
    pub(crate) fn raised(&self) -> Option<Stop> {
        let mut flag = self.flag.borrow_mut();
        // The signal itself: what wakes the call is a promise, whose reaction may not have run yet.
        let aborted =
            flag.listener.as_ref().map(|listener| &listener.signal).filter(|signal| has_aborted(signal));
        if let Some(signal) = aborted {
            flag.stop = Some(Stop::Aborted(reason_of(signal)));
        }
        flag.stop.clone()
    }

    /// Waits for `delay`, or until the flag is raised. It is the clock of an attempt that never ends: a future of
    /// its own would weigh half a kilobyte.
    pub(crate) async fn rest(&self, delay: Millis) -> Result<(), Stop> {
        let _clock = self.attempt(Some(delay));
        let ended = self.race(pending()).await;
        self.forget_attempt();
        match ended {
            Err(Stop::AttemptTime) => Ok(()),
            ended => ended,
        }
    }

    /// Runs `future` until it is done or the flag is raised. Where both are true, what is done
    /// counts: an answer that has come is better than a reason not to have waited for it.
    pub(crate) async fn race<F: Future>(&self, future: F) -> Result<F::Output, Stop> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            self.poll_stop(context).map(Err)
        })
        .await
    }

    fn poll_stop(&self, context: &mut Context<'_>) -> Poll<Stop> {
        let mut flag = self.flag.borrow_mut();
        if let Some(stop) = flag.look(context) {
            return Poll::Ready(stop);
        }
        flag.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Raises the flag after `span`, if there is one, unless the value returned is dropped before.
fn clock(flag: &Rc<RefCell<Flag>>, span: Option<Millis>, stop: Stop) -> Option<Timeout> {
    let flag = Rc::clone(flag);
    Some(timer::after(span?, Box::new(move || raise(&flag, stop))))
}

#[inline(never)]
fn raise(flag: &RefCell<Flag>, stop: Stop) {
    let waker = {
        let mut flag = flag.borrow_mut();
        // The time of an attempt, whose flag is lowered again, must not hide the time of the call.
        if matches!(flag.stop, None | Some(Stop::AttemptTime)) {
            flag.stop = Some(stop);
        }
        flag.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}
