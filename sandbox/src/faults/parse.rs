//! Parses fault rules. An unknown field or value is an error that names the field, because a rule that
//! silently never applies is hard to find.

use super::kinds::{Cut, Garbage, Stall, StatusFault};
use super::race::{self, Race};
use super::rule::{Act, Rule};
use super::window::Limit;
use crate::errors::{Failure, SHAPES, known_code, status_words};
use crate::fields::{choice, inner, integer, required, text};
use serde_json::{Map, Value};

/// Headers that the connection manages itself.
const CONNECTION: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer"];
/// Maximum delay: ten minutes.
const MAX_MS: u64 = 600_000;

/// The fields that say what happens; a rule has at most one.
const ACTIONS: [&str; 7] = ["status", "cut", "stall", "slow", "garbage", "limit", "duplicate"];
/// The events a webhook can carry.
const EVENTS: [&str; 3] = ["agent.message", "agent.reaction", "agent.call_ended"];
/// Fields that only make sense together with `status`.
const STATUS_FIELDS: [&str; 5] = ["code", "shape", "message", "headers", "effect"];

const CUTS: [(&str, Cut); 4] = [
    ("before-effect", Cut::BeforeEffect),
    ("before-headers", Cut::BeforeHeaders),
    ("after-headers", Cut::AfterHeaders),
    ("mid-body", Cut::MidBody),
];
const STALLS: [(&str, Stall); 2] = [("headers", Stall::Headers), ("body", Stall::Body)];
const GARBAGE: [(&str, Garbage); 6] = [
    ("html", Garbage::Html),
    ("empty", Garbage::Empty),
    ("truncated", Garbage::Truncated),
    ("text", Garbage::Text),
    ("array", Garbage::Array),
    ("null", Garbage::Null),
];

/// Parses a rule. `known` returns the method of an operationId that exists.
pub(crate) fn parse_rule(raw: &Value, known: impl Fn(&str) -> Option<&'static str>) -> Result<Rule, String> {
    let map = raw.as_object().ok_or("A rule must be a JSON object")?;
    let common = ["match", "times", "probability", "delayMs"];
    let known_field = |name: &str| {
        let lists: [&[&str]; 4] = [&common, &ACTIONS, &STATUS_FIELDS, &race::FIELDS];
        lists.iter().any(|fields| fields.contains(&name))
    };
    for name in map.keys() {
        if !known_field(name) {
            return Err(format!("{name}: unknown field"));
        }
    }
    let actions: Vec<&str> = ACTIONS.into_iter().filter(|a| map.contains_key(*a)).collect();
    if let [first, second, ..] = actions.as_slice() {
        return Err(format!("{second}: a rule has one action, and this one has {first} already"));
    }
    if let Some(stray) =
        STATUS_FIELDS.into_iter().find(|f| map.contains_key(*f) && !map.contains_key("status"))
    {
        return Err(format!("{stray}: only allowed with status"));
    }
    let first = actions.first().copied();
    let (operation, method, path, to_number) = matcher(map, &known)?;
    let matched = operation.as_deref().and_then(|id| Some((id, known(id)?)));
    let race = race::parse(map, first, matched)?;
    let mut action = match first {
        Some("status") => Act::Status(status_fault(map)?),
        Some("cut") => Act::Cut(choice(map, "cut", &CUTS)?),
        Some("stall") => Act::Stall(choice(map, "stall", &STALLS)?),
        Some("duplicate") if map.get("duplicate") == Some(&Value::Bool(true)) => Act::Duplicate,
        Some("duplicate") => return Err("duplicate: must be true".into()),
        Some("garbage") => Act::Garbage(choice(map, "garbage", &GARBAGE)?),
        Some("slow") => {
            let (slow, path) = (inner(map, "slow", &["bytes", "everyMs"])?, "slow.");
            let bytes = required(slow, path, "bytes", 1, 1 << 20)?;
            Act::Slow { bytes, every_ms: required(slow, path, "everyMs", 1, MAX_MS)? }
        }
        Some("limit") => {
            let (limit, path) = (inner(map, "limit", &["requests", "perMs"])?, "limit.");
            let requests = required(limit, path, "requests", 1, 1_000_000)?;
            Act::Limit(Limit { requests, per_ms: required(limit, path, "perMs", 1, 86_400_000)? })
        }
        // If the response arrived, there would be no doubt about the outcome.
        _ if race.late_ms.is_some() || race.foreign_ms.is_some() => Act::Cut(Cut::BeforeHeaders),
        _ if map.contains_key("delayMs") || race != Race::default() => Act::Delay,
        _ => {
            let (actions, others) = (ACTIONS.join(", "), race::FIELDS.join(", "));
            return Err(format!("A rule needs one of {actions}, {others} or delayMs"));
        }
    };
    if let (Act::Status(fault), Some(_)) = (&mut action, race.late_ms) {
        fault.effect = true;
    }
    if matches!(action, Act::Duplicate) && map.contains_key("delayMs") {
        return Err("delayMs: a webhook that is delivered twice is not held back".into());
    }
    let event = event(map, &action)?;
    Ok(Rule {
        operation,
        method,
        path,
        to_number,
        event,
        times: integer(map, "", "times", 1, u64::MAX)?,
        probability: probability(map)?,
        delay_ms: integer(map, "", "delayMs", 0, MAX_MS)?.map_or(Ok(0), u32::try_from).unwrap_or(0),
        action,
        race,
    })
}

