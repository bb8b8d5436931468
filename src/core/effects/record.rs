//! Entries of the ledger as JSON, and back. What a ledger stores of an intent: ids, times, digests of what was sent and
//! what is known of it; no number and no text.

use super::events::View;
use super::intent::{Change, How, Intent, Lane, Stamped, State, Value, Wall};
use super::json::{Json, Writer};

/// The format of the values. Entries of another one are left alone.
const FORMAT: u8 = 1;

/// A write in the form that a ledger accepts, in JSON. The values, which a ledger may keep as they are, are separate.
#[derive(Debug)]
pub struct Written {
    /// An array of the changes, whose entries have no values.
    pub changes: String,
    /// The value of each entry that is not deleted, a line each.
    pub values: String,
}

/// See [`Written`].
pub fn written(changes: &[Change], now: Wall) -> Written {
    let mut json = Writer::default();
    let mut values = Writer::default();
    json.open('[');
    for change in changes {
        json.open('{');
        json.pair("key", &change.key);
        json.name("was");
        json.text_or_null(change.was.as_deref());
        json.name("entry");
        let is_open = match &change.value {
            Value::Intent(intent) => intent.state.is_in_doubt(),
            // One that is held must outlive the pruning of old entries.
            Value::Lane(lane) => lane.holder.is_some(),
            Value::Gone => {
                json.word("null");
                json.close('}');
                continue;
            }
        };
        json.open('{');
        json.pair("stamp", &change.stamp);
        json.name("open");
        json.word(if is_open { "true" } else { "false" });
        json.count("at", now);
        json.close('}');
        json.close('}');
        values.line();
        match &change.value {
            Value::Intent(intent) => write_intent(&mut values, intent),
            Value::Lane(lane) => write_lane(&mut values, lane),
            Value::Gone => {}
        }
    }
    json.close(']');
    Written { changes: json.out, values: values.out }
}

/// An intent alone.
pub fn text_of(intent: &Intent) -> String {
    let mut json = Writer::default();
    write_intent(&mut json, intent);
    json.out
}

fn begin(json: &mut Writer, kind: &str) {
    json.open('{');
    json.count("format", FORMAT.into());
    json.pair("kind", kind);
}

fn write_intent(json: &mut Writer, intent: &Intent) {
    begin(json, "intent");
    json.pair("operation", &intent.operation);
    if !intent.ids.is_empty() {
        json.name("ids");
        json.texts(&intent.ids);
    }
    json.name("content");
    json.open('{');
    for (name, digest) in &intent.content {
        json.name(name);
        json.text(digest);
    }
    json.close('}');
    json.name("facts");
    json.open('[');
    for fact in &intent.facts {
        json.text_or_null(fact.as_deref());
    }
    json.close(']');
    json.pair("lane", &intent.lane);
    json.pair("state", intent.state.name());
    match &intent.state {
        State::Sending { until } => {
            json.count("until", *until);
        }
        State::Placed { id, how } => {
            json.pair("id", id);
            json.pair("how", how.name());
        }
        State::Ambiguous { ids } => {
            json.name("candidates");
            json.texts(ids);
        }
        _ => {}
    }
    json.count("sentAt", intent.sent_at);
    if let Some(skew) = intent.skew {
        json.name("skew");
        if skew < 0 {
            json.out.push('-');
            crate::core::text::push_number(&mut json.out, skew.unsigned_abs());
        } else {
            json.number(skew.unsigned_abs());
        }
    }
    if let Some(before) = &intent.before {
        json.name("before");
        json.texts(before);
    }
    if intent.exclusive {
        json.name("exclusive");
        json.word("true");
    }
    json.count("sends", intent.sends.into());
    json.close('}');
}

fn write_lane(json: &mut Writer, lane: &Lane) {
    begin(json, "lane");
    json.name("holder");
    json.text_or_null(lane.holder.as_deref());
    json.name("taken");
    json.open('[');
    for (id, at) in lane.taken.iter() {
        json.open('[');
        json.text(id);
        json.number(*at);
        json.close(']');
    }
    json.close(']');
    json.close('}');
}

/// What a ledger has read of an intent and, perhaps, of its lane: each entry as its stamp and its value, or null. `None`: one of
/// them is of another format, or of another program.
pub fn view_of(text: &str) -> Option<View> {
    let entries = Json::parse(text)?;
    Some(View {
        intent: entry_of(entries.at(0), intent_of)?,
        lane: entry_of(entries.at(1), lane_of)?,
        holder: None,
        is_unsent: false,
    })
}

