//! The operations of the contract and the way from a method and a path to one of them.

use serde_json::{Map, Value};
use std::sync::OnceLock;

const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/contract.json"));

/// One operation, as the contract describes it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: Vec<Segment>,
    /// Answers without a key.
    pub(crate) open: bool,
    /// Status of success.
    pub(crate) status: u16,
    pub(crate) query: Vec<QueryParameter>,
    pub(crate) body: Option<Value>,
    pub(crate) body_required: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct QueryParameter {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Segment {
    Fixed(String),
    Named(String),
}

#[derive(Debug, Default)]
pub(crate) struct Contract {
    pub(crate) operations: Vec<Operation>,
    pub(crate) schemas: Map<String, Value>,
    /// The fields of an agent with their defaults, as they stand in an answer: `,"voice":null`.
    pub(crate) agent_fields: OnceLock<Vec<(String, Vec<u8>)>>,
}

/// Where a request leads.
#[derive(Debug)]
pub(crate) enum Route<'a> {
    To(&'a Operation),
    /// The path exists, with these methods.
    WrongMethod(String),
    Unknown,
}

impl Contract {
    /// The contract that was embedded at build time.
    pub(crate) fn embedded() -> Self {
        // build.rs wrote this text with serde_json; a test reads it back and counts.
        serde_json::from_str(EMBEDDED).map(|document| Self::read(&document)).unwrap_or_default()
    }

    fn read(document: &Value) -> Self {
        let operations = document.get("operations").and_then(Value::as_array);
        let schemas = document.get("schemas").and_then(Value::as_object);
        Self {
            operations: operations.into_iter().flatten().map(Operation::read).collect(),
            schemas: schemas.cloned().unwrap_or_default(),
            agent_fields: OnceLock::new(),
        }
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|o| o.id == id)
    }

    /// Whether a path is the API's, by its first part; other paths are free for files.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let first = segments(path).next();
        self.operations.iter().any(|o| match (o.path.first(), first) {
            (Some(Segment::Fixed(own)), Some(given)) => own == given,
            _ => false,
        })
    }

    pub(crate) fn route(&self, method: &str, path: &str) -> Route<'_> {
        // A HEAD is answered as the GET it stands for; the transport leaves the body out.
        let method = if method.eq_ignore_ascii_case("HEAD") { "GET" } else { method };
        let parts: Vec<&str> = segments(path).collect();
        let fitting: Vec<&Operation> = self.operations.iter().filter(|o| o.fits(&parts)).collect();
        // `/v1/agents/voices` also fits `/v1/agents/{agent_id}`; the more exact one wins.
        let best = fitting
            .iter()
            .filter(|o| o.method.eq_ignore_ascii_case(method))
            .max_by_key(|o| o.fixed_segments());
        if let Some(operation) = best {
            return Route::To(operation);
        }
        let Some(most) = fitting.iter().map(|o| o.fixed_segments()).max() else { return Route::Unknown };
        let allowed: Vec<&str> =
            fitting.iter().filter(|o| o.fixed_segments() == most).map(|o| o.method.as_str()).collect();
        Route::WrongMethod(allowed.join(", "))
    }
}

