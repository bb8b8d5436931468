//! A call: its facts, its transcript, and what they come to in time and money.

use crate::faults::StartedAt;
use crate::store::{Record, persist};

/// Maximum size of a transcript in bytes. A call that exceeds it ends.
const LONGEST_TALK: usize = 4 * 1024 * 1024;
/// Overhead counted per turn, in addition to its text.
const TURN: usize = 64;
/// How many notes a call keeps, and how many characters of each.
const NOTES: usize = 1000;
const NOTE: usize = 200;

/// Cents per thousand minutes.
const WEBHOOK_RATE: u64 = 13_000;
const HOSTED_RATE: u64 = 22_000;
const DENOISING_RATE: u64 = 500;

/// Price per minute of a call, in cents per thousand minutes.
pub(crate) fn rate(hosted: bool, strong_denoising: bool) -> u64 {
    (if hosted { HOSTED_RATE } else { WEBHOOK_RATE }) + if strong_denoising { DENOISING_RATE } else { 0 }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Queued,
    Ringing,
    InProgress,
    Completed,
    Busy,
    NoAnswer,
    Failed,
}

persist!(names Status {
    Queued = "Queued", Ringing = "Ringing", InProgress = "InProgress", Completed = "Completed",
    Busy = "Busy", NoAnswer = "NoAnswer", Failed = "Failed",
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Outbound,
    Inbound,
    Web,
}

persist!(names Direction { Outbound = "Outbound", Inbound = "Inbound", Web = "Web" });

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    UserHangup,
    AgentHangup,
    Transfer,
    Busy,
    NoAnswer,
    Failed,
    NeverJoined,
}

persist!(names Reason {
    UserHangup = "UserHangup", AgentHangup = "AgentHangup", Transfer = "Transfer", Busy = "Busy",
    NoAnswer = "NoAnswer", Failed = "Failed", NeverJoined = "NeverJoined",
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Agent,
}

persist!(names Role { User = "User", Agent = "Agent" });

/// One turn of a conversation.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) content: String,
    pub(crate) at: u64,
}

persist!(Turn { role, content, at });

/// A request that is answered when the call ends.
#[derive(Debug, Clone)]
pub(crate) struct Waiter {
    pub(crate) stream: u64,
    /// The API's base URL as its client sees it, for the recording's URL.
    pub(crate) base: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) agent_id: String,
    pub(crate) agent_name: String,
    /// Empty for a web call.
    pub(crate) number_id: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) direction: Direction,
    pub(crate) status: Status,
    pub(crate) placed_at: u64,
    pub(crate) answered_at: Option<u64>,
    pub(crate) ended_at: Option<u64>,
    pub(crate) reason: Option<Reason>,
    pub(crate) turns: Vec<Turn>,
    /// Size of the turns so far; computed again after a restart, with the first new turn.
    pub(crate) said: usize,
    /// The script that the other side follows, and its next line.
    pub(crate) script: usize,
    pub(crate) line: usize,
    /// The agent's opening words; taken when they are said.
    pub(crate) greeting: Option<String>,
    /// Whether the built-in model responds, which here is the script.
    pub(crate) hosted: bool,
    pub(crate) rate: u64,
    pub(crate) record: bool,
    /// Token of a web call that no browser has joined yet.
    pub(crate) token: Option<String>,
    /// The outgoing request whose response is the agent's next turn.
    pub(crate) awaiting: Option<u64>,
    /// Incremented whenever the plan changes: a step planned under an older value is ignored.
    pub(crate) plan: u32,
    /// How the call went; none while it is in progress.
    pub(crate) assessment: Option<Assessment>,
    /// Other events: keys pressed, responses that had no effect.
    pub(crate) log: Vec<Note>,
    /// What the field `startedAt` means, which fault rules can change.
    pub(crate) started_at: StartedAt,
    /// Streams that receive each turn.
    pub(crate) watchers: Vec<u64>,
    /// Requests to be answered when the call ends.
    pub(crate) waiters: Vec<Waiter>,
}

persist!(Call {
    id, agent_id, agent_name, number_id, from, to, direction, status, placed_at, answered_at, ended_at,
    reason, turns, script, line, greeting, hosted, rate, record, token, awaiting, plan, assessment, log,
} added { started_at } skip { watchers, waiters, said });

