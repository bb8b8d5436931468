//! Waiting for a call to end: by its transcript, and by asking where that does not tell.

use super::{Call, CallsGetQuery, CallsResource, Error, TranscriptStreamEvent};
use crate::core::wait::{self, Pauses};
use crate::platform::timer;

impl CallsResource {
    /// Waits until a call has ended, and gives it. To wait no longer, drop the future.
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
        let call = self.get(call_id, &CallsGetQuery::default()).await?;
        if is_over(&call) {
            return Ok(call);
        }
        let mut events = self.transcript().stream(call_id);
        // If the stream fails, or ends before the call shows it, the call is asked for.
        while let Some(Ok(event)) = events.next().await {
            if matches!(event, TranscriptStreamEvent::Ended(_)) {
                break;
            }
        }
        drop(events);
        let mut pauses = Pauses::default();
        loop {
            let call = self.get(call_id, &CallsGetQuery::default()).await?;
            if is_over(&call) {
                return Ok(call);
            }
            timer::sleep(pauses.next().unwrap_or_default()).await;
        }
    }
}

fn is_over(call: &Call) -> bool {
    wait::is_over(call.status.as_str(), call.ended_at.is_some())
}
