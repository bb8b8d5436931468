//! A request that has not been sent yet: options can be added, and awaiting it sends it.

use super::read::{read, write};
use super::{AgentPhone, Error, Intent, RequestOptions};
use crate::client::direct::{Done, fault, unreadable};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// A future of this face. Dropping it aborts its request.
pub(super) type Sending<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

/// What all requests consist of.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) client: AgentPhone,
    pub(super) operation: &'static str,
    ids: Vec<JsValue>,
    /// What could not be serialized is reported when the request is awaited.
    pub(super) input: Result<JsValue, String>,
    pub(super) options: RequestOptions,
}

impl Call {
    pub(super) fn new<I: Serialize + ?Sized>(
        client: &AgentPhone,
        operation: &'static str,
        ids: &[&str],
        input: &I,
    ) -> Self {
        Self {
            client: client.clone(),
            operation,
            ids: ids.iter().map(|id| JsValue::from_str(id)).collect(),
            input: write(input),
            options: RequestOptions::new(),
        }
    }

    pub(super) async fn run(&self) -> Result<Done, Error> {
        let refuse = |note: &String| {
            Error::of(fault(
                self.operation,
                crate::core::error::Code::InvalidArgument,
                note,
                &JsValue::UNDEFINED,
            ))
        };
        let input = self.input.as_ref().map_err(refuse)?;
        let ids: Vec<&JsValue> = self.ids.iter().collect();
        let core = self.client.core();
        core.run(self.operation, &ids, input, self.options.object()).await.map_err(Error::of)
    }

    pub(super) fn read<T: DeserializeOwned>(&self, done: &Done, value: JsValue) -> Result<T, Error> {
        read(value).map_err(|note| Error::of(unreadable(self.operation, &note, done)))
    }
}

// Not derived: ids and input belong to the caller, and debug output ends up in logs.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.operation)
    }
}

/// A request of one operation, which returns a `T`. It is sent when it is awaited; dropping the future
/// aborts it, but what it requested may have happened.
#[derive(Debug, Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct Request<T> {
    call: Call,
    returns: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + 'static> Request<T> {
    pub(super) fn new<I: Serialize + ?Sized>(
        client: &AgentPhone,
        operation: &'static str,
        ids: &[&str],
        input: &I,
    ) -> Self {
        Self { call: Call::new(client, operation, ids, input), returns: PhantomData }
    }

    /// With these options instead of the client's.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.call.options = options;
        self
    }

    /// Sends it, and returns the response as well as its data.
    pub async fn with_response(self) -> Result<WithResponse<T>, Error> {
        let done = self.call.run().await?;
        Ok(WithResponse {
            data: self.call.read(&done, done.data.clone())?,
            status: done.status,
            request_id: done.request_id,
            attempts: done.attempts,
            elapsed: Duration::from_millis(done.elapsed),
            settled: Intent::of(&done.settled),
            replayed: done.replayed,
        })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Request<T> {
    type Output = Result<T, Error>;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.with_response().await?.data) })
    }
}

/// The data of a response, with the response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WithResponse<T> {
    /// The data.
    pub data: T,
    /// HTTP status.
    pub status: u16,
    /// `x-request-id`, else `cf-ray`.
    pub request_id: Option<String>,
    /// Requests sent.
    pub attempts: u32,
    /// From the call to the response.
    pub elapsed: Duration,
    /// For a call with an idempotency key whose response was lost or is an earlier use's: what the ledger knows of it. `None` if the
    /// API answered this very call.
    pub settled: Option<Intent>,
    /// True if this call sent no request, because an earlier use of its idempotency key did.
    pub replayed: bool,
}
