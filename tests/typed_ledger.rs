//! Ledgers of the Rust face, in Node: `wasm-pack test --node -- --features typed --test typed_ledger`. The ledger in memory passes, through
//! the trait, the suite of all ledgers.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use agentphone_wasm::typed::{
    AgentPhone, BuyNumberRequest, CreateAgentRequest, CreateCallRequest, ErrorKind, Ledger, LedgerChange,
    LedgerEntry, LedgerError, LedgerErrorCode, LedgerPage, LogLevel, MemoryLedger, Options, RequestOptions,
    Settle, ledger_object,
};
use js_sys::{Array, Function, Promise, Reflect};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use support::Sandbox;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/tests/ledger/conformance.mjs")]
extern "C" {
    /// A name and a function of `open` each.
    #[wasm_bindgen(thread_local_v2, js_name = cases)]
    static CASES: Array;
}

fn client(sandbox: &Sandbox, ledger: impl Ledger) -> AgentPhone {
    let mut options = Options::new().api_key("sk_test_typed").base_url(sandbox.url).log_level(LogLevel::Off);
    if let Some(fetch) = sandbox.fetch() {
        options = options.option("fetch", fetch);
    }
    AgentPhone::new(options.ledger(ledger)).unwrap()
}

/// The request of a call by a new agent that has a number.
async fn a_call(client: &AgentPhone) -> CreateCallRequest {
    let agent = CreateAgentRequest { name: "Ada".to_owned(), ..Default::default() };
    let agent = client.agents().create(&agent).await.unwrap();
    let buy = BuyNumberRequest { agent_id: agent.id.as_str().into(), ..Default::default() };
    client.numbers().buy(&buy).await.unwrap();
    CreateCallRequest { agent_id: agent.id, to_number: "+14155550100".to_owned(), ..Default::default() }
}

fn keyed() -> RequestOptions {
    RequestOptions::new().idempotency_key("order-42").settle(Settle::new().exclusive())
}

#[wasm_bindgen_test]
async fn the_ledger_in_memory_passes_the_suite_of_ledgers() {
    let ledgers: Rc<RefCell<BTreeMap<String, Rc<MemoryLedger>>>> = Rc::default();
    let open = Closure::<dyn Fn(String) -> JsValue>::new(move |namespace| {
        ledger_object(Rc::clone(ledgers.borrow_mut().entry(namespace).or_default()))
    });
    let cases = CASES.with(Array::clone);
    assert!(cases.length() >= 16);
    for case in cases.iter() {
        let name = Reflect::get(&case, &"name".into()).unwrap().as_string().unwrap();
        let run: Function = Reflect::get(&case, &"run".into()).unwrap().unchecked_into();
        let done: Promise = run.call1(&case, open.as_ref()).unwrap().unchecked_into();
        if let Err(error) = done.await {
            panic!("{name}: {error:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn two_clients_with_one_ledger_place_one_call_though_its_answer_was_lost() {
    let sandbox = Sandbox::new().await;
    let ledger = Rc::new(MemoryLedger::new());
    let [first, second] = [(); 2].map(|()| client(&sandbox, Rc::clone(&ledger)));
    let call = a_call(&first).await;
    sandbox.fault("calls.create", r#""cut":"mid-body","times":1"#).await;
    let placed = first.calls().create(&call).options(keyed()).await.unwrap();
    let again = second.calls().create(&call).options(keyed()).await.unwrap();
    assert_eq!(placed.id, again.id);
    assert_eq!(sandbox.performed("calls.create").await, 1.0);
    let page = LedgerPage { limit: 10, after: None };
    assert_eq!(ledger.open(page).await.unwrap(), [], "nothing is in doubt");
}

#[wasm_bindgen_test]
async fn no_debug_text_of_an_entry_has_its_key_or_its_value() {
    let secret = || "+14155550100".to_owned();
    let entry = LedgerEntry { key: secret(), stamp: secret(), open: true, at: 1.0, value: secret() };
    let change = LedgerChange { key: secret(), was: Some(secret()), entry: Some(entry.clone()) };
    for shown in [format!("{entry:?}"), format!("{change:?}"), format!("{:?}", MemoryLedger::new())] {
        assert!(!shown.contains("4155550100"), "{shown}");
    }
}

/// A store that fails as it is told.
struct Broken(LedgerErrorCode);

impl Broken {
    fn failure<T>(&self) -> Result<T, LedgerError> {
        Err(LedgerError { code: self.0, message: "the disk is full".to_owned() })
    }
}

impl Ledger for Broken {
    async fn read(&self, _: Vec<String>) -> Result<Vec<Option<LedgerEntry>>, LedgerError> {
        self.failure()
    }
    async fn write(&self, _: Vec<LedgerChange>) -> Result<bool, LedgerError> {
        self.failure()
    }
    async fn open(&self, _: LedgerPage) -> Result<Vec<LedgerEntry>, LedgerError> {
        self.failure()
    }
    async fn prune(&self, _: f64) -> Result<usize, LedgerError> {
        self.failure()
    }
}

#[wasm_bindgen_test]
async fn a_ledger_that_does_not_work_lets_no_request_leave() {
    let sandbox = Sandbox::new().await;
    let whole = client(&sandbox, MemoryLedger::new());
    let call = a_call(&whole).await;
    let both = [
        (LedgerErrorCode::Unavailable, (ErrorKind::Idempotency, true)),
        (LedgerErrorCode::Version, (ErrorKind::Configuration, false)),
    ];
    for (code, expected) in both {
        let broken = client(&sandbox, Broken(code));
        let error = broken.calls().create(&call).options(keyed()).await.unwrap_err();
        assert_eq!((error.kind, error.retryable), expected, "{error}");
    }
    assert_eq!(sandbox.received("calls.create").await, 0.0);
}
