//! Turns ../contract/openapi.yaml into compact JSON that the crate embeds. Done at build time, so
//! that the module ships no YAML reader and the contract stays the one place where paths, methods
//! and shapes are written. Only what requests need is kept.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::error::Error;
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
    fs::write(Path::new(&out).join("contract.json"), serde_json::to_string(&compact(&document)?)?)?;
    Ok(())
}

fn compact(document: &Value) -> Result<Value, String> {
    let paths = document.get("paths").and_then(Value::as_object).ok_or("the contract has no paths")?;
    let mut operations = Vec::new();
    for (path, methods) in paths {
        for method in METHODS {
            if let Some(raw) = methods.get(method) {
                operations.push(operation(path, method, raw)?);
            }
        }
    }
    let source = document.pointer("/components/schemas").and_then(Value::as_object);
    let source = source.ok_or("the contract has no schemas")?;
    let mut wanted = BTreeSet::new();
    operations.iter().for_each(|o| references(o, &mut wanted));
    let mut schemas = Map::new();
    while let Some(name) = wanted.iter().find(|n| !schemas.contains_key(*n)).cloned() {
        let raw = source.get(&name).ok_or_else(|| format!("unknown schema {name}"))?;
        let schema = shrink(raw);
        references(&schema, &mut wanted);
        schemas.insert(name, schema);
    }
    Ok(json!({ "operations": operations, "schemas": schemas }))
}

fn operation(path: &str, method: &str, raw: &Value) -> Result<Value, String> {
    let id = raw.get("operationId").and_then(Value::as_str);
    let id = id.ok_or_else(|| format!("{method} {path} has no operationId"))?;
    let query: Vec<Value> = raw
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|p| p.get("in").and_then(Value::as_str) == Some("query"))
        .map(|p| {
            json!({
                "name": p.get("name"),
                "required": p.get("required").and_then(Value::as_bool).unwrap_or(false),
                "schema": p.get("schema").map(shrink),
            })
        })
        .collect();
    let mut out = json!({
        "id": id,
        "method": method.to_uppercase(),
        "path": path,
        // `security: []` marks what needs no key.
        "open": raw.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty),
        "query": query,
    });
    let status = success(raw).ok_or_else(|| format!("{id} documents no 2xx answer"))?;
    if let Some(map) = out.as_object_mut() {
        map.insert("status".into(), status.into());
        if let Some(body) = raw.get("requestBody") {
            map.insert("bodyRequired".into(), json!(body.get("required") == Some(&json!(true))));
            if let Some(schema) = body.pointer("/content/application~1json/schema") {
                map.insert("body".into(), shrink(schema));
            }
        }
    }
    Ok(out)
}

fn success(raw: &Value) -> Option<u16> {
    let statuses = raw.get("responses").and_then(Value::as_object)?.keys();
    statuses.filter_map(|status| status.parse().ok()).find(|status| (200..300).contains(status))
}

/// Keeps the keywords that the validator knows, and names a reference by the schema's name alone.
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
