//! The fields of a rule that change the effect and not the response: when the operation is performed,
//! whether lists show what it created, whether another client repeats it. For lists: how far they lag
//! and how they are ordered. All times are on the sandbox's clock.

use crate::fields::{choice, inner, integer, text};
use crate::operations::{is_list, makes};
use crate::store::persist;
use serde_json::{Map, Value};

/// The fields of a rule that are parsed here.
pub(super) const FIELDS: [&str; 6] = ["late", "unlisted", "foreign", "startedAt", "lagMs", "order"];
/// Those that apply to lists; the others apply to operations with an effect.
const OF_LISTS: [&str; 2] = ["lagMs", "order"];

const LATE_MS: u64 = 5000;
const FOREIGN_MS: u64 = 1000;
/// Maximum time: real calls have been dialled as late as 49 minutes after the request.
const MAX_MS: u64 = 86_400_000;

const SEEN_FROM: [(&str, bool); 2] = [("everything", false), ("lists", true)];
const STARTS: [(&str, StartedAt); 2] = [("answered", StartedAt::Answered), ("missing", StartedAt::Missing)];
const ORDERS: [(&str, Order); 18] = [
    ("oldest", Order::Oldest),
    ("shuffled", Order::Shuffled),
    ("id", Order::By("id")),
    ("name", Order::By("name")),
    ("status", Order::By("status")),
    ("direction", Order::By("direction")),
    ("startedAt", Order::By("startedAt")),
    ("endedAt", Order::By("endedAt")),
    ("durationSeconds", Order::By("durationSeconds")),
    ("fromNumber", Order::By("fromNumber")),
    ("toNumber", Order::By("toNumber")),
    ("phoneNumber", Order::By("phoneNumber")),
    ("externalId", Order::By("externalId")),
    ("body", Order::By("body")),
    ("receivedAt", Order::By("receivedAt")),
    ("lastMessageAt", Order::By("lastMessageAt")),
    ("createdAt", Order::By("createdAt")),
    ("updatedAt", Order::By("updatedAt")),
];

/// What a rule changes about an effect or a list. The default changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Race {
    /// Milliseconds from the request until it is performed.
    pub(crate) late_ms: Option<u64>,
    pub(crate) unlisted: Option<Unlisted>,
    /// Milliseconds from the request until another client sends the same.
    pub(crate) foreign_ms: Option<u64>,
    pub(crate) started_at: StartedAt,
    pub(crate) lag_ms: u64,
    pub(crate) order: Order,
}

persist!(Race { late_ms, unlisted, foreign_ms, started_at } skip { lag_ms, order });

/// The object that a request creates is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unlisted {
    /// None means forever.
    pub(crate) for_ms: Option<u64>,
    /// Whether it can be read by id meanwhile.
    pub(crate) found: bool,
}

persist!(Unlisted { for_ms, found });

/// What the field `startedAt` of a call means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum StartedAt {
    /// When the call was placed.
    #[default]
    Placed,
    /// When the call was answered; null until then.
    Answered,
    /// When the call was answered; absent until then.
    Missing,
}

