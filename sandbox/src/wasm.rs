//! The JavaScript interface: a class around [`Engine`](crate::Engine). Frequent calls exchange strings
//! and bytes, because building or reading objects across the boundary costs more than most requests;
//! rare ones use JSON, for which the crate has the code anyway.

use crate::json::{append, json, quote};
use crate::{Action, Config, ErrorForm, Output, Request, Response, SendResult};
use js_sys::{JSON, Reflect, Uint8Array};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

/// Nothing else uses this memory, so a small allocator will do.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A local AgentPhone.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine(crate::Engine);

#[wasm_bindgen]
impl Engine {
    /// `new Engine({ seed, balanceCents, queuedMs, ringingMs, talkingMs, noAnswerMs, limits, maxStateBytes,
    /// maxObjects, strict, errors, idempotencyKeys })`, all optional.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(
            unchecked_optional_param_type = "{ seed?: number; balanceCents?: number; queuedMs?: number; ringingMs?: number; talkingMs?: number; noAnswerMs?: number; limits?: boolean; maxStateBytes?: number; maxObjects?: number; strict?: boolean; errors?: \"envelope\" | \"detail\"; idempotencyKeys?: boolean }"
        )]
        config: &JsValue,
    ) -> Result<Engine, JsValue> {
        Ok(Self(crate::Engine::new(read_config(&to_value(config)?).map_err(type_error)?)))
    }

    /// Handles a request. `headers` has one line `name: value` per header, `nowMs` is in milliseconds since
    /// 1970. The result is a head in JSON, a zero byte, and the body. The head is
    /// `{ status, headers, stream, delivery, operation, fault }`; if `stream` is not null, the rest of the
    /// body follows as chunks of that stream in the outbox. `guest` marks a request from an untrusted page,
    /// which may fill only half of the space.
    pub fn handle(
        &mut self,
        method: &str,
        target: &str,
        headers: &str,
        body: &[u8],
        #[wasm_bindgen(js_name = nowMs)] now_ms: f64,
        guest: Option<bool>,
    ) -> Vec<u8> {
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: read_headers(headers),
            body: body.to_vec(),
        };
        // A float cast saturates: NaN and negative times become 1970.
        let now_ms = now_ms as u64;
        write(&if guest == Some(true) {
            self.0.handle_guest(&request, now_ms)
        } else {
            self.0.handle(&request, now_ms)
        })
    }

    /// Runs all tasks that are due. To be called at `nextDue`.
    pub fn advance(&mut self, #[wasm_bindgen(js_name = nowMs)] now_ms: f64) {
        self.0.advance(now_ms as u64);
    }

    /// When the next task is due, in milliseconds since 1970, if there is one.
    #[wasm_bindgen(js_name = nextDue)]
    pub fn next_due(&self) -> Option<f64> {
        self.0.next_due().map(|at| at as f64)
    }

    /// Like `nextDue`, without the heartbeats of streams.
    #[wasm_bindgen(js_name = nextEvent)]
    pub fn next_event(&self) -> Option<f64> {
        self.0.next_event().map(|at| at as f64)
    }

    /// What the host must do now, in this order. The host measures `timeoutMs`. To be called after every
    /// other call except `owns` and `nextDue`.
    #[wasm_bindgen(
        js_name = takeOutbox,
        unchecked_return_type = "({ kind: \"chunk\"; stream: number; bytes: string | Uint8Array; end: boolean } | { kind: \"send\"; id: number; url: string; headers: Record<string, string>; body: string; timeoutMs: number } | { kind: \"abort\"; id: number })[]"
    )]
    pub fn take_outbox(&mut self) -> Result<JsValue, JsValue> {
        let out = js_sys::Array::new();
        for output in self.0.take_outbox_untimed() {
            let item = JSON::parse(&write_output(&output).to_string())?;
            if let Output::Chunk { bytes, .. } = &output {
                set(&item, "bytes", &text_or_bytes(bytes))?;
            }
            out.push(&item);
        }
        Ok(out.into())
    }

    /// Status and headers of the response to an outgoing request.
    #[wasm_bindgen(js_name = sentHead)]
    pub fn sent_head(
        &mut self,
        id: f64,
        status: u16,
        headers: &str,
        #[wasm_bindgen(js_name = nowMs)] now_ms: f64,
    ) {
        let headers = read_headers(headers);
        self.0.sent(id as u64, SendResult::Head { status, headers }, now_ms as u64);
    }

    /// A chunk of its body.
    #[wasm_bindgen(js_name = sentBody)]
    pub fn sent_body(&mut self, id: f64, bytes: &[u8], #[wasm_bindgen(js_name = nowMs)] now_ms: f64) {
        self.0.sent(id as u64, SendResult::Body(bytes.to_vec()), now_ms as u64);
    }

    /// The end of its body.
    #[wasm_bindgen(js_name = sentEnd)]
    pub fn sent_end(&mut self, id: f64, #[wasm_bindgen(js_name = nowMs)] now_ms: f64) {
        self.0.sent(id as u64, SendResult::End, now_ms as u64);
    }

    /// No response, or a broken one; the message goes to the delivery log.
    #[wasm_bindgen(js_name = sentFailed)]
    pub fn sent_failed(&mut self, id: f64, reason: &str, #[wasm_bindgen(js_name = nowMs)] now_ms: f64) {
        self.0.sent(id as u64, SendResult::Failed(reason.to_owned()), now_ms as u64);
    }

    /// It exceeded its `timeoutMs`.
    #[wasm_bindgen(js_name = timedOut)]
    pub fn timed_out(&mut self, id: f64, #[wasm_bindgen(js_name = nowMs)] now_ms: f64) {
        self.0.timed_out(id as u64, now_ms as u64);
    }

    /// The client has closed a stream.
    pub fn closed(&mut self, stream: f64) {
        self.0.closed(stream as u64);
    }

    /// Serializes the state for `restore`.
    pub fn snapshot(&self) -> Result<String, JsValue> {
        Ok(self.0.snapshot())
    }

    /// Restores the state of a snapshot and returns the time at which it was taken. On an error nothing
    /// changes.
    pub fn restore(&mut self, snapshot: &str) -> Result<f64, JsValue> {
        self.0.restore(snapshot).map_err(type_error)?;
        Ok(self.0.now() as f64)
    }

    /// Clears everything: state, wallet, ledger, fault rules.
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
        match name.as_str() {
            "limits" => {
                config.limits = value.as_bool().ok_or("limits must be true or false")?;
                continue;
            }
            "strict" => {
                config.strict = value.as_bool().ok_or("strict must be true or false")?;
                continue;
            }
            "idempotencyKeys" => {
                config.idempotency_keys = value.as_bool().ok_or("idempotencyKeys must be true or false")?;
                continue;
            }
            "errors" => {
                config.errors = match value.as_str() {
                    Some("envelope") => ErrorForm::Envelope,
                    Some("detail") => ErrorForm::Detail,
                    _ => return Err("errors must be \"envelope\" or \"detail\"".to_owned()),
                };
                continue;
            }
            _ => {}
        }
        let number = value.as_u64().filter(|n| *n <= 9_007_199_254_740_991);
        let number = number.ok_or_else(|| format!("{name} must be a whole number of at least 0"))?;
        match name.as_str() {
            "seed" => config.seed = number,
            "balanceCents" => config.balance_cents = i64::try_from(number).unwrap_or(i64::MAX),
            "queuedMs" => config.queued_ms = number,
            "ringingMs" => config.ringing_ms = number,
            "talkingMs" => config.talking_ms = number,
            "noAnswerMs" => config.no_answer_ms = number,
            "maxStateBytes" => config.max_state_bytes = number,
            "maxObjects" => config.max_objects = number,
            _ => return Err(format!("{name} is not an option of the sandbox")),
        }
    }
    Ok(config)
}

