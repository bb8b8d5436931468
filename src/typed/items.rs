//! All items of a list, one at a time, each once. A list that changes while it is read moves items from
//! one page to the next, and a broken one repeats the same page forever. What is new is decided by the same code as for
//! the JavaScript face (`src/js/lib/seen.js`).

use super::Error;
use super::page::{Page, PageRequest, stuck};
use super::request::Call;
use crate::platform::value::get;
use js_sys::Array;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/lib/seen.js")]
extern "C" {
    #[derive(Debug)]
    type Seen;
    #[wasm_bindgen(constructor)]
    fn new() -> Seen;
    #[wasm_bindgen(method)]
    fn look(this: &Seen, data: &JsValue) -> JsValue;
}

// `seen.js` imports it; wasm-bindgen copies only the files that Rust names into a front end.
#[wasm_bindgen(module = "/src/js/lib/fingerprint.js")]
extern "C" {
    #[allow(dead_code)]
    #[wasm_bindgen(js_name = fingerprint)]
    fn fingerprint(value: &JsValue) -> f64;
}

/// The items of a list. A page is requested when the items before it have been consumed.
///
/// ```no_run
/// # use agentphone_wasm::typed::{AgentPhone, Error, ListContacts};
/// # async fn f(client: AgentPhone) -> Result<(), Error> {
/// let mut contacts = client.contacts().list(&ListContacts::default()).items();
/// while let Some(contact) = contacts.next().await {
///     let _ = contact?.name;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a list is asked for when its items are"]
pub struct Items<T> {
    state: State<T>,
    ready: VecDeque<T>,
    seen: Seen,
}

impl<T: DeserializeOwned + 'static> PageRequest<T> {
    /// All items of all pages, one after the other.
    pub fn items(self) -> Items<T> {
        Items::new(self.call)
    }
}

#[derive(Debug)]
enum State<T> {
    First(Call),
    After(Box<Page<T>>),
    Over,
}

impl<T: DeserializeOwned + 'static> Items<T> {
    fn new(call: Call) -> Self {
        Self { state: State::First(call), ready: VecDeque::new(), seen: Seen::new() }
    }

    /// The next item; `None` after the last, and after an error. A future that is dropped
    /// before it is done loses no item.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(Ok(item));
            }
            let loaded = match &self.state {
                State::Over => return None,
                State::First(call) => Page::load(call.clone()).await.map(Some),
                State::After(page) => page.next().await,
            };
            if let Err(error) = loaded.and_then(|page| self.take(page)) {
                self.state = State::Over;
                return Some(Err(error));
            }
        }
    }

    /// The first `limit` items.
    pub async fn take_vec(mut self, limit: usize) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        while items.len() < limit {
            match self.next().await {
                Some(item) => items.push(item?),
                None => break,
            }
        }
        Ok(items)
    }

    fn take(&mut self, page: Option<Page<T>>) -> Result<(), Error> {
        let Some(mut page) = page else {
            self.state = State::Over;
            return Ok(());
        };
        let seen = self.seen.look(&std::mem::replace(&mut page.raw, JsValue::UNDEFINED));
        let is = |name| get(&seen, name).is_truthy();
        // An empty page, or the same one again and again: a server that ignores the query.
        if if page.has_more { is("circles") || page.data.is_empty() } else { is("again") } {
            return Err(stuck(page.call()));
        }
        let fresh: Vec<f64> =
            Array::from(&get(&seen, "places")).iter().filter_map(|place| place.as_f64()).collect();
        let mut fresh = fresh.into_iter().peekable();
        let items = std::mem::take(&mut page.data);
        #[allow(clippy::cast_precision_loss)]
        let new =
            items.into_iter().enumerate().filter(|(place, _)| fresh.next_if_eq(&(*place as f64)).is_some());
        self.ready.extend(new.map(|(_, item)| item));
        self.state = if page.has_more { State::After(Box::new(page)) } else { State::Over };
        Ok(())
    }
}
