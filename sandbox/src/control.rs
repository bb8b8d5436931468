//! The paths under `/__sandbox`: fault rules, the ledger, a reset. They need no key, no fault
//! touches them, and they are not in the ledger.

use crate::contract::Contract;
use crate::errors::Failure;
use crate::faults::{Faults, parse_rule};
use crate::http::{Request, Response};
use crate::ledger::Ledger;
use serde_json::{Value, json};

const ROOT: &str = "/__sandbox";

pub(crate) fn owns(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) fn is_reset(method: &str, path: &str) -> bool {
    method.eq_ignore_ascii_case("POST") && path.strip_prefix(ROOT) == Some("/reset")
}

pub(crate) fn handle(
    request: &Request,
    path: &str,
    now: u64,
    contract: &Contract,
    ledger: &Ledger,
    faults: &mut Faults,
) -> Response {
    let rest = path.strip_prefix(ROOT).unwrap_or_default();
    let method = match request.method.to_ascii_uppercase() {
        head if head == "HEAD" => "GET".to_owned(),
        other => other,
    };
    match (method.as_str(), rest) {
        ("GET", "/health") => Response::json(200, &json!({ "ok": true, "now": now })),
        ("GET", "/ledger") => Response::json(200, &ledger.totals()),
        ("GET", "/requests") => Response::json(200, &json!({ "data": ledger.latest() })),
        ("POST", "/clock") => still(&request.body),
        ("POST", "/reset") => Response::json(200, &json!({ "ok": true })),
        ("POST", "/faults") => add(&request.body, contract, faults),
        ("GET", "/faults") => Response::json(200, &json!({ "data": faults.list() })),
        ("DELETE", "/faults") => Response::json(200, &json!({ "removed": faults.clear() })),
        ("DELETE", one) if one.starts_with("/faults/") => {
            let id = one.trim_start_matches("/faults/");
            if faults.remove(id) {
                Response::json(200, &json!({ "removed": 1 }))
            } else {
                Failure::detail(404, format!("There is no fault rule {id}")).response()
            }
        }
        _ => other(rest),
    }
}

/// A host with a manual clock moves it before the engine is asked; what arrives here cannot be done.
fn still(body: &[u8]) -> Response {
    let raw: Value = serde_json::from_slice(body).unwrap_or_default();
    if raw.get("advanceMs").and_then(Value::as_u64).is_none() {
        return Failure::detail(400, "Give {\"advanceMs\": n}, a whole number of milliseconds").response();
    }
    Failure::detail(409, "The clock of this sandbox runs by itself; only a manual one can be advanced")
        .response()
}

fn add(body: &[u8], contract: &Contract, faults: &mut Faults) -> Response {
    let raw: Value = match serde_json::from_slice(body) {
        Ok(raw) => raw,
        Err(error) => return Failure::detail(400, format!("The rule is not JSON: {error}")).response(),
    };
    match parse_rule(&raw, |id| contract.operation(id).is_some()) {
        Ok(rule) => Response::json(201, &json!({ "id": faults.add(rule, raw) })),
        Err(message) => Failure::detail(400, message).response(),
    }
}

fn other(rest: &str) -> Response {
    let allow = match rest {
        "/health" | "/ledger" | "/requests" => "GET",
        "/reset" | "/clock" => "POST",
        "/faults" => "GET, POST, DELETE",
        one if one.starts_with("/faults/") => "DELETE",
        _ => return Failure::detail(404, "Not Found").response(),
    };
    let mut response = Failure::detail(405, "Method Not Allowed").response();
    response.set("allow", allow);
    response
}
