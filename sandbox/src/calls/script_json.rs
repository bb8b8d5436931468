//! Parses scripts and renders them as JSON. Errors name the field.

use super::script::{Hangup, Line, Outcome, Script};
use crate::fields::{choice, integer, only, text};
use crate::json::{json, put};
use serde_json::{Map, Value};

/// Maximum pause and maximum length of a script: one day.
const MAX_MS: u64 = 86_400_000;
/// Maximum number of turns when lines are repeated.
const MAX_TURNS: u64 = 20_000;

const FIELDS: [&str; 8] =
    ["outcome", "lines", "pauseMs", "talkMs", "hangup", "summary", "sentiment", "successful"];
const OUTCOMES: [(&str, Outcome); 5] = [
    ("answered", Outcome::Answered),
    ("busy", Outcome::Busy),
    ("no-answer", Outcome::NoAnswer),
    ("failed", Outcome::Failed),
    ("rings-on", Outcome::RingsOn),
];
const HANGUPS: [(&str, Hangup); 3] =
    [("caller", Hangup::Caller), ("agent", Hangup::Agent), ("nobody", Hangup::Nobody)];

impl Script {
    pub(crate) fn read(raw: &Value) -> Result<Self, String> {
        let mut map = raw.as_object().cloned().ok_or("A script must be a JSON object")?;
        only(&map, "", &FIELDS)?;
        // Null counts as absent.
        map.retain(|_, value| !value.is_null());
        let usual = Self::default();
        let own = |name| text(&map, "", name).map(|found| found.map(str::to_owned));
        let script = Self {
            outcome: if map.contains_key("outcome") {
                choice(&map, "outcome", &OUTCOMES)?
            } else {
                usual.outcome
            },
            lines: map.get("lines").map_or(Ok(usual.lines), read_lines)?,
            pause_ms: integer(&map, "", "pauseMs", 1, MAX_MS)?,
            talk_ms: integer(&map, "", "talkMs", 1, MAX_MS)?,
            hangup: if map.contains_key("hangup") { choice(&map, "hangup", &HANGUPS)? } else { usual.hangup },
            summary: own("summary")?,
            sentiment: own("sentiment")?,
            successful: match map.get("successful") {
                None => None,
                Some(value) => Some(value.as_bool().ok_or("successful: must be true or false")?),
            },
        };
        if let Some(talk) = script.talk_ms {
            let turns = script.pause_ms.map(|pause| talk / pause);
            if turns.is_none_or(|turns| turns > MAX_TURNS) || script.lines.is_empty() {
                return Err(format!(
                    "talkMs: needs lines and a pauseMs that makes at most {MAX_TURNS} turns"
                ));
            }
        }
        Ok(script)
    }

    pub(crate) fn show(&self) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(show_line).collect();
        json!({
            "outcome": name(&OUTCOMES, self.outcome),
            "lines": lines,
            "pauseMs": self.pause_ms,
            "talkMs": self.talk_ms,
            "hangup": name(&HANGUPS, self.hangup),
            "summary": self.summary,
            "sentiment": self.sentiment,
            "successful": self.successful,
        })
    }
}

fn read_lines(raw: &Value) -> Result<Vec<Line>, String> {
    raw.as_array().ok_or("lines: must be a list")?.iter().map(read_line).collect()
}

fn read_line(raw: &Value) -> Result<Line, String> {
    let map = raw.as_object().ok_or("lines: each must be an object")?;
    only(map, "lines.", &["caller", "agent"])?;
    let caller = text(map, "lines.", "caller")?.ok_or("lines.caller: is required")?;
    let agent = match map.get("agent") {
        Some(Value::Null) => None,
        _ => text(map, "lines.", "agent")?,
    };
    Ok(Line { caller: caller.to_owned(), agent: agent.map(str::to_owned) })
}

fn show_line(line: &Line) -> Value {
    let mut out = Map::new();
    put(&mut out, "caller", line.caller.as_str().into());
    if let Some(agent) = &line.agent {
        put(&mut out, "agent", agent.as_str().into());
    }
    Value::Object(out)
}

fn name<T: PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, own)| *own == value).map_or("", |(name, _)| name)
}
