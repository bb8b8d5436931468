//! `client.effects` and `client.settle`: what the ledger holds, looking for all of it in one pass, a person's word, a
//! webhook as a witness, and what became of a failed call without a key.

use super::evidence::{Noted, Questions, Reach, Said, Seen, matching};
use super::ledger::{Ledger, Trouble, stamp};
use super::options::{ledger_of, settling_of};
use super::record::{Record, entry_of, intent_of, shown};
use super::{Store, Use, intent_key, intent_of as intent_of_request, key_in, scope_of};
use crate::client::arguments::Prepared;
use crate::client::failure;
use crate::client::options::parse;
use crate::client::settings::Settings;
use crate::client::shared::Shared;
use crate::core::effects::events::{Event, Policy, View, Wanted};
use crate::core::effects::intent::{Intent, Stamped, State, Wall};
use crate::core::effects::judge::earliest;
use crate::core::effects::keyed::Keyed;
use crate::core::effects::resolve::{Refusal, Word, resolve};
use crate::core::effects::witness::{Place, Witness};
use crate::core::error::Code;
use crate::platform::fetch::Response;
use crate::platform::host;
use crate::platform::promise::ApiPromise;
use crate::platform::task;
use crate::platform::value::{get, set, text};
use crate::resources;
use js_sys::{Array, Object};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// What webhooks tell of.
const CALLS: &str = "calls.create";
/// Open entries that are read at once.
const PAGE: u32 = 200;
/// Pages of a list that one pass over all of them reads: the oldest may be days old.
const MOST_PAGES_OF_ALL: usize = 1_000;
/// How often a word is written again over what others wrote meanwhile.
const MOST_TRIES: u32 = 5;

