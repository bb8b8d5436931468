//! Entries of the ledger as JavaScript objects, and back. What a ledger stores of an intent: ids, times, digests of what
//! was sent and what is known of it; no number and no text.

use crate::core::effects::intent::{Change, How, Intent, Lane, Stamped, State, Value, Wall};
use crate::platform::value::{absent, text};
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// The format of the values. Entries of another one are left alone.
const FORMAT: f64 = 1.0;

#[wasm_bindgen]
extern "C" {
    /// An entry, a change of one, or the value in it: objects of ours, or of a ledger's.
    #[wasm_bindgen(extends = Object)]
    pub(super) type Record;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn stamp(this: &Record) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    pub(super) fn key(this: &Record) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    pub(super) fn at(this: &Record) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn value(this: &Record) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, structural)]
    fn format(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn kind(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn operation(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn ids(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn content(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn facts(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn lane(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn state(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn until(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn id(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn how(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn candidates(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural, js_name = sentAt)]
    fn sent_at(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn skew(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn before(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn exclusive(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn sends(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn holder(this: &Record) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn taken(this: &Record) -> JsValue;
    #[wasm_bindgen(method, setter, structural, js_name = key)]
    fn set_key(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = was)]
    fn set_was(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = entry)]
    fn set_entry(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = stamp)]
    fn set_stamp(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = open)]
    fn set_open(this: &Record, value: bool);
    #[wasm_bindgen(method, setter, structural, js_name = at)]
    fn set_at(this: &Record, value: f64);
    #[wasm_bindgen(method, setter, structural, js_name = value)]
    fn set_value(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = format)]
    fn set_format(this: &Record, value: f64);
    #[wasm_bindgen(method, setter, structural, js_name = kind)]
    fn set_kind(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = operation)]
    fn set_operation(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = ids)]
    fn set_ids(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = content)]
    fn set_content(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = facts)]
    fn set_facts(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = lane)]
    fn set_lane(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = state)]
    fn set_state(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = until)]
    fn set_until(this: &Record, value: f64);
    #[wasm_bindgen(method, setter, structural, js_name = id)]
    fn set_id(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = how)]
    fn set_how(this: &Record, value: &str);
    #[wasm_bindgen(method, setter, structural, js_name = candidates)]
    fn set_candidates(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = sentAt)]
    fn set_sent_at(this: &Record, value: f64);
    #[wasm_bindgen(method, setter, structural, js_name = skew)]
    fn set_skew(this: &Record, value: f64);
    #[wasm_bindgen(method, setter, structural, js_name = before)]
    fn set_before(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = exclusive)]
    fn set_exclusive(this: &Record, value: bool);
    #[wasm_bindgen(method, setter, structural, js_name = sends)]
    fn set_sends(this: &Record, value: u32);
    #[wasm_bindgen(method, setter, structural, js_name = holder)]
    fn set_holder(this: &Record, value: &JsValue);
    #[wasm_bindgen(method, setter, structural, js_name = taken)]
    fn set_taken(this: &Record, value: &JsValue);
}

fn record() -> Record {
    Object::new().unchecked_into()
}

/// Times are whole and far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn number(wall: Wall) -> f64 {
    wall as f64
}

/// What is no time is 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn wall(value: &JsValue) -> Wall {
    value.as_f64().unwrap_or(0.0) as Wall
}

fn strings(values: &[String]) -> JsValue {
    values.iter().map(|value| JsValue::from_str(value)).collect::<Array>().into()
}

fn texts(value: &JsValue) -> Option<Vec<String>> {
    value.dyn_ref::<Array>()?.iter().map(|item| text(&item)).collect()
}

/// A write as the ledger takes it.
pub(super) fn changes_of(changes: &[Change], now: Wall) -> Array {
    changes.iter().map(|change| change_of(change, now)).collect()
}

fn change_of(change: &Change, now: Wall) -> Record {
    let made = record();
    made.set_key(&change.key);
    made.set_was(&change.was.as_deref().map_or(JsValue::NULL, JsValue::from_str));
    let (open, value) = match &change.value {
        Value::Intent(intent) => (intent.state.is_in_doubt(), value_of(intent)),
        // One that is held must outlive the pruning of old entries.
        Value::Lane(lane) => (lane.holder.is_some(), value_of_lane(lane)),
        Value::Gone => {
            made.set_entry(&JsValue::NULL);
            return made;
        }
    };
    let entry = record();
    entry.set_stamp(&change.stamp);
    entry.set_open(open);
    entry.set_at(number(now));
    entry.set_value(&value);
    made.set_entry(&entry);
    made
}

