//! Turns ../contract/openapi.yaml into tables that the crate embeds. This happens at build time so that
//! the module ships no YAML parser and paths, methods and shapes are defined only in the contract. Only
//! what requests need is kept: operations as Rust statics, which cost nothing at startup, and schemas
//! as JSON text, parsed when a request first needs them.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const CONTRACT: &str = "../contract/openapi.yaml";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Keywords the validator reads; all others (descriptions, sources, examples) are left out.
const KEYWORDS: [&str; 10] = [
    "type",
    "required",
    "enum",
    "const",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={CONTRACT}");
    println!("cargo:rerun-if-changed=build.rs");
    let text = fs::read_to_string(CONTRACT).map_err(|e| format!("cannot read {CONTRACT}: {e}"))?;
    let document: Value =
        serde_saphyr::from_str(&text).map_err(|e| format!("{CONTRACT} is not valid YAML: {e}"))?;
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("contract.rs"), tables(&document)?)?;
    Ok(())
}

/// Schema texts, deduplicated, with the index of each.
#[derive(Default)]
struct Texts {
    all: Vec<String>,
    places: BTreeMap<String, usize>,
    wanted: BTreeSet<String>,
}

impl Texts {
    fn place(&mut self, schema: &Value) -> usize {
        let schema = shrink(schema);
        references(&schema, &mut self.wanted);
        let text = schema.to_string();
        *self.places.entry(text.clone()).or_insert_with(|| {
            self.all.push(text);
            self.all.len() - 1
        })
    }
}

fn tables(document: &Value) -> Result<String, Box<dyn Error>> {
    let paths = document.get("paths").and_then(Value::as_object).ok_or("the contract has no paths")?;
    let (mut out, mut texts) = (String::new(), Texts::default());
    writeln!(out, "pub(super) static OPERATIONS: &[Operation] = &[")?;
    for (path, methods) in paths {
        for method in METHODS {
            if let Some(raw) = methods.get(method) {
                operation(&mut out, &mut texts, path, method, raw)?;
            }
        }
    }
    writeln!(out, "];\n")?;
    let source = document.pointer("/components/schemas").and_then(Value::as_object);
    let source = source.ok_or("the contract has no schemas")?;
    let mut schemas = BTreeMap::new();
    while let Some(name) = texts.wanted.iter().find(|n| !schemas.contains_key(*n)).cloned() {
        let raw = source.get(&name).ok_or_else(|| format!("unknown schema {name}"))?;
        schemas.insert(name, texts.place(raw));
    }
    // Sorted, because lookups use binary search.
    writeln!(
        out,
        "pub(super) static SCHEMAS: &[(&str, usize)] = &{:?};\n",
        schemas.iter().collect::<Vec<_>>()
    )?;
    writeln!(out, "pub(super) static TEXTS: &[&str] = &{:?};", texts.all)?;
    Ok(out)
}

fn operation(
    out: &mut String,
    texts: &mut Texts,
    path: &str,
    method: &str,
    raw: &Value,
) -> Result<(), Box<dyn Error>> {
    let id = raw.get("operationId").and_then(Value::as_str);
    let id = id.ok_or_else(|| format!("{method} {path} has no operationId"))?;
    let status = success(raw).ok_or_else(|| format!("{id} documents no 2xx answer"))?;
    // `security: []` marks operations that need no key.
    let open = raw.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty);
    let body = raw.get("requestBody");
    let required = body.is_some_and(|b| b.get("required") == Some(&Value::Bool(true)));
    let schema = body.and_then(|b| b.pointer("/content/application~1json/schema"));
    let schema = schema.map(|schema| texts.place(schema));
    write!(out, "Operation {{ id: {id:?}, method: {:?}, path: &[", method.to_uppercase())?;
    for part in path.split('/').skip(1) {
        match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) => write!(out, "Segment::Named({name:?}), ")?,
            None => write!(out, "Segment::Fixed({part:?}), ")?,
        }
    }
    write!(out, "], open: {open}, status: {status}, body: {schema:?}, body_required: {required}, query: &[")?;
    let parameters = raw.get("parameters").and_then(Value::as_array).into_iter().flatten();
    for parameter in parameters.filter(|p| p.get("in").and_then(Value::as_str) == Some("query")) {
        let name = parameter
            .get("name")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("{id} has a parameter without a name"))?;
        let required = parameter.get("required") == Some(&Value::Bool(true));
        let schema = texts.place(parameter.get("schema").unwrap_or(&Value::Null));
        write!(out, "QueryParameter {{ name: {name:?}, required: {required}, schema: {schema} }}, ")?;
    }
    writeln!(out, "] }},")?;
    Ok(())
}

fn success(raw: &Value) -> Option<u16> {
    let statuses = raw.get("responses").and_then(Value::as_object)?.keys();
    statuses.filter_map(|status| status.parse().ok()).find(|status| (200..300).contains(status))
}

/// Keeps the keywords that the validator knows, and shortens each reference to the schema's name.
fn shrink(schema: &Value) -> Value {
    let Some(source) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    for (key, value) in source {
        match key.as_str() {
            "$ref" => {
                let name = value.as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default();
                out.insert(key.clone(), name.into());
            }
            "properties" => {
                let kept = value.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), shrink(v)));
                out.insert(key.clone(), Value::Object(kept.collect()));
            }
            "items" | "additionalProperties" => {
                out.insert(key.clone(), shrink(value));
            }
            "allOf" | "anyOf" | "oneOf" => {
                let kept = value.as_array().into_iter().flatten().map(shrink);
                out.insert(key.clone(), Value::Array(kept.collect()));
            }
            "format" if value == "date-time" => {
                out.insert(key.clone(), value.clone());
            }
            "pattern" | "default" => {
                out.insert(key.clone(), value.clone());
            }
            known if KEYWORDS.contains(&known) => {
                out.insert(key.clone(), value.clone());
            }
            _ => {}
        }
    }
    Value::Object(out)
}

fn references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str) {
                into.insert(name.to_owned());
            }
            map.values().for_each(|v| references(v, into));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, into)),
        _ => {}
    }
}
