//! Waiting for a call to end: by its transcript, and by asking where that does not tell.

use super::{Call, CallStatus, CallsResource, Error, TranscriptStreamEvent};
use crate::core::Millis;
use crate::platform::interrupt::Interrupt;

/// Between two questions.
const FIRST_PAUSE: Millis = 500;
const LONGEST_PAUSE: Millis = 5_000;

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
        let call = self.get(call_id).await?;
        if over(&call.status) {
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
        let mut pause = FIRST_PAUSE;
        loop {
            let call = self.get(call_id).await?;
            if over(&call.status) {
                return Ok(call);
            }
            // Nothing interrupts it.
            let _ = Interrupt::new(None, None).rest(pause).await;
            pause = pause.saturating_mul(3).saturating_div(2).min(LONGEST_PAUSE);
        }
    }
}

/// True for a state that a call does not leave.
fn over(status: &CallStatus) -> bool {
    matches!(status, CallStatus::Completed | CallStatus::Failed | CallStatus::Busy | CallStatus::NoAnswer)
}
