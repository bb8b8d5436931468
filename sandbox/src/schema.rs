//! A validator for the part of JSON Schema that the contract uses. It reports issues in FastAPI's
//! words, because the API's shape errors are FastAPI's. Unknown fields are accepted, as in FastAPI;
//! unlike FastAPI it does not accept `"5"` for 5, since that violates the contract.

use crate::json::json;
use crate::{pattern, time};
use serde_json::{Map, Number, Value};
use std::fmt::{self, Display, Formatter};

/// One issue, in the form of FastAPI's `detail` items.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Issue {
    pub(crate) loc: Vec<Value>,
    pub(crate) msg: String,
    pub(crate) kind: &'static str,
}

impl Issue {
    pub(crate) fn missing(loc: Vec<Value>) -> Self {
        Self { loc, msg: "Field required".into(), kind: "missing" }
    }
}

/// Resolves references.
pub(crate) trait Schemas {
    fn named(&self, name: &str) -> Option<&Value>;
}

/// Checks `value` and returns every issue found.
pub(crate) fn check(schemas: &dyn Schemas, schema: &Value, value: &Value, loc: &[Value]) -> Vec<Issue> {
    let mut checker = Checker { schemas, loc: loc.to_vec(), issues: Vec::new() };
    checker.check(schema, value);
    checker.issues
}

struct Checker<'a> {
    schemas: &'a dyn Schemas,
    loc: Vec<Value>,
    issues: Vec<Issue>,
}