fn read_headers(lines: &str) -> Vec<(String, String)> {
    let pairs = lines.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
}

fn write(response: &Response) -> Vec<u8> {
    let delay = response.delivery.delay_ms;
    let delivery = match response.delivery.action {
        Action::Slow { bytes, every_ms } => {
            json!({ "delayMs": delay, "action": "slow", "bytes": bytes, "everyMs": every_ms })
        }
        other => json!({ "delayMs": delay, "action": name(other) }),
    };
    // Written by hand, because every response has a head and building a JSON tree for it is noticeably
    // slower.
    let mut out = Vec::with_capacity(response.body.len() + 256);
    out.extend_from_slice(b"{\"status\":");
    append(&mut out, &response.status.into());
    out.extend_from_slice(b",\"headers\":{");
    for (place, (name, value)) in response.headers.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        quote(&mut out, name);
        out.push(b':');
        quote(&mut out, value);
    }
    out.extend_from_slice(b"},\"stream\":");
    append(&mut out, &response.stream.map_or(Value::Null, Value::from));
    out.extend_from_slice(b",\"delivery\":");
    append(&mut out, &delivery);
    out.extend_from_slice(b",\"operation\":");
    append(&mut out, &response.operation.map_or(Value::Null, Value::from));
    out.extend_from_slice(b",\"fault\":");
    append(&mut out, &response.fault.as_deref().map_or(Value::Null, Value::from));
    // JSON escapes zero bytes, so the first one ends the head.
    out.extend_from_slice(b"}\0");
    out.extend_from_slice(&response.body);
    out
}

fn map(headers: &[(String, String)]) -> Map<String, Value> {
    headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect()
}

fn write_output(output: &Output) -> Value {
    match output {
        Output::Chunk { stream, end, .. } => {
            json!({ "kind": "chunk", "stream": stream, "bytes": null, "end": end })
        }
        Output::Send(send) => {
            json!({
                "kind": "send",
                "id": send.id,
                "url": send.url,
                "headers": map(&send.headers),
                "body": String::from_utf8_lossy(&send.body).into_owned(),
                "timeoutMs": send.timeout_ms,
            })
        }
        Output::Abort { id } => json!({ "kind": "abort", "id": id }),
    }
}

/// Bytes that are valid UTF-8 are passed as a string, which is cheaper for the host.
fn text_or_bytes(bytes: &[u8]) -> JsValue {
    std::str::from_utf8(bytes).map_or_else(|_| Uint8Array::from(bytes).into(), JsValue::from_str)
}

fn set(object: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    Reflect::set(object, &JsValue::from_str(name), value).map(|_| ())
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
