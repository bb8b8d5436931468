//! A page that places a call and shows what is said in it while it is said. It holds no key: requests go
//! to the page's own server under `/agentphone`, which adds it.

mod view;

use agentphone_wasm::typed::{
    AgentPhone, CreateCallRequest, Error, ErrorKind, ListAgents, ListCalls, Options, TranscriptStreamEvent,
};
use view::View;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn main() -> Result<(), JsValue> {
    let view = View::find()?;
    let client = AgentPhone::new(Options::new().api_key(None).base_url("/agentphone"))?;
    let (shown, of) = (view.clone(), client.clone());
    spawn_local(async move { report(&shown, show_calls(&shown, &of).await) });
    let caller = view.clone();
    view.on_call(move |number| {
        let (view, client) = (caller.clone(), client.clone());
        spawn_local(async move { report(&view, call(&view, &client, number).await) });
    })
}

async fn show_calls(view: &View, client: &AgentPhone) -> Result<(), Error> {
    let page = client.calls().list(&ListCalls { limit: Some(10), ..Default::default() }).await?;
    let lines = page.data.iter().map(|call| format!("{} {}", call.to_number, call.status));
    view.calls(&lines.collect::<Vec<_>>());
    Ok(())
}

/// Places a call by the first agent and follows it to its end.
async fn call(view: &View, client: &AgentPhone, number: String) -> Result<(), Error> {
    let agents = client.agents().list(&ListAgents { limit: Some(1), ..Default::default() }).await?;
    let Some(agent) = agents.data.first() else {
        view.say("There is no agent yet.");
        return Ok(());
    };
    let request = CreateCallRequest { agent_id: agent.id.clone(), to_number: number, ..Default::default() };
    let call = client.calls().create(&request).await?;
    let mut events = client.calls().transcript().stream(&call.id);
    while let Some(event) = events.next().await {
        match event? {
            TranscriptStreamEvent::Connected(call) => view.say(&format!("The call is {}.", call.status)),
            TranscriptStreamEvent::Turn(turn) => view.say(&format!("{}: {}", turn.role, turn.content)),
            TranscriptStreamEvent::Ended(end) => view.say(&format!("The call is {}.", end.status)),
            _ => {}
        }
    }
    show_calls(view, client).await
}

/// What a failure means to who sits before the page.
fn report(view: &View, outcome: Result<(), Error>) {
    let Err(error) = outcome else { return };
    if error.outcome_unknown {
        view.say("The call may have been placed: look at the list before you call again.");
    } else if error.kind == ErrorKind::InsufficientBalance {
        view.say("There is no money left for calls.");
    } else {
        view.say(&error.to_string());
    }
}
