//! The Rust face against the sandbox, in Node: `wasm-pack test --node -- --features typed --test typed`.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use agentphone_wasm::typed::{
    AgentPhone, CallStatus, CallsGetQuery, CreateAgentRequest, CreateCallRequest, CreateContactRequest,
    ErrorKind, ListContacts, ListNumberMessages, LogLevel, Options, Patch, RequestOptions, Settle,
    TranscriptStreamEvent, UpdateAgentRequest, VoiceMode,
};
use serde_json::json;
use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;
use support::Sandbox;
use wasm_bindgen_test::wasm_bindgen_test;

const TO: &str = "+14155550100";

fn typed(sandbox: &Sandbox) -> AgentPhone {
    let mut options = Options::new().api_key("sk_test_typed").base_url(sandbox.url).log_level(LogLevel::Off);
    if let Some(fetch) = sandbox.fetch() {
        options = options.option("fetch", fetch);
    }
    AgentPhone::new(options).unwrap()
}

fn named(name: &str) -> CreateAgentRequest {
    CreateAgentRequest { name: name.to_owned(), ..Default::default() }
}

/// The request of a call by a new agent that has a number.
async fn a_call(client: &AgentPhone) -> CreateCallRequest {
    let agent = client.agents().create(&named("Ada")).await.unwrap();
    let buy =
        agentphone_wasm::typed::BuyNumberRequest { agent_id: agent.id.as_str().into(), ..Default::default() };
    client.numbers().buy(&buy).await.unwrap();
    CreateCallRequest { agent_id: agent.id, to_number: TO.to_owned(), ..Default::default() }
}

#[wasm_bindgen_test]
async fn what_is_created_is_read_with_its_types() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let made = client.agents().create(&named("Ada")).await.unwrap();
    let read = client.agents().get(&made.id).with_response().await.unwrap();
    assert_eq!(read.data, made);
    assert_eq!((read.status, read.attempts), (200, 1));
    assert_eq!(made.voice_mode, VoiceMode::Webhook);
}

#[wasm_bindgen_test]
async fn null_clears_a_field_and_absence_leaves_it() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let agent =
        CreateAgentRequest { description: "Answers".into(), begin_message: "Hello".into(), ..named("Ada") };
    let agent = client.agents().create(&agent).await.unwrap();
    let change = UpdateAgentRequest { description: Patch::Null, ..Default::default() };
    let changed = client.agents().update(&agent.id, &change).await.unwrap();
    assert_eq!(changed.description, None);
    assert_eq!(changed.begin_message.as_deref(), Some("Hello"));
}

#[wasm_bindgen_test]
async fn all_items_of_all_pages_come_once_and_in_order() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    for n in 0..7 {
        let contact = CreateContactRequest {
            phone_number: format!("+1415555010{n}"),
            name: format!("Contact {n}"),
            ..Default::default()
        };
        client.contacts().create(&contact).await.unwrap();
    }
    let query = ListContacts { limit: Some(3), ..Default::default() };
    let page = client.contacts().list(&query).await.unwrap();
    assert_eq!((page.data.len(), page.total, page.has_more), (3, Some(7), true));
    let second = page.next().await.unwrap().expect("a second page");
    let third = second.next().await.unwrap().expect("a third page");
    assert!(third.next().await.unwrap().is_none());
    let by_page: Vec<_> = [&page, &second, &third].iter().flat_map(|page| &page.data).cloned().collect();
    let mut items = client.contacts().list(&query).items();
    let mut by_item = Vec::new();
    while let Some(contact) = items.next().await {
        by_item.push(contact.unwrap());
    }
    assert_eq!(by_item, by_page);
    assert_eq!(by_item.len(), 7);
    assert_eq!(client.contacts().list(&query).items().take_vec(4).await.unwrap().len(), 4);
}

