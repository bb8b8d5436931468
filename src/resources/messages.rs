//! Outgoing texts and reactions.

use crate::client::{Returned, Shared, start};
use crate::core::operation::{Method, Operation, RequestBody};
use crate::platform::promise::ApiPromise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

const SEND: Operation = Operation::effect("messages.send", "/v1/messages", RequestBody::Object(&[]));
const REACT: Operation = Operation::idempotent(
    "messages.react",
    Method::Post,
    "/v1/messages/{message_id}/reactions",
    RequestBody::Object(&["reaction"]),
);

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What to send: exactly one sender, and `to_number` or `recipients`. Snake case on the wire. */
export interface SendMessageRequest {
  /** Sender: one of agent_id, number_id, from_number. */
  agent_id?: string | null;
  /** Sender: one of `agent_id`, `number_id`, `from_number`. */
  number_id?: string | null;
  /** E.164. */
  from_number?: string | null;
  /**
   * Phone, US short code, email, or grp_ id of an existing group. Give this or recipients, not
   * both.
   */
  to_number?: string | null;
  /** Two or more phones or emails start a new iMessage group. At least 2 items. */
  recipients?: string[] | null;
  /**
   * Required by the published schema, yet must be empty or absent for a carousel (media_urls of 2
   * to 20) and may be empty with media.
   */
  body?: string;
  /** One attachment. @deprecated Use the plural. */
  media_url?: string | null;
  /** Attachments. At most 20 items. */
  media_urls?: string[] | null;
  /** iMessage: thread under this message id. */
  reply_to_message_id?: string | null;
  /** iMessage effect. */
  send_style?:
    | "celebration"
    | "fireworks"
    | "lasers"
    | "love"
    | "confetti"
    | "balloons"
    | "spotlight"
    | "echo"
    | "invisible"
    | "gentle"
    | "loud"
    | "slam";
}

/** The text as accepted; whether it arrives shows later on the message. */
export interface SendMessageResponse {
  /** Id; opaque. */
  id: string;
  /** Acceptance, not delivery; a later failure appears on the message. */
  status: string;
  /** What carries it. */
  channel: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice">;
  /** Sender, E.164. */
  from_number: string;
  /** New grp_ id after recipients. */
  to_number: string;
  /** The thread it belongs to. */
  conversation_id?: string | null;
  /** Attachments. */
  media_urls?: string[];
  /** The message that this one answers (iMessage). */
  reply_to_message_id?: string | null;
  /** True when sent without threading because the parent was not found. */
  reply_parent_unresolved?: boolean | null;
}

/** A reaction. */
export interface ReactRequest {
  /** love, like, dislike, laugh, emphasize, question, or an emoji on newer lines (400 elsewhere). */
  reaction: string;
}

/** The reaction as accepted. */
export interface ReactResponse {
  /** Id; opaque. */
  id: string;
  /** The reaction. */
  reaction_type: string;
  /** The message reacted to. */
  message_id: string;
  /** What carries it. */
  channel: string;
}
"#;

/// Outgoing texts: `client.messages`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MessagesResource {
    shared: Rc<Shared>,
}

impl MessagesResource {
    pub(crate) fn new(shared: &Rc<Shared>) -> Self {
        Self { shared: Rc::clone(shared) }
    }
}

#[wasm_bindgen]
impl MessagesResource {
    /// Sends a text, by SMS, MMS or iMessage as the line can.
    ///
    /// Effect class: effect. **Costs $0.02** and reaches a person; a repeat sends it again. Accepted is
    /// not delivered: a later failure shows on the message. Errors: `DeliveryUnconfirmedError` (it may be
    /// out: do not send again), `MessagingLimitError` (a rule of the conversation that time does not
    /// cure), `PermissionDeniedError`, `InsufficientBalanceError`, `ValidationError`, `NotFoundError`
    /// (unknown reply target), `CarrierError`, and those of every request.
    ///
    /// ```ts
    /// const sent = await client.messages.send({
    ///   agent_id: agent.id,
    ///   to_number: "+14155550100",
    ///   body: "Your table is ready.",
    /// });
    /// ```
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<SendMessageResponse>")]
    pub fn send(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SendMessageRequest")] body: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &SEND, &[], body, options)
    }

    /// Reacts to a message (iMessage).
    ///
    /// Effect class: idempotent. Errors: `NotFoundError`, `ValidationError` (the line cannot show this
    /// reaction), and those of every request.
    ///
    /// ```ts
    /// await client.messages.react(sent.id, { reaction: "love" });
    /// ```
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<ReactResponse>")]
    pub fn react(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] message_id: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "ReactRequest")] body: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &REACT, &[message_id], body, options)
    }
}