persist!(names StartedAt { Placed = "placed", Answered = "answered", Missing = "missing" });

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Order {
    #[default]
    Newest,
    Oldest,
    /// In a random order that is the same for every request.
    Shuffled,
    /// By this field, descending; objects without it come last.
    By(&'static str),
}

impl Race {
    /// Whether a rule with these fields applies to an operation.
    pub(super) fn fits(&self, operation: Option<&str>, method: &str) -> bool {
        let of_lists = self.lag_ms > 0 || self.order != Order::Newest;
        let repeats = self.late_ms.is_some() || self.foreign_ms.is_some();
        let writes = !method.eq_ignore_ascii_case("GET") && !method.eq_ignore_ascii_case("HEAD");
        (!of_lists || operation.is_some_and(is_list))
            && (!repeats || (operation.is_some() && writes))
            && (self.unlisted.is_none() || operation.is_some_and(makes))
            && (self.started_at == StartedAt::Placed || operation == Some("calls.create"))
    }
}

/// Parses these fields. `action` is the name of the rule's action, if any; `operation` is the operation
/// it matches with its method, if it names one.
pub(super) fn parse(
    map: &Map<String, Value>,
    action: Option<&str>,
    operation: Option<(&str, &str)>,
) -> Result<Race, String> {
    let given = |name: &&&str| map.contains_key(**name);
    let Some(first) = FIELDS.iter().find(given) else { return Ok(Race::default()) };
    if let Some(other @ ("limit" | "duplicate")) = action {
        return Err(format!("{first}: has no meaning beside {other}"));
    }
    let for_list = OF_LISTS.iter().find(given);
    if let (Some(list), Some(effect)) = (for_list, FIELDS.iter().find(|f| given(f) && !OF_LISTS.contains(*f)))
    {
        return Err(format!("{list}: is for lists and {effect} is not; make two rules of it"));
    }
    let race = Race {
        late_ms: span(map, "late", "afterMs", 1, LATE_MS)?,
        foreign_ms: span(map, "foreign", "afterMs", 0, FOREIGN_MS)?,
        unlisted: unlisted(map)?,
        started_at: optional(map, "startedAt", &STARTS)?,
        lag_ms: integer(map, "", "lagMs", 1, MAX_MS)?.unwrap_or(0),
        order: optional(map, "order", &ORDERS)?,
    };
    check_action(map, &race, action)?;
    match operation {
        Some((id, method)) => check_operation(race, first, id, method),
        // Matches by method or path are only decided when a request arrives.
        None => Ok(race),
    }
}

/// Rejects a rule that could never apply to the operation it matches.
fn check_operation(race: Race, first: &str, id: &str, method: &str) -> Result<Race, String> {
    let of_lists = OF_LISTS.contains(&first);
    if of_lists && !is_list(id) {
        Err(format!("{first}: {id} is not a list"))
    } else if race.unlisted.is_some() && !makes(id) {
        Err(format!("unlisted: {id} creates nothing that a list shows"))
    } else if race.started_at != StartedAt::Placed && id != "calls.create" {
        Err(format!("startedAt: {id} does not place a phone call"))
    } else if !of_lists && method == "GET" {
        Err(format!("{first}: {id} only reads"))
    } else {
        Ok(race)
    }
}

/// Rejects combinations that contradict the action.
fn check_action(map: &Map<String, Value>, race: &Race, action: Option<&str>) -> Result<(), String> {
    let word = |name: &str| map.get(name).and_then(Value::as_str);
    let has_effect = map.get("effect") == Some(&Value::Bool(true));
    let nothing_happens = word("cut") == Some("before-effect") || (action == Some("status") && !has_effect);
    if race.late_ms.is_some() {
        let lost = match action {
            None | Some("status") => true,
            Some("cut") => word("cut") == Some("before-headers"),
            Some("stall") => word("stall") == Some("headers"),
            Some(_) => false,
        };
        if !lost {
            return Err("late: only beside cut before-headers, stall headers or status, because there is \
                        nothing to answer yet"
                .into());
        }
        if map.contains_key("effect") {
            return Err("effect: late says when the effect takes place; leave one of them out".into());
        }
        return Ok(());
    }
    if race.unlisted.is_some() && nothing_happens {
        return Err("unlisted: the rule prevents the effect; there is nothing to leave out of a list".into());
    }
    Ok(())
}

/// `true`, or an object with one number of milliseconds that is at least `least`.
fn span(
    map: &Map<String, Value>,
    name: &str,
    field: &str,
    least: u64,
    usual: u64,
) -> Result<Option<u64>, String> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(usual)),
        Some(Value::Object(_)) => {
            let fields = inner(map, name, &[field])?;
            Ok(Some(integer(fields, &format!("{name}."), field, least, MAX_MS)?.unwrap_or(usual)))
        }
        Some(_) => Err(format!("{name}: must be true or an object with {field}")),
    }
}

fn unlisted(map: &Map<String, Value>) -> Result<Option<Unlisted>, String> {
    match map.get("unlisted") {
        None => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(Unlisted { for_ms: None, found: false })),
        Some(Value::Object(_)) => {
            let fields = inner(map, "unlisted", &["forMs", "from"])?;
            let for_ms = integer(fields, "unlisted.", "forMs", 1, MAX_MS)?;
            let found = match text(fields, "unlisted.", "from")? {
                None => false,
                Some(_) => choice(fields, "from", &SEEN_FROM).map_err(|e| format!("unlisted.{e}"))?,
            };
            Ok(Some(Unlisted { for_ms, found }))
        }
        Some(_) => Err("unlisted: must be true or an object with forMs and from".into()),
    }
}

fn optional<T: Copy + Default>(
    map: &Map<String, Value>,
    name: &str,
    table: &[(&str, T)],
) -> Result<T, String> {
    if map.contains_key(name) { choice(map, name, table) } else { Ok(T::default()) }
}