#[wasm_bindgen_test]
async fn an_error_tells_its_kind_and_code_and_nothing_of_the_caller() {
    let sandbox = Sandbox::new().await;
    let error = typed(&sandbox).agents().get("agt_of_nobody").await.unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_str(), error.status),
        (ErrorKind::NotFound, "NOT_FOUND", Some(404))
    );
    assert_eq!(error.operation.as_deref(), Some("agents.get"));
    assert_eq!(error.path.as_deref(), Some("/v1/agents/{agent_id}"));
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains("agt_of_nobody") && !shown.contains("sk_test_typed"), "{shown}");
    }
}

#[wasm_bindgen_test]
async fn a_wrong_argument_is_refused_before_anything_is_sent() {
    let sandbox = Sandbox::new().await;
    let call =
        CreateCallRequest { agent_id: "agt_1".to_owned(), to_number: "555".to_owned(), ..Default::default() };
    let error = typed(&sandbox).calls().create(&call).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidArgument);
    assert!(error.message.contains("toNumber"), "{error}");
    assert_eq!(sandbox.received("calls.create").await, 0.0);
}

#[wasm_bindgen_test]
async fn a_lost_answer_is_told_and_never_rings_the_phone_a_second_time() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = a_call(&client).await;
    sandbox.fault("calls.create", r#""cut":"mid-body""#).await;
    let error = client.calls().create(&call).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Connection);
    assert!(error.outcome_unknown && !error.retryable);
    assert_eq!(sandbox.performed("calls.create").await, 1.0);
}

#[wasm_bindgen_test]
async fn a_call_with_a_key_whose_answer_was_lost_is_found_and_placed_once() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = a_call(&client).await;
    sandbox.fault("calls.create", r#""cut":"mid-body","times":1"#).await;
    let keyed = || RequestOptions::new().idempotency_key("order-42").settle(Settle::new().exclusive());
    let placed = client.calls().create(&call).options(keyed()).await.unwrap();
    let again = client.calls().create(&call).options(keyed()).await.unwrap();
    assert_eq!(placed.id, again.id);
    assert_eq!(placed.to_number, TO);
    assert_eq!(sandbox.performed("calls.create").await, 1.0);
    let other = CreateCallRequest { to_number: "+14155550111".to_owned(), ..call };
    let error = client.calls().create(&other).options(keyed()).await.unwrap_err();
    assert_eq!(error.code, "IDEMPOTENCY_KEY_REUSED");
}