#[allow(clippy::cast_precision_loss)]
fn value_of(intent: &Intent) -> Record {
    let value = record();
    value.set_format(FORMAT);
    value.set_kind("intent");
    value.set_operation(&intent.operation);
    if !intent.ids.is_empty() {
        value.set_ids(&strings(&intent.ids));
    }
    let content = Object::new();
    for (name, digest) in &intent.content {
        crate::platform::value::set(&content, name, &JsValue::from_str(digest));
    }
    value.set_content(&content);
    let facts = intent.facts.iter().map(|fact| fact.as_deref().map_or(JsValue::NULL, JsValue::from_str));
    value.set_facts(&facts.collect::<Array>());
    value.set_lane(&intent.lane);
    value.set_state(intent.state.name());
    match &intent.state {
        State::Sending { until } => value.set_until(number(*until)),
        State::Placed { id, how } => {
            value.set_id(id);
            value.set_how(how.name());
        }
        State::Ambiguous { ids } => value.set_candidates(&strings(ids)),
        _ => {}
    }
    value.set_sent_at(number(intent.sent_at));
    if let Some(skew) = intent.skew {
        value.set_skew(skew as f64);
    }
    if let Some(before) = &intent.before {
        value.set_before(&strings(before));
    }
    if intent.exclusive {
        value.set_exclusive(true);
    }
    value.set_sends(intent.sends);
    value
}

fn value_of_lane(lane: &Lane) -> Record {
    let value = record();
    value.set_format(FORMAT);
    value.set_kind("lane");
    value.set_holder(&lane.holder.as_deref().map_or(JsValue::NULL, JsValue::from_str));
    let taken = lane.taken.iter().map(|(id, at)| Array::of(&[JsValue::from_str(id), number(*at).into()]));
    value.set_taken(&taken.collect::<Array>());
    value
}

/// The entry that a ledger read; `None` where there is none. An error is one of another format, or of another program.
pub(super) fn entry_of<T>(
    entry: &JsValue,
    read: impl FnOnce(&Record) -> Option<T>,
) -> Result<Option<Stamped<T>>, ()> {
    if absent(entry) {
        return Ok(None);
    }
    let entry: &Record = entry.unchecked_ref();
    let stamp = entry.stamp().ok().and_then(|stamp| text(&stamp)).ok_or(())?;
    let value: Record = entry.value().map_err(|_| ())?.dyn_into::<Object>().map_err(|_| ())?.unchecked_into();
    if value.format().as_f64() != Some(FORMAT) {
        return Err(());
    }
    Ok(Some(Stamped { stamp, value: read(&value).ok_or(())? }))
}

/// The intent in an entry.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn intent_of(value: &Record) -> Option<Intent> {
    if text(&value.kind())? != "intent" {
        return None;
    }
    let state = match text(&value.state())?.as_str() {
        "sending" => State::Sending { until: wall(&value.until()) },
        "placed" => State::Placed { id: text(&value.id())?, how: How::named(&text(&value.how())?)? },
        "refused" => State::Refused,
        "unknown" => State::Unknown,
        "absent_so_far" => State::AbsentSoFar,
        "ambiguous" => State::Ambiguous { ids: texts(&value.candidates())? },
        "not_placed" => State::NotPlaced,
        _ => return None,
    };
    let content = Object::entries(&value.content().dyn_into().ok()?);
    let content = content.iter().map(|pair| {
        let pair: Array = pair.unchecked_into();
        Some((text(&pair.get(0))?, text(&pair.get(1))?))
    });
    let facts = value.facts().dyn_into::<Array>().ok()?;
    Some(Intent {
        operation: text(&value.operation())?,
        ids: texts(&value.ids()).unwrap_or_default(),
        content: content.collect::<Option<_>>()?,
        facts: facts.iter().map(|fact| text(&fact)).collect(),
        lane: text(&value.lane())?,
        state,
        sent_at: wall(&value.sent_at()),
        skew: value.skew().as_f64().map(|skew| skew as i64),
        before: texts(&value.before()),
        exclusive: value.exclusive().is_truthy(),
        sends: value.sends().as_f64().unwrap_or(1.0) as u32,
    })
}

/// The lane in an entry.
pub(super) fn lane_of(value: &Record) -> Option<Lane> {
    if text(&value.kind())? != "lane" {
        return None;
    }
    let taken = value.taken().dyn_into::<Array>().ok()?;
    let taken = taken.iter().map(|pair| {
        let pair = pair.dyn_into::<Array>().ok()?;
        Some((text(&pair.get(0))?, wall(&pair.get(1))))
    });
    Some(Lane { holder: text(&value.holder()), taken: taken.collect::<Option<_>>()? })
}

/// The intent as users see it (`Intent` of `effects.d.ts`). `key`: their own.
pub(super) fn shown(key: &str, intent: &Intent) -> JsValue {
    let shown = record();
    if !key.is_empty() {
        shown.set_key(key);
    }
    shown.set_operation(&intent.operation);
    shown.set_state(intent.state.name());
    match &intent.state {
        State::Placed { id, how } => {
            shown.set_id(id);
            shown.set_how(how.name());
        }
        State::Ambiguous { ids } => shown.set_candidates(&strings(ids)),
        _ => {}
    }
    let date = js_sys::Date::new(&JsValue::from_f64(number(intent.sent_at)));
    crate::platform::value::set(&shown, "sentAt", &date);
    shown.set_sends(intent.sends);
    shown.into()
}
