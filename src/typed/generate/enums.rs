//! Sets of strings become enums. The same set is one enum wherever it occurs; each has a variant for
//! values that the API may add.

use super::contract::{Answer, Contract, reference, resolve};
use super::docs;
use super::names::{pascal, singular};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Names of fields that are too vague without their owner.
const VAGUE: [&str; 7] = ["direction", "include", "method", "period", "status", "type", "volume"];

/// The enums of the contract.
pub(super) struct Enums {
    by_values: BTreeMap<Vec<String>, Enum>,
}

struct Enum {
    name: String,
    doc: String,
}

/// Where a set occurs.
struct Place {
    owner: String,
    field: String,
    doc: Option<String>,
}

/// The strings that a schema lists, if there are at least two. A single one distinguishes nothing.
pub(super) fn values(schema: &Value) -> Option<Vec<String>> {
    let listed = schema.get("enum").or_else(|| schema.get("x-known-values"))?.as_array()?;
    let values: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    (values.len() > 1).then_some(values)
}

impl Enums {
    /// Collects and names the enums of all operations.
    pub(super) fn of(contract: &Contract<'_>) -> Self {
        let mut found = Found { contract, seen: BTreeSet::new(), places: BTreeMap::new() };
        for operation in &contract.operations {
            for parameter in &operation.query {
                if let (Some(schema), Some(name)) =
                    (parameter.get("schema"), parameter.get("name").and_then(Value::as_str))
                {
                    found.walk(schema, &operation.query_name(), name);
                }
            }
            let answer = match operation.answer {
                Answer::Json(schema) | Answer::Pages(schema) | Answer::Events(schema) => Some(schema),
                Answer::Nothing | Answer::Bytes => None,
            };
            for schema in operation.body.into_iter().chain(answer) {
                found.walk(schema, "", "");
            }
        }
        Self { by_values: name(found.places, contract) }
    }

    /// The name of the enum of these values.
    pub(super) fn name(&self, values: &[String]) -> Option<&str> {
        self.by_values.get(values).map(|found| found.name.as_str())
    }

    /// Their code.
    pub(super) fn code(&self) -> String {
        let mut code = String::new();
        for (values, Enum { name, doc }) in &self.by_values {
            let variants: String =
                values.iter().map(|value| format!("{} = {value:?},\n", pascal(value))).collect();
            code.push_str(&format!("open_enum! {{\n{doc}pub enum {name} {{\n{variants}}}\n}}\n\n"));
        }
        code
    }
}

struct Found<'a> {
    contract: &'a Contract<'a>,
    seen: BTreeSet<String>,
    places: BTreeMap<Vec<String>, Vec<Place>>,
}

impl Found<'_> {
    fn walk(&mut self, schema: &Value, owner: &str, field: &str) {
        if let Some(name) = reference(schema) {
            if self.seen.insert(name.to_owned()) {
                self.walk(resolve(self.contract.schemas, schema), name, "");
            }
            return;
        }
        if let Some(values) = values(schema) {
            let doc = schema.get("description").and_then(Value::as_str).map(str::to_owned);
            let place = Place { owner: owner.to_owned(), field: field.to_owned(), doc };
            self.places.entry(values).or_default().push(place);
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            self.walk(property, owner, name);
        }
        for inner in ["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)) {
            self.walk(inner, owner, &singular(field));
        }
        for list in ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema.get(key)?.as_array()) {
            list.iter().for_each(|inner| self.walk(inner, owner, field));
        }
    }
}

/// A set is named after its field and, if that is vague or another set has the name, after the
/// shortest of its owners as well. The set that occurs in most places comes first.
fn name(places: BTreeMap<Vec<String>, Vec<Place>>, contract: &Contract<'_>) -> BTreeMap<Vec<String>, Enum> {
    let mut sets: Vec<_> = places.into_iter().collect();
    sets.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut named = BTreeMap::new();
    for (values, places) in sets {
        let Some(shortest) = places.iter().min_by_key(|place| (place.owner.len(), &place.owner)) else {
            continue;
        };
        let owner = shortest.owner.trim_end_matches("Request").trim_end_matches("Query");
        let plain = pascal(&shortest.field);
        // Without a field it is a schema of its own.
        let free = shortest.field.is_empty() || !contract.schemas.contains_key(&plain);
        let name = match shortest.field.as_str() {
            "" => owner.to_owned(),
            field if free && !VAGUE.contains(&field) && !taken.contains(&plain) => plain,
            _ => format!("{owner}{plain}"),
        };
        let said = places.iter().find_map(|place| place.doc.as_deref()).unwrap_or_default();
        let about = format!("What `{}` may be.", shortest.field);
        let doc =
            if said.is_empty() { docs::comment(&[&about]) } else { docs::comment(&[&docs::sentence(said)]) };
        taken.insert(name.clone());
        named.insert(values, Enum { name, doc });
    }
    named
}