#[wasm_bindgen_test]
async fn a_future_that_is_dropped_aborts_its_request() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    sandbox.fault("agents.list", r#""status":429,"headers":{"retry-after":"1"},"times":1"#).await;
    let mut list = client.agents().list(&Default::default()).into_future();
    assert!(list.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    support::sleep(300).await;
    assert!(list.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(list);
    support::sleep(1_500).await;
    assert_eq!(sandbox.received("agents.list").await, 1.0, "a dropped request was sent again");
}

#[wasm_bindgen_test]
async fn options_of_a_request_are_laid_over_those_of_the_client() {
    let sandbox = Sandbox::new().await;
    sandbox.fault("agents.list", r#""stall":"body""#).await;
    let quick = RequestOptions::new().timeout(Duration::from_millis(200)).max_retries(0);
    let error = typed(&sandbox).agents().list(&Default::default()).options(quick).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (ErrorKind::Timeout, 1));
    let wrong = RequestOptions::new().option("timout", 5);
    let error = typed(&sandbox).agents().list(&Default::default()).options(wrong).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Configuration);
}

#[wasm_bindgen_test]
async fn a_turn_is_told_once_and_the_stream_ends_with_the_call() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = client.calls().create(&a_call(&client).await).await.unwrap();
    assert!(matches!(call.status, CallStatus::Queued | CallStatus::Ringing), "{}", call.status);
    let mut events = client.calls().transcript().stream(&call.id);
    // Given up before it is done: what it has read is told by the next.
    assert!(pin!(events.next()).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    support::sleep(500).await;
    let mut told = Vec::new();
    let (mut connected, mut status) = (0, None);
    while let Some(event) = events.next().await {
        match event.unwrap() {
            TranscriptStreamEvent::Connected(about) => {
                assert_eq!(about.call_id, call.id);
                connected += 1;
            }
            TranscriptStreamEvent::Turn(turn) => told.push(turn.content),
            TranscriptStreamEvent::Ended(ended) => status = Some(ended.status),
            other => panic!("an event of no known kind: {other:?}"),
        }
    }
    assert_eq!((connected, status), (1, Some(CallStatus::Completed)));
    assert!(!told.is_empty());
    assert!(events.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_stream_that_cannot_begin_tells_why() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let mut events = client.calls().transcript().stream("call_of_nobody");
    assert_eq!(events.next().await.unwrap().unwrap_err().kind, ErrorKind::NotFound);
    assert!(events.next().await.is_none());
}

#[wasm_bindgen_test]
async fn a_query_by_time_is_a_list_of_pages_too() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let number = client.numbers().buy(&Default::default()).await.unwrap();
    let page = client.numbers().messages().list(&number.id, &ListNumberMessages::default()).await.unwrap();
    assert!(page.data.is_empty() && !page.has_more && page.next().await.unwrap().is_none());
}

/// A client whose `fetch` is this code.
fn fetching(code: &str) -> AgentPhone {
    let fetch = js_sys::Function::new_with_args("url, init", code);
    let options = Options::new().api_key("sk_test").base_url("http://127.0.0.1:9").option("fetch", fetch);
    AgentPhone::new(options.log_level(LogLevel::Off)).unwrap()
}

/// A client whose every request is answered with this JSON.
fn answered_with(json: &str) -> AgentPhone {
    fetching(&format!("return Promise.resolve(new Response({json:?}))"))
}

#[wasm_bindgen_test]
async fn a_value_and_a_field_of_tomorrow_are_kept() {
    let json =
        r#"{"id":"c","fromNumber":"a","toNumber":"b","status":"parked","startedAt":"t","color":"red"}"#;
    let call = answered_with(json).calls().get("c", &CallsGetQuery::default()).await.unwrap();
    assert_eq!(call.status, CallStatus::Unknown("parked".to_owned()));
    assert_eq!(call.status.to_string(), "parked");
    assert_eq!(call.extra.get("color"), Some(&json!("red")));
}

#[wasm_bindgen_test]
async fn an_answer_that_does_not_fit_does_not_lose_the_call_that_was_placed() {
    let json = r#"{"id":"call_7","fromNumber":5,"status":"queued"}"#;
    let request =
        CreateCallRequest { agent_id: "a".to_owned(), to_number: TO.to_owned(), ..Default::default() };
    let error = answered_with(json).calls().create(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert!(error.outcome_unknown && !error.retryable);
    assert!(error.message.contains("fromNumber"), "{error}");
    assert_eq!(error.body().unwrap()["id"], "call_7");
}

#[wasm_bindgen_test]
async fn a_list_that_does_not_move_ends_with_an_error_instead_of_a_loop() {
    let json = r#"{"data":[{"id":"1","phoneNumber":"p","name":"n","createdAt":"t","updatedAt":"t"}],"total":9,"hasMore":true}"#;
    let all = answered_with(json).contacts().list(&ListContacts::default()).items().take_vec(100).await;
    assert_eq!(all.unwrap_err().kind, ErrorKind::InvalidResponse);
}

#[wasm_bindgen_test]
async fn a_recording_is_read_to_its_last_byte_and_once() {
    let code = r#"return Promise.resolve(new Response(init.headers.range, { headers: {
        "content-type": "audio/wav", "content-disposition": "attachment; filename=call.wav" } }))"#;
    let recording = fetching(code).calls().recording().get("call_1").range(2..10).await.unwrap();
    assert_eq!(recording.content_type(), "audio/wav");
    assert_eq!(recording.file_name().as_deref(), Some("call.wav"));
    assert_eq!(recording.bytes().await.unwrap(), b"bytes=2-9");
    assert_eq!(recording.bytes().await.unwrap_err().kind, ErrorKind::InvalidArgument);
}

