//! A call as the API shows it: in lists, in full, as a transcript, in stream events and in the
//! `agent.call_ended` event.

use super::call::{Assessment, Call, Direction, Role, Status, Turn};
use super::script::Script;
use crate::faults::StartedAt;
use crate::json::json;
use crate::time::{iso, micros};
use serde_json::Value;

/// Speech recognition confidence in the transcript. It is never wrong here.
const CONFIDENCE: f64 = 0.97;

impl Call {
    /// A call as lists show it. `base` is the API's base URL, for the recording's URL.
    pub(crate) fn summary(&self, base: &str, now: u64) -> Value {
        let snippet = self.turns.last().map(|turn| turn.content.as_str());
        let recording = self.has_recording().then(|| format!("{base}/v1/calls/{}/recording", self.id));
        let mut out = json!({
            "id": self.id,
            "agentId": self.agent_id,
            "agentName": self.agent_name,
            "phoneNumberId": self.own_number(),
            "phoneNumber": match self.direction {
                Direction::Outbound => Some(&self.from),
                Direction::Inbound => Some(&self.to),
                Direction::Web => None,
            },
            "fromNumber": self.from,
            "toNumber": self.to,
            "direction": self.direction.name(),
            "status": self.status.name(),
            "startedAt": self.started().map(iso),
            "endedAt": self.ended_at.map(iso),
            "durationSeconds": self.is_over().then(|| self.seconds(now)),
            "lastTranscriptSnippet": snippet,
            "recordingAvailable": recording.is_some(),
            "recordingUrl": recording,
        });
        if self.started_at == StartedAt::Missing
            && self.answered_at.is_none()
            && let Some(map) = out.as_object_mut()
        {
            map.shift_remove("startedAt");
        }
        out
    }

    /// A call with its transcript.
    pub(crate) fn whole(&self, base: &str, now: u64) -> Value {
        let mut out = self.summary(base, now);
        if let Some(map) = out.as_object_mut() {
            map.insert("transcripts".into(), self.pairs().into());
        }
        out
    }

    pub(crate) fn own_number(&self) -> Option<&str> {
        Some(self.number_id.as_str()).filter(|id| !id.is_empty())
    }

    /// Pairs each turn of the other side with the agent's responses to it. An agent's opening words belong
    /// to no pair.
    fn pairs(&self) -> Vec<Value> {
        let mut pairs: Vec<(Option<&Turn>, Vec<&str>, u64)> = Vec::new();
        for turn in &self.turns {
            match (turn.role, pairs.last_mut()) {
                (Role::Agent, Some((_, said, _))) => said.push(&turn.content),
                (Role::Agent, None) => pairs.push((None, vec![&turn.content], turn.at)),
                (Role::User, _) => pairs.push((Some(turn), Vec::new(), turn.at)),
            }
        }
        let render = |(index, (heard, said, at)): (usize, (Option<&Turn>, Vec<&str>, u64))| {
            json!({
                "id": format!("{}_t{}", self.id, index + 1),
                "transcript": heard.map_or("", |turn| &turn.content),
                "confidence": heard.map(|_| CONFIDENCE),
                "response": (!said.is_empty()).then(|| said.join(" ")),
                "createdAt": iso(at),
            })
        };
        pairs.into_iter().enumerate().map(render).collect()
    }

    pub(crate) fn transcript(&self, now: u64) -> Value {
        json!({
            "callId": self.id,
            "status": self.status.name(),
            "direction": self.direction.name(),
            "durationSeconds": self.answered_at.map(|_| self.seconds(now)),
            "transcript": self.turns.iter().map(Turn::render).collect::<Vec<_>>(),
        })
    }

    pub(crate) fn connected(&self) -> Value {
        json!({
            "callId": self.id,
            "status": self.status.name(),
            "agentId": self.agent_id,
            "agentName": self.agent_name,
            "direction": self.direction.name(),
            "fromNumber": self.from,
            "toNumber": self.to,
            "startedAt": self.started().map(iso),
        })
    }

    pub(crate) fn ended(&self, now: u64) -> Value {
        json!({
            "callId": self.id,
            "status": self.status.name(),
            "endedAt": self.ended_at.map(iso),
            "durationSeconds": self.seconds(now),
        })
    }

    /// The call's assessment: the script's, or one derived from how the call went.
    pub(crate) fn assess(&self, script: &Script, now: u64) -> Assessment {
        let talked = self.answered_at.is_some();
        let usual = if talked { "Positive" } else { "Neutral" };
        Assessment {
            summary: script.summary.clone().unwrap_or_else(|| self.in_words(now)),
            sentiment: script.sentiment.as_deref().unwrap_or(usual).to_owned(),
            successful: script.successful.unwrap_or(self.status == Status::Completed && talked),
        }
    }

    /// The data of the `agent.call_ended` event.
    pub(crate) fn report(&self, assessment: &Assessment, contact: Value, now: u64) -> Value {
        let said: Vec<Value> = self.turns.iter().map(Turn::spoken).collect();
        json!({
            "callId": self.id,
            "numberId": self.own_number(),
            "from": self.from,
            "to": self.to,
            "contact": contact,
            "direction": self.direction.name(),
            "status": self.status.name(),
            "startedAt": self.started().map(micros),
            "endedAt": self.ended_at.map(micros),
            "durationSeconds": self.exact_seconds(now),
            "disconnectionReason": self.reason.map(super::Reason::name),
            "transcript": said,
            "summary": assessment.summary,
            "userSentiment": assessment.sentiment,
            "callSuccessful": assessment.successful,
        })
    }

    fn in_words(&self, now: u64) -> String {
        if self.answered_at.is_none() {
            return format!("The call was not answered ({}).", self.status.name());
        }
        let turns = self.turns.iter().filter(|turn| turn.role == Role::User).count();
        let seconds = self.seconds(now);
        format!("{} talked for {seconds} s; the other side spoke {turns} times.", self.agent_name)
    }
}

impl Turn {
    /// A turn as events show it.
    pub(crate) fn spoken(&self) -> Value {
        json!({ "role": self.role.name(), "content": self.content })
    }

    pub(crate) fn render(&self) -> Value {
        json!({ "role": self.role.name(), "content": self.content, "createdAt": iso(self.at) })
    }
}
