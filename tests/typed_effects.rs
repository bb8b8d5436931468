//! What became of idempotency keys, from Rust, in Node: `wasm-pack test --node -- --features typed --test typed_effects`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use agentphone_wasm::typed::{
    AgentPhone, BuyNumberRequest, CreateAgentRequest, CreateCallRequest, Error, ErrorKind, Intent,
    IntentState, ListCalls, LogLevel, Options, PlacedBy, RequestOptions, Resolution, Settle,
};
use serde_json::json;
use support::Sandbox;
use wasm_bindgen_test::wasm_bindgen_test;

const TO: &str = "+14155550100";
/// A key that names a person, as keys of users may.
const KEY: &str = "reminder:+14155550100";

struct World {
    sandbox: Sandbox,
    client: AgentPhone,
    reminder: CreateCallRequest,
}

/// A client of an empty sandbox, and the request of a call by an agent that has a number.
async fn world() -> World {
    let sandbox = Sandbox::new().await;
    let mut options = Options::new().api_key("sk_test_typed").base_url(sandbox.url).log_level(LogLevel::Off);
    if let Some(fetch) = sandbox.fetch() {
        options = options.option("fetch", fetch);
    }
    let client = AgentPhone::new(options).unwrap();
    let agent = CreateAgentRequest { name: "Ada".to_owned(), ..Default::default() };
    let agent = client.agents().create(&agent).await.unwrap();
    let buy = BuyNumberRequest { agent_id: agent.id.as_str().into(), ..Default::default() };
    client.numbers().buy(&buy).await.unwrap();
    let reminder = CreateCallRequest { agent_id: agent.id, to_number: TO.to_owned(), ..Default::default() };
    World { sandbox, client, reminder }
}

/// Loses answers and does not look for what became of them.
fn impatient(key: &str) -> RequestOptions {
    RequestOptions::new().idempotency_key(key).settle(None)
}

impl World {
    async fn lose(&self, when: &str, options: RequestOptions) -> Error {
        self.sandbox.fault("calls.create", &format!(r#""cut":"{when}","times":1"#)).await;
        self.client.calls().create(&self.reminder).options(options).await.unwrap_err()
    }

    async fn intent(&self) -> Option<Intent> {
        self.client.effects().get(KEY).await.unwrap()
    }

    async fn pending(&self) -> Vec<Intent> {
        let mut pending = self.client.effects().pending();
        let mut intents = Vec::new();
        while let Some(intent) = pending.next().await {
            intents.push(intent.unwrap());
        }
        intents
    }

    /// The id of the only call.
    async fn placed(&self) -> String {
        let page = self.client.calls().list(&ListCalls::default()).await.unwrap();
        assert_eq!(page.data.len(), 1);
        page.data[0].id.clone()
    }
}

#[wasm_bindgen_test]
async fn what_is_in_doubt_is_listed_and_one_look_settles_it() {
    let world = world().await;
    let error = world.lose("mid-body", impatient(KEY)).await;
    let settlement = error.settlement().unwrap();
    assert_eq!(settlement.state, IntentState::Unknown);
    assert_eq!((settlement.key.as_deref(), settlement.sends), (Some(KEY), 1));
    let pending = world.pending().await;
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].operation.as_str(), pending[0].evidence), ("calls.create", None));
    assert!((pending[0].sent_at - js_sys::Date::now()).abs() < 60_000.0, "{}", pending[0].sent_at);

    let settled = world.client.effects().settle().await.unwrap();
    assert_eq!((settled.settled, settled.pending), (1, 0));
    let id = Some(world.placed().await);
    assert_eq!(world.intent().await.unwrap().state, IntentState::Placed { id, by: PlacedBy::Likely });
    assert!(world.pending().await.is_empty());
}

