//! Asks the API what became of a request, as its witness says (`core::effects::witness`), and reads an object again.

use crate::client::arguments::{self, Arguments};
use crate::client::driver::Driver;
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::core::Millis;
use crate::core::decide::Replay;
use crate::core::effects::intent::{Intent, Wall};
use crate::core::effects::json::Json;
use crate::core::effects::judge::Look;
use crate::core::effects::row::{Noted, fields_of};
use crate::core::effects::witness::{Place, Witness};
use crate::core::failure::Failure;
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::value::{get, set};
use crate::resources;
use js_sys::{Array, JSON, Object};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen(module = "/src/js/effects/rows.js")]
extern "C" {
    #[wasm_bindgen(js_name = rowsOf)]
    fn rows_of(objects: &Array, fields: &str, dated: &str) -> String;
    #[wasm_bindgen(js_name = itemsOf)]
    fn items_of(page: &JsValue, is_list: bool) -> Option<Array>;
    #[wasm_bindgen(js_name = nextOf)]
    fn next_of(page: &JsValue, query: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = countsOf)]
    fn counts_of(usage: &JsValue, page: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = callIn)]
    fn call_in(event: &JsValue) -> JsValue;
}

/// Pages of a list that one look reads, so that it ends. Calls come newest first, but no document promises it.
const MOST_PAGES: usize = 100;
/// How far behind the oldest object that counts a list is read: it need not be in the order of the times that it shows.
const MARGIN: Wall = 10_000;
/// Milliseconds that one question may take.
const PATIENCE: Millis = 10_000;

/// An object of the API, and the response that it came with.
pub(super) struct Seen {
    pub(super) id: String,
    pub(super) object: JsValue,
    pub(super) response: Rc<Response>,
}

/// Asks the API on behalf of a call, with its settings and under its signal.
pub(super) struct Questions {
    pub(super) shared: Rc<Shared>,
    pub(super) settings: Rc<Settings>,
    pub(super) signal: Option<AbortSignal>,
    pub(super) ends: Option<Millis>,
    /// Identifies its requests, if telemetry observes the call.
    pub(super) in_flight: JsValue,
}

/// Objects, what each of them says, and the response that they came with.
struct Page {
    noted: Vec<Noted>,
    objects: Array,
    response: Rc<Response>,
}

/// What a list or an object has said: what is in it, and the API's clock less ours.
#[derive(Default)]
pub(super) struct Said {
    pages: Vec<Page>,
    skew: Option<i64>,
    /// There is more, which was not read.
    is_partial: bool,
}

/// How far back lists are read.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    /// The time of the oldest object that counts, by the API's clock, which is so far ahead of ours.
    pub(super) since: &'a dyn Fn(Option<i64>) -> Wall,
    pub(super) most_pages: usize,
}

impl<'a> Reach<'a> {
    /// For one intent.
    pub(super) const fn one(since: &'a dyn Fn(Option<i64>) -> Wall) -> Self {
        Self { since, most_pages: MOST_PAGES }
    }
}

impl Said {
    /// What a webhook says, if it reports a call.
    pub(super) fn by(event: &JsValue, witness: &Witness) -> Option<Self> {
        let call = call_in(event);
        if call.is_undefined() {
            return None;
        }
        let page = Page::of(Array::of(&[call]), witness, Rc::new(Response::none()))?;
        // It is one object out of all that there are.
        Some(Self { pages: vec![page], skew: None, is_partial: true })
    }

    /// The objects that might be the intent's.
    pub(super) fn matching(&self, witness: &Witness, intent: &Intent) -> (Look, Vec<Seen>) {
        let mut look = Look { candidates: Vec::new(), skew: self.skew, is_partial: self.is_partial };
        let mut seen = Vec::new();
        for Page { noted, objects, response } in &self.pages {
            for (index, noted) in (0..).zip(noted) {
                if let Some(candidate) = noted.candidate(witness, intent) {
                    look.candidates.push(candidate);
                    seen.push(Seen {
                        id: noted.id.clone(),
                        object: objects.get(index),
                        response: Rc::clone(response),
                    });
                }
            }
        }
        (look, seen)
    }
}

impl Page {
    /// `None`: the objects cannot be read.
    fn of(objects: Array, witness: &Witness, response: Rc<Response>) -> Option<Self> {
        let rows = Json::parse(&rows_of(&objects, &fields_of(witness), witness.made_at.unwrap_or_default()))?;
        let mut noted = Vec::new();
        for row in rows.list() {
            noted.push(Noted::of(witness, row));
        }
        Some(Self { noted, objects, response })
    }

    /// True if all of it is from before a time and what follows is older still. No document promises the order of a list: one that
    /// begins with the oldest has what is looked for at its end.
    fn is_past(&self, time: Wall) -> bool {
        !self.noted.is_empty()
            && self.noted.iter().all(|noted| noted.made_at.is_some_and(|at| at < time))
            && self.noted.is_sorted_by(|one, next| one.made_at >= next.made_at)
    }
}

