// Outgoing texts and reactions.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { MessageMediaResource } from "./message_media.js";

/** What to send: exactly one sender, and `to_number` or `recipients`. Camel case is read as well (`SendMessageInput`). */
export interface SendMessageRequest {
  /** Sender: one of agent_id, number_id, from_number. */
  agent_id?: string | null | undefined;
  /** Sender: one of `agent_id`, `number_id`, `from_number`. */
  number_id?: string | null | undefined;
  /** The sender, as one of your numbers in E.164. */
  from_number?: string | null | undefined;
  /**
   * Phone, US short code, email, or grp_ id of an existing group. Give this or
   * `recipients`, not both.
   */
  to_number?: string | null | undefined;
  /** Two or more phones or emails start a new iMessage group. At least 2 items. */
  recipients?: string[] | null | undefined;
  /**
   * The text. Left out for a carousel (`media_urls` of 2 to 20), and needed when there is no media.
   */
  body?: string | undefined;
  /**
   * One attachment.
   * @deprecated Use `media_urls`.
   */
  media_url?: string | null | undefined;
  /** Attachments. At most 20 items. */
  media_urls?: string[] | null | undefined;
  /** iMessage: thread under this message id. */
  reply_to_message_id?: string | null | undefined;
  /** An iMessage effect for the bubble or the screen. */
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
    | "slam"
    | undefined;
}

/** A name with underscores in camel case: `agent_id` as `agentId`. */
export type CamelCase<Name> = Name extends `${infer Word}_${infer Words}`
  ? `${Word}${Capitalize<CamelCase<Words>>}`
  : Name;

/** `SendMessageRequest` in camel case, like the fields of other resources. No field may be given both ways. */
export type SendMessageInput = { [Name in keyof SendMessageRequest as CamelCase<Name>]: SendMessageRequest[Name] };

/** The text as accepted; whether it arrives shows later on the message. */
export interface SendMessageResponse {
  /** Id; opaque. */
  id: string;
  /** Acceptance, not delivery; a later failure appears on the message. */
  status: string;
  /** The service that carries it. */
  channel: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice">;
  /** Sender, E.164. */
  from_number: string;
  /** New grp_ id after recipients. */
  to_number: string;
  /** The thread it belongs to. */
  conversation_id?: string | null | undefined;
  /** Attachments. */
  media_urls?: string[] | undefined;
  /** The message that this one replies to (iMessage). */
  reply_to_message_id?: string | null | undefined;
  /** True when sent without threading because the parent was not found. */
  reply_parent_unresolved?: boolean | null | undefined;
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
  /** The tapback that was sent. */
  reaction_type: string;
  /** The message reacted to. */
  message_id: string;
  /** The service that carries it. */
  channel: string;
}

/** Outgoing texts. */
export interface MessagesResource {
  /** The pictures of messages. */
  readonly media: MessageMediaResource;

  /**
   * Sends a text, by SMS, MMS or iMessage as the line can.
   *
   * Effect class: effect. **Costs $0.02** and reaches a person; a repeat sends it again. Accepted is
   * not delivered: a later failure shows on the message. Errors: `DeliveryUnconfirmedError` (it may be
   * out: do not send again), `MessagingLimitError` (a rule of the conversation that time does not
   * cure), `PermissionDeniedError`, `InsufficientBalanceError`, `ValidationError`, `NotFoundError`
   * (unknown reply target), `CarrierError`, and those of every request.
   *
   * ```ts
   * const sent = await client.messages.send({
   *   agentId: agent.id,
   *   toNumber: "+14155550100",
   *   body: "Your table is ready.",
   * });
   * ```
   */
  send(body: SendMessageRequest | SendMessageInput, options?: RequestOptions): ApiPromise<SendMessageResponse>;

  /**
   * Reacts to a message (iMessage).
   *
   * Effect class: idempotent: the same reaction again changes nothing. Free. Errors: `NotFoundError`,
   * `ValidationError` (the line cannot show this
   * reaction), and those of every request.
   *
   * ```ts
   * await client.messages.react(sent.id, { reaction: "love" });
   * ```
   */
  react(messageId: string, body: ReactRequest, options?: RequestOptions): ApiPromise<ReactResponse>;
}