#[wasm_bindgen_test]
async fn a_response_says_whether_it_was_answered_found_or_an_earlier_ones() {
    let world = world().await;
    let keyed = |key| RequestOptions::new().idempotency_key(key).settle(Settle::new().exclusive());
    let use_of = |key| world.client.calls().create(&world.reminder).options(keyed(key)).with_response();
    let answered = use_of("one").await.unwrap();
    assert_eq!((answered.settled, answered.replayed), (None, false));
    let again = use_of("one").await.unwrap();
    assert!(again.replayed);
    let id = Some(again.data.id);
    assert_eq!(again.settled.unwrap().state, IntentState::Placed { id, by: PlacedBy::Answered });

    world.sandbox.fault("calls.create", r#""cut":"mid-body","times":1"#).await;
    let found = use_of("two").await.unwrap();
    assert!(!found.replayed);
    let id = Some(found.data.id);
    assert_eq!(found.settled.unwrap().state, IntentState::Placed { id, by: PlacedBy::Certain });
    let plain = world.client.calls().create(&world.reminder).with_response().await.unwrap();
    assert_eq!((plain.settled, plain.replayed), (None, false));
}

#[wasm_bindgen_test]
async fn a_persons_word_that_nothing_happened_frees_the_key() {
    let world = world().await;
    world.lose("before-effect", impatient(KEY)).await;
    let resolved = world.client.effects().resolve(KEY, Resolution::DidNotHappen).await.unwrap();
    assert_eq!((resolved.state, resolved.key.as_deref()), (IntentState::NotPlaced, Some(KEY)));
    let options = RequestOptions::new().idempotency_key(KEY);
    world.client.calls().create(&world.reminder).options(options).await.unwrap();
    assert_eq!(world.sandbox.performed("calls.create").await, 1.0);
    assert_eq!(world.intent().await.unwrap().sends, 2);
}

#[wasm_bindgen_test]
async fn a_persons_word_names_the_object_of_a_key_that_is_in_doubt_and_of_no_other() {
    let world = world().await;
    world.lose("mid-body", impatient(KEY)).await;
    let id = world.placed().await;
    let resolve = |key, id: &str| world.client.effects().resolve(key, Resolution::Happened(id.to_owned()));
    for (key, id) in [(KEY, ""), ("another", id.as_str())] {
        let error = resolve(key, id).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidArgument, "{error}");
    }
    let resolved = resolve(KEY, &id).await.unwrap();
    let placed = IntentState::Placed { id: Some(id.clone()), by: PlacedBy::Person };
    assert_eq!(resolved.state, placed);
    assert_eq!(resolve(KEY, &id).await.unwrap_err().kind, ErrorKind::InvalidArgument);
    assert_eq!(world.intent().await.unwrap().state, placed);
    assert!(world.client.effects().get("another").await.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_webhook_settles_the_call_that_it_reports_and_no_other() {
    let world = world().await;
    world.lose("mid-body", impatient(KEY)).await;
    let id = world.placed().await;
    let now = js_sys::Date::new_0().to_iso_string().as_string().unwrap();
    let event = |to: &str| {
        json!({
            "event": "agent.call_ended",
            "agentId": world.reminder.agent_id,
            "data": { "callId": id, "to": to, "direction": "outbound", "startedAt": now },
        })
    };
    let effects = world.client.effects();
    assert_eq!(effects.observe(&event("+14155550111")).await.unwrap(), 0);
    assert_eq!(effects.observe(&json!({ "event": "test" })).await.unwrap(), 0);
    assert_eq!(effects.observe("no event").await.unwrap_err().kind, ErrorKind::InvalidArgument);
    assert_eq!(effects.observe(&event(TO)).await.unwrap(), 1);
    assert!(!world.intent().await.unwrap().state.is_in_doubt());
}

#[wasm_bindgen_test]
async fn a_lost_call_without_a_key_is_found_by_its_error() {
    let world = world().await;
    let error = world.lose("mid-body", RequestOptions::new()).await;
    assert!(error.outcome_unknown && error.settlement().is_none());
    // A clone is the same error.
    let settled = world.client.settle(&error.clone()).await.unwrap();
    let id = Some(world.placed().await);
    assert_eq!((settled.key, settled.state), (None, IntentState::Placed { id, by: PlacedBy::Likely }));
    assert_eq!(world.sandbox.performed("calls.create").await, 1.0);
}

#[wasm_bindgen_test]
async fn a_lost_call_that_never_was_is_absent_and_not_sent_again() {
    let world = world().await;
    let error = world.lose("before-effect", RequestOptions::new()).await;
    let once = RequestOptions::new().settle(Settle::new().within(std::time::Duration::ZERO));
    let settled = world.client.settle(&error).options(once).await.unwrap();
    assert_eq!(settled.state, IntentState::AbsentSoFar);
    assert_eq!(world.sandbox.performed("calls.create").await, 0.0);
}

#[wasm_bindgen_test]
async fn an_error_whose_outcome_is_known_cannot_be_settled() {
    let world = world().await;
    let known = world.client.agents().get("agt_of_nobody").await.unwrap_err();
    let error = world.client.settle(&known).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidArgument);
    assert!(error.message.contains("nothing to settle"), "{error}");
}

#[wasm_bindgen_test]
async fn a_key_is_in_no_debug_text() {
    let world = world().await;
    let error = world.lose("mid-body", impatient(KEY)).await;
    let effects = world.client.effects();
    let shown = [
        format!("{error:?}"),
        format!("{:?}", error.settlement()),
        format!("{:?}", world.pending().await),
        format!("{:?}", effects.get(KEY)),
        format!("{:?}", effects.resolve(KEY, Resolution::Happened("call_secret".to_owned()))),
        format!("{:?}", Resolution::Happened("call_secret".to_owned())),
        format!("{:?}", effects.pending()),
    ];
    for shown in shown {
        assert!(!shown.contains("4155550100") && !shown.contains("call_secret"), "{shown}");
    }
}
