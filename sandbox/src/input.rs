//! Validates a raw request, into what a handler may rely on or into an error response.
//!
//! Two layers check a request, as in the API itself:
//! - its framework checks the shape (types, required fields, lengths, ranges, enums, broken JSON) and
//!   responds with 422 and `{"detail":[{loc,msg,type}]}`;
//! - its own code checks the meaning (a number that cannot be called, a missing sender) and responds
//!   with 400 `VALIDATION_ERROR` in the envelope. Patterns belong here: the one documented example of
//!   that response is a `country` that is not a 2-letter code.

use crate::contract::{Contract, Operation};
use crate::errors::Failure;
use crate::http::{Request, parse_query};
use crate::json::json;
use crate::schema::{Issue, PATTERN, check};
use serde_json::{Map, Value};

/// The validated parts of a request.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) path: Vec<(String, String)>,
    /// Typed by the contract, with defaults filled in.
    pub(crate) query: Map<String, Value>,
    pub(crate) body: Map<String, Value>,
}

impl Input {
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// A string in the body; null, absent and empty mean the same to most rules.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        self.query.get(name).and_then(Value::as_str).filter(|t| !t.is_empty())
    }

    pub(crate) fn query_count(&self, name: &str) -> Option<usize> {
        self.query.get(name).and_then(Value::as_u64).and_then(|n| n.try_into().ok())
    }
}

pub(crate) fn read(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    path: &str,
    query: &str,
) -> Result<Input, Failure> {
    let mut issues = Vec::new();
    let query = read_query(contract, operation, query, &mut issues);
    let body = read_body(contract, operation, request, &mut issues)?;
    if issues.is_empty() {
        return Ok(Input { path: operation.path_values(path), query, body });
    }
    if issues.iter().all(|i| i.kind == PATTERN) {
        return Err(Failure::invalid(issues.into_iter().map(reword).collect()));
    }
    Err(Failure::unprocessable(issues))
}

/// The envelope says "value" where FastAPI says "pattern".
fn reword(issue: Issue) -> Issue {
    let country = issue.loc.last().and_then(Value::as_str) == Some("country");
    let msg = if country { "Country must be a 2-letter ISO code".to_owned() } else { issue.msg };
    Issue { msg, kind: "value_error", ..issue }
}

fn read_query(
    contract: &Contract,
    operation: &Operation,
    query: &str,
    issues: &mut Vec<Issue>,
) -> Map<String, Value> {
    let raw = parse_query(query);
    let mut out = Map::new();
    for parameter in operation.query {
        let schema = contract.schema(parameter.schema);
        let loc = [json!("query"), json!(parameter.name)];
        let Some(text) = raw.get(parameter.name).and_then(Value::as_str) else {
            if parameter.required {
                issues.push(Issue::missing(loc.to_vec()));
            } else if let Some(default) = schema.get("default") {
                out.insert(parameter.name.to_owned(), default.clone());
            }
            continue;
        };
        match typed(schema, text) {
            Ok(value) => {
                issues.extend(check(contract, schema, &value, &loc));
                out.insert(parameter.name.to_owned(), value);
            }
            Err((kind, noun)) => {
                let msg =
                    format!("Input should be a valid {noun}, unable to parse string as {}", article(noun));
                issues.push(Issue { loc: loc.to_vec(), msg, kind });
            }
        }
    }
    out
}

/// Query values are strings; the contract says which type they stand for.
fn typed(schema: &Value, text: &str) -> Result<Value, (&'static str, &'static str)> {
    let name = match schema.get("type") {
        Some(Value::Array(names)) => names.first().and_then(Value::as_str),
        other => other.and_then(Value::as_str),
    };
    match name {
        Some("integer") => text.parse::<i64>().map(Value::from).map_err(|_| ("int_parsing", "integer")),
        // The JSON parser is in the module anyway; the standard library's float parser is not.
        Some("number") => match serde_json::from_str(text) {
            Ok(Value::Number(number)) => Ok(Value::Number(number)),
            _ => Err(("float_parsing", "number")),
        },
        Some("boolean") => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(json!(true)),
            "false" | "0" | "no" | "off" => Ok(json!(false)),
            _ => Err(("bool_parsing", "boolean")),
        },
        Some("array") => Ok(text.split(',').map(Value::from).collect()),
        _ => Ok(text.into()),
    }
}

fn article(noun: &str) -> String {
    format!("{} {noun}", if noun.starts_with('i') { "an" } else { "a" })
}

fn read_body(
    contract: &Contract,
    operation: &Operation,
    request: &Request,
    issues: &mut Vec<Issue>,
) -> Result<Map<String, Value>, Failure> {
    let Some(schema) = operation.body else { return Ok(Map::new()) };
    let loc = [json!("body")];
    if request.body.is_empty() {
        if operation.body_required {
            issues.push(Issue::missing(loc.to_vec()));
        }
        return Ok(Map::new());
    }
    // FastAPI does not parse a body declared as another type, and then reports that the object is missing.
    if request.header("content-type").is_some_and(|t| !is_json(t)) {
        let msg = "Input should be a valid dictionary or object to extract fields from".to_owned();
        issues.push(Issue { loc: loc.to_vec(), msg, kind: "model_attributes_type" });
        return Ok(Map::new());
    }
    let value: Value = serde_json::from_slice(&request.body).map_err(|error| {
        let at = offset(&request.body, error.line(), error.column());
        let loc = vec![json!("body"), json!(at)];
        Failure::unprocessable(vec![Issue { loc, msg: "JSON decode error".into(), kind: "json_invalid" }])
    })?;
    // Where the body is optional, `null` counts as absent.
    if operation.body_required || !value.is_null() {
        issues.extend(check(contract, contract.schema(schema), &value, &loc));
    }
    match value {
        Value::Object(map) => Ok(map),
        _ => Ok(Map::new()),
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// FastAPI reports the position of a JSON error as an offset; serde_json reports line and column.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let before: usize = body.split(|b| *b == b'\n').take(line.saturating_sub(1)).map(|l| l.len() + 1).sum();
    before + column.saturating_sub(1)
}
