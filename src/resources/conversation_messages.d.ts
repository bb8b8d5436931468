// Messages of a conversation.

import type { Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";
import type { MessagesQuery } from "./number_history.js";

/** A message of a conversation. */
export interface ConversationMessage {
  /** Id; opaque. */
  id: string;
  /** The text. */
  body: string;
  /** Sender. */
  fromNumber: string;
  /** Recipient. */
  toNumber: string;
  /** `inbound` comes from the other side, `outbound` from us. */
  direction: Open<"inbound" | "outbound">;
  /** Which group member wrote it. */
  senderIdentifier?: string | null | undefined;
  /** The service that carries it. */
  channel?: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice"> | null | undefined;
  /** First attachment; kept for old clients. */
  mediaUrl?: string | null | undefined;
  /** Attachments. */
  mediaUrls?: string[] | undefined;
  /** When it was received or sent, ISO 8601. */
  receivedAt: string;
  /** The reactions that it has received. */
  reactions?: Reaction[] | undefined;
  /** The message that it replies to. */
  replyTo?: ReplyTo | null | undefined;
  /** How far delivery has got. */
  status?: string | null | undefined;
  /** Why it was not delivered. */
  failureReason?: string | null | undefined;
  /** Structured content such as templates. */
  content?: Record<string, unknown> | null | undefined;
  /** When it was delivered, ISO 8601. */
  deliveredAt?: string | null | undefined;
  /** What carried it in the end. */
  deliveredChannel?: string | null | undefined;
  /** When it was read, ISO 8601. */
  readAt?: string | null | undefined;
  /** The carrier's or Meta's code of a failure. */
  errorCode?: string | null | undefined;
}

/** A reaction to a message. */
export interface Reaction {
  /** Id; opaque. */
  id: string;
  /** The tapback, e.g. `love`. */
  reactionType: string;
  /** Who reacted. */
  fromNumber: string;
  /** `inbound` comes from the other side, `outbound` from us. */
  direction: string;
  /** When it was made, ISO 8601. */
  createdAt: string;
}

/** The message that another replies to. */
export interface ReplyTo {
  /** The message that was replied to. */
  messageId: string;
  /** Its text. */
  message: string;
  /** Attachments. */
  mediaUrls?: string[] | undefined;
}

/** Messages of a conversation. */
export interface ConversationMessagesResource {
  /**
   * Lists the messages of a conversation, the newest first, a page at a time.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * if (sent.conversation_id) {
   *   const { data } = await client.conversations.messages.list(sent.conversation_id, { limit: 50 });
   *   console.log(data.map((message) => message.body));
   * }
   * ```
   */
  list(conversationId: string, query?: MessagesQuery, options?: RequestOptions): PagePromise<ConversationMessage>;
}