/// An open entry: its key and its value, if that is an intent of ours.
pub fn open_entry(text: &str) -> Option<(String, Intent)> {
    let entry = Json::parse(text)?;
    Some((entry.at(0).string()?, intent_of(entry.at(1))?))
}

#[inline(never)]
fn entry_of<T>(entry: &Json, read: fn(&Json) -> Option<T>) -> Option<Option<Stamped<T>>> {
    if matches!(entry, Json::Null) {
        return Some(None);
    }
    Some(Some(Stamped { stamp: entry.at(0).string()?, value: read(entry.at(1))? }))
}

fn is_ours(value: &Json, kind: &str) -> bool {
    value.get("format").number() == Some(FORMAT.into()) && value.get("kind").str() == Some(kind)
}

/// What is not a time counts as 1970.
fn wall(value: &Json) -> Wall {
    value.number().and_then(|number| number.try_into().ok()).unwrap_or(0)
}

#[inline(never)]
fn intent_of(value: &Json) -> Option<Intent> {
    if !is_ours(value, "intent") {
        return None;
    }
    // One verdict at the end: a way out at each field would be as much code as the reading itself.
    let mut is_whole = true;
    let mut string = |name| {
        let text = value.get(name).str();
        is_whole &= text.is_some();
        text.unwrap_or_default().to_owned()
    };
    let (operation, lane) = (string("operation"), string("lane"));
    let state = match string("state").as_str() {
        "sending" => State::Sending { until: wall(value.get("until")) },
        "placed" => State::Placed { id: string("id"), how: How::named(&string("how"))? },
        "refused" => State::Refused,
        "unknown" => State::Unknown,
        "absent_so_far" => State::AbsentSoFar,
        "ambiguous" => State::Ambiguous { ids: value.get("candidates").strings()? },
        "not_placed" => State::NotPlaced,
        _ => return None,
    };
    let mut content = Vec::new();
    let mut name = None;
    for item in value.get("content").list() {
        let text = item.str();
        is_whole &= text.is_some();
        let text = text.unwrap_or_default().to_owned();
        match name.take() {
            Some(name) => content.push((name, text)),
            None => name = Some(text),
        }
    }
    let mut facts = Vec::new();
    for fact in value.get("facts").list() {
        facts.push(fact.string());
    }
    let intent = Intent {
        operation,
        ids: value.get("ids").strings().unwrap_or_default(),
        content,
        facts,
        lane,
        state,
        sent_at: wall(value.get("sentAt")),
        skew: value.get("skew").number(),
        before: value.get("before").strings(),
        exclusive: value.get("exclusive").number() == Some(1),
        sends: value.get("sends").number().and_then(|sends| sends.try_into().ok()).unwrap_or(1),
    };
    is_whole.then_some(intent)
}

