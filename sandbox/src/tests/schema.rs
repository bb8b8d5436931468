//! The validator, keyword by keyword.

use crate::schema::{Schemas, check};
use serde_json::{Map, Value, json};

impl Schemas for Map<String, Value> {
    fn named(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

fn kinds(schema: &Value, value: &Value) -> Vec<&'static str> {
    let mut schemas = Map::new();
    schemas.insert(
        "Pet".into(),
        json!({ "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } }),
    );
    check(&schemas, schema, value, &[json!("body")]).into_iter().map(|i| i.kind).collect()
}

#[test]
fn each_keyword_accepts_and_rejects() {
    for (schema, good, bad, kind) in [
        (json!({ "type": "string" }), json!("a"), json!(1), "string_type"),
        (json!({ "type": ["string", "null"] }), json!(null), json!(1), "string_type"),
        (json!({ "type": "integer" }), json!(5.0), json!(5.5), "int_type"),
        (json!({ "type": "integer" }), json!(-1), json!(true), "int_type"),
        (json!({ "type": "number" }), json!(5.5), json!("5"), "float_type"),
        (json!({ "type": "boolean" }), json!(false), json!(0), "bool_type"),
        (json!({ "type": "array" }), json!([]), json!({}), "list_type"),
        (json!({ "type": "object" }), json!({}), json!([]), "dict_type"),
        (json!({ "type": "null" }), json!(null), json!(0), "none_required"),
        (json!({ "enum": ["a", "b"] }), json!("a"), json!("c"), "enum"),
        (json!({ "const": "a" }), json!("a"), json!("b"), "enum"),
        (json!({ "minimum": 1 }), json!(1), json!(0.9), "greater_than_equal"),
        (json!({ "maximum": 1 }), json!(1), json!(1.1), "less_than_equal"),
        (json!({ "minLength": 2 }), json!("éé"), json!("é"), "string_too_short"),
        (json!({ "maxLength": 1 }), json!("é"), json!("éé"), "string_too_long"),
        (json!({ "pattern": "^[0-9]{3}$" }), json!("415"), json!("41"), "string_pattern_mismatch"),
        (json!({ "format": "date-time" }), json!("2026-11-22T00:00:00Z"), json!("soon"), "datetime_parsing"),
        (json!({ "minItems": 1 }), json!([1]), json!([]), "too_short"),
        (json!({ "maxItems": 1 }), json!([1]), json!([1, 2]), "too_long"),
        (json!({ "items": { "type": "string" } }), json!(["a"]), json!(["a", 1]), "string_type"),
        (json!({ "required": ["a"] }), json!({ "a": null }), json!({}), "missing"),
        (
            json!({ "properties": { "a": { "type": "string" } } }),
            json!({ "b": 1 }),
            json!({ "a": 1 }),
            "string_type",
        ),
        (
            json!({ "additionalProperties": { "type": "string" } }),
            json!({ "a": "b" }),
            json!({ "a": 1 }),
            "string_type",
        ),
        (json!({ "$ref": "Pet" }), json!({ "name": "Rex" }), json!({}), "missing"),
        (json!({ "allOf": [{ "minimum": 1 }, { "maximum": 3 }] }), json!(2), json!(4), "less_than_equal"),
        (
            json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
            json!(2),
            json!(true),
            "string_type",
        ),
        (json!({ "oneOf": [{ "$ref": "Pet" }, { "type": "null" }] }), json!(null), json!({}), "missing"),
        (json!({ "oneOf": [{ "type": "number" }, { "minimum": 5 }] }), json!(1), json!(6), "union_error"),
    ] {
        assert!(kinds(&schema, &good).is_empty(), "{schema} refuses {good}");
        assert_eq!(kinds(&schema, &bad), [kind], "{schema} on {bad}");
    }
}

#[test]
fn every_issue_is_found_with_its_location() {
    let schema = json!({
        "type": "object",
        "required": ["id"],
        "properties": { "pets": { "type": "array", "items": { "$ref": "Pet" } } },
    });
    let mut schemas = Map::new();
    schemas.insert("Pet".into(), json!({ "required": ["name"] }));
    let issues = check(&schemas, &schema, &json!({ "pets": [{ "name": "Rex" }, {}] }), &[json!("body")]);
    let places: Vec<Value> = issues.into_iter().map(|i| Value::Array(i.loc)).collect();
    assert_eq!(places, [json!(["body", "id"]), json!(["body", "pets", 1, "name"])]);
}

#[test]
fn an_allowed_null_is_not_checked_further() {
    let schema =
        json!({ "type": ["string", "null"], "minLength": 1, "pattern": "^[0-9]{3}$", "enum": ["415"] });
    assert!(kinds(&schema, &Value::Null).is_empty());
}