#[wasm_bindgen_test]
async fn the_picture_of_a_message_is_asked_for_where_it_is_and_without_the_key() {
    let code = r#"return Promise.resolve(new Response(`${new URL(url).pathname} ${init.headers.authorization}`, { headers: {
        "content-type": "image/png" } }))"#;
    let picture = fetching(code).messages().media().get("msg_1").await.unwrap();
    assert_eq!(picture.content_type(), "image/png");
    assert_eq!(picture.bytes().await.unwrap(), b"/v1/messages/msg_1/media undefined");
}

#[wasm_bindgen_test]
async fn a_call_that_is_waited_for_is_given_when_it_has_ended() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = client.calls().create(&a_call(&client).await).await.unwrap();
    let wait = CallsGetQuery { wait: Some(true), timeout: Some(60), ..Default::default() };
    assert_eq!(client.calls().get(&call.id, &wait).await.unwrap().status, CallStatus::Completed);
    assert_eq!(sandbox.received("calls.get").await, 1.0);
}

#[wasm_bindgen_test]
async fn the_older_form_of_a_transcript_is_told_from_the_newer() {
    use agentphone_wasm::typed::CallTranscriptAnswer;
    let old = r#"{"data":[{"id":"1","transcript":"Hi","createdAt":"t"}]}"#;
    let new = r#"{"callId":"c","transcript":[{"role":"agent","content":"Hello"}]}"#;
    let read = |json: &str| answered_with(json).calls().transcript().get("c").into_future();
    let CallTranscriptAnswer::Legacy(old) = read(old).await.unwrap() else { panic!("not the older form") };
    assert_eq!(old.data[0].transcript, "Hi");
    let CallTranscriptAnswer::Current(new) = read(new).await.unwrap() else { panic!("not the newer form") };
    assert_eq!(new.transcript.unwrap()[0].content, "Hello");
}

#[wasm_bindgen_test]
async fn an_answer_without_a_body_and_one_of_null_are_no_errors() {
    let empty = fetching("return Promise.resolve(new Response(null, { status: 204 }))");
    empty.contacts().delete("c").await.unwrap();
    assert!(answered_with("null").webhooks().get().await.unwrap().is_none());
}

#[wasm_bindgen_test]
fn a_key_or_an_id_is_in_no_debug_text() {
    let options = Options::new().api_key("sk_live_secret").header("authorization", "sk_live_secret");
    let client = AgentPhone::new(options.clone()).unwrap();
    let request = client.agents().get("agt_secret").options(RequestOptions::new().api_key("sk_live_secret"));
    for shown in [format!("{options:?}"), format!("{client:?}"), format!("{request:?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[wasm_bindgen_test]
async fn waiting_for_a_call_ends_with_it_though_its_stream_is_refused() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = client.calls().create(&a_call(&client).await).await.unwrap();
    sandbox.fault("calls.transcript.stream", r#""status":403"#).await;
    let ended = client.calls().wait(&call.id).await.unwrap();
    assert_eq!((ended.id, ended.status), (call.id, CallStatus::Completed));
    assert_eq!(sandbox.received("calls.transcript.stream").await, 1.0);
}

#[wasm_bindgen_test]
async fn waiting_for_a_call_follows_its_stream_instead_of_asking() {
    let sandbox = Sandbox::new().await;
    let client = typed(&sandbox);
    let call = client.calls().create(&a_call(&client).await).await.unwrap();
    let ended = client.calls().wait(&call.id).await.unwrap();
    assert_eq!(ended.status, CallStatus::Completed);
    assert!(sandbox.received("calls.get").await <= 3.0);
}