impl Checker<'_> {
    fn check(&mut self, schema: &Value, value: &Value) {
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let schemas = self.schemas;
            // A test checks that the contract has no dangling references.
            if let Some(target) = schemas.named(name) {
                self.check(target, value);
            }
            return;
        }
        if !self.has_type(schema, value) {
            return;
        }
        for part in list(schema, "allOf") {
            self.check(part, value);
        }
        for (keyword, one_only) in [("anyOf", false), ("oneOf", true)] {
            if schema.get(keyword).is_some() {
                self.alternatives(list(schema, keyword), one_only, value);
            }
        }
        if value.is_null() {
            return;
        }
        self.listed(schema, value);
        match value {
            Value::String(text) => self.text(schema, text),
            Value::Number(_) => self.number(schema, value.as_f64().unwrap_or(0.0)),
            Value::Array(items) => self.array(schema, items),
            Value::Object(map) => self.object(schema, map),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn has_type(&mut self, schema: &Value, value: &Value) -> bool {
        let names: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        if names.iter().any(|name| is_a(name, value)) {
            return true;
        }
        let (kind, noun) = match names.first().copied().unwrap_or_default() {
            "string" => ("string_type", "string"),
            "integer" => ("int_type", "integer"),
            "number" => ("float_type", "number"),
            "boolean" => ("bool_type", "boolean"),
            "array" => ("list_type", "list"),
            "null" => ("none_required", "null"),
            _ => ("dict_type", "dictionary"),
        };
        self.report(kind, format!("Input should be a valid {noun}"));
        false
    }

    fn alternatives(&mut self, branches: &[Value], one_only: bool, value: &Value) {
        let mut nearest: Option<Vec<Issue>> = None;
        let mut fitting = 0;
        for branch in branches {
            let issues = check(self.schemas, branch, value, &self.loc);
            if issues.is_empty() {
                fitting += 1;
            } else if branch.get("type").and_then(Value::as_str) != Some("null")
                && nearest.as_ref().is_none_or(|n| issues.len() < n.len())
            {
                nearest = Some(issues);
            }
        }
        match fitting {
            0 => self.issues.extend(nearest.unwrap_or_default()),
            1 => {}
            _ if one_only => {
                self.report("union_error", "Input fits more than one of the forms allowed here".into());
            }
            _ => {}
        }
    }

    fn listed(&mut self, schema: &Value, value: &Value) {
        let single = schema.get("const").map(std::slice::from_ref);
        let allowed = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).or(single);
        if let Some(allowed) = allowed.filter(|a| !a.contains(value)) {
            let names: Vec<String> =
                allowed.iter().map(|a| format!("'{}'", a.as_str().unwrap_or(&a.to_string()))).collect();
            let text = match names.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
                _ => names.concat(),
            };
            self.report("enum", format!("Input should be {text}"));
        }
    }

    fn text(&mut self, schema: &Value, text: &str) {
        let length = text.chars().count() as f64;
        if let Some(min) = bound(schema, "minLength").filter(|m| length < m.value) {
            self.report(
                "string_too_short",
                format!("String should have at least {min} character{}", min.s()),
            );
        }
        if let Some(max) = bound(schema, "maxLength").filter(|m| length > m.value) {
            self.report("string_too_long", format!("String should have at most {max} character{}", max.s()));
        }
        if let Some(wanted) = schema.get("pattern").and_then(Value::as_str)
            && pattern::matches(wanted, text) == Some(false)
        {
            self.report(PATTERN, format!("String should match pattern '{wanted}'"));
        }
        if schema.get("format").and_then(Value::as_str) == Some("date-time") && time::parse(text).is_none() {
            self.report("datetime_parsing", "Input should be a valid datetime".into());
        }
    }

    fn number(&mut self, schema: &Value, number: f64) {
        if let Some(min) = bound(schema, "minimum").filter(|m| number < m.value) {
            self.report("greater_than_equal", format!("Input should be greater than or equal to {min}"));
        }
        if let Some(max) = bound(schema, "maximum").filter(|m| number > m.value) {
            self.report("less_than_equal", format!("Input should be less than or equal to {max}"));
        }
    }

    fn array(&mut self, schema: &Value, items: &[Value]) {
        let length = items.len();
        if let Some(min) = bound(schema, "minItems").filter(|m| (length as f64) < m.value) {
            let msg =
                format!("List should have at least {min} item{} after validation, not {length}", min.s());
            self.report("too_short", msg);
        }
        if let Some(max) = bound(schema, "maxItems").filter(|m| length as f64 > m.value) {
            let msg =
                format!("List should have at most {max} item{} after validation, not {length}", max.s());
            self.report("too_long", msg);
        }
        if let Some(item_schema) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.within(json!(index), |inner| inner.check(item_schema, item));
            }
        }
    }

    fn object(&mut self, schema: &Value, map: &Map<String, Value>) {
        for name in list(schema, "required").iter().filter_map(Value::as_str) {
            if !map.contains_key(name) {
                self.within(json!(name), |inner| {
                    let loc = inner.loc.clone();
                    inner.issues.push(Issue::missing(loc));
                });
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|o| o.is_object());
        for (name, value) in map {
            if let Some(property) = properties.and_then(|p| p.get(name)).or(others) {
                self.within(json!(name), |inner| inner.check(property, value));
            }
        }
    }

    fn within(&mut self, step: Value, run: impl FnOnce(&mut Self)) {
        self.loc.push(step);
        run(self);
        self.loc.pop();
    }

    fn report(&mut self, kind: &'static str, msg: String) {
        self.issues.push(Issue { loc: self.loc.clone(), msg, kind });
    }
}

/// The type of an issue that the API reports in its own envelope, not in FastAPI's list (see `input`).
pub(crate) const PATTERN: &str = "string_pattern_mismatch";

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "string" => value.is_string(),
        // 5.0 is an integer in JSON Schema.
        "integer" => value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn list<'a>(schema: &'a Value, key: &str) -> &'a [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A limit as a number to compare with, and as written in the contract, which avoids the code for
/// formatting floats.
struct Bound<'a> {
    value: f64,
    text: &'a Number,
}

impl Bound<'_> {
    /// The plural ending of a noun that it counts.
    fn s(&self) -> &'static str {
        if self.value == 1.0 { "" } else { "s" }
    }
}

impl Display for Bound<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

fn bound<'a>(schema: &'a Value, key: &str) -> Option<Bound<'a>> {
    let text = schema.get(key)?.as_number()?;
    Some(Bound { value: text.as_f64()?, text })
}
