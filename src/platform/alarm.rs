//! The one timer of a call. Setting it to another time clears the previous timer, so that a call never has more than one,
//! whatever it waits for. Dropping it clears it.
//!
//! The timer resolves a promise of the call's own, because its callback may run in another async context: that of
//! the code that moves a fake clock, or wherever a library that replaces timers calls back.
//!
//! While a request is under way, the timer is the request's (`fetch.rs`): JavaScript clears that when the response is there,
//! while a timer of this side would cost each good call six calls of JavaScript.

use super::promise_future::{self, PromiseFuture};
use super::timer;
use crate::core::Millis;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use wasm_bindgen::JsValue;

/// See the head of this file.
#[derive(Default)]
pub(crate) struct Alarm {
    /// Settles when the timer rings, and what settles it.
    bell: Option<(PromiseFuture, Function)>,
    rang: Rc<Cell<bool>>,
    set: Option<(Millis, Timeout)>,
    /// The timer of a request, and what settles when it rings.
    borrowed: Option<(Millis, PromiseFuture)>,
}

impl Alarm {
    /// Sets it to a time of the clock; `None` clears it.
    pub(crate) fn set(&mut self, at: Option<Millis>) {
        if self.borrowed.as_ref().is_some_and(|(borrowed, _)| Some(*borrowed) == at) {
            return;
        }
        self.borrowed = None;
        if self.set.as_ref().map(|(at, _)| *at) == at {
            return;
        }
        // A promise of its own: the previous timer may have rung already.
        self.rang = Rc::default();
        self.set = at.map(|at| {
            let rang = Rc::clone(&self.rang);
            let (_, wake) = self.bell.get_or_insert_with(promise_future::deferred);
            let wake = wake.clone();
            let ring = Box::new(move || {
                rang.set(true);
                let _ = wake.call0(&JsValue::UNDEFINED);
            });
            (at, timer::at(at, ring))
        });
    }

    /// Relies on a timer that was set for this time and that settles `bell`, until it is set to another time.
    pub(crate) fn borrow(&mut self, at: Millis, bell: PromiseFuture) {
        self.set(None);
        self.borrowed = Some((at, bell));
    }

    /// Makes it ring by a time of the clock, perhaps earlier: a running timer that is early enough is kept,
    /// because setting one for each chunk of a stream would cost more than reading it.
    pub(crate) fn set_by(&mut self, at: Option<Millis>) {
        let Some(at) = at else { return };
        if self.set.as_ref().is_none_or(|(set, _)| *set > at) {
            self.set(Some(at));
        }
    }

    /// True once it has rung; otherwise `context` is woken when it does.
    pub(crate) fn has_rung(&mut self, context: &mut Context<'_>) -> bool {
        if let Some((_, bell)) = &mut self.borrowed {
            let rang = Pin::new(bell).poll(context).is_ready();
            if rang {
                #[cfg(feature = "fault-for-tests")]
                super::fault::here("timer");
                self.borrowed = None;
            }
            return rang;
        }
        if let Some((bell, _)) = &mut self.bell
            && Pin::new(bell).poll(context).is_ready()
        {
            self.bell = None;
            if !self.rang.get() {
                // That was the previous timer.
                let at = self.set.take().map(|(at, _)| at);
                self.set(at);
                return self.has_rung(context);
            }
        }
        if self.rang.get() {
            self.set(None);
            return true;
        }
        false
    }
}