/// `match.event` and `duplicate` only make sense together: `duplicate` does not apply to requests.
fn event(map: &Map<String, Value>, action: &Act) -> Result<Option<String>, String> {
    let matcher = map.get("match").and_then(Value::as_object);
    let duplicate = matches!(action, Act::Duplicate);
    let mut names = matcher.into_iter().flat_map(Map::keys);
    if let Some(stray) = names.find(|name| (*name == "event") != duplicate) {
        return Err(match duplicate {
            true => format!("match.{stray}: webhooks are matched by event alone"),
            false => "match.event: only allowed with duplicate".into(),
        });
    }
    let Some(name) = matcher.and_then(|m| m.get("event")) else { return Ok(None) };
    let known = name.as_str().filter(|name| EVENTS.contains(name));
    let known = known.ok_or_else(|| format!("match.event: must be one of {}", EVENTS.join(", ")))?;
    Ok(Some(known.to_owned()))
}

type Matcher = (Option<String>, Option<String>, Option<String>, Option<String>);

fn matcher(
    map: &Map<String, Value>,
    known: impl Fn(&str) -> Option<&'static str>,
) -> Result<Matcher, String> {
    if !map.contains_key("match") {
        return Ok((None, None, None, None));
    }
    let inner = inner(map, "match", &["operation", "method", "path", "toNumber", "event"])?;
    let operation = text(inner, "match.", "operation")?;
    if let Some(id) = operation.filter(|id| known(id).is_none()) {
        return Err(format!("match.operation: the contract has no operation {id}"));
    }
    let path = text(inner, "match.", "path")?;
    if path.is_some_and(|p| !p.starts_with('/')) {
        return Err("match.path: must begin with a slash".into());
    }
    let method = text(inner, "match.", "method")?;
    if method.is_some_and(|m| m.is_empty() || !m.bytes().all(|b| b.is_ascii_alphabetic())) {
        return Err("match.method: must be a method, for example POST".into());
    }
    let to_number = text(inner, "match.", "toNumber")?;
    if to_number.is_some_and(|n| !crate::phone::is_e164(n)) {
        return Err("match.toNumber: must be a number in E.164 format".into());
    }
    let own = |text: Option<&str>| text.map(str::to_owned);
    Ok((own(operation), own(method), own(path), own(to_number)))
}

fn status_fault(map: &Map<String, Value>) -> Result<StatusFault, String> {
    let status = required(map, "", "status", 200, 599)?;
    let status = u16::try_from(status).unwrap_or(500);
    let code = text(map, "", "code")?;
    let usual = code.and_then(known_code).map_or_else(|| status_words(status), |k| k.message);
    let shape = map.contains_key("shape").then(|| choice(map, "shape", &SHAPES)).transpose()?;
    let failure = Failure {
        status,
        code: code.map(str::to_owned),
        message: text(map, "", "message")?.unwrap_or(usual).to_owned(),
        issues: Vec::new(),
        shape,
    };
    let effect = match map.get("effect") {
        None => false,
        Some(value) => value.as_bool().ok_or("effect: must be true or false")?,
    };
    Ok(StatusFault { failure, headers: headers(map)?, effect })
}

fn headers(map: &Map<String, Value>) -> Result<Vec<(String, String)>, String> {
    let Some(raw) = map.get("headers") else { return Ok(Vec::new()) };
    let raw = raw.as_object().ok_or("headers: must be an object")?;
    let mut out = Vec::new();
    for (name, value) in raw {
        let sound =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if !sound {
            return Err(format!("headers.{name}: not a header name"));
        }
        // Setting the connection's own headers would make the server send invalid HTTP; `cut` is the way to
        // break a connection.
        if CONNECTION.contains(&name.to_ascii_lowercase().as_str()) {
            return Err(format!("headers.{name}: belongs to the connection and cannot be set"));
        }
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(format!("headers.{name}: must be a string or a number")),
        };
        if !value.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            return Err(format!("headers.{name}: must be plain ASCII on one line"));
        }
        out.push((name.clone(), value));
    }
    Ok(out)
}

fn probability(map: &Map<String, Value>) -> Result<Option<f64>, String> {
    let Some(value) = map.get("probability") else { return Ok(None) };
    let sound = value.as_f64().filter(|p| (0.0..=1.0).contains(p));
    sound.map(Some).ok_or_else(|| "probability: must be a number from 0 to 1".into())
}