/// The summary of a call that has ended.
#[derive(Debug, Clone)]
pub(crate) struct Assessment {
    pub(crate) summary: String,
    pub(crate) sentiment: String,
    pub(crate) successful: bool,
}

persist!(Assessment { summary, sentiment, successful });

#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) at: u64,
    pub(crate) text: String,
}

persist!(Note { at, text });

impl Status {
    /// The statuses of a call that has not ended.
    pub(crate) const LIVE: [Self; 3] = [Self::Queued, Self::Ringing, Self::InProgress];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
        }
    }
}

impl Direction {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Outbound => "outbound",
            Self::Inbound => "inbound",
            Self::Web => "web",
        }
    }

    /// `type` in the list's filters.
    pub(crate) fn kind(self) -> &'static str {
        if self == Self::Web { "web" } else { "pstn" }
    }
}

impl Reason {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::UserHangup => "user_hangup",
            Self::AgentHangup => "agent_hangup",
            Self::Transfer => "call_transfer",
            Self::Busy => "dial_busy",
            Self::NoAnswer => "dial_no_answer",
            Self::Failed => "dial_failed",
            Self::NeverJoined => "registered_call_timeout",
        }
    }
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
        }
    }
}

impl Call {
    pub(crate) const OF_NUMBER: usize = 0;
    pub(crate) const OF_AGENT: usize = 1;
    /// Index by status name.
    pub(crate) const BY_STATUS: usize = 2;
    /// Index of web calls by token.
    pub(crate) const BY_TOKEN: usize = 3;

    pub(crate) fn is_over(&self) -> bool {
        self.ended_at.is_some()
    }

    /// The party that is not one of the sandbox's numbers.
    pub(crate) fn other_side(&self) -> &str {
        if self.direction == Direction::Outbound { &self.to } else { &self.from }
    }

    /// The value of the field `startedAt`.
    pub(crate) fn started(&self) -> Option<u64> {
        match self.started_at {
            StartedAt::Placed => Some(self.placed_at),
            StartedAt::Answered | StartedAt::Missing => self.answered_at,
        }
    }

    /// Milliseconds of talk up to `now`.
    pub(crate) fn talked_ms(&self, now: u64) -> u64 {
        let until = self.ended_at.unwrap_or(now);
        self.answered_at.map_or(0, |answered| until.saturating_sub(answered))
    }

    /// Seconds of talk up to `now`, as events report them.
    pub(crate) fn exact_seconds(&self, now: u64) -> f64 {
        self.talked_ms(now) as f64 / 1000.0
    }

    /// Seconds of talk up to `now`, rounded up to whole seconds for billing.
    pub(crate) fn seconds(&self, now: u64) -> u64 {
        self.talked_ms(now).div_ceil(1000)
    }

    /// Price of the talk up to `now`, by the second and rounded up: any talk costs at least a cent, and an
    /// unanswered call is free.
    pub(crate) fn cents(&self, now: u64) -> u64 {
        self.seconds(now).saturating_mul(self.rate).div_ceil(60_000)
    }

    pub(crate) fn has_recording(&self) -> bool {
        self.record && self.is_over() && self.talked_ms(0) > 0
    }

    /// Invalidates the planned step.
    pub(crate) fn replan(&mut self) -> u32 {
        self.plan = self.plan.wrapping_add(1);
        self.plan
    }

    pub(crate) fn note(&mut self, at: u64, text: impl Into<String>) {
        if self.log.len() < NOTES {
            let text: String = text.into();
            self.log.push(Note { at, text: text.chars().take(NOTE).collect() });
        }
    }

    /// Adds a turn, unless the transcript is full.
    pub(crate) fn add_turn(&mut self, turn: Turn) -> bool {
        let size = |turn: &Turn| turn.content.len() + TURN;
        if self.said == 0 {
            self.said = self.turns.iter().map(size).sum();
        }
        if self.said + size(&turn) > LONGEST_TALK {
            return false;
        }
        self.said += size(&turn);
        self.turns.push(turn);
        true
    }
}

impl Record for Call {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        let mut keys = vec![(Self::OF_AGENT, self.agent_id.as_str()), (Self::BY_STATUS, self.status.name())];
        if self.direction != Direction::Web {
            keys.push((Self::OF_NUMBER, self.number_id.as_str()));
        }
        keys.extend(self.token.iter().map(|token| (Self::BY_TOKEN, token.as_str())));
        keys
    }
}
