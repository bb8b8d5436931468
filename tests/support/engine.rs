//! The sandbox's engine as the client's `fetch`: a whole AgentPhone in the module of the tests, so that they need no server
//! beside them. It has what a server would give it: the time, and somebody who reads what it says later.

use agentphone_sandbox::{Config, Engine, Output, Request};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/support/answer.js")]
extern "C" {
    type Answer;
    #[wasm_bindgen(constructor)]
    fn new(body: Uint8Array, action: &str, live: bool, leave: JsValue) -> Answer;
    #[wasm_bindgen(method)]
    fn response(this: &Answer, status: u16, headers: Array, delay: u32, signal: JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn chunk(this: &Answer, bytes: Uint8Array, last: bool);
}

/// The address under which the engine answers. Nobody can have it.
pub(crate) const URL: &str = "http://sandbox.invalid";

/// An AgentPhone.
pub(crate) struct Host {
    engine: RefCell<Engine>,
    /// The answers whose rest is still to come, by the engine's number of their stream.
    live: RefCell<HashMap<u64, Answer>>,
    /// Wakes the engine when something is due.
    alarm: RefCell<Option<Timeout>>,
}

impl Host {
    /// An empty one, without limits of rates.
    pub(crate) fn new() -> Rc<Self> {
        let config = Config { limits: false, ..Config::default() };
        Rc::new(Self {
            engine: RefCell::new(Engine::new(config)),
            live: RefCell::default(),
            alarm: RefCell::default(),
        })
    }

    /// A `fetch` that it answers.
    pub(crate) fn fetch(self: &Rc<Self>) -> Function {
        let host = Rc::clone(self);
        let fetch: Closure<dyn Fn(String, JsValue) -> Promise> =
            Closure::new(move |url: String, init: JsValue| host.answer(&url, &init));
        fetch.into_js_value().unchecked_into()
    }

    fn answer(self: &Rc<Self>, url: &str, init: &JsValue) -> Promise {
        let read = |name: &str| Reflect::get(init, &name.into()).unwrap();
        let request = Request {
            method: read("method").as_string().unwrap_or_else(|| "GET".to_owned()),
            target: url.strip_prefix(URL).expect("an address of the sandbox").to_owned(),
            headers: headers_of(&read("headers")),
            body: read("body").as_string().unwrap_or_default().into_bytes(),
        };
        let answer = self.engine.borrow_mut().handle(&request, now());
        let headers = Array::new();
        for (name, value) in &answer.headers {
            headers.push(&Array::of2(&name.into(), &value.into()));
        }
        let action = format!("{:?}", answer.delivery.action);
        let leave = answer.stream.map_or(JsValue::UNDEFINED, |stream| self.leave(stream));
        let live = Answer::new(answer.body.as_slice().into(), &action, answer.stream.is_some(), leave);
        let response = live.response(answer.status, headers, answer.delivery.delay_ms, read("signal"));
        if let Some(stream) = answer.stream {
            self.live.borrow_mut().insert(stream, live);
        }
        self.settle();
        response
    }

    /// What tells the engine that nobody reads a stream any longer.
    fn leave(self: &Rc<Self>, stream: u64) -> JsValue {
        let host = Rc::clone(self);
        Closure::<dyn Fn()>::new(move || {
            if host.live.borrow_mut().remove(&stream).is_some() {
                host.engine.borrow_mut().closed(stream);
                host.settle();
            }
        })
        .into_js_value()
    }

    /// Passes on what the engine says, and sleeps until it has something to do.
    fn settle(self: &Rc<Self>) {
        let outbox = self.engine.borrow_mut().take_outbox_untimed();
        for output in outbox {
            // No test here sets a webhook.
            let Output::Chunk { stream, bytes, end } = output else { continue };
            let answer = if end { self.live.borrow_mut().remove(&stream) } else { None };
            match (answer, self.live.borrow().get(&stream)) {
                (Some(answer), _) => answer.chunk(bytes.as_slice().into(), true),
                (None, Some(answer)) => answer.chunk(bytes.as_slice().into(), false),
                (None, None) => {}
            }
        }
        let due = self.engine.borrow().next_due();
        let alarm = due.map(|at| {
            let host = Rc::clone(self);
            let wait = u32::try_from(at.saturating_sub(now())).unwrap_or(u32::MAX >> 1);
            Timeout::new(wait, move || {
                host.engine.borrow_mut().advance(now());
                host.settle();
            })
        });
        // One that has just rung is dropped here as well, from within itself: it is over already.
        if let Some(rung) = self.alarm.replace(alarm) {
            drop(rung);
        }
    }

    /// Nothing happens any more.
    pub(crate) fn close(&self) {
        self.alarm.replace(None);
    }
}

fn now() -> u64 {
    // A cast of a float saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let now = js_sys::Date::now() as u64;
    now
}

fn headers_of(headers: &JsValue) -> Vec<(String, String)> {
    let Some(object) = headers.dyn_ref::<Object>() else { return Vec::new() };
    let text = |value: JsValue| value.as_string().unwrap_or_default();
    Object::entries(object)
        .iter()
        .map(|pair| Array::from(&pair))
        .map(|pair| (text(pair.get(0)), text(pair.get(1))))
        .collect()
}
