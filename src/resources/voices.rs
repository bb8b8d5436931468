//! Voices that agents can speak with.

use crate::client::{Returned, Shared, start};
use crate::core::operation::Operation;
use crate::platform::promise::ApiPromise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

const LIST: Operation = Operation::read("voices.list", "/v1/agents/voices");

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A voice. Snake case on the wire. */
export interface Voice {
  /** Id to pass as `voice`. */
  voice_id: string;
  /** Name for people. */
  voice_name: string;
  /** Who makes the voice. */
  provider: Open<
    | "elevenlabs"
    | "cartesia"
    | "openai"
    | "minimax"
    | "fish_audio"
    | "inworld"
    | "qwen3"
    | "platform"
  >;
  /** Gender of the voice. */
  gender?: string | null;
  /** Accent of the voice. */
  accent?: string | null;
  /** A sample to listen to. */
  preview_audio_url?: string | null;
}

/** All voices. */
export interface VoiceList {
  /** The items of this page. */
  data: Voice[];
}
"#;

/// Voices: `client.voices`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct VoicesResource {
    shared: Rc<Shared>,
}

impl VoicesResource {
    pub(crate) fn new(shared: &Rc<Shared>) -> Self {
        Self { shared: Rc::clone(shared) }
    }
}

#[wasm_bindgen]
impl VoicesResource {
    /// Lists all voices.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    ///
    /// ```ts
    /// const { data } = await client.voices.list();
    /// console.log(data.map((voice) => voice.voice_name));
    /// ```
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<VoiceList>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &LIST, &[], JsValue::UNDEFINED, options)
    }
}
