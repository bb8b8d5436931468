// Conversations: threads of texts between a number and a person or a group.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { ConversationMessage, ConversationMessagesResource } from "./conversation_messages.js";

/** What is known of a conversation wherever it is shown. */
export interface ConversationState {
  /** Id; opaque. */
  id: string;
  /** The agent in it; null if there is none. */
  agentId?: string | null | undefined;
  /** Id of our number. */
  phoneNumberId: string;
  /** Our number, E.164. */
  phoneNumber: string;
  /** Phone, email, or group id of the other side. */
  participant: string;
  /** True for a group. Default: `false`. */
  isGroup?: boolean | undefined;
  /** Id of the group, `grp_…`. */
  groupId?: string | null | undefined;
  /** The title that the members see; null outside groups. */
  groupName?: string | null | undefined;
  /** Picture of the group. */
  groupIconUrl?: string | null | undefined;
  /** Members of the group. */
  participants?: GroupParticipant[] | null | undefined;
  /** When the last message was received or sent, ISO 8601; null if there is none. */
  lastMessageAt?: string | null | undefined;
  /** How many messages it has. */
  messageCount: number;
  /** Your state; sent back as conversationState in webhooks. */
  metadata?: Record<string, unknown> | null | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** The service that carries the thread. */
  channel?: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice"> | null | undefined;
  /** What the service allows in this thread. */
  capabilities?: ConversationCapabilities | null | undefined;
}

/** A conversation, as lists show it. */
export interface ConversationSummary extends ConversationState {
  /** Beginning of the last message. */
  lastMessagePreview?: string | undefined;
}

/** A conversation with its latest messages. */
export interface Conversation extends ConversationState {
  /** The latest messages. */
  messages: ConversationMessage[];
}

/** A member of a group. */
export interface GroupParticipant {
  /** Phone or email. */
  identifier: string;
  /** Name, where it is known. */
  name?: string | null | undefined;
}

/** What can be sent in a conversation. */
export interface ConversationCapabilities {
  /** Whether texts can be sent now. */
  canSendMessages?: boolean | undefined;
  /** Whether attachments can be sent. */
  media?: boolean | undefined;
  /** Whether reactions can be sent. */
  reactions?: boolean | undefined;
  /** Whether any emoji is a reaction. */
  emojiReactions?: boolean | undefined;
  /** Why texts cannot be sent. */
  sendDisabledReason?: string | null | undefined;
  /** What the next text will be carried by. */
  sendChannel?: string | null | undefined;
  /** What could carry a text. */
  availableChannels?: string[] | undefined;
  /** What could carry an attachment. */
  mediaChannels?: string[] | undefined;
}

/** Only the keys that are present change. */
export interface UpdateConversationRequest {
  /** Your state, sent back in webhooks; null clears it. */
  metadata?: Record<string, unknown> | null | undefined;
  /** New name of an iMessage group. Snake case, unlike `metadata`. */
  group_name?: string | null | undefined;
}

/** The indicator as shown. */
export interface TypingResponse {
  /** The thread it belongs to. */
  conversationId: string;
  /** The service that the indicator was sent over. */
  channel: string;
  /** What became of it. */
  status: string;
}

/** A chat background. */
export interface SetBackgroundRequest {
  /** Public address of the picture. */
  image_url: string;
}

/** The background as set. */
export interface BackgroundResponse {
  /** The thread it belongs to. */
  conversationId: string;
  /** The service that carries the thread. */
  channel: string;
  /** True when a background is set. */
  hasBackground: boolean;
  /** The background that is set; null if none is. */
  backgroundId?: string | null | undefined;
  /** Which version of it is set; null if none is. */
  backgroundVersion?: number | null | undefined;
  /** True when this request changed it. */
  changed: boolean;
}

/** Which conversations, and which page of them. */
export interface ConversationsQuery extends PageQuery {
  /** Only those of this agent. Mentioned by the published agent skill alone. */
  agent_id?: string | undefined;
}

/** How much of a conversation to read. */
export interface ConversationQuery {
  /** How many of its latest messages, 1 to 100. Default: 50. */
  message_limit?: number | undefined;
}

/** Conversations. */
export interface ConversationsResource {
  /** Chat backgrounds (iMessage). */
  readonly background: ConversationBackgroundResource;
  /** The messages in one conversation. */
  readonly messages: ConversationMessagesResource;

  /**
   * Lists conversations, the latest activity first, a page at a time.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * for await (const conversation of client.conversations.list()) {
   *   console.log(conversation.participant, conversation.lastMessagePreview);
   * }
   * ```
   */
  list(query?: ConversationsQuery, options?: RequestOptions): PagePromise<ConversationSummary>;

  /**
   * Reads a conversation with its latest messages.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(conversationId: string, query?: ConversationQuery, options?: RequestOptions): ApiPromise<Conversation>;

  /**
   * Sets the state that webhooks carry for a conversation, or renames a group.
   *
   * Effect class: idempotent. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
   * request.
   *
   * ```ts
   * if (sent.conversation_id) {
   *   await client.conversations.update(sent.conversation_id, { metadata: { step: "booked" } });
   * }
   * ```
   */
  update(conversationId: string, body: UpdateConversationRequest, options?: RequestOptions): ApiPromise<Conversation>;

  /**
   * Shows that a reply is being written (iMessage).
   *
   * Effect class: idempotent. Free. Errors: `ValidationError` (the line cannot show it),
   * `NotFoundError`, and those of every request.
   */
  typing(conversationId: string, options?: RequestOptions): ApiPromise<TypingResponse>;
}

/** Chat backgrounds (iMessage). */
export interface ConversationBackgroundResource {
  /**
   * Sets the chat background of a conversation (iMessage).
   *
   * Effect class: idempotent. Free. Errors: `ValidationError` (the line cannot show it),
   * `NotFoundError`, and those of every request.
   *
   * ```ts
   * for await (const { id } of client.conversations.list()) {
   *   await client.conversations.background.set(id, { image_url: "https://example.com/sky.png" });
   * }
   * ```
   */
  set(conversationId: string, body: SetBackgroundRequest, options?: RequestOptions): ApiPromise<BackgroundResponse>;

  /**
   * Removes the chat background of a conversation (iMessage).
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(conversationId: string, options?: RequestOptions): ApiPromise<void>;
}
