//! Waiting for a call to end.

use super::read::read;
use super::{Call, CallsResource, Error, RequestOptions};
use crate::client::direct::unreadable;
use wasm_bindgen::JsValue;

impl CallsResource {
    /// Waits until a call has ended, and returns it: follows its transcript, and asks for the call if that does not say. To stop
    /// waiting, drop the future, or see [`wait_with`](Self::wait_with).
    ///
    /// ```no_run
    /// # use agentphone_wasm::typed::{AgentPhone, Error};
    /// # async fn f(client: AgentPhone, id: &str) -> Result<(), Error> {
    /// let call = client.calls().wait(id).await?;
    /// let _ = call.duration_seconds;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait(&self, call_id: &str) -> Result<Call, Error> {
        self.wait_with(call_id, RequestOptions::new()).await
    }

    /// The same with these options; `total_timeout` is for the whole wait.
    pub async fn wait_with(&self, call_id: &str, options: RequestOptions) -> Result<Call, Error> {
        let id = JsValue::from_str(call_id);
        let done = self.client.core().wait_for(&id, options.object()).await.map_err(Error::of)?;
        read(done.data.clone()).map_err(|note| Error::of(unreadable("calls.get", &note, &done)))
    }
}
