//! Asks the API what became of a request, as its witness says (`core::effects::witness`), and reads an object again.

use super::content::seen;
use crate::client::arguments::{self, Arguments};
use crate::client::driver::Driver;
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::effects::intent::{Intent, Wall};
use crate::core::effects::judge::{Candidate, Look, earliest};
use crate::core::effects::witness::{Fact, Place, Witness, fits};
use crate::core::failure::Failure;
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::{absent, get, set, text};
use crate::resources;
use js_sys::{Array, Date, Object};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// Pages of a list that one look reads, so that it ends. Calls come newest first, but nobody promises it.
const MOST_PAGES: usize = 100;
/// How far behind the oldest object that counts a list is read: it need not be in the order of the times that it shows.
const MARGIN: Wall = 10_000;
/// Milliseconds that one question may take.
const PATIENCE: Millis = 10_000;

/// An object of the API, and the response that it came with.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) object: JsValue,
    pub(super) response: Rc<Response>,
}

/// Asks the API on behalf of a call, with its settings and under its signal.
pub(super) struct Questions {
    pub(super) shared: Rc<Shared>,
    pub(super) settings: Rc<Settings>,
    pub(super) signal: Option<AbortSignal>,
    pub(super) ends: Option<Millis>,
}

/// What a list or an object has said: what is in it, and the API's clock less ours.
pub(super) struct Said {
    pub(super) seen: Vec<Seen>,
    pub(super) skew: Option<i64>,
    /// There is more, which was not read.
    pub(super) is_partial: bool,
}

/// How far back lists are read.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    /// The time of the oldest object that counts, by the API's clock, which is so far ahead of ours.
    pub(super) since: &'a dyn Fn(Option<i64>) -> Wall,
    pub(super) most_pages: usize,
}

impl Questions {
    /// What might be the object of an intent. `None`: the API cannot be asked. `is_ours`: it was sent by our clock.
    pub(super) async fn look(
        &self,
        witness: &Witness,
        intent: &Intent,
        is_ours: bool,
    ) -> Option<(Look, Vec<Seen>)> {
        let since = |skew: Option<i64>| earliest(intent, intent.skew.or(skew.filter(|_| is_ours)));
        let reach = Reach { since: &since, most_pages: MOST_PAGES };
        let said = self.all(witness, intent, reach).await?;
        Some(matching(witness, intent, &said))
    }

    /// All objects of the witness within reach.
    pub(super) async fn all(&self, witness: &Witness, intent: &Intent, reach: Reach<'_>) -> Option<Said> {
        let ids: Vec<JsValue> = intent.ids.iter().map(|id| JsValue::from_str(id)).collect();
        match witness.place {
            Place::Object => self.object(witness.operation, &ids).await,
            Place::List => self.list(witness.operation, &ids, witness, reach).await,
            Place::ListOfNumbers(facts) => {
                let numbers = Witness::list("numbers.list", &[]);
                let said = self.list(numbers.operation, &[], &numbers, reach).await?;
                let mut all = Said { seen: Vec::new(), ..said };
                for number in said.seen.iter().filter(|number| fit(facts, &intent.facts, &number.object)) {
                    let id = get(&number.object, "id");
                    let more = self.list(witness.operation, &[id], witness, reach).await?;
                    all.seen.extend(more.seen);
                    all.is_partial |= more.is_partial;
                }
                Some(all)
            }
        }
    }

    async fn object(&self, operation: &str, ids: &[JsValue]) -> Option<Said> {
        let none = JsValue::UNDEFINED;
        match self.ask(operation, ids, &none).await {
            Ok(seen) => {
                let skew = skew_of(&seen.response);
                let seen = if absent(&seen.object) { Vec::new() } else { vec![seen] };
                Some(Said { seen, skew, is_partial: false })
            }
            // There is none.
            Err(Some(404)) => Some(Said { seen: Vec::new(), skew: None, is_partial: false }),
            Err(_) => None,
        }
    }

    async fn list(
        &self,
        operation: &str,
        ids: &[JsValue],
        witness: &Witness,
        reach: Reach<'_>,
    ) -> Option<Said> {
        let is_exact = witness.facts.iter().any(|fact| fact.is_exact);
        let mut query = query_of(witness);
        let mut all = Said { seen: Vec::new(), skew: None, is_partial: false };
        for _ in 0..reach.most_pages {
            let page = self.ask(operation, ids, &query).await.ok()?;
            all.skew = all.skew.or(skew_of(&page.response));
            let since = (reach.since)(all.skew);
            let items = items_of(&page.object)?;
            let is_old = |item: &JsValue| {
                witness
                    .made_at
                    .and_then(|field| time(item, field))
                    .is_some_and(|at| at.saturating_add(MARGIN) < since)
            };
            // What bears a reference counts however old it seems.
            let all_old = !is_exact && items.length() > 0 && items.iter().all(|item| is_old(&item));
            let response = page.response;
            all.seen.extend(items.iter().map(|object| Seen { object, response: Rc::clone(&response) }));
            let next = get(&page.object, "next");
            if all_old || !get(&page.object, "hasMore").is_truthy() || !next.is_object() {
                return Some(all);
            }
            if Object::keys(next.unchecked_ref::<Object>()).length() == 0 {
                // A list that claims to go on without moving.
                return None;
            }
            query = query_of(witness);
            for pair in Object::entries(next.unchecked_ref::<Object>()).iter() {
                let pair: Array = pair.unchecked_into();
                set(&query, &text(&pair.get(0)).unwrap_or_default(), &pair.get(1));
            }
        }
        all.is_partial = true;
        Some(all)
    }