impl Operation {
    fn read(raw: &Value) -> Self {
        let text = |key: &str| raw.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let flag = |key: &str| raw.get(key).and_then(Value::as_bool).unwrap_or_default();
        let path = segments(&text("path"))
            .map(|s| match s.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                Some(name) => Segment::Named(name.to_owned()),
                None => Segment::Fixed(s.to_owned()),
            })
            .collect();
        let query = raw.get("query").and_then(Value::as_array).into_iter().flatten();
        Self {
            id: text("id"),
            method: text("method"),
            path,
            open: flag("open"),
            status: raw.get("status").and_then(Value::as_u64).and_then(|s| s.try_into().ok()).unwrap_or(200),
            query: query.map(QueryParameter::read).collect(),
            body: raw.get("body").cloned(),
            body_required: flag("bodyRequired"),
        }
    }

    fn fits(&self, parts: &[&str]) -> bool {
        let fits = |(own, part): (&Segment, &&str)| match own {
            Segment::Fixed(name) => name == part,
            Segment::Named(_) => !part.is_empty(),
        };
        self.path.len() == parts.len() && self.path.iter().zip(parts).all(fits)
    }

    fn fixed_segments(&self) -> usize {
        self.path.iter().filter(|s| matches!(s, Segment::Fixed(_))).count()
    }

    /// The named parts of a path that fits, decoded.
    pub(crate) fn path_values(&self, path: &str) -> Vec<(String, String)> {
        let named = |(own, part): (&Segment, &str)| match own {
            Segment::Named(name) => Some((name.clone(), crate::http::decode(part))),
            Segment::Fixed(_) => None,
        };
        self.path.iter().zip(segments(path)).filter_map(named).collect()
    }
}

impl QueryParameter {
    fn read(raw: &Value) -> Self {
        Self {
            name: raw.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            required: raw.get("required").and_then(Value::as_bool).unwrap_or_default(),
            schema: raw.get("schema").cloned().unwrap_or_default(),
        }
    }
}

/// The parts of a path. A trailing slash counts: `/v1/agents/` is another path than `/v1/agents`.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(method: &str, path: &str) -> String {
        match Contract::embedded().route(method, path) {
            Route::To(operation) => operation.id.clone(),
            Route::WrongMethod(allow) => format!("405 {allow}"),
            Route::Unknown => "404".into(),
        }
    }

    #[test]
    fn the_whole_contract_is_embedded() {
        assert_eq!(Contract::embedded().operations.len(), 92);
    }

    #[test]
    fn the_more_exact_path_wins_and_wrong_methods_are_told_apart_from_wrong_paths() {
        for (method, path, expected) in [
            ("GET", "/v1/agents/voices", "voices.list"),
            ("get", "/v1/agents/abc", "agents.get"),
            ("HEAD", "/v1/agents", "agents.list"),
            ("DELETE", "/v1/agents/voices", "agents.delete"),
            ("GET", "/v1/numbers/available", "numbers.available"),
            ("POST", "/v1/calls/web", "calls.createWeb"),
            ("DELETE", "/v1/calls/abc", "405 GET"),
            ("PUT", "/v1/agents", "405 GET, POST"),
            ("GET", "/v1/agents/", "404"),
            ("GET", "/v1/agents//numbers", "404"),
            ("GET", "/v1", "404"),
            ("GET", "/", "404"),
            ("GET", "", "404"),
        ] {
            assert_eq!(lead(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn every_reference_and_every_pattern_is_one_that_the_validator_knows() {
        fn walk(value: &Value, contract: &Contract) {
            if let Some(name) = value.get("$ref").and_then(Value::as_str) {
                assert!(contract.schemas.contains_key(name), "{name}");
            }
            if let Some(pattern) = value.get("pattern").and_then(Value::as_str) {
                assert!(crate::pattern::matches(pattern, "x").is_some(), "{pattern}");
            }
            match value {
                Value::Object(map) => map.values().for_each(|v| walk(v, contract)),
                Value::Array(items) => items.iter().for_each(|v| walk(v, contract)),
                _ => {}
            }
        }
        let contract = Contract::embedded();
        for schema in
            contract.schemas.values().chain(contract.operations.iter().filter_map(|o| o.body.as_ref()))
        {
            walk(schema, &contract);
        }
    }

    #[test]
    fn only_the_first_part_of_a_path_decides_whose_it_is() {
        let contract = Contract::embedded();
        for (path, expected) in
            [("/v1/nothing", true), ("/auth/me", true), ("/index.html", false), ("/", false)]
        {
            assert_eq!(contract.owns(path), expected, "{path}");
        }
    }
}
