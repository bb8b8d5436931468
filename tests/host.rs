#![cfg(target_arch = "wasm32")]
use wasm_bindgen_test::*;
#[wasm_bindgen_test]
fn loads() {
    let e = agentphone_wasm::AgentPhone::new(js_sys::Object::new().into()).unwrap_err();
    assert_eq!(js_sys::Reflect::get(&e, &"code".into()).unwrap(), "CONFIGURATION_ERROR");
}
