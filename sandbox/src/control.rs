//! The paths under `/__sandbox`: fault rules, scripts, inbound calls and texts, the ledger, reset. They
//! need no key, faults do not affect them, and they are not in the ledger.

use crate::calls::{Script, Scripts};
use crate::contract::Contract;
use crate::errors::{ErrorForm, Failure};
use crate::faults::{Faults, parse_rule};
use crate::http::{Request, Response};
use crate::json::json;
use crate::state::World;
use crate::{delivering, inbound, magic, phone};
use serde_json::Value;

const ROOT: &str = "/__sandbox";

/// What the control handlers work with.
#[derive(Debug)]
pub(crate) struct Control<'a> {
    pub(crate) request: &'a Request,
    pub(crate) now: u64,
    pub(crate) contract: &'a Contract,
    pub(crate) world: &'a mut World,
    pub(crate) faults: &'a mut Faults,
}

pub(crate) fn owns(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(crate) fn is_reset(method: &str, path: &str) -> bool {
    method.eq_ignore_ascii_case("POST") && path.strip_prefix(ROOT) == Some("/reset")
}

/// Whether a request may add to the stored state.
pub(crate) fn grows(method: &str, path: &str) -> bool {
    let adds = method.eq_ignore_ascii_case("POST") || method.eq_ignore_ascii_case("PUT");
    let rest = path.strip_prefix(ROOT).unwrap_or_default();
    adds && !matches!(rest, "/reset" | "/clock") && !rest.ends_with("/hangup")
}

pub(crate) fn handle(control: &mut Control<'_>, path: &str) -> Response {
    let rest = path.strip_prefix(ROOT).unwrap_or_default();
    let method = match control.request.method.to_ascii_uppercase() {
        head if head == "HEAD" => "GET".to_owned(),
        other => other,
    };
    answer(control, &method, rest)
        .unwrap_or_else(|failure| failure.response(control.world.shared.config.errors))
}

fn answer(control: &mut Control<'_>, method: &str, rest: &str) -> Result<Response, Failure> {
    let Control { request, now, contract, world, faults } = control;
    let body = &request.body;
    let made = |body: Value| Ok(Response::json(201, &body));
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    Ok(Response::json(
        200,
        &match (method, parts.as_slice()) {
            ("GET", ["health"]) => json!({ "ok": true, "now": *now }),
            ("GET", ["ledger"]) => world.shared.ledger.totals(world.shared.wallet_cents),
            ("GET", ["effects"]) => json!({ "data": world.shared.ledger.effects() }),
            ("GET", ["requests"]) => json!({ "data": world.shared.ledger.latest() }),
            ("GET", ["magic"]) => json!({ "data": magic::table() }),
            ("POST", ["clock"]) => return Err(still(body)),
            ("POST", ["reset"]) => json!({ "ok": true }),
            ("POST", ["faults"]) => return made(json!({ "id": add(body, contract, faults)? })),
            ("GET", ["faults"]) => json!({ "data": faults.list() }),
            ("DELETE", ["faults"]) => json!({ "removed": faults.clear() }),
            ("DELETE", ["faults", id]) if faults.remove(id) => json!({ "removed": 1 }),
            ("DELETE", ["faults", id]) => {
                return Err(Failure::detail(404, format!("There is no fault rule {id}")));
            }
            ("GET", ["script"]) => world.shared.scripts.show(None),
            ("PUT", ["script"]) => {
                let shown = set_script(read(body)?, &mut world.shared.scripts)?;
                world.drop_scripts();
                shown
            }
            ("DELETE", ["script"]) => {
                world.shared.capacity.free();
                world.shared.scripts.forget();
                world.drop_scripts();
                world.shared.scripts.show(None)
            }
            ("POST", ["inbound", "call"]) => return made(inbound::call(world, &read(body)?, *now)?),
            ("POST", ["inbound", "message"]) => return made(inbound::message(world, &read(body)?, *now)?),
            ("POST", ["inbound", "reaction"]) => return made(inbound::reaction(world, &read(body)?, *now)?),
            ("POST", ["deliveries", id, "resend"]) => delivering::resend(world, id, &read(body)?, *now)?,
            ("POST", ["messages", id, "fail"]) => inbound::lose(world, id, &read(body)?, *now)?,
            ("POST", ["web", "join"]) => inbound::join(world, &read(body)?, *now)?,
            ("GET", ["calls", id]) => inbound::show(world, id, *now)?,
            ("POST", ["calls", id, "say"]) => inbound::say(world, id, &read(body)?, *now)?,
            ("POST", ["calls", id, "hangup"]) => inbound::hang_up(world, id, *now)?,
            (_, parts) => return Ok(refuse(parts, world.shared.config.errors)),
        },
    ))
}

fn read(body: &[u8]) -> Result<Value, Failure> {
    // A POST without a body gets the default value of every field.
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body)
        .map_err(|error| Failure::detail(400, format!("The body is not JSON: {error}")))
}