/// Intents in doubt that one list tells of: the ids that it is asked with, its witness, and the intents by their keys.
type Group = (Vec<String>, &'static Witness, Vec<(String, Intent)>);

/// What `client.effects` does, under the name that JavaScript calls it by.
pub(crate) struct Management {
    shared: Rc<Shared>,
    settings: Rc<Settings>,
    signal: Option<AbortSignal>,
    ledger: Ledger,
    scope: String,
}

impl Management {
    /// Starts one of its methods; what comes of it settles `promise`.
    pub(crate) fn start(
        shared: &Rc<Shared>,
        method: String,
        promise: ApiPromise,
        [one, other]: [JsValue; 2],
        options: &JsValue,
    ) {
        // A failed request is looked for where it was sent.
        let base = if method == "settleRequest" { Some(Settings::of(get(&one, "options"))) } else { None };
        let management = Self::new(shared, base.as_ref(), options);
        let settings = Rc::clone(&shared.settings);
        task::spawn(async move {
            let result = match management {
                Ok(management) => management.run(&method, &one, &other).await,
                Err(error) => Err(error),
            };
            match result {
                Ok(value) => ApiPromise::fulfil(&promise, &value, &JsValue::UNDEFINED, 0, 0.0),
                Err(error) => {
                    ApiPromise::fail(&promise, &error);
                    settings.emit_error(&error);
                }
            }
        });
    }

    fn new(shared: &Rc<Shared>, base: Option<&Settings>, options: &JsValue) -> Result<Self, JsValue> {
        let note = |note: String| fault(Code::Configuration, &note);
        let settings = parse(options, Some(base.unwrap_or(&shared.settings))).map_err(note)?;
        let (signal, settings) = (settings.signal(), Rc::new(settings));
        let ledger =
            ledger_of(&settings).ok_or_else(|| fault(Code::Configuration, "this client has no ledger"))?;
        let scope = scope_of(&settings);
        Ok(Self { shared: Rc::clone(shared), settings, signal, ledger, scope })
    }

    async fn run(&self, method: &str, one: &JsValue, other: &JsValue) -> Result<JsValue, JsValue> {
        match method {
            "get" => self.get(&text(one).unwrap_or_default()).await,
            "page" => self.page(one).await,
            "settle" => self.settle().await,
            "observe" => self.observe(one).await,
            "resolve" => self.resolve(&text(one).unwrap_or_default(), other).await,
            _ => self.settle_request(one, other).await,
        }
    }

    async fn view(&self, key: &str) -> Result<View, JsValue> {
        let key = intent_key(&self.scope, key);
        let own = self.ledger.entry(&key).await.map_err(|trouble| of_ledger(&trouble))?;
        let Some(own) = own else { return Ok(View::default()) };
        self.ledger.view([&key, &own.value.lane]).await.map_err(|trouble| of_ledger(&trouble))
    }

    async fn get(&self, key: &str) -> Result<JsValue, JsValue> {
        let entry = self.ledger.entry(&intent_key(&self.scope, key)).await;
        let entry = entry.map_err(|trouble| of_ledger(&trouble))?;
        Ok(entry.map_or(JsValue::UNDEFINED, |entry| shown(key, &entry.value)))
    }

    /// `{ intents, next }`: a page of what is in doubt, and where the next one begins.
    async fn page(&self, after: &JsValue) -> Result<JsValue, JsValue> {
        let (entries, next) = self.open(after).await?;
        let intents: Array = entries.iter().map(|(key, entry)| shown(key, &entry.value)).collect();
        let page = Object::new();
        set(&page, "intents", &intents);
        set(&page, "next", &next);
        Ok(page.into())
    }

    /// A page of the intents of this account that are in doubt, and where the next one begins.
    async fn open(&self, after: &JsValue) -> Result<(Vec<(String, Stamped<Intent>)>, JsValue), JsValue> {
        let options = Object::new();
        set(&options, "limit", &PAGE.into());
        if after.is_object() {
            set(&options, "after", after);
        }
        let entries = self.ledger.page(&options).await.map_err(|trouble| of_ledger(&trouble))?;
        let mut next = JsValue::UNDEFINED;
        let mut intents = Vec::new();
        for entry in entries.iter() {
            let record: &Record = entry.unchecked_ref();
            let (Ok(key), Ok(at)) = (record.key(), record.at()) else { continue };
            if entries.length() >= PAGE {
                let place = Object::new();
                set(&place, "key", &key);
                set(&place, "at", &at);
                next = place.into();
            }
            let own = text(&key).and_then(|key| key_in(&key, &self.scope));
            if let (Some(key), Ok(Some(intent))) = (own, entry_of(&entry, intent_of)) {
                intents.push((key, intent));
            }
        }
        Ok((intents, next))
    }

    async fn all_open(&self) -> Result<Vec<(String, Stamped<Intent>)>, JsValue> {
        let (mut all, mut next) = self.open(&JsValue::UNDEFINED).await?;
        while next.is_object() {
            let (more, after) = self.open(&next).await?;
            all.extend(more);
            next = after;
        }
        Ok(all)
    }

    /// One pass over all that is in doubt: each list is read once, whatever the number of intents.
    async fn settle(&self) -> Result<JsValue, JsValue> {
        let now = host::wall_clock();
        let open = self.all_open().await?;
        let mut groups: Vec<Group> = Vec::new();
        let mut left: u32 = 0;
        for (key, entry) in open {
            let intent = entry.value;
            let witness = resources::named(&intent.operation).and_then(|operation| operation.witness);
            let Some(witness) = witness.filter(|_| !intent.state.is_under_way(now)) else {
                left = left.saturating_add(1);
                continue;
            };
            let place = groups
                .iter()
                .position(|(ids, of, _)| *ids == intent.ids && of.operation == witness.operation);
            match place.and_then(|place| groups.get_mut(place)) {
                Some((.., intents)) => intents.push((key, intent)),
                None => groups.push((intent.ids.clone(), witness, vec![(key, intent)])),
            }
        }
        let mut settled: u32 = 0;
        for (_, witness, intents) in groups {
            let said = self.said_of_all(witness, &intents).await;
            for (key, intent) in intents {
                let is_settled = self.look_for(&key, intent, said.as_ref()).await;
                let count = if is_settled { &mut settled } else { &mut left };
                *count = count.saturating_add(1);
            }
        }
        let result = Object::new();
        set(&result, "settled", &settled.into());
        set(&result, "pending", &left.into());
        Ok(result.into())
    }

    /// What the API says about all of these at once.
    async fn said_of_all(&self, witness: &Witness, intents: &[(String, Intent)]) -> Option<Rc<Said>> {
        let (_, first) = intents.first()?;
        let oldest = intents.iter().map(|(_, intent)| earliest(intent, intent.skew)).min()?;
        // Of all numbers, whoever's they are.
        let any = match witness.place {
            Place::ListOfNumbers(facts) => vec![None; facts.len()],
            Place::List | Place::Object => Vec::new(),
        };
        let any = Intent { facts: any, ..first.clone() };
        let reach = Reach { since: &|_| oldest, most_pages: MOST_PAGES_OF_ALL };
        self.questions().all(witness, &any, reach).await.map(Rc::new)
    }

    fn questions(&self) -> Questions {
        let total = self.settings.total_timeout;
        Questions {
            shared: Rc::clone(&self.shared),
            settings: Rc::clone(&self.settings),
            signal: self.signal.clone(),
            ends: total.map(|total| host::now().saturating_add(total)),
        }
    }

    /// Looks once for one intent, in what the API has said. True where it is settled now.
    async fn look_for(&self, key: &str, intent: Intent, said: Option<&Rc<Said>>) -> bool {
        let Some(said) = said else { return false };
        let mut policy = self.policy(&intent);
        policy.within = Some(0);
        let wanted = Wanted { key: intent_key(&self.scope, key), intent };
        let machine = Keyed::settling(wanted, policy);
        let mut one = self.using(machine, key, Store::Ledger(self.ledger.clone()));
        one.evidence = Some(Rc::clone(said));
        one.settle().await.is_ok()
    }

    fn policy(&self, intent: &Intent) -> Policy {
        let settling = settling_of(&self.settings);
        let witness = resources::named(&intent.operation).and_then(|operation| operation.witness);
        let total = self.settings.total_timeout;
        Policy {
            within: settling.within,
            accepts_likely: settling.accepts_likely,
            snapshot: false,
            again: false,
            has_witness: witness.is_some(),
            lease: 0,
            ends: total.map(|total| host::now().saturating_add(total)),
        }
    }

    fn using(&self, machine: Keyed, key: &str, store: Store) -> Use {
        let operation = resources::named(&machine.wanted().operation);
        Use::new(&self.shared, operation, self.questions(), machine, key.to_owned(), store)
    }

    /// A webhook that tells of an object. The number of intents that it settled.
    async fn observe(&self, event: &JsValue) -> Result<JsValue, JsValue> {
        let calls = resources::named(CALLS).and_then(|operation| operation.witness);
        let (Some(seen), Some(witness)) = (seen_in(event), calls) else { return Ok(0.into()) };
        // It is one object out of all that there are.
        let said = Rc::new(Said { noted: vec![Noted::of(witness, seen)], skew: None, is_partial: true });
        let mut settled: u32 = 0;
        for (key, entry) in self.all_open().await? {
            let intent = entry.value;
            let might_be = intent.operation == CALLS
                && !intent.state.is_under_way(host::wall_clock())
                && !matching(witness, &intent, &said).0.candidates.is_empty();
            if might_be && self.look_for(&key, intent, Some(&said)).await {
                settled = settled.saturating_add(1);
            }
        }
        Ok(settled.into())
    }

    async fn resolve(&self, key: &str, word: &JsValue) -> Result<JsValue, JsValue> {
        let id = text(&get(word, "happened"));
        for _ in 0..MOST_TRIES {
            let word = id.clone().map_or(Word::DidNotHappen, Word::Happened);
            let own = intent_key(&self.scope, key);
            let view = self.view(key).await?;
            let changes = resolve(&own, &view, word, host::wall_clock(), &mut stamp).map_err(|refusal| {
                fault(
                    Code::InvalidArgument,
                    match refusal {
                        Refusal::Unknown => "the ledger has no intent under this key",
                        Refusal::UnderWay => {
                            "the request of this key may still be under way: wait until it is in doubt"
                        }
                        Refusal::Settled => "the intent of this key is not in doubt",
                    },
                )
            })?;
            match self.ledger.put(&changes).await.map_err(|trouble| of_ledger(&trouble))? {
                Event::Written(true) => return self.get(key).await,
                _ => continue,
            }
        }
        Err(fault(Code::LedgerUnavailable, "others keep changing this intent"))
    }

    /// What became of a failed call without a key. `found`: what its error remembers of it.
    async fn settle_request(&self, found: &JsValue, sent_at: &JsValue) -> Result<JsValue, JsValue> {
        let row = get(found, "row").as_f64().unwrap_or(-1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let operation =
            resources::row(row as u32).ok_or_else(|| fault(Code::Internal, "unknown operation"))?;
        let prepared = Prepared::again(&self.settings, self.signal.clone(), found.clone());
        let settling = settling_of(&self.settings);
        let intent = intent_of_request(operation, &prepared, &self.scope, "", settling.exclusive);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let sent_at = sent_at.as_f64().unwrap_or(0.0) as Wall;
        let intent = Intent { state: State::Unknown, sent_at, sends: 1, ..intent };
        let policy = self.policy(&intent);
        let here = Stamped { stamp: String::new(), value: intent.clone() };
        let machine = Keyed::settling(Wanted { key: String::new(), intent }, policy);
        let mut one = self.using(machine, "", Store::Here(Some(here)));
        match one.settle().await {
            Ok(shown) => Ok(shown),
            Err(Some(shown)) => Ok(shown),
            Err(None) => Err(fault(Code::Timeout, "the API could not be asked within totalTimeout")),
        }
    }
}

/// The call that a webhook tells of, as lists of calls have it.
fn seen_in(event: &JsValue) -> Option<Seen> {
    let data = get(event, "data");
    let id = text(&get(&data, "callId"))?;
    let object = Object::new();
    set(&object, "id", &JsValue::from_str(&id));
    set(&object, "agentId", &get(event, "agentId"));
    for (name, from) in [
        ("toNumber", "to"),
        ("phoneNumberId", "numberId"),
        ("direction", "direction"),
        ("startedAt", "startedAt"),
    ] {
        set(&object, name, &get(&data, from));
    }
    Some(Seen { object: object.into(), response: Rc::new(Response::none()) })
}

fn fault(code: Code, note: &str) -> JsValue {
    failure::of("client.effects", code, note, &JsValue::UNDEFINED)
}

fn of_ledger(trouble: &Trouble) -> JsValue {
    match trouble {
        Trouble::Failed(cause) => {
            failure::of("client.effects", Code::LedgerUnavailable, "the ledger failed", cause)
        }
        Trouble::Foreign => fault(
            Code::Configuration,
            "the ledger has an entry of another version of its format, which is left as it is",
        ),
    }
}
