//! The life of a call, as a function of the time: queued, ringing, in progress, completed. Nothing
//! ticks; whoever asks at a time gets what is true at that time, so that a test can jump to any
//! moment by naming it.

use crate::state::Config;
use crate::store::Record;
use crate::time::iso;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the other side says, and the agent's usual answers; the greeting takes the first answer.
const SCRIPT: [(&str, &str); 4] = [
    ("Hello?", "Hi, this is an assistant calling. How are you today?"),
    ("I'm fine, thanks. What is this about?", "I am calling about your appointment. Does it still suit you?"),
    ("Yes, that works for me.", "Wonderful, then I have you confirmed."),
    ("Great, thank you.", "Thank you, and have a good day. Goodbye."),
];

/// Cents for a thousand minutes.
const WEBHOOK_RATE: u64 = 13_000;
const HOSTED_RATE: u64 = 22_000;
const DENOISING_RATE: u64 = 500;

/// A placed call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) agent_id: String,
    pub(crate) agent_name: String,
    pub(crate) number_id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) placed_at: u64,
    pub(crate) connects_at: u64,
    /// When the conversation ends by itself.
    pub(crate) runs_out_at: u64,
    pub(crate) hung_up_at: Option<u64>,
    pub(crate) greeting: Option<String>,
    pub(crate) rate: u64,
    pub(crate) billed: bool,
}

/// What a minute of a call costs.
pub(crate) fn rate(hosted: bool, strong_denoising: bool) -> u64 {
    (if hosted { HOSTED_RATE } else { WEBHOOK_RATE }) + if strong_denoising { DENOISING_RATE } else { 0 }
}

impl Record for Call {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        vec![(Self::OF_NUMBER, self.number_id.as_str()), (Self::OF_AGENT, self.agent_id.as_str())]
    }
}

impl Call {
    pub(crate) const OF_NUMBER: usize = 0;
    pub(crate) const OF_AGENT: usize = 1;

    /// When it connects and when it runs out, for a call placed at `now`.
    pub(crate) fn schedule(config: &Config, now: u64) -> (u64, u64) {
        let connects = now.saturating_add(config.queued_ms).saturating_add(config.ringing_ms);
        (connects, connects.saturating_add(config.talking_ms))
    }

    pub(crate) fn ends_at(&self) -> u64 {
        self.hung_up_at.map_or(self.runs_out_at, |at| at.min(self.runs_out_at))
    }

    pub(crate) fn status(&self, config: &Config, now: u64) -> &'static str {
        if now >= self.ends_at() {
            "completed"
        } else if now >= self.connects_at {
            "in-progress"
        } else if now >= self.placed_at.saturating_add(config.queued_ms) {
            "ringing"
        } else {
            "queued"
        }
    }

    /// Seconds talked until `now`, a started one counted whole, as it is billed.
    pub(crate) fn seconds(&self, now: u64) -> u64 {
        now.min(self.ends_at()).saturating_sub(self.connects_at).div_ceil(1000)
    }

    /// What the whole call costs: by the second and rounded up, so that any talk costs a cent at
    /// least, and a call that reached nobody costs nothing.
    pub(crate) fn cents(&self) -> u64 {
        self.seconds(u64::MAX).saturating_mul(self.rate).div_ceil(60_000)
    }

    /// The pairs spoken until `now`; they are spread evenly over the planned talk.
    fn transcripts(&self, now: u64) -> Vec<Value> {
        let until = now.min(self.ends_at());
        let talk = self.runs_out_at - self.connects_at;
        let parts = SCRIPT.len() as u64 + 1;
        let mut out = Vec::new();
        for (index, (heard, answer)) in (0_u64..).zip(SCRIPT) {
            let at = self.connects_at + talk * (index + 1) / parts;
            if at > until {
                break;
            }
            let answer = self.greeting.as_deref().filter(|_| index == 0).unwrap_or(answer);
            out.push(json!({
                "id": format!("{}_t{}", self.id, index + 1),
                "transcript": heard,
                "confidence": 0.97,
                "response": answer,
                "createdAt": iso(at),
            }));
        }
        out
    }

    /// The call as a list shows it.
    pub(crate) fn summary(&self, config: &Config, now: u64) -> Value {
        self.render(config, now, false)
    }

    /// The call with its transcript.
    pub(crate) fn whole(&self, config: &Config, now: u64) -> Value {
        self.render(config, now, true)
    }

    fn render(&self, config: &Config, now: u64, whole: bool) -> Value {
        let ended = now >= self.ends_at();
        let pairs = self.transcripts(now);
        let snippet = pairs.last().and_then(|p| p.get("response")).cloned();
        let mut out = json!({
            "id": self.id,
            "agentId": self.agent_id,
            "agentName": self.agent_name,
            "phoneNumberId": self.number_id,
            "phoneNumber": self.from,
            "fromNumber": self.from,
            "toNumber": self.to,
            "direction": "outbound",
            "status": self.status(config, now),
            "startedAt": iso(self.placed_at),
            "endedAt": ended.then(|| iso(self.ends_at())),
            "durationSeconds": ended.then(|| self.seconds(now)),
            "lastTranscriptSnippet": snippet,
            // The recording add-on is off.
            "recordingUrl": null,
            "recordingAvailable": false,
        });
        if let (true, Some(map)) = (whole, out.as_object_mut()) {
            map.insert("transcripts".into(), pairs.into());
        }
        out
    }
}
