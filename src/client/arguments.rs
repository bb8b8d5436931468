//! Turns what a caller passed to a method into what can be sent, or into an `INVALID_ARGUMENT` that
//! names the field. All of it happens before anything leaves.

use super::options::{Note, parse};
use super::settings::Settings;
use super::shared::Shared;
use crate::core::operation::{Input, Operation};
use crate::core::path::{self, Id};
use crate::core::query::Query;
use crate::core::redact::is_word;
use crate::core::text::{joined, listed};
use crate::platform::value::{
    JsJson, absent, delete, get, is_array, keys, kind_in_words, stringify_json, text, texts,
};
use js_sys::Object;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

/// A request that can be sent.
pub(crate) struct Prepared {
    pub(crate) settings: Rc<Settings>,
    pub(crate) signal: Option<AbortSignal>,
    pub(crate) url: String,
    /// A JavaScript string, or `undefined`.
    pub(crate) body: JsValue,
    /// What a list was asked with.
    pub(crate) query: JsValue,
    /// Ids and query values: what no message may show.
    pub(crate) private: Vec<String>,
}

/// What keeps a request from being sent.
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) note: Note,
    pub(crate) cause: JsValue,
}

impl Refusal {
    fn argument(pieces: &[&str]) -> Self {
        Self { code: "INVALID_ARGUMENT", note: joined(pieces), cause: JsValue::UNDEFINED }
    }
}

/// The settings of one call: those of the client, or its own options laid over them.
pub(crate) fn settings(
    shared: &Shared,
    options: &JsValue,
) -> Result<(Rc<Settings>, Option<AbortSignal>), Refusal> {
    if absent(options) {
        return Ok((Rc::clone(&shared.settings), None));
    }
    match parse(options, Some(&shared.settings)) {
        Ok(settings) => {
            let signal = settings.signal();
            Ok((Rc::new(settings), signal))
        }
        Err(note) => Err(Refusal { code: "CONFIGURATION_ERROR", note, cause: JsValue::UNDEFINED }),
    }
}

/// Checks the arguments of one call. `given` are values for the ids, of which the path may take fewer.
pub(crate) fn prepare(
    settings: &Rc<Settings>,
    signal: Option<AbortSignal>,
    operation: &Operation,
    given: &[&JsValue],
    input: &JsValue,
) -> Result<Prepared, Refusal> {
    let ids: Vec<Id> = given.iter().take(operation.ids()).map(|id| id_of(id)).collect();
    let path = path::build(operation.path, &ids)
        .map_err(|error| Refusal::argument(&[&error.field, " ", &error.problem]))?;
    let mut private = Vec::new();
    let mut query = Query::default();
    let mut body = JsValue::UNDEFINED;
    if operation.input != Input::None {
        let left_out = absent(input) && operation.input != Input::Body;
        if !left_out && (!input.is_object() || is_array(input)) {
            let what = if operation.input == Input::Query { "query" } else { "body" };
            return Err(Refusal::argument(&["the ", what, " must be an object, not ", kind_in_words(input)]));
        }
        let seen = JsJson(input.clone());
        if let Some(problem) = operation.checks.iter().find_map(|check| check.problem(&seen)) {
            return Err(Refusal::argument(&[&problem]));
        }
        if operation.input == Input::Query {
            for name in keys(input) {
                read_query(&mut query, operation, input, &name, &mut private)?;
            }
        } else {
            for name in operation.in_query {
                read_query(&mut query, operation, input, name, &mut private)?;
            }
            body = read_body(operation, input, left_out)?;
        }
    }
    for id in ids {
        if let Id::Text(text) = id
            && !is_word(&text)
        {
            private.push(text);
        }
    }
    let url = joined(&[settings.base_url.as_str(), &path, query.as_str()]);
    let query = input.clone();
    Ok(Prepared { settings: Rc::clone(settings), signal, url, body, query, private })
}

fn id_of(value: &JsValue) -> Id {
    match text(value) {
        Some(text) => Id::Text(text),
        None if absent(value) => Id::Missing,
        None => Id::NotText(kind_in_words(value)),
    }
}

fn read_query(
    query: &mut Query,
    operation: &Operation,
    input: &JsValue,
    name: &str,
    private: &mut Vec<String>,
) -> Result<(), Refusal> {
    let given = get(input, name);
    if absent(&given) {
        return Ok(());
    }
    if is_array(&given) && operation.checks.iter().any(|check| check.is_of_array(name)) {
        let items = texts(given.unchecked_ref());
        query.push(name, &listed(&items, ","));
        private.extend(items);
        return Ok(());
    }
    let Some(text) = query_text(&given) else {
        return Err(Refusal::argument(&[
            name,
            " must be a string, a number, true or false, not ",
            kind_in_words(&given),
        ]));
    };
    query.push(name, &text);
    // What is searched for is the caller's, though it be one plain word.
    if given.is_string() && (name == "search" || !is_word(&text)) {
        private.push(text);
    }
    Ok(())
}

fn query_text(value: &JsValue) -> Option<String> {
    if value.is_string() {
        return text(value);
    }
    if value.as_f64().is_some_and(f64::is_finite) || value.as_bool().is_some() {
        return stringify_json(value).ok()?.as_string();
    }
    // A Date, for before and after.
    let date = value.dyn_ref::<js_sys::Date>()?;
    date.get_time().is_finite().then(|| date.to_iso_string().as_string())?
}

fn read_body(operation: &Operation, input: &JsValue, left_out: bool) -> Result<JsValue, Refusal> {
    if left_out {
        return Ok(JsValue::from_str("{}"));
    }
    let mut value = input.clone();
    if !operation.in_query.is_empty() {
        value = Object::assign(&Object::new(), input.unchecked_ref()).into();
        for name in operation.in_query {
            delete(&value, name);
        }
    }
    let json = stringify_json(&value).map_err(|cause| Refusal {
        code: "INVALID_ARGUMENT",
        note: "the body cannot be written as JSON (a cycle or a bigint)".to_owned(),
        cause,
    })?;
    if json.is_string() { Ok(json) } else { Err(Refusal::argument(&["the body cannot be written as JSON"])) }
}
