//! Asks the API what became of a request, as its witness says (`core::effects::witness`), and reads an object again.

use super::content::seen as fact_in;
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

/// An object beside what its witness compares of it, which is found once, however many intents are looked for.
pub(super) struct Noted {
    seen: Seen,
    facts: Vec<Option<String>>,
    /// It is what the witness tells of.
    is_meant: bool,
}

impl Noted {
    pub(super) fn of(witness: &Witness, seen: Seen) -> Self {
        let says = |field: &str| text(&get(&seen.object, field));
        let is_meant =
            witness.only.iter().all(|(field, value)| says(field).is_none_or(|said| said == *value))
                && witness.except.is_none_or(|(field, value)| says(field).as_deref() != Some(value));
        let fact = |fact: &Fact| fact_in(&seen.object, fact.kind, fact.seen);
        Self { facts: witness.facts.iter().map(fact).collect(), is_meant, seen }
    }

    fn fits(&self, witness: &Witness, sent: &[Option<String>]) -> bool {
        let mut all = witness.facts.iter().zip(sent).zip(&self.facts);
        let fit = |((fact, sent), seen): ((&Fact, &Option<String>), &Option<String>)| {
            fact.seen.is_empty() || fits(sent.as_deref(), seen.as_deref())
        };
        self.is_meant && all.all(fit)
    }
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
    pub(super) noted: Vec<Noted>,
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
            Place::Object => self.object(witness, &ids).await,
            Place::List => self.list(witness.operation, &ids, witness, reach).await,
            Place::ListOfNumbers(facts) => {
                let numbers = Witness::list("numbers.list", &[]);
                let said = self.list(numbers.operation, &[], &numbers, reach).await?;
                let mut all = Said { noted: Vec::new(), ..said };
                let objects = said.noted.iter().map(|number| &number.seen.object);
                for number in objects.filter(|number| fit(facts, &intent.facts, number)) {
                    let more = self.list(witness.operation, &[get(number, "id")], witness, reach).await?;
                    all.noted.extend(more.noted);
                    all.is_partial |= more.is_partial;
                }
                Some(all)
            }
        }
    }

    async fn object(&self, witness: &Witness, ids: &[JsValue]) -> Option<Said> {
        let none = JsValue::UNDEFINED;
        match self.ask(witness.operation, ids, &none).await {
            Ok(seen) => {
                let skew = skew_of(&seen.response);
                let noted = if absent(&seen.object) { Vec::new() } else { vec![Noted::of(witness, seen)] };
                Some(Said { noted, skew, is_partial: false })
            }
            // There is none.
            Err(Some(404)) => Some(Said { noted: Vec::new(), skew: None, is_partial: false }),
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
        let mut all = Said { noted: Vec::new(), skew: None, is_partial: false };
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
            all.noted.extend(items.iter().map(|object| {
                let seen = Seen { object, response: Rc::clone(&response) };
                Noted::of(witness, seen)
            }));
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
    let might_be = said.noted.iter().filter(|noted| noted.fits(witness, sent));
    let seen: Vec<Seen> = might_be.map(|noted| noted.seen.clone()).collect();
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
        fact.seen.is_empty() || fits(sent.as_deref(), fact_in(object, fact.kind, fact.seen).as_deref())
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
