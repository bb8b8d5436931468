//! The decision table in a real host, a row a failure: what arrives at the sandbox is counted there, for a read, an
//! idempotent operation and one with an effect.

use crate::support::{Sandbox, options, text};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// What must come of a failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Want {
    Again,
    Done,
    Fail,
    Unknown,
}
use Want::{Again, Done, Fail, Unknown};

/// A success without a body.
const EMPTY: &str = r#""garbage":"empty""#;

/// A fault of the sandbox, and what must come of it for a read and for an effect. An idempotent
/// operation is treated as a read, but that it is done where the API answers without a body.
const TABLE: &[(&str, Want, Want)] = &[
    (r#""cut":"before-headers""#, Again, Unknown),
    (r#""cut":"after-headers""#, Again, Unknown),
    (r#""cut":"mid-body""#, Again, Unknown),
    (r#""stall":"headers""#, Again, Unknown),
    (r#""stall":"body""#, Again, Unknown),
    (r#""status":429,"code":"RATE_LIMIT_EXCEEDED","headers":{"retry-after":"0"}"#, Again, Again),
    (r#""status":429,"code":"RATE_LIMITED","headers":{"retry-after-ms":"20"}"#, Again, Again),
    (r#""status":429,"code":"RATE_LIMIT_EXCEEDED","headers":{"retry-after":"3600"}"#, Fail, Fail),
    (r#""status":429,"code":"CONVERSATION_STREAK_LIMIT""#, Fail, Fail),
    (r#""status":429,"code":"CONVERSATION_AWAITING_REPLY""#, Fail, Fail),
    (r#""status":429,"code":"CONVERSATION_INACTIVE""#, Fail, Fail),
    (r#""status":429,"code":"OUTBOUND_LIMIT_REACHED""#, Fail, Fail),
    (r#""status":429,"code":"NEW_CONVERSATION_LIMIT_REACHED""#, Fail, Fail),
    (r#""status":503,"headers":{"retry-after":"0"}"#, Again, Again),
    (r#""status":503,"effect":true"#, Again, Unknown),
    (r#""status":502,"code":"CARRIER_ERROR""#, Again, Again),
    (r#""status":502,"code":"TWILIO_ERROR""#, Again, Again),
    (r#""status":502,"shape":"html","effect":true"#, Again, Unknown),
    (r#""status":502,"shape":"broken","effect":true"#, Again, Unknown),
    (r#""status":408,"effect":true"#, Again, Unknown),
    (r#""status":500,"shape":"empty","effect":true"#, Again, Unknown),
    (r#""status":504,"shape":"text","effect":true"#, Again, Unknown),
    (r#""status":409,"code":"DELIVERY_UNCONFIRMED""#, Unknown, Unknown),
    (r#""status":400,"code":"VALIDATION_ERROR""#, Fail, Fail),
    (r#""status":401,"shape":"detail""#, Fail, Fail),
    (r#""status":402,"code":"INSUFFICIENT_BALANCE""#, Fail, Fail),
    (r#""status":403,"shape":"text""#, Fail, Fail),
    (r#""status":404,"shape":"detail""#, Fail, Fail),
    (r#""status":405,"shape":"detail""#, Fail, Fail),
    (r#""status":409,"shape":"object""#, Fail, Fail),
    (r#""status":422,"shape":"fastapi""#, Fail, Fail),
    (r#""garbage":"html""#, Fail, Unknown),
    (EMPTY, Fail, Unknown),
    (r#""garbage":"truncated""#, Fail, Unknown),
];

/// Runs each row once; gives what was wrong.
async fn check(operation: &str, want: fn(&(&str, Want, Want)) -> Want) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in TABLE {
        let sandbox = Sandbox::new().await;
        let call = sandbox.a_call().await;
        let placed = sandbox.call("calls.create", std::slice::from_ref(&call)).await.unwrap();
        let id = Reflect::get(&placed, &"id".into()).unwrap();
        sandbox.fault(operation, &format!(r#"{},"times":1"#, row.0)).await;
        let before = sandbox.received(operation).await;
        let quick = options(&[("timeout", 400.into()), ("maxRetries", 1.into())]);
        let arguments = match operation {
            "calls.create" => vec![call, quick],
            // It takes a query between the id and the options.
            "calls.get" => vec![id, JsValue::UNDEFINED, quick],
            _ => vec![id, quick],
        };
        let outcome = sandbox.call(operation, &arguments).await;
        let requests = sandbox.received(operation).await - before;
        let got = match &outcome {
            Ok(_) if requests == 2.0 => Again,
            Ok(_) if requests == 1.0 => Done,
            Err(error) if requests == 1.0 && unknown(error) => Unknown,
            Err(_) if requests == 1.0 => Fail,
            _ => {
                wrong.push(format!("{operation} {}: {requests} requests, ok: {}", row.0, outcome.is_ok()));
                continue;
            }
        };
        if got != want(row) {
            let code = outcome.err().map(|error| text(&error, "code"));
            wrong.push(format!("{operation} {}: {got:?} ({code:?}), not {:?}", row.0, want(row)));
        }
    }
    wrong
}

fn unknown(error: &JsValue) -> bool {
    Reflect::get(error, &"outcomeUnknown".into()).unwrap() == JsValue::TRUE
}

#[wasm_bindgen_test]
async fn a_read_is_repeated_where_it_helps_and_only_there() {
    assert_eq!(check("calls.get", |row| row.1).await, Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn an_idempotent_operation_is_repeated_as_a_read_is() {
    let want = |row: &(&str, Want, Want)| if row.0 == EMPTY { Done } else { row.1 };
    assert_eq!(check("calls.end", want).await, Vec::<String>::new());
}

#[wasm_bindgen_test]
async fn an_effect_that_may_have_happened_is_never_repeated() {
    assert_eq!(check("calls.create", |row| row.2).await, Vec::<String>::new());
}
