//! Lists, page by page. The client has converted the API's five shapes into one (`src/js/results/list.js`), which says how
//! to request the next page.

use super::read::merged;
use super::request::{Call, Sending};
use super::{AgentPhone, Error, RequestOptions};
use crate::client::direct::Done;
use crate::core::error::Code;
use crate::platform::value::get;
use js_sys::Object;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::IntoFuture;
use std::marker::PhantomData;
use wasm_bindgen::{JsCast, JsValue};

/// A request for a list. Awaiting it returns the first page; [`items`](Self::items) returns all items.
#[derive(Debug, Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct PageRequest<T> {
    pub(super) call: Call,
    returns: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + 'static> PageRequest<T> {
    pub(super) fn new<I: Serialize + ?Sized>(
        client: &AgentPhone,
        operation: &'static str,
        ids: &[&str],
        input: &I,
    ) -> Self {
        Self { call: Call::new(client, operation, ids, input), returns: PhantomData }
    }

    /// With these options instead of the client's, for every page.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.call.options = options;
        self
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for PageRequest<T> {
    type Output = Result<Page<T>, Error>;
    type IntoFuture = Sending<Page<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Page::load(self.call))
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// How many there are on all pages, if the API says so.
    pub total: Option<u64>,
    /// Whether another page follows.
    pub has_more: bool,
    /// The items as received.
    pub(super) raw: JsValue,
    call: Call,
    next: Option<JsValue>,
}

impl<T: DeserializeOwned + 'static> Page<T> {
    /// The next page; `None` after the last.
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error, ListContacts};
    /// # async fn f(client: AgentPhone) -> Result<(), Error> {
    /// let mut page = client.contacts().list(&ListContacts::default()).await?;
    /// loop {
    ///     for contact in &page.data {
    ///         let _ = &contact.name;
    ///     }
    ///     let Some(next) = page.next().await? else { break };
    ///     page = next;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&self) -> Result<Option<Self>, Error> {
        match self.follow()? {
            Some(call) => Ok(Some(Self::load(call).await?)),
            None => Ok(None),
        }
    }

    /// The request of the next page.
    fn follow(&self) -> Result<Option<Call>, Error> {
        let Some(next) = &self.next else { return Ok(None) };
        if !next.is_object() || Object::keys(next.unchecked_ref::<Object>()).length() == 0 {
            return Err(stuck(&self.call));
        }
        let mut call = self.call.clone();
        call.input = call.input.map(|query| merged(&query, next));
        Ok(Some(call))
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    pub(super) async fn load(call: Call) -> Result<Self, Error> {
        let done = call.run().await?;
        Self::read(call, &done)
    }

    fn read(call: Call, done: &Done) -> Result<Self, Error> {
        let list = get(&done.data, "data");
        let total = get(&done.data, "total").as_f64().filter(|total| *total >= 0.0);
        let next = get(&done.data, "next");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(Self {
            data: call.read(done, list.clone())?,
            total: total.map(|total| total as u64),
            has_more: get(&done.data, "hasMore").is_truthy(),
            raw: list,
            next: (!next.is_undefined()).then_some(next),
            call,
        })
    }
}

/// The error of a list that goes in circles.
pub(super) fn stuck(call: &Call) -> Error {
    let note = "the list claims to have more pages but does not advance";
    let fault =
        crate::client::direct::fault(call.operation, Code::InvalidResponse, note, &JsValue::UNDEFINED);
    Error::of(fault)
}
