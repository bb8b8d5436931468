//! The JavaScript face: a class around [`Engine`](crate::Engine). Requests and answers cross the
//! boundary as JSON, for which the crate carries the code anyway; serde-wasm-bindgen would add some
//! 20 kB gzip for the same two objects.

use crate::{Action, Config, Request, Response};
use js_sys::JSON;
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;

/// A local AgentPhone.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine(crate::Engine);

#[wasm_bindgen]
impl Engine {
    /// `new Engine({ seed, balanceCents, queuedMs, ringingMs, talkingMs })`, each of them optional.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_optional_param_type = "{ seed?: number; balanceCents?: number; queuedMs?: number; ringingMs?: number; talkingMs?: number }"
        )]
        config: &JsValue,
    ) -> Result<Engine, JsValue> {
        Ok(Self(crate::Engine::new(read_config(&to_value(config)?).map_err(type_error)?)))
    }

    /// Answers a request: `{ status, headers, body, delivery }`. `headers` is an object or a list of
    /// pairs, `nowMs` milliseconds since 1970.
    #[wasm_bindgen(
        unchecked_return_type = "{ status: number; headers: Record<string, string>; body: string; delivery: { delayMs: number; action: \"normal\" | \"cut-before-headers\" | \"cut-after-headers\" | \"cut-mid-body\" | \"stall-headers\" | \"stall-body\" } | { delayMs: number; action: \"slow\"; bytes: number; everyMs: number } }"
    )]
    pub fn handle(
        &mut self,
        method: &str,
        target: &str,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string> | [string, string][]")]
        headers: &JsValue,
        body: &str,
        #[wasm_bindgen(js_name = nowMs)] now_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: read_headers(&to_value(headers)?),
            body: body.as_bytes().to_vec(),
        };
        // A cast of a float saturates: NaN and negative times are 1970.
        JSON::parse(&write(&self.0.handle(&request, now_ms as u64)).to_string())
    }

    /// Forgets everything: state, wallet, ledger, fault rules.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// Whether a target belongs to the API or to the control paths.
    pub fn owns(&self, target: &str) -> bool {
        self.0.owns(target)
    }
}

fn to_value(value: &JsValue) -> Result<Value, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(Value::Null);
    }
    let text = String::from(JSON::stringify(value)?);
    serde_json::from_str(&text).map_err(|e| type_error(e.to_string()))
}

fn read_config(raw: &Value) -> Result<Config, String> {
    let mut config = Config::default();
    for (name, value) in raw.as_object().into_iter().flatten() {
        let number = value.as_u64().filter(|n| *n <= 9_007_199_254_740_991);
        let number = number.ok_or_else(|| format!("{name} must be a whole number of at least 0"))?;
        match name.as_str() {
            "seed" => config.seed = number,
            "balanceCents" => config.balance_cents = i64::try_from(number).unwrap_or(i64::MAX),
            "queuedMs" => config.queued_ms = number,
            "ringingMs" => config.ringing_ms = number,
            "talkingMs" => config.talking_ms = number,
            _ => return Err(format!("{name} is no option of the sandbox")),
        }
    }
    Ok(config)
}

fn read_headers(raw: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    match raw {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        Value::Array(pairs) => {
            pairs.iter().filter_map(|pair| Some((text(pair.get(0)?), text(pair.get(1)?)))).collect()
        }
        _ => Vec::new(),
    }
}

fn write(response: &Response) -> Value {
    let headers: Map<String, Value> =
        response.headers.iter().map(|(n, v)| (n.clone(), v.as_str().into())).collect();
    let delay = response.delivery.delay_ms;
    let delivery = match response.delivery.action {
        Action::Slow { bytes, every_ms } => {
            json!({ "delayMs": delay, "action": "slow", "bytes": bytes, "everyMs": every_ms })
        }
        other => json!({ "delayMs": delay, "action": name(other) }),
    };
    json!({
        "status": response.status,
        "headers": headers,
        // Handlers write UTF-8 only; a truncated body may end inside a character.
        "body": String::from_utf8_lossy(&response.body),
        "delivery": delivery,
    })
}

fn name(action: Action) -> &'static str {
    match action {
        Action::Normal => "normal",
        Action::CutBeforeHeaders => "cut-before-headers",
        Action::CutAfterHeaders => "cut-after-headers",
        Action::CutMidBody => "cut-mid-body",
        Action::StallHeaders => "stall-headers",
        Action::StallBody => "stall-body",
        Action::Slow { .. } => "slow",
    }
}

fn type_error(message: String) -> JsValue {
    js_sys::TypeError::new(&message).into()
}
