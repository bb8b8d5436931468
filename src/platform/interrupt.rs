//! What can end a call before its answer: the caller's signal, the time of one attempt, the time of
//! the whole call. All three raise one flag, and `race` lets any future run only until it is raised.

use super::signal::{Subscription, subscribe};
use super::timer;
use super::value::get;
use crate::core::Millis;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

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

#[derive(Default)]
struct Flag {
    stop: Option<Stop>,
    waker: Option<Waker>,
}

fn raise(flag: &RefCell<Flag>, stop: Stop) {
    let waker = {
        let mut flag = flag.borrow_mut();
        // An abort outranks the time of the call, and that the time of an attempt, whose flag is lowered
        // again: the other two must not be lost under it.
        if matches!((&flag.stop, &stop), (None | Some(Stop::AttemptTime), _) | (_, Stop::Aborted(_))) {
            flag.stop = Some(stop);
        }
        flag.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// The flag of one call, with what raises it. Dropped, it clears its timer and its listener.
pub(crate) struct Interrupt {
    flag: Rc<RefCell<Flag>>,
    _signal: Option<Subscription>,
    _total: Option<Timeout>,
}

impl Interrupt {
    /// Listens to `signal`, and starts the clock of the whole call.
    pub(crate) fn new(signal: Option<&AbortSignal>, total: Option<Millis>) -> Self {
        let flag = Rc::new(RefCell::new(Flag::default()));
        let raise_on_abort = |signal: &AbortSignal| {
            if get(signal, "aborted").is_truthy() {
                raise(&flag, Stop::Aborted(get(signal, "reason")));
                return None;
            }
            let flag = Rc::clone(&flag);
            Some(subscribe(signal, move |reason| raise(&flag, Stop::Aborted(reason))))
        };
        let signal = signal.and_then(raise_on_abort);
        let total = total.map(|total| {
            let flag = Rc::clone(&flag);
            timer::after(total, move || raise(&flag, Stop::TotalTime))
        });
        Self { flag, _signal: signal, _total: total }
    }

    /// Starts the clock of one attempt; dropping the value stops it.
    pub(crate) fn attempt(&self, timeout: Option<Millis>) -> Option<Timeout> {
        let flag = Rc::clone(&self.flag);
        timeout.map(|timeout| timer::after(timeout, move || raise(&flag, Stop::AttemptTime)))
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
        self.flag.borrow().stop.clone()
    }

    /// Runs `future` until it is done or the flag is raised. Where both are true, what is done
    /// counts: an answer that has come is better than a reason not to have waited for it.
    pub(crate) async fn race<F: Future>(&self, future: F) -> Result<F::Output, Stop> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            let mut flag = self.flag.borrow_mut();
            if let Some(stop) = &flag.stop {
                return Poll::Ready(Err(stop.clone()));
            }
            flag.waker = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
