//! What the people do who are called or who call: whether they answer, what they say, when they
//! hang up; and what a hosted agent answers, since no model runs here. The user sets the usual
//! script, or one for a number, with `PUT /__sandbox/script`.

use crate::json::json;
use crate::magic;
use crate::store::{Small, kept};
use serde_json::{Map, Value};

/// Said by a hosted agent where the script has no words for it.
const AT_A_LOSS: &str = "I see. Is there anything else that I can do for you?";

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

kept!(names Outcome {
    Answered = "answered", Busy = "busy", NoAnswer = "no-answer", Failed = "failed", RingsOn = "rings-on",
});

/// One exchange.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) caller: String,
    pub(crate) agent: Option<String>,
}

kept!(Line { caller, agent });

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    pub(crate) outcome: Outcome,
    pub(crate) lines: Vec<Line>,
    /// Between two turns. Default: the exchanges spread over the usual length of a call.
    pub(crate) pause_ms: Option<u64>,
    /// The lines are said over and over until so long has been talked.
    pub(crate) talk_ms: Option<u64>,
    /// Who hangs up at the end; with `nobody` the call stays up until it is ended.
    pub(crate) hangup: Hangup,
    pub(crate) summary: Option<String>,
    pub(crate) sentiment: Option<String>,
    pub(crate) successful: Option<bool>,
}

kept!(Script { outcome, lines, pause_ms, talk_ms, hangup, summary, sentiment, successful });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hangup {
    #[default]
    Caller,
    Agent,
    Nobody,
}

kept!(names Hangup { Caller = "caller", Agent = "agent", Nobody = "nobody" });

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
    /// A script whose other side does not answer, or not at once.
    pub(crate) fn ending(outcome: Outcome) -> Self {
        Self { outcome, ..Self::default() }
    }

    /// Hello, and gone.
    pub(crate) fn curt() -> Self {
        let lines = Self::default().lines.into_iter().take(1).collect();
        Self { lines, ..Self::default() }
    }

    /// Answered, and silent.
    pub(crate) fn mute() -> Self {
        Self { lines: Vec::new(), hangup: Hangup::Nobody, ..Self::default() }
    }

    /// The wait between two turns. A talk is one pause before each turn and two before it ends.
    pub(crate) fn pause(&self, talking_ms: u64) -> u64 {
        let turns = u64::try_from(self.lines.len()).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(2);
        self.pause_ms.unwrap_or(talking_ms / turns)
    }

    /// The line with a number, if it is still to be said after so long a talk.
    pub(crate) fn line(&self, number: usize, talked_ms: u64) -> Option<&Line> {
        match self.talk_ms {
            Some(limit) if talked_ms >= limit => None,
            Some(_) => self.lines.get(number.checked_rem(self.lines.len())?),
            None => self.lines.get(number),
        }
    }

    /// What a hosted agent says to the line before `next`.
    pub(crate) fn answer(&self, next: usize) -> &str {
        let asked = next.checked_sub(1).and_then(|n| n.checked_rem(self.lines.len()));
        asked.and_then(|n| self.lines.get(n)?.agent.as_deref()).unwrap_or(AT_A_LOSS)
    }
}

/// So many scripts weigh nothing.
const ROOM: usize = 64;

/// The scripts that are set, and those that were when a call began: it keeps to its own.
#[derive(Debug)]
pub(crate) struct Scripts {
    /// None in place of a script that is no longer followed.
    all: Vec<Option<Script>>,
    usual: usize,
    by_number: Small<String, usize>,
    /// So many are kept before those that are no longer followed are removed.
    room: usize,
}

kept!(Scripts { all, usual, by_number } skip { room });

impl Default for Scripts {
    fn default() -> Self {
        let mut scripts =
            Self { all: vec![Some(Script::default())], usual: 0, by_number: Small::default(), room: ROOM };
        for (number, script) in magic::scripts() {
            scripts.set(Some(number.to_owned()), script);
        }
        scripts
    }
}

impl Scripts {
    pub(crate) fn get(&self, index: usize) -> Option<&Script> {
        self.all.get(index)?.as_ref()
    }

    pub(crate) fn add(&mut self, script: Script) -> usize {
        let index = self.all.iter().position(Option::is_none).unwrap_or(self.all.len());
        match self.all.get_mut(index) {
            Some(free) => *free = Some(script),
            None => self.all.push(Some(script)),
        }
        index
    }

    /// Whether there are many more than when it was last looked: a look goes through all of them.
    pub(crate) fn are_many(&self) -> bool {
        self.all.len() >= self.room && !self.all.iter().any(Option::is_none)
    }

    /// Drops what neither a call nor anybody who may be called follows.
    pub(crate) fn drop_all_but(&mut self, followed: &[usize]) {
        let mut keep = vec![false; self.all.len()];
        for index in followed.iter().chain(self.by_number.iter().map(|(_, at)| at)).chain([&self.usual]) {
            if let Some(keep) = keep.get_mut(*index) {
                *keep = true;
            }
        }
        let dropped = self.all.iter_mut().zip(&keep).filter(|(_, keep)| !**keep);
        dropped.for_each(|(script, _)| *script = None);
        self.room = keep.iter().filter(|keep| **keep).count().saturating_mul(2).max(ROOM);
    }

    /// Sets the script of a number, or the usual one.
    pub(crate) fn set(&mut self, number: Option<String>, script: Script) {
        let index = self.add(script);
        match number {
            Some(number) => {
                self.by_number.insert(number, index);
            }
            None => self.usual = index,
        }
    }

    /// Goes back to the built-in ones.
    pub(crate) fn forget(&mut self) {
        self.usual = self.add(Script::default());
        self.by_number = Small::default();
        for (number, script) in magic::scripts() {
            self.set(Some(number.to_owned()), script);
        }
    }

    /// The script that the person at a number follows.
    pub(crate) fn of(&self, number: &str) -> usize {
        self.by_number.get(number).copied().unwrap_or(self.usual)
    }

    /// All of them, or beside the usual one that of a number alone.
    pub(crate) fn show(&self, only: Option<&str>) -> Value {
        let script = |at: usize| self.get(at).map_or(Value::Null, Script::show);
        let own = |(number, at): (&String, &usize)| {
            let wanted = only.is_none_or(|only| only == number);
            let magic = || magic::script(number).is_some_and(|usual| self.get(*at) == Some(&usual));
            (wanted && !magic()).then(|| (number.clone(), script(*at)))
        };
        let by_number: Map<String, Value> = self.by_number.iter().filter_map(own).collect();
        json!({ "usual": script(self.usual), "byNumber": by_number })
    }
}
