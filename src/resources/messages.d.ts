// Outgoing texts and reactions.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { MessageMediaResource } from "./message_media.js";

/** What to send: exactly one sender, and `to_number` or `recipients`. Snake case on the wire. */
export interface SendMessageRequest {
  /** Sender: one of agent_id, number_id, from_number. */
  agent_id?: string | null;
  /** Sender: one of `agent_id`, `number_id`, `from_number`. */
  number_id?: string | null;
  /** The sender, as one of your numbers in E.164. */
  from_number?: string | null;
  /**
   * Phone, US short code, email, or grp_ id of an existing group. Give this or
   * `recipients`, not both.
   */
  to_number?: string | null;
  /** Two or more phones or emails start a new iMessage group. At least 2 items. */
  recipients?: string[] | null;
  /**
   * The text. Left out for a carousel (`media_urls` of 2 to 20), and needed when there is no media.
   */
  body?: string;
  /**
   * One attachment.
   * @deprecated Use `media_urls`.
   */
  media_url?: string | null;
  /** Attachments. At most 20 items. */
  media_urls?: string[] | null;
  /** iMessage: thread under this message id. */
  reply_to_message_id?: string | null;
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
    | "slam";
}

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
   *   agent_id: agent.id,
   *   to_number: "+14155550100",
   *   body: "Your table is ready.",
   * });
   * ```
   */
  send(body: SendMessageRequest, options?: RequestOptions): ApiPromise<SendMessageResponse>;

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