impl Questions {
    /// All objects of the witness within reach, where the request had these ids and facts. `None`: the API cannot be asked.
    pub(super) async fn all(
        &self,
        witness: &Witness,
        ids: &[String],
        facts: &[Option<String>],
        reach: Reach<'_>,
    ) -> Option<Said> {
        let mut said = Said::default();
        let places = Array::new();
        let own = Array::new();
        for id in ids {
            own.push(&JsValue::from_str(id));
        }
        if let Place::ListOfNumbers(of_numbers) = witness.place {
            let numbers = Witness::list("numbers.list", of_numbers);
            self.read_all(&numbers, &Array::new(), reach, &mut said).await?;
            for page in std::mem::take(&mut said.pages) {
                for number in &page.noted {
                    if number.fits(of_numbers, facts) {
                        places.push(&Array::of(&[JsValue::from_str(&number.id)]));
                    }
                }
            }
        } else {
            places.push(&own);
        }
        for ids in places.to_vec() {
            self.read_all(witness, ids.unchecked_ref(), reach, &mut said).await?;
        }
        Some(said)
    }

    /// Reads one list, or the one object.
    fn read_all<'a>(
        &'a self,
        witness: &'a Witness,
        ids: &'a Array,
        reach: Reach<'a>,
        said: &'a mut Said,
    ) -> Pin<Box<dyn Future<Output = Option<()>> + 'a>> {
        Box::pin(async move {
            let is_list = !matches!(witness.place, Place::Object);
            let is_exact = witness.facts.iter().any(|fact| fact.is_exact);
            let first = if is_list { JSON::parse(witness.query).ok()? } else { JsValue::UNDEFINED };
            let mut query = first.clone();
            for _ in 0..reach.most_pages {
                let (page, response) = match self.ask(witness.operation, ids, &query).await {
                    Ok(page) => page,
                    // There is none.
                    Err(Some(404)) if !is_list => return Some(()),
                    Err(_) => return None,
                };
                said.skew = said.skew.or(skew_of(&response));
                query = next_of(&page, &first);
                let page = Page::of(items_of(&page, is_list)?, witness, response)?;
                // What bears a reference counts however old it seems.
                let since = (reach.since)(said.skew).saturating_sub(MARGIN);
                let is_past = !is_exact && page.is_past(since);
                said.pages.push(page);
                if is_past || query.is_undefined() {
                    return Some(());
                }
                if query.is_null() {
                    return None;
                }
            }
            said.is_partial = true;
            Some(())
        })
    }

    /// An object by its id, where an operation can read it.
    pub(super) async fn read(&self, witness: &Witness, id: &str) -> Option<(JsValue, Rc<Response>)> {
        self.ask(witness.read?, &Array::of(&[JsValue::from_str(id)]), &JsValue::UNDEFINED).await.ok()
    }

    /// How many objects the API counts, and how many are in its list.
    pub(super) async fn counts(&self, witness: &Witness) -> Option<JsValue> {
        let none = Array::new();
        let (usage, _) = self.ask(witness.counter?, &none, &JsValue::UNDEFINED).await.ok()?;
        // Requested last, so that an object created meanwhile cannot seem to be missing from it.
        let one = JSON::parse(r#"{"limit":1}"#).ok()?;
        let (page, _) = self.ask(witness.operation, &none, &one).await.ok()?;
        Some(counts_of(&usage, &page))
    }

    /// One request. Without a result: the status with which the API refused, if it answered.
    async fn ask(
        &self,
        operation: &str,
        ids: &Array,
        input: &JsValue,
    ) -> Result<(JsValue, Rc<Response>), Option<u16>> {
        let operation = resources::named(operation).ok_or(None)?;
        let left = self.ends.map_or(PATIENCE, |ends| ends.saturating_sub(host::now()).clamp(1, PATIENCE));
        let given = Arguments { in_flight: &self.in_flight, ids, input, options: None };
        let prepared = arguments::prepare(&self.settings, self.signal.clone(), operation, &given);
        let mut prepared = prepared.map_err(|_| None)?;
        (prepared.timeout, prepared.total_timeout) = (Some(left), Some(left));
        prepared.replay = Replay::Safe;
        let mut driver = Driver::new(&self.shared, operation, prepared, host::now());
        match driver.run().await {
            Ok(success) => Ok((success.data, Rc::new(success.response))),
            Err(_) => Err(match driver.last_failure() {
                Some(Failure::Answered(answered)) => Some(answered.status),
                _ => None,
            }),
        }
    }
}

/// How far the API's clock is ahead of ours.
fn skew_of(response: &Response) -> Option<i64> {
    let date = httpdate::parse_http_date(&response.header("date")).ok()?;
    let theirs = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs().cast_signed();
    // A Date header has whole seconds: in the middle of one the mean error is least.
    Some(theirs.wrapping_mul(1000).wrapping_add(500).wrapping_sub(host::wall_clock().cast_signed()))
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

/// The id that an answer has.
pub(super) fn id_of(object: &JsValue) -> String {
    get(object, "id").as_string().or_else(|| get(object, "callId").as_string()).unwrap_or_default()
}
