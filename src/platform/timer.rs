//! Timers over gloo-timers, with the two things that it leaves to its users: delays are clamped
//! (it casts `u32` to `i32`, so that a long delay would fire at once), and a sleep is a future that
//! clears its timer when dropped.

use crate::core::Millis;
use crate::core::retry_after::MAX_WAIT;
use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Runs `callback` after `delay`, unless the value returned is dropped before.
pub(crate) fn after(delay: Millis, callback: impl FnOnce() + 'static) -> Timeout {
    #[cfg(feature = "fault-for-tests")]
    let callback = move || {
        super::fault::here("timer");
        callback();
    };
    Timeout::new(u32::try_from(delay.min(MAX_WAIT)).unwrap_or(i32::MAX.unsigned_abs()), callback)
}

#[derive(Default)]
struct Alarm {
    rung: bool,
    waker: Option<Waker>,
}

/// Waits for `delay`. Dropped, it clears its timer.
pub(crate) async fn sleep(delay: Millis) {
    let alarm = Rc::new(RefCell::new(Alarm::default()));
    let inner = Rc::clone(&alarm);
    let _timer = after(delay, move || {
        let waker = {
            let mut alarm = inner.borrow_mut();
            alarm.rung = true;
            alarm.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    poll_fn(move |context| {
        let mut alarm = alarm.borrow_mut();
        if alarm.rung {
            return Poll::Ready(());
        }
        alarm.waker = Some(context.waker().clone());
        Poll::Pending
    })
    .await;
}