    /// An object by its id: the one that `found` holds, read again where an operation can.
    pub(super) async fn read(&self, witness: &Witness, id: &str) -> Result<Seen, Option<u16>> {
        let operation = witness.read.ok_or(None)?;
        self.ask(operation, &[JsValue::from_str(id)], &JsValue::UNDEFINED).await
    }

    /// One request. Without a result: the status with which the API refused, if it answered.
    async fn ask(&self, operation: &str, ids: &[JsValue], input: &JsValue) -> Result<Seen, Option<u16>> {
        let operation = resources::named(operation).ok_or(None)?;
        let left = self.ends.map_or(PATIENCE, |ends| ends.saturating_sub(host::now()).clamp(1, PATIENCE));
        let settings = Rc::new(Settings {
            timeout: Some(left),
            total_timeout: Some(left),
            replay: Replay::Safe,
            ..(*self.settings).clone()
        });
        let (none, ids) = (JsValue::UNDEFINED, ids.iter().collect::<Array>());
        let given = Arguments { in_flight: &none, ids: &ids, input, options: &none };
        let prepared =
            arguments::prepare(&settings, self.signal.clone(), operation, &given).map_err(|_| None)?;
        let mut driver = Driver::new(&self.shared, operation, prepared);
        match driver.run().await {
            Ok(success) => Ok(Seen { object: success.data, response: Rc::new(success.response) }),
            Err(_) => Err(match driver.last_failure() {
                Some(Failure::Answered(answered)) => Some(answered.status),
                _ => None,
            }),
        }
    }
}

/// Which of these objects might be that of an intent.
pub(super) fn matching(witness: &Witness, intent: &Intent, said: &Said) -> (Look, Vec<Seen>) {
    let numbers = match witness.place {
        Place::ListOfNumbers(facts) => facts.len(),
        Place::List | Place::Object => 0,
    };
    let sent = intent.facts.get(numbers..).unwrap_or_default();
    let might_be = |seen: &&Seen| {
        let says = |field: &str| text(&get(&seen.object, field));
        witness.only.iter().all(|(field, value)| says(field).is_none_or(|said| said == *value))
            && witness.except.is_none_or(|(field, value)| says(field).as_deref() != Some(value))
            && fit(witness.facts, sent, &seen.object)
    };
    let seen: Vec<Seen> = said.seen.iter().filter(might_be).cloned().collect();
    let is_exact = witness.facts.iter().zip(sent).any(|(fact, sent)| fact.is_exact && sent.is_some());
    let candidates = seen.iter().map(|seen| Candidate {
        id: id_of(&seen.object),
        made_at: witness.made_at.and_then(|field| time(&seen.object, field)),
        is_exact,
    });
    (Look { candidates: candidates.collect(), skew: said.skew, is_partial: said.is_partial }, seen)
}

/// The id that an object or an answer has.
pub(super) fn id_of(object: &JsValue) -> String {
    ["id", "callId"].iter().find_map(|name| text(&get(object, name))).unwrap_or_default()
}

fn fit(facts: &[Fact], sent: &[Option<String>], object: &JsValue) -> bool {
    facts.iter().zip(sent).all(|(fact, sent)| {
        fact.seen.is_empty() || fits(sent.as_deref(), seen(object, fact.kind, fact.seen).as_deref())
    })
}

fn query_of(witness: &Witness) -> JsValue {
    let query = Object::new();
    for (name, value) in witness.query {
        let value = value.parse::<u32>().map_or_else(|_| JsValue::from_str(value), JsValue::from);
        set(&query, name, &value);
    }
    query.into()
}

/// The items of a page, or of a list of which nobody tells its shape.
fn items_of(page: &JsValue) -> Option<Array> {
    [page.clone(), get(page, "data"), get(page, "items"), get(page, "templates")]
        .into_iter()
        .find_map(|value| value.dyn_into::<Array>().ok())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn time(object: &JsValue, field: &str) -> Option<Wall> {
    let millis = Date::parse(&text(&get(object, field))?);
    millis.is_finite().then_some(millis as Wall)
}

/// How far the API's clock is ahead of ours.
fn skew_of(response: &Response) -> Option<i64> {
    let date = httpdate::parse_http_date(&response.header("date")).ok()?;
    let theirs = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis();
    // A Date header has whole seconds: in the middle of one the mean error is least.
    i64::try_from(theirs).ok()?.checked_add(500)?.checked_sub(i64::try_from(host::wall_clock()).ok()?)
}

/// The operation's own answer, of an object that was found.
pub(super) fn answer_of(witness: &Witness, object: &JsValue) -> JsValue {
    if witness.answer.is_empty() {
        return object.clone();
    }
    let answer = Object::new();
    for (name, from) in witness.answer {
        let value = get(object, from);
        if !value.is_undefined() {
            set(&answer, name, &value);
        }
    }
    answer.into()
}