fn lane_of(value: &Json) -> Option<Lane> {
    if !is_ours(value, "lane") {
        return None;
    }
    let mut taken = Vec::new();
    for pair in value.get("taken").list() {
        taken.push((pair.at(0).string()?, wall(pair.at(1))));
    }
    Some(Lane { holder: value.get("holder").string(), taken: taken.into() })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::option;
    use proptest::prelude::*;
    use serde_json::{Value as Other, json};

    fn texts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(any::<String>(), 0..4)
    }

    fn states() -> impl Strategy<Value = State> {
        let how = [How::Answered, How::Certain, How::Likely, How::Person];
        prop_oneof![
            (0..1_u64 << 53).prop_map(|until| State::Sending { until }),
            (any::<String>(), prop::sample::select(how.to_vec()))
                .prop_map(|(id, how)| State::Placed { id, how }),
            texts().prop_map(|ids| State::Ambiguous { ids }),
            prop::sample::select(vec![State::Refused, State::Unknown, State::AbsentSoFar, State::NotPlaced]),
        ]
    }

    prop_compose! {
        fn intents()(
            (operation, lane) in any::<(String, String)>(),
            ids in texts(),
            content in prop::collection::btree_map(any::<String>(), any::<String>(), 0..4),
            facts in prop::collection::vec(any::<Option<String>>(), 0..4),
            state in states(),
            sent_at in 0..1_u64 << 53,
            skew in option::of(-(1_i64 << 53)..1 << 53),
            before in option::of(texts()),
            (exclusive, sends) in any::<(bool, u32)>(),
        ) -> Intent {
            let content = content.into_iter().collect();
            Intent { operation, ids, content, facts, lane, state, sent_at, skew, before, exclusive, sends }
        }
    }

    /// What JavaScript makes of a write and returns for a read.
    fn read(changes: &[Change], now: Wall) -> String {
        let Written { changes, values } = written(changes, now);
        let changes: Vec<Other> = serde_json::from_str(&changes).unwrap();
        let mut values = values.split('\n').map(|value| serde_json::from_str::<Other>(value).unwrap());
        let mut entry = |change: Other| match &change["entry"] {
            Other::Null => Other::Null,
            entry => json!([entry["stamp"], values.next().unwrap()]),
        };
        Other::from(changes.into_iter().map(&mut entry).collect::<Vec<_>>()).to_string()
    }

    fn change(value: Value) -> Change {
        Change { key: "key".to_owned(), was: None, stamp: "stamp".to_owned(), value }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            intent in intents(),
            holder: Option<String>,
            taken in prop::collection::vec((any::<String>(), 0..1_u64 << 53), 0..4),
        ) {
            let lane = Lane { holder, taken: taken.into() };
            let own = change(Value::Intent(Box::new(intent.clone())));
            let view = view_of(&read(&[own, change(Value::Lane(lane.clone())), change(Value::Gone)], 7)).unwrap();
            let stamp = "stamp".to_owned();
            prop_assert_eq!(view.intent, Some(Stamped { stamp: stamp.clone(), value: intent.clone() }));
            prop_assert_eq!(view.lane, Some(Stamped { stamp, value: lane }));
            prop_assert_eq!(view.holder, None);
            let entry = json!(["key", serde_json::from_str::<Other>(&text_of(&intent)).unwrap()]);
            prop_assert_eq!(open_entry(&entry.to_string()), Some(("key".to_owned(), intent)));
        }
    }

    fn intent() -> Intent {
        let text = |text: &str| text.to_owned();
        Intent {
            operation: text("calls.create"),
            ids: vec![],
            content: vec![(text("body.toNumber"), text("d1"))],
            facts: vec![Some(text("agt_1")), None],
            lane: text("scope/lane/1"),
            state: State::Sending { until: 60_000 },
            sent_at: 5,
            skew: Some(-500),
            before: None,
            exclusive: false,
            sends: 1,
        }
    }

    #[test]
    fn whoever_looks_into_a_ledger_finds_fields_with_names() {
        let change = Change { was: Some("old".to_owned()), ..change(Value::Intent(Box::new(intent()))) };
        let Written { changes, values } = written(&[change], 7);
        let changes: Other = serde_json::from_str(&changes).unwrap();
        let value = json!({
            "format": 1, "kind": "intent", "operation": "calls.create", "content": { "body.toNumber": "d1" },
            "facts": ["agt_1", null], "lane": "scope/lane/1", "state": "sending", "until": 60_000, "sentAt": 5,
            "skew": -500, "sends": 1,
        });
        let entry = json!({ "stamp": "stamp", "open": true, "at": 7 });
        assert_eq!(changes, json!([{ "key": "key", "was": "old", "entry": entry }]));
        assert_eq!(serde_json::from_str::<Other>(&values).unwrap(), value);
    }

    #[test]
    fn an_entry_of_another_format_or_program_is_not_read() {
        let ours: Other = serde_json::from_str(&text_of(&intent())).unwrap();
        let read = |value: &Other| view_of(&json!([["1", value]]).to_string());
        assert!(read(&ours).is_some());
        for (name, wrong) in [
            ("format", json!(2)),
            ("format", Other::Null),
            ("kind", json!("lane")),
            ("state", json!("placed")),
            ("state", json!("another")),
            ("operation", json!(7)),
            ("content", json!({ "body.toNumber": 7 })),
        ] {
            let mut other = ours.clone();
            other[name] = wrong;
            assert!(read(&other).is_none(), "{name}: {}", other[name]);
        }
        assert!(read(&json!("text")).is_none());
        assert!(view_of("").is_none());
        assert!(view_of(&json!([["1", ours], ["2", ours]]).to_string()).is_none());
        assert!(view_of(&json!([[1, ours]]).to_string()).is_none());
        assert_eq!(view_of("[null,null]"), Some(View::default()));
    }
}
