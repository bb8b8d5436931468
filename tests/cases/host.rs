//! The client in a real host.

use crate::support::{Sandbox, invoke, now, options, rejection, text};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

fn flag(error: &JsValue, name: &str) -> bool {
    Reflect::get(error, &name.into()).unwrap() == JsValue::TRUE
}

fn number(value: &JsValue, name: &str) -> f64 {
    Reflect::get(value, &name.into()).unwrap().as_f64().unwrap_or(f64::NAN)
}

#[wasm_bindgen_test]
async fn what_is_created_is_found_again() {
    let sandbox = Sandbox::new().await;
    let agent = sandbox.call("agents.create", &[options(&[("name", "Ada".into())])]).await.unwrap();
    let listed = sandbox.call("agents.list", &[]).await.unwrap();
    let first = Reflect::get_u32(&Reflect::get(&listed, &"data".into()).unwrap(), 0).unwrap();
    assert_eq!(text(&first, "id"), text(&agent, "id"));
    assert_eq!(text(&first, "name"), "Ada");
}

#[wasm_bindgen_test]
async fn a_lost_answer_never_rings_the_phone_a_second_time() {
    for cut in ["before-headers", "after-headers", "mid-body"] {
        let sandbox = Sandbox::new().await;
        let call = sandbox.a_call().await;
        sandbox.fault("calls.create", &format!(r#""cut":"{cut}""#)).await;
        let error = rejection(sandbox.call("calls.create", &[call]).await);
        assert_eq!(text(&error, "code"), "CONNECTION_ERROR", "{cut}");
        assert!(flag(&error, "outcomeUnknown"), "{cut}");
        assert!(!flag(&error, "retryable"), "{cut}");
        assert_eq!(sandbox.performed("calls.create").await, 1.0, "{cut}");
    }
}

#[wasm_bindgen_test]
async fn a_server_error_never_rings_the_phone_a_second_time() {
    let sandbox = Sandbox::new().await;
    let call = sandbox.a_call().await;
    sandbox.fault("calls.create", r#""status":500,"effect":true"#).await;
    let error = rejection(sandbox.call("calls.create", &[call]).await);
    assert_eq!(text(&error, "name"), "ServerError");
    assert!(flag(&error, "outcomeUnknown"));
    assert_eq!(sandbox.performed("calls.create").await, 1.0);
}

#[wasm_bindgen_test]
async fn a_cut_read_is_repeated() {
    let sandbox = Sandbox::new().await;
    sandbox.fault("agents.list", r#""cut":"mid-body","times":1"#).await;
    let page = sandbox.call("agents.list", &[]).await.unwrap();
    assert_eq!(number(&page, "total"), 0.0);
}

#[wasm_bindgen_test]
async fn a_stalled_body_ends_at_its_timeout() {
    for stall in ["headers", "body"] {
        let sandbox = Sandbox::new().await;
        sandbox.fault("agents.list", &format!(r#""stall":"{stall}""#)).await;
        let quick = options(&[("timeout", 200.into()), ("maxRetries", 0.into())]);
        let began = now();
        let error = rejection(sandbox.call("agents.list", &[JsValue::UNDEFINED, quick]).await);
        assert_eq!(text(&error, "code"), "TIMEOUT", "{stall}");
        assert!(now() - began < 3_000.0, "{stall}");
    }
}

#[wasm_bindgen_test]
async fn an_abort_is_felt_during_the_wait() {
    let sandbox = Sandbox::new().await;
    sandbox.fault("agents.list", r#""status":429,"headers":{"retry-after":"20"}"#).await;
    let controller = web_sys::AbortController::new().unwrap();
    let with_signal = options(&[("signal", controller.signal().into())]);
    let promise = sandbox.start("agents.list", &[JsValue::UNDEFINED, with_signal]);
    crate::support::sleep(300).await;
    controller.abort_with_reason(&"no longer wanted".into());
    let began = now();
    let error = rejection(promise.await);
    assert!(now() - began < 3_000.0);
    assert_eq!(text(&error, "code"), "ABORTED");
    assert_eq!(text(&error, "cause"), "no longer wanted");
    assert!(!flag(&error, "outcomeUnknown"));
}

#[wasm_bindgen_test]
async fn a_rate_limit_that_time_cures_fails_no_call() {
    let sandbox = Sandbox::new().await;
    sandbox.fault("agents.list", r#""limit":{"requests":1,"perMs":1000}"#).await;
    let calls: Vec<_> = (0..3).map(|_| sandbox.start("agents.list", &[])).collect();
    for call in calls {
        call.await.expect("a rate limit that time cures fails no call");
    }
}

#[wasm_bindgen_test]
async fn a_page_is_never_taken_for_data() {
    for garbage in ["html", "empty", "truncated", "text", "null"] {
        let sandbox = Sandbox::new().await;
        sandbox.fault("agents.list", &format!(r#""garbage":"{garbage}""#)).await;
        let error = rejection(sandbox.call("agents.list", &[]).await);
        assert_eq!(text(&error, "name"), "InvalidResponseError", "{garbage}");
        assert_eq!(number(&error, "attempts"), 1.0, "{garbage}");
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_throws_a_number_does_not_break_the_module() {
    let thrower = js_sys::Function::new_no_args("throw 1");
    let sandbox = Sandbox::with(&[("fetch", thrower.into()), ("maxRetries", 0.into())]).await;
    for _ in 0..3 {
        let error = rejection(sandbox.call("agents.list", &[]).await);
        assert_eq!(text(&error, "code"), "CONNECTION_ERROR");
        assert_eq!(Reflect::get(&error, &"cause".into()).unwrap(), 1);
    }
}

#[wasm_bindgen_test]
fn a_key_is_refused_in_a_page() {
    let given = options(&[("apiKey", "sk_live_secret".into())]);
    let made = agentphone_wasm::Client::new(&given);
    let global = js_sys::global();
    let node = Reflect::get(&global, &"process".into()).is_ok_and(|process| process.is_object());
    if node {
        assert!(made.is_ok());
        return;
    }
    let error = made.expect_err("a page must not hold a key");
    assert!(text(&error, "message").contains("dangerouslyAllowBrowser"));
    assert!(!text(&error, "message").contains("sk_live_secret"));
    let proxied = options(&[("apiKey", JsValue::NULL), ("baseUrl", "/api".into())]);
    assert!(agentphone_wasm::Client::new(&proxied).is_ok());
}

#[wasm_bindgen_test]
fn a_wrong_option_is_found_at_construction() {
    for (name, value) in
        [("baseUrl", JsValue::from("nowhere")), ("timeout", (-1).into()), ("timout", 5.into())]
    {
        let given =
            options(&[("apiKey", "sk_x".into()), ("dangerouslyAllowBrowser", true.into()), (name, value)]);
        let error = agentphone_wasm::Client::new(&given).expect_err(name);
        assert_eq!(text(&error, "code"), "CONFIGURATION_ERROR");
        assert!(text(&error, "message").contains(name), "{}", text(&error, "message"));
    }
    assert!(agentphone_wasm::Client::new(&Object::new()).is_err(), "no key and no environment");
}

#[wasm_bindgen_test]
async fn the_answer_behind_the_data_can_be_seen() {
    let sandbox = Sandbox::new().await;
    let promise = invoke(&sandbox.client, "agents.list", &[]);
    let with_response = Reflect::get(&promise, &"withResponse".into()).unwrap();
    let full: js_sys::Promise =
        with_response.unchecked_into::<js_sys::Function>().call0(&promise).unwrap().unchecked_into();
    let full = full.await.unwrap();
    assert_eq!(number(&full, "attempts"), 1.0);
    assert_eq!(number(&Reflect::get(&full, &"response".into()).unwrap(), "status"), 200.0);
    assert!(!text(&full, "requestId").is_empty());
}
