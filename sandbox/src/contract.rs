//! The operations of the contract and the way from a method and a path to one of them.

use crate::schema::Schemas;
use serde_json::Value;
use std::sync::OnceLock;

/// One operation, as the contract describes it.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static [Segment],
    /// Answers without a key.
    pub(crate) open: bool,
    /// Status of success.
    pub(crate) status: u16,
    pub(crate) query: &'static [QueryParameter],
    /// The place of its schema, for [`Contract::schema`].
    pub(crate) body: Option<usize>,
    pub(crate) body_required: bool,
}

#[derive(Debug)]
pub(crate) struct QueryParameter {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: usize,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Segment {
    Fixed(&'static str),
    Named(&'static str),
}

/// What build.rs made of the contract: the operations, the names of schemas with their places, and the
/// texts of schemas.
mod embedded {
    use super::{Operation, QueryParameter, Segment};

    include!(concat!(env!("OUT_DIR"), "/contract.rs"));
}

use embedded::{OPERATIONS, SCHEMAS, TEXTS};

/// The schemas that requests have needed so far.
#[derive(Debug)]
pub(crate) struct Contract {
    parsed: Vec<OnceLock<Value>>,
    pub(crate) agent_fields: OnceLock<AgentFields>,
}

/// The fields of an agent with their defaults, as in a response: `,"voice":null`.
#[derive(Debug)]
pub(crate) struct AgentFields {
    pub(crate) each: Vec<(String, Vec<u8>)>,
    /// All of them, for an agent that differs in none.
    pub(crate) all: Vec<u8>,
}

/// Where a request leads.
#[derive(Debug)]
pub(crate) enum Route {
    To(&'static Operation),
    /// The path exists, with these methods.
    WrongMethod(String),
    Unknown,
}

impl Contract {
    /// The contract that was embedded at build time.
    pub(crate) fn embedded() -> Self {
        Self { parsed: TEXTS.iter().map(|_| OnceLock::new()).collect(), agent_fields: OnceLock::new() }
    }

    pub(crate) fn operation(&self, id: &str) -> Option<&'static Operation> {
        OPERATIONS.iter().find(|o| o.id == id)
    }

    /// The schema in a place, read when it is first needed.
    pub(crate) fn schema(&self, place: usize) -> &Value {
        let read = || TEXTS.get(place).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        self.parsed.get(place).map_or(&Value::Null, |cell| cell.get_or_init(read))
    }

    /// Whether a path is the API's, by its first part; other paths are free for files.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let first = segments(path).next();
        OPERATIONS.iter().any(|o| match (o.path.first(), first) {
            (Some(Segment::Fixed(own)), Some(given)) => *own == given,
            _ => false,
        })
    }

    pub(crate) fn route(&self, method: &str, path: &str) -> Route {
        // A HEAD gets the response of the GET; the transport leaves the body out.
        let method = if method.eq_ignore_ascii_case("HEAD") { "GET" } else { method };
        let parts: Vec<&str> = segments(path).collect();
        let fitting: Vec<&'static Operation> = OPERATIONS.iter().filter(|o| o.fits(&parts)).collect();
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
            fitting.iter().filter(|o| o.fixed_segments() == most).map(|o| o.method).collect();
        Route::WrongMethod(allowed.join(", "))
    }
}

impl Operation {
    fn fits(&self, parts: &[&str]) -> bool {
        let fits = |(own, part): (&Segment, &&str)| match own {
            Segment::Fixed(name) => name == part,
            Segment::Named(_) => !part.is_empty(),
        };
        self.path.len() == parts.len() && self.path.iter().zip(parts).all(fits)
    }

    /// Whether it may add to what is kept. The end of a call makes nothing larger, and must be possible
    /// when there is no room.
    pub(crate) fn grows(&self) -> bool {
        !matches!(self.method, "GET" | "DELETE") && self.id != "calls.end"
    }

    fn fixed_segments(&self) -> usize {
        self.path.iter().filter(|s| matches!(s, Segment::Fixed(_))).count()
    }

    /// The named parts of a path that fits, decoded.
    pub(crate) fn path_values(&self, path: &str) -> Vec<(String, String)> {
        let named = |(own, part): (&Segment, &str)| match own {
            Segment::Named(name) => Some(((*name).to_owned(), crate::http::decode(part))),
            Segment::Fixed(_) => None,
        };
        self.path.iter().zip(segments(path)).filter_map(named).collect()
    }
}

impl Schemas for Contract {
    fn named(&self, name: &str) -> Option<&Value> {
        let at = SCHEMAS.binary_search_by(|(own, _)| (*own).cmp(name)).ok()?;
        SCHEMAS.get(at).map(|(_, place)| self.schema(*place))
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
            Route::To(operation) => operation.id.to_owned(),
            Route::WrongMethod(allow) => format!("405 {allow}"),
            Route::Unknown => "404".into(),
        }
    }

    #[test]
    fn the_whole_contract_is_embedded() {
        let contract = include_str!("../../contract/openapi.yaml");
        let (paths, _) = contract.split_once("\nwebhooks:").unwrap();
        assert_eq!(OPERATIONS.len(), paths.matches("\n      operationId: ").count());
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
                assert!(contract.named(name).is_some(), "{name}");
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
        for (place, text) in TEXTS.iter().enumerate() {
            assert!(contract.schema(place).is_object(), "{text}");
            walk(contract.schema(place), &contract);
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