/// Hosts with a manual clock handle this path themselves; a request that arrives here cannot be carried
/// out.
fn still(body: &[u8]) -> Failure {
    let raw: Value = serde_json::from_slice(body).unwrap_or_default();
    if raw.get("advanceMs").and_then(Value::as_u64).is_none() {
        return Failure::detail(400, "Give {\"advanceMs\": n}, a whole number of milliseconds");
    }
    Failure::detail(409, "The clock of this sandbox runs by itself; only a manual one can be advanced")
}

fn add(body: &[u8], contract: &Contract, faults: &mut Faults) -> Result<String, Failure> {
    let raw: Value = serde_json::from_slice(body)
        .map_err(|error| Failure::detail(400, format!("The rule is not JSON: {error}")))?;
    let rule = parse_rule(&raw, |id| contract.operation(id).map(|o| o.method));
    let rule = rule.map_err(|message| Failure::detail(400, message))?;
    if faults.are_full(body.len()) {
        return Err(Failure::detail(400, "The limit of 1000 rules or 4 MiB is reached; remove some"));
    }
    Ok(faults.add(rule, raw))
}

/// Sets the default script, or with `toNumber` the script of one number.
fn set_script(mut raw: Value, scripts: &mut Scripts) -> Result<Value, Failure> {
    let map = raw.as_object_mut().ok_or_else(|| Failure::detail(400, "A script must be a JSON object"))?;
    let number = map.remove("toNumber");
    let number = match number {
        None => None,
        Some(number) => {
            let known = number.as_str().and_then(phone::recipient);
            Some(known.ok_or_else(|| Failure::detail(400, "toNumber: must be a phone number"))?)
        }
    };
    let script = Script::read(&raw).map_err(|message| Failure::detail(400, message))?;
    scripts.set(number.clone(), script);
    // Only this number's script: a client that sets thousands would get all of them each time.
    Ok(scripts.show(number.as_deref()))
}

fn refuse(parts: &[&str], form: ErrorForm) -> Response {
    let allow = match parts {
        ["health" | "ledger" | "effects" | "requests" | "magic"] => "GET",
        // Hosts handle the GET of a delivery, whose requests only they know.
        ["calls" | "deliveries", _] => "GET",
        ["reset" | "clock"] => "POST",
        ["inbound", "call" | "message" | "reaction"] | ["web", "join"] => "POST",
        ["calls", _, "say" | "hangup"] | ["messages", _, "fail"] => "POST",
        ["deliveries", _, "resend"] => "POST",
        ["faults"] => "GET, POST, DELETE",
        ["faults", _] => "DELETE",
        ["script"] => "GET, PUT, DELETE",
        _ => return Failure::detail(404, "Not Found").response(form),
    };
    let mut response = Failure::detail(405, "Method Not Allowed").response(form);
    response.set("allow", allow);
    response
}
