//! Resources and their methods, from the operations.

use super::contract::{Answer, Contract, Operation, requires};
use super::docs;
use super::names::{pascal, singular, snake};
use super::types::{Side, Types};
use serde_json::Value;
use std::collections::BTreeMap;

/// The methods and sub-resources of one resource.
#[derive(Default)]
struct Resource {
    methods: String,
    inner: Vec<String>,
}

/// The code of all resources; generates the types that they name.
pub(super) fn code(contract: &Contract<'_>, types: &mut Types<'_>) -> Result<String, String> {
    let mut resources: BTreeMap<String, Resource> = BTreeMap::new();
    for operation in &contract.operations {
        let parts = operation.parts();
        let (_, above) = parts.split_last().ok_or("an operation without a name")?;
        // Every step from the client to the resource, so that `a.b.c` creates `a` and `a.b`.
        for depth in 0..above.len() {
            let (Some(outer), Some(inner)) = (above.get(..depth), above.get(depth)) else { continue };
            let inner = (*inner).to_owned();
            let outer = resources.entry(outer.join(".")).or_default();
            if !outer.inner.contains(&inner) {
                outer.inner.push(inner);
            }
        }
        let methods = method(operation, types)?;
        resources.entry(above.join(".")).or_default().methods.push_str(&methods);
    }
    Ok(resources.iter().map(|(path, resource)| resource.code(path)).collect())
}

impl Resource {
    fn code(&self, path: &str) -> String {
        let top = path.is_empty();
        let client = if top { "self" } else { "self.client" };
        let inner: String = self
            .inner
            .iter()
            .map(|name| {
                let path = if top { name.clone() } else { format!("{path}.{name}") };
                let (made, method) = (type_name(&path), snake(name));
                format!(
                    "/// `{path}`.\n#[must_use]\npub fn {method}(&self) -> {made} {{\n{made} {{ client: {client}.clone() }}\n}}\n\n"
                )
            })
            .collect();
        let name = if top { "AgentPhone".to_owned() } else { type_name(path) };
        let made = if top {
            String::new()
        } else {
            format!(
                "/// The operations of `{path}`.\n#[derive(Debug, Clone)]\npub struct {name} {{\nclient: AgentPhone,\n}}\n\n"
            )
        };
        format!("{made}impl {name} {{\n{inner}{}}}\n\n", self.methods)
    }
}

/// `agents.contactCard` is `AgentsContactCardResource`.
fn type_name(path: &str) -> String {
    format!("{}Resource", path.split('.').map(pascal).collect::<String>())
}

fn method(operation: &Operation<'_>, types: &mut Types<'_>) -> Result<String, String> {
    let parts = operation.parts();
    let name = snake(parts.last().ok_or("an operation without a name")?);
    let ids: Vec<String> = operation.path_ids.iter().map(|id| snake(id)).collect();
    let mut arguments: Vec<String> = ids.iter().map(|id| format!("{id}: &str")).collect();
    let input = input(operation, types)?;
    arguments.extend(input.as_ref().map(|name| format!("input: &{name}")));
    let (given, ids, id) = (arguments.join(", "), ids.join(", "), operation.id);
    let input = if input.is_some() { "input" } else { "&()" };
    // What has no name in the contract is named after the operation.
    let mut of = |schema: &Value, names: &[&str], field: &str| {
        let owner: String = names.iter().map(|part| pascal(&singular(part))).collect();
        types.of(schema, &owner, field, Side::Answer).map(|found| found.whole())
    };
    let (returns, made) = match &operation.answer {
        Answer::Nothing => ("Request<()>".to_owned(), "Request::new"),
        Answer::Json(schema) => {
            let above = parts.get(..parts.len().saturating_sub(1)).unwrap_or_default();
            let names = [above, &["answer"]].concat();
            (format!("Request<{}>", of(schema, &names, "")?), "Request::new")
        }
        Answer::Pages(items) => (format!("PageRequest<{}>", of(items, &parts, "item")?), "PageRequest::new"),
        Answer::Bytes => {
            let doc = doc(operation);
            return Ok(format!(
                "{doc}pub fn {name}(&self, {given}) -> RecordingRequest {{\nRecordingRequest::new(&self.client, {id:?}, {ids})\n}}\n\n"
            ));
        }
        Answer::Events(schema) => {
            of(schema, &parts, "event")?;
            let doc = doc(operation);
            return Ok(format!(
                "{doc}pub fn {name}(&self, {given}) -> TranscriptStream {{\nTranscriptStream::new(&self.client, {ids})\n}}\n\n"
            ));
        }
    };
    let comma = if given.is_empty() { "" } else { ", " };
    let doc = doc(operation);
    Ok(format!(
        "{doc}pub fn {name}(&self{comma}{given}) -> {returns} {{\n{made}(&self.client, {id:?}, &[{ids}], {input})\n}}\n\n"
    ))
}

/// The type of an operation's input beside ids: its body, its query, or both in one struct.
fn input(operation: &Operation<'_>, types: &mut Types<'_>) -> Result<Option<String>, String> {
    let name = operation.query_name();
    let mut fields: Vec<(&str, &Value, bool)> = Vec::new();
    for parameter in &operation.query {
        let (Some(name), Some(schema)) =
            (parameter.get("name").and_then(Value::as_str), parameter.get("schema"))
        else {
            return Err(format!("a parameter of {} has no name or no schema", operation.id));
        };
        fields.push((name, schema, parameter.get("required") == Some(&true.into())));
    }
    let Some(body) = operation.body else {
        if fields.is_empty() {
            return Ok(None);
        }
        let doc = docs::comment(&[&format!("What `{}` is asked with.", operation.id)]);
        types.fields(&name, &doc, &fields, Side::Query)?;
        return Ok(Some(name));
    };
    if fields.is_empty() {
        return Ok(Some(types.of(body, &name, "", Side::Body)?.whole()));
    }
    let (body_name, schema) = types.schema(body)?;
    for (field, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        fields.push((field, property, requires(schema, field)));
    }
    types.fields(body_name, &docs::of(schema, "What is sent"), &fields, Side::Body)?;
    Ok(Some(body_name.to_owned()))
}

fn doc(operation: &Operation<'_>) -> String {
    let text = |key: &str| operation.raw.get(key).and_then(Value::as_str).unwrap_or_default();
    let is = |key: &str| operation.raw.get(key) == Some(&true.into());
    let repeat = match text("x-side-effect") {
        "money" => "Costs money, and a repeat costs it again.",
        "call" => "Rings a phone, and a repeat rings it again.",
        "message" if is("x-effect-idempotent") => "Sends something to a person.",
        "message" => "Sends something to a person, and a repeat sends it again.",
        _ if is("x-effect-idempotent") => "",
        _ => "A repeat does more than the first time: it makes another one, or a new secret.",
    };
    let gone = if is("x-irreversible") { "Cannot be undone." } else { "" };
    let description = text("description");
    let description = if description.is_empty() { String::new() } else { docs::sentence(description) };
    let about = [description.as_str(), repeat, gone].join(" ");
    let id = format!("Operation `{}` of the contract.", operation.id);
    docs::comment(&[&docs::sentence(text("summary")), about.trim(), &id])
}
