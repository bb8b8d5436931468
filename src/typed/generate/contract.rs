//! The contract as the generator sees it: its operations, and its schemas by name.

use super::names::{pascal, singular};
use serde_json::{Map, Value};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The contract.
pub(super) struct Contract<'a> {
    pub(super) schemas: &'a Map<String, Value>,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One operation.
pub(super) struct Operation<'a> {
    /// The contract's `operationId`.
    pub(super) id: &'a str,
    /// The names of the ids in its path, in their order.
    pub(super) path_ids: Vec<&'a str>,
    /// Parameters of its query.
    pub(super) query: Vec<&'a Value>,
    /// Schema of its body.
    pub(super) body: Option<&'a Value>,
    pub(super) answer: Answer<'a>,
    /// All of it.
    pub(super) raw: &'a Value,
}

/// What an operation returns.
pub(super) enum Answer<'a> {
    /// No body.
    Nothing,
    /// JSON of this schema.
    Json(&'a Value),
    /// A list, by pages or whole: the schema of its items.
    Pages(&'a Value),
    /// A file.
    Bytes,
    /// A stream of such events.
    Events(&'a Value),
}

impl<'a> Contract<'a> {
    /// Reads the document.
    pub(super) fn read(document: &'a Value) -> Result<Self, String> {
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        let schemas = schemas.ok_or("the contract has no schemas")?;
        let paths = document.get("paths").and_then(Value::as_object).ok_or("the contract has no paths")?;
        let mut operations = Vec::new();
        for (path, methods) in paths {
            for raw in METHODS.iter().filter_map(|method| methods.get(method)) {
                operations.push(operation(schemas, path, raw)?);
            }
        }
        Ok(Self { schemas, operations })
    }
}

impl Operation<'_> {
    /// The parts of its id: resource, perhaps sub-resources, method.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.id.split('.').collect()
    }

    /// The name of the struct of its query: `agents.calls.list` has `ListAgentCalls`,
    /// `usage.byAgent` has `UsageByAgentQuery`.
    pub(super) fn query_name(&self) -> String {
        let parts = self.parts();
        match parts.as_slice() {
            [above @ .., many, "list"] => {
                let above: String = above.iter().map(|part| pascal(&singular(part))).collect();
                format!("List{above}{}", pascal(many))
            }
            _ => format!("{}Query", parts.iter().map(|part| pascal(part)).collect::<String>()),
        }
    }
}

fn operation<'a>(
    schemas: &'a Map<String, Value>,
    path: &'a str,
    raw: &'a Value,
) -> Result<Operation<'a>, String> {
    let id = raw.get("operationId").and_then(Value::as_str);
    let id = id.ok_or_else(|| format!("an operation of {path} has no operationId"))?;
    let parameters = raw.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let query = parameters.filter(|parameter| parameter.get("in") == Some(&"query".into())).collect();
    let path_ids = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let body = raw.pointer("/requestBody/content/application~1json/schema");
    let answer = answer(schemas, raw).ok_or_else(|| format!("{id} documents no 2xx answer"))?;
    Ok(Operation { id, path_ids, query, body, answer, raw })
}

fn answer<'a>(schemas: &'a Map<String, Value>, raw: &'a Value) -> Option<Answer<'a>> {
    let responses = raw.get("responses").and_then(Value::as_object)?;
    let (_, good) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    let Some(content) = good.get("content").and_then(Value::as_object) else {
        return Some(Answer::Nothing);
    };
    let (kind, media) = content.iter().next()?;
    let schema = media.get("schema")?;
    if kind == "text/event-stream" {
        return Some(Answer::Events(schema));
    }
    if kind != "application/json" {
        return Some(Answer::Bytes);
    }
    Some(items(schemas, raw, schema).map_or(Answer::Json(schema), Answer::Pages))
}

/// The items of a list: of an array, of an object with only `data`, or of the field that
/// `x-pagination` names.
fn items<'a>(schemas: &'a Map<String, Value>, raw: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    let schema = resolve(schemas, schema);
    if schema.get("type") == Some(&"array".into()) {
        return schema.get("items");
    }
    let properties = schema.get("properties").and_then(Value::as_object)?;
    let pagination = raw.get("x-pagination")?;
    let paged = pagination.get("style").is_some_and(|style| style != "none");
    let field = match pagination.get("itemsField").and_then(Value::as_str) {
        Some(field) if paged => field,
        _ if properties.len() == 1 => "data",
        _ => return None,
    };
    properties.get(field)?.get("items")
}

/// What a `$ref` points to; any other schema is itself.
pub(super) fn resolve<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    reference(schema).and_then(|name| schemas.get(name)).unwrap_or(schema)
}

/// The name in a `$ref`.
pub(super) fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

/// True if a schema requires this field.
pub(super) fn requires(schema: &Value, field: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|name| name == field))
}
