//! The client: its options, the one loop that sends every request, hooks and log. Decisions are
//! `core`'s, contact with the host is `platform`'s.

mod answer;
mod arguments;
mod error_types;
mod gates;
mod hooks;
mod log;
mod option_types;
mod options;
mod send;
mod settings;
mod shared;
mod voice_types;
mod webhook_types;
pub mod webhooks;

pub(crate) use send::start;
pub(crate) use shared::Shared;

use crate::resources::{
    AgentsResource, CallsResource, MessagesResource, NumbersResource, UsageResource, VoicesResource,
};
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What every export gives that gives a JavaScript value. None of them fails; but a function of the
/// module whose one result is a reference brings V8 down (Node 20, "unreachable code" in the
/// deoptimizer) when its caller is deoptimized during the call. With a `Result` wasm-bindgen gives
/// several values, and V8 does not inline such a call. `tests/node/engine.test.mjs` watches over it.
pub(crate) type Returned<T> = Result<T, JsValue>;

/// The AgentPhone client.
///
/// One client holds one key, one retry budget and one set of rate gates; share it. It is ready at
/// once: there is nothing to await after `new`.
///
/// ```ts
/// const client = new AgentPhone({ apiKey: process.env.AGENTPHONE_API_KEY });
/// const { data } = await client.agents.list({ limit: 20 });
/// ```
#[wasm_bindgen]
#[derive(Debug)]
pub struct AgentPhone {
    shared: Rc<Shared>,
    resources: Resources,
}

/// The resource objects, made when first asked for and then always the same.
#[derive(Debug, Default)]
struct Resources {
    agents: OnceCell<JsValue>,
    calls: OnceCell<JsValue>,
    messages: OnceCell<JsValue>,
    numbers: OnceCell<JsValue>,
    usage: OnceCell<JsValue>,
    voices: OnceCell<JsValue>,
}

#[wasm_bindgen]
impl AgentPhone {
    /// Makes a client and checks its options.
    ///
    /// Throws `ConfigurationError`, naming the option, for a missing key, a wrong value or an
    /// unknown name.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "ClientOptions")] options: JsValue,
    ) -> Result<AgentPhone, JsValue> {
        let shared = Rc::new(Shared::new(&options)?);
        Ok(Self { shared, resources: Resources::default() })
    }

    /// Agents and the numbers attached to them.
    #[wasm_bindgen(getter, unchecked_return_type = "AgentsResource")]
    pub fn agents(&self) -> Returned<JsValue> {
        Ok(self.resources.agents.get_or_init(|| AgentsResource::new(&self.shared).into()).clone())
    }

    /// Phone calls.
    #[wasm_bindgen(getter, unchecked_return_type = "CallsResource")]
    pub fn calls(&self) -> Returned<JsValue> {
        Ok(self.resources.calls.get_or_init(|| CallsResource::new(&self.shared).into()).clone())
    }

    /// Outgoing texts and reactions.
    #[wasm_bindgen(getter, unchecked_return_type = "MessagesResource")]
    pub fn messages(&self) -> Returned<JsValue> {
        Ok(self.resources.messages.get_or_init(|| MessagesResource::new(&self.shared).into()).clone())
    }

    /// Phone numbers of the account.
    #[wasm_bindgen(getter, unchecked_return_type = "NumbersResource")]
    pub fn numbers(&self) -> Returned<JsValue> {
        Ok(self.resources.numbers.get_or_init(|| NumbersResource::new(&self.shared).into()).clone())
    }

    /// Counters of the account.
    #[wasm_bindgen(getter, unchecked_return_type = "UsageResource")]
    pub fn usage(&self) -> Returned<JsValue> {
        Ok(self.resources.usage.get_or_init(|| UsageResource::new(&self.shared).into()).clone())
    }

    /// Voices that agents can speak with.
    #[wasm_bindgen(getter, unchecked_return_type = "VoicesResource")]
    pub fn voices(&self) -> Returned<JsValue> {
        Ok(self.resources.voices.get_or_init(|| VoicesResource::new(&self.shared).into()).clone())
    }
}
