//! What the people on the other side do: whether they pick up, what they say and when they hang up; and
//! what a hosted agent says, since no model runs here. `PUT /__sandbox/script` sets the default script,
//! or the script of one number.

use crate::store::persist;

/// A hosted agent says this when the script has nothing for it.
const FALLBACK: &str = "I see. Is there anything else that I can do for you?";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Outcome {
    #[default]
    Answered,
    Busy,
    NoAnswer,
    Failed,
    /// Rings until the call is ended.
    RingsOn,
}

persist!(names Outcome {
    Answered = "answered", Busy = "busy", NoAnswer = "no-answer", Failed = "failed", RingsOn = "rings-on",
});

/// One exchange.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) caller: String,
    pub(crate) agent: Option<String>,
}

persist!(Line { caller, agent });

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<Line>,
    /// Pause between two turns. Default: the exchanges spread over the usual length of a call.
    pub(crate) pause_ms: Option<u64>,
    /// Repeats the lines until the talk has lasted this long.
    pub(crate) talk_ms: Option<u64>,
    /// Who hangs up at the end; with `nobody` the call stays open until it is ended.
    pub(crate) hangup: Hangup,
    pub(crate) summary: Option<String>,
    pub(crate) sentiment: Option<String>,
    pub(crate) successful: Option<bool>,
}

persist!(Script { outcome, lines, pause_ms, talk_ms, hangup, summary, sentiment, successful });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hangup {
    #[default]
    Caller,
    Agent,
    Nobody,
}

persist!(names Hangup { Caller = "caller", Agent = "agent", Nobody = "nobody" });

impl Default for Script {
    fn default() -> Self {
        let line = |caller: &str, agent: &str| Line { caller: caller.into(), agent: Some(agent.into()) };
        Self {
            outcome: Outcome::Answered,
            lines: vec![
                line("Hello?", "Hi, this is an assistant calling. How are you today?"),
                line(
                    "I'm fine, thanks. What is this about?",
                    "I am calling about your appointment. Does it still suit you?",
                ),
                line("Yes, that works for me.", "Wonderful, then I have you confirmed."),
                line("Great, thank you.", "Thank you, and have a good day. Goodbye."),
            ],
            pause_ms: None,
            talk_ms: None,
            hangup: Hangup::Caller,
            summary: None,
            sentiment: None,
            successful: None,
        }
    }
}

impl Script {
    /// A script whose other side does not pick up, or not at once.
    pub(crate) fn ending(outcome: Outcome) -> Self {
        Self { outcome, ..Self::default() }
    }

    /// Says hello and hangs up.
    pub(crate) fn curt() -> Self {
        let lines = Self::default().lines.into_iter().take(1).collect();
        Self { lines, ..Self::default() }
    }

    /// Picks up and says nothing.
    pub(crate) fn mute() -> Self {
        Self { lines: Vec::new(), hangup: Hangup::Nobody, ..Self::default() }
    }

    /// The pause between two turns. A talk has one pause before each turn and two at its end.
    pub(crate) fn pause(&self, talking_ms: u64) -> u64 {
        let turns = u64::try_from(self.lines.len()).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(2);
        self.pause_ms.unwrap_or(talking_ms / turns)
    }

    /// The line at an index, if the script still has one after this much talk.
    pub(crate) fn line(&self, number: usize, talked_ms: u64) -> Option<&Line> {
        match self.talk_ms {
            Some(limit) if talked_ms >= limit => None,
            Some(_) => self.lines.get(number.checked_rem(self.lines.len())?),
            None => self.lines.get(number),
        }
    }

    /// A hosted agent's response to the line before `next`.
    pub(crate) fn answer(&self, next: usize) -> &str {
        let asked = next.checked_sub(1).and_then(|n| n.checked_rem(self.lines.len()));
        asked.and_then(|n| self.lines.get(n)?.agent.as_deref()).unwrap_or(FALLBACK)
    }
}
