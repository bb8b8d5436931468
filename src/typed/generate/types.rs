//! Schemas become Rust types: structs of requests, which distinguish null from absent, and structs of
//! responses, which keep unknown fields.

use super::contract::{Contract, reference, requires, resolve};
use super::docs;
use super::enums::{Enums, values};
use super::names::{pascal, singular, snake};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Free-form JSON.
const FREE: &str = "Extra";
/// The field for what a struct keeps or sends beside its other fields.
const EXTRA: &str = "extra";

/// Which way a struct goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// To the API, as a body.
    Body,
    /// To the API, as a query, in which null means absent.
    Query,
    /// From the API.
    Answer,
}

/// A Rust type, and whether its field may be null.
pub(super) struct Type {
    pub(super) rust: String,
    nullable: bool,
}

impl Type {
    fn of(rust: impl Into<String>) -> Self {
        Self { rust: rust.into(), nullable: false }
    }

    /// As the type of a response, or of an item.
    pub(super) fn whole(&self) -> String {
        if self.nullable { format!("Option<{}>", self.rust) } else { self.rust.clone() }
    }
}

/// All types generated so far.
pub(super) struct Types<'a> {
    contract: &'a Contract<'a>,
    enums: &'a Enums,
    made: BTreeMap<String, String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(contract: &'a Contract<'a>, enums: &'a Enums) -> Self {
        Self { contract, enums, made: BTreeMap::new() }
    }

    /// Their code.
    pub(super) fn code(&self) -> String {
        self.made.values().map(|code| format!("{code}\n")).collect()
    }

    /// The schema that a reference names, and its name.
    pub(super) fn schema<'b>(&self, schema: &'b Value) -> Result<(&'b str, &'a Value), String> {
        let name = reference(schema).ok_or("a body beside a query has no name")?;
        let schema = self.contract.schemas.get(name).ok_or_else(|| format!("unknown schema {name}"))?;
        Ok((name, schema))
    }

    /// The type of a schema; `owner` and `field` name it if it has no name of its own.
    pub(super) fn of(
        &mut self,
        schema: &Value,
        owner: &str,
        field: &str,
        side: Side,
    ) -> Result<Type, String> {
        if let Some(name) = reference(schema) {
            return self.named(name, side);
        }
        if let Some([one]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            return self.of(one, owner, field, side);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(members) = schema.get(key).and_then(Value::as_array) {
                return self.union(members, owner, field, side);
            }
        }
        let (kinds, nullable) = kinds(schema);
        let rust = match kinds.as_slice() {
            ["string"] => match values(schema).and_then(|values| self.enums.name(&values)) {
                Some(name) => name.to_owned(),
                None => "String".to_owned(),
            },
            ["integer"] => "i64".to_owned(),
            ["number"] => "f64".to_owned(),
            ["boolean"] => "bool".to_owned(),
            ["array"] => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                format!("Vec<{}>", self.of(items, owner, &singular(field), side)?.whole())
            }
            ["object"] => self.object(schema, owner, field, side)?,
            // Several types, or none: any JSON.
            _ => "Value".to_owned(),
        };
        Ok(Type { rust, nullable })
    }

    fn named(&mut self, name: &str, side: Side) -> Result<Type, String> {
        let schema = self.contract.schemas.get(name).ok_or_else(|| format!("unknown schema {name}"))?;
        let is_struct = schema.get("properties").is_some() || schema.get("oneOf").is_some();
        if !is_struct {
            return self.of(schema, name, "", side);
        }
        if !self.made.contains_key(name) {
            // Before it is generated, so that a schema may refer to itself.
            self.made.insert(name.to_owned(), String::new());
            if let Some(members) = schema.get("oneOf").and_then(Value::as_array) {
                self.union(members, name, "", side)?;
            } else {
                self.structure(name, schema, side)?;
            }
        }
        Ok(Type::of(name))
    }

    fn object(&mut self, schema: &Value, owner: &str, field: &str, side: Side) -> Result<String, String> {
        if schema.get("properties").is_some() {
            let name = format!("{owner}{}", pascal(field));
            if self.contract.schemas.contains_key(&name) {
                return Err(format!("{owner}.{field} and a schema are both named {name}"));
            }
            self.structure(&name, schema, side)?;
            return Ok(name);
        }
        match schema.get("additionalProperties") {
            Some(inner) if inner.is_object() => {
                let inner = self.of(inner, owner, field, side)?.whole();
                Ok(format!("BTreeMap<String, {inner}>"))
            }
            _ => Ok(FREE.to_owned()),
        }
    }

    /// Generates the struct of a schema.
    fn structure(&mut self, name: &str, schema: &Value, side: Side) -> Result<(), String> {
        let none = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let fields: Vec<(&str, &Value, bool)> = properties
            .iter()
            .map(|(field, property)| (field.as_str(), property, requires(schema, field)))
            .collect();
        let doc = docs::of(schema, &format!("`{name}` of the contract."));
        self.fields(name, &doc, &fields, side)
    }

    /// Generates a struct of fields: wire name, schema, whether it is required.
    pub(super) fn fields(
        &mut self,
        name: &str,
        doc: &str,
        fields: &[(&str, &Value, bool)],
        side: Side,
    ) -> Result<(), String> {
        let mut body = String::new();
        for (wire, schema, required) in fields {
            if *wire == EXTRA {
                return Err(format!("{name} has a field named {EXTRA}"));
            }
            let known = self.of(schema, name, wire, side)?;
            let rust = snake(wire);
            body.push_str(&docs::of(schema, &format!("`{wire}` on the wire")));
            let (declared, skip) = declared(&known, *required, side);
            let mut attributes = Vec::new();
            if rust.trim_start_matches("r#") != *wire {
                attributes.push(format!("rename = {wire:?}"));
            }
            attributes.extend(skip.map(|test| format!("skip_serializing_if = {test:?}")));
            if !attributes.is_empty() {
                body.push_str(&format!("#[serde({})]\n", attributes.join(", ")));
            }
            body.push_str(&format!("pub {rust}: {declared},\n"));
        }
        let (derives, beside) = match side {
            Side::Answer => {
                ("#[derive(Debug, Clone, PartialEq, Deserialize)]\n#[non_exhaustive]", "What else came.")
            }
            Side::Body | Side::Query => {
                ("#[derive(Debug, Clone, Default, PartialEq, Serialize)]", "What else to send.")
            }
        };
        let code = format!(
            "{doc}{derives}\npub struct {name} {{\n{body}/// {beside}\n#[serde(flatten)]\npub {EXTRA}: {FREE},\n}}\n"
        );
        self.made.insert(name.to_owned(), code);
        Ok(())
    }

    fn union(&mut self, members: &[Value], owner: &str, field: &str, side: Side) -> Result<Type, String> {
        let (null, others): (Vec<_>, Vec<_>) =
            members.iter().partition(|member| member.get("type") == Some(&"null".into()));
        let mut inner = match others.as_slice() {
            [one] => self.of(one, owner, field, side)?,
            _ if others.iter().all(|member| constant(member).is_some()) => {
                self.tagged(&others, owner, side)?
            }
            _ => self.untagged(&others, owner, side)?,
        };
        inner.nullable |= !null.is_empty();
        Ok(inner)
    }

    /// Members that name themselves in `event` and carry their `data`.
    fn tagged(&mut self, members: &[&Value], owner: &str, side: Side) -> Result<Type, String> {
        let mut variants = String::new();
        for member in members {
            let (Some(tag), Some(data)) = (constant(member), member.pointer("/properties/data")) else {
                return Err(format!("a member of {owner} has no event or no data"));
            };
            let data = self.of(data, owner, tag, side)?.rust;
            let variant = pascal(tag);
            variants.push_str(&format!("/// `{tag}`.\n#[serde(rename = {tag:?})]\n{variant}({data}),\n"));
        }
        let doc = docs::comment(&["What happened."]);
        let code = format!(
            "{doc}#[derive(Debug, Clone, PartialEq, Deserialize)]\n#[serde(tag = \"event\", content = \"data\")]\n#[non_exhaustive]\npub enum {owner} {{\n{variants}}}\n"
        );
        self.made.insert(owner.to_owned(), code);
        Ok(Type::of(owner))
    }

    /// Members distinguished by what they require: the one that requires most is tried first.
    fn untagged(&mut self, members: &[&Value], owner: &str, side: Side) -> Result<Type, String> {
        let mut named = Vec::new();
        for member in members {
            let count = resolve(self.contract.schemas, member).get("required");
            let count = count.and_then(Value::as_array).map_or(0, Vec::len);
            named.push((count, self.of(member, owner, "", side)?.rust));
        }
        named.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let variants: String = named
            .iter()
            .map(|(_, rust)| {
                let variant = rust.strip_prefix(owner.trim_end_matches("Answer")).unwrap_or(rust);
                let variant = if variant.is_empty() { "Current" } else { variant };
                format!("/// A [`{rust}`].\n{variant}({rust}),\n")
            })
            .collect();
        let doc = docs::comment(&["One of several forms."]);
        let code = format!(
            "{doc}#[derive(Debug, Clone, PartialEq, Deserialize)]\n#[serde(untagged)]\n#[non_exhaustive]\npub enum {owner} {{\n{variants}}}\n"
        );
        self.made.insert(owner.to_owned(), code);
        Ok(Type::of(owner))
    }
}

/// The type of a field, and when it is left out.
fn declared(known: &Type, required: bool, side: Side) -> (String, Option<&'static str>) {
    let Type { rust, nullable } = known;
    match side {
        Side::Answer if required && !nullable => (rust.clone(), None),
        Side::Answer => (format!("Option<{rust}>"), None),
        Side::Body if required => (known.whole(), None),
        Side::Body if *nullable => (format!("Patch<{rust}>"), Some("Patch::is_absent")),
        Side::Query if required => (rust.clone(), None),
        Side::Body | Side::Query => (format!("Option<{rust}>"), Some("Option::is_none")),
    }
}

/// The types of a schema without null, and whether null is one of them.
fn kinds(schema: &Value) -> (Vec<&str>, bool) {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let nullable = kinds.contains(&"null");
    (kinds.into_iter().filter(|kind| *kind != "null").collect(), nullable)
}

/// The one value of a member's `event`.
fn constant(member: &Value) -> Option<&str> {
    member.pointer("/properties/event/const")?.as_str()
}
