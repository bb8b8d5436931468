// `webhooks`: the options, the union of events, the filter of duplicates. The code is `src/js/webhooks/webhooks.js`.

import type { Open } from "../client/options.js";

/** A raw body, as received: before any `JSON.parse`. */
export type RawBody = string | Uint8Array | ArrayBuffer;

/**
 * Headers in any of their forms, Node's `rawHeaders` and the lists of Lambda@Edge among them. Names are compared without
 * case.
 */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | readonly string[]
  | readonly { readonly key?: string | undefined; readonly name?: string | undefined; readonly value: string }[]
  | { readonly [name: string]: readonly { readonly value: string }[] }
  | Iterable<readonly [string, string | readonly string[] | undefined]>
  | { readonly [name: string]: string | readonly string[] | undefined };

/** What `webhooks.verify` needs. */
export interface VerifyOptions {
  /** The body as received: a parsed object is refused, because its original text is unknown. */
  body: RawBody;
  /** `Headers`, an object such as Node's `request.headers`, a `Map` or entries. */
  headers: WebhookHeaders;
  /** The secret as `webhooks.get` returns it, prefix included; several while one replaces another. */
  secret: string | readonly string[];
  /** Seconds that `X-Webhook-Timestamp` may be off, either way. Default: 300. */
  tolerance?: number | undefined;
  /** The time, in milliseconds since 1970 or as `Date`. Default: the clock's. */
  now?: number | Date | undefined;
  /**
   * What is signed. `"v1"`: timestamp and body. `"body"`: the body alone, as until March 2026; such a
   * delivery can be replayed forever, and its time is not checked. Default: `"v1"`.
   */
  scheme?: "v1" | "body" | undefined;
  /**
   * Bytes of the longest body that is looked at; `null` for no limit. A longer one is refused as `too_large`, before it
   * is hashed: let your server stop reading there too. Default: 4 194 304 (4 MiB).
   */
  maxBytes?: number | null | undefined;
}

/** What `webhooks.sign` needs. */
export interface SignOptions {
  /** The body to send, byte for byte. */
  body: RawBody;
  /** The secret of the webhook, as `webhooks.set` returned it. */
  secret: string;
  /** When it is signed, in Unix seconds or as `Date`. Default: now. */
  timestamp?: number | Date | undefined;
  /** `X-Webhook-ID`. Default: a new one. */
  id?: string | undefined;
  /** `X-Webhook-Event`. Default: the `event` of the body. */
  event?: string | undefined;
  /** What is signed. Default: `"v1"`. */
  scheme?: "v1" | "body" | undefined;
}

/** The headers of a delivery. */
export interface SignedHeaders {
  /** Any of them, by its name. */
  [name: string]: string;
  /** `application/json`. */
  "Content-Type": string;
  /** `sha256=` and 64 digits. */
  "X-Webhook-Signature": string;
  /** Unix seconds. */
  "X-Webhook-Timestamp": string;
  /** Id of the delivery. */
  "X-Webhook-ID": string;
  /** Name of the event. */
  "X-Webhook-Event": string;
}

/** How an event was delivered. It is not part of the body. */
export interface ReceivedDelivery {
  /**
   * `X-Webhook-ID`: the same on every retry; null if absent. It is not signed: to recognize repeated
   * deliveries, use `webhooks.deduplicate`, which also compares the fingerprint.
   */
  id: string | null;
  /** `X-Webhook-Timestamp`: when this try was signed, in Unix seconds; null if absent. */
  timestamp: number | null;
  /** Stands for what was signed, timestamp and body; another one on each retry. */
  fingerprint: string;
}

/** What all events have in common. */
export interface WebhookEnvelope {
  /** When it happened, ISO 8601; null where the API does not say. */
  timestamp: string | null;
  /** The agent; null if the number has none. */
  agentId?: string | null | undefined;
  /** Metadata of the conversation, as `conversations.update` set it. */
  conversationState?: Record<string, unknown> | null | undefined;
  /**
   * What was said before, as many items as `contextLimit` says. Of a call: its greeting first, the caller's present turn
   * last, in their order, without times. Of texts: earlier ones, in no order that is promised: sort them by `at`.
   */
  recentHistory: HistoryItem[];
  /** True for deliveries of `webhooks.test`. */
  test?: boolean | undefined;
  /** How it was delivered: its id, its time, its fingerprint. */
  delivery: ReceivedDelivery;
}

/**
 * Something that was said or written. The API has two forms of it: texts say their direction, turns of a call their role.
 * Every item has both here, one made from the other.
 */
export interface HistoryItem {
  /** The message that it was. */
  messageId?: string | null | undefined;
  /** The words. */
  content: string;
  /** Whose words they are: the agent's, or the user's on the other side; null where the API does not say. */
  role: Open<"agent" | "user"> | null;
  /** The same as a way: from the other side (inbound) or from the agent (outbound); null where the API does not say. */
  direction: Open<"inbound" | "outbound"> | null;
  /** The service that carried it: that of the event where the item names none; null where neither does. */
  channel: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice"> | null;
  /** When, ISO 8601, also with microseconds; null where the API does not say. */
  at: string | null;
  /** Who wrote it in a group. */
  senderIdentifier?: string | null | undefined;
}

/** The contact of the other side. */
export interface EventContact {
  /** Id; opaque. */
  id: string;
  name?: string | null | undefined;
  email?: string | null | undefined;
  /** E.164. */
  phoneNumber?: string | null | undefined;
}

/** A group thread. */
export interface EventGroup {
  /** True in a group. */
  isGroup?: boolean | undefined;
  /** Id; begins with `grp_`. */
  groupId?: string | null | undefined;
  groupName?: string | null | undefined;
  /** Address of its picture. */
  groupIconUrl?: string | null | undefined;
  /** The members of the thread, as far as the API says. */
  participants: EventParticipant[];
}

/** A member of a group. */
export interface EventParticipant {
  /** Phone number or e-mail address. */
  identifier: string | null;
  name?: string | null | undefined;
}

/** What a text was a reply to. */
export interface EventReplyTo {
  /** The message that was replied to. */
  messageId: string;
  /** Its text. */
  message: string;
  /** Where its attachments are. */
  mediaUrls: string[];
}

/** Data of a text. */
export interface TextMessageData {
  messageId?: string | null | undefined;
  /** The carrier's id. */
  externalMessageId?: string | null | undefined;
  /** Id in another form. */
  id?: string | null | undefined;
  /** The thread that it belongs to. */
  conversationId?: string | null | undefined;
  /** The number that was written to. */
  numberId?: string | null | undefined;
  /** Who wrote: phone number or e-mail address; null where the API does not say. */
  from: string | null;
  /** The number that was written to, E.164; null where the API does not say. */
  to: string | null;
  /** The contact, if `from` is one. */
  contact?: EventContact | null | undefined;
  /** What was written; empty if there are only attachments. */
  message: string;
  /** The first of `mediaUrls`. */
  mediaUrl?: string | null | undefined;
  /** Where its attachments are. */
  mediaUrls: string[];
  /** Always `inbound`. */
  direction?: string | null | undefined;
  /** When it was received, ISO 8601. */
  receivedAt?: string | null | undefined;
  /** Who wrote it in a group. */
  senderIdentifier?: string | null | undefined;
  /** Tag of the number. */
  externalId?: string | null | undefined;
  /** The group; absent in a thread of two. */
  group?: EventGroup | null | undefined;
  /** What it replies to. */
  replyTo?: EventReplyTo | null | undefined;
}

/** Data of a caller's turn. */
export interface VoiceMessageData {
  /** The call in progress; for `calls.get` and `calls.end`. */
  callId: string;
  /** Our number in the call. */
  numberId?: string | null | undefined;
  /** Who calls, E.164. */
  from?: string | null | undefined;
  /** Who is called, E.164. */
  to?: string | null | undefined;
  /** State of the call: `in-progress`. */
  status?: string | null | undefined;
  /** The contact of the other side. */
  contact?: EventContact | null | undefined;
  /** What the caller said; may be empty. */
  transcript: string;
  /** How sure the recognition is, 0 to 1. In the API's documentation; live deliveries have been seen without it. */
  confidence?: number | null | undefined;
  /** Who placed the call: `inbound` is the other side, `web` a browser. */
  direction?: Open<"inbound" | "outbound" | "web"> | null | undefined;
}

/** Data of a tapback. */
export interface ReactionData {
  /** The thread that it belongs to. */
  conversationId?: string | null | undefined;
  numberId?: string | null | undefined;
  /** The tapback. */
  reactionType: Open<"love" | "like" | "dislike" | "laugh" | "emphasize" | "question">;
  /** Who reacted. */
  fromNumber?: string | null | undefined;
  /** Always `inbound`. */
  direction?: string | null | undefined;
  /** The message that was reacted to. */
  messageId: string;
  /** The text of the message. */
  messageBody?: string | null | undefined;
  /** The first of `messageMediaUrls`. */
  messageMediaUrl?: string | null | undefined;
  /** Where the attachments of the message are. */
  messageMediaUrls: string[];
  /** When, ISO 8601. */
  createdAt?: string | null | undefined;
}

/** Data of a finished call. */
export interface CallEndedData {
  /** The call that has ended; for `calls.get`. */
  callId: string;
  /** Our number in the call. */
  numberId?: string | null | undefined;
  /** Who called, E.164. */
  from?: string | null | undefined;
  /** Who was called, E.164. */
  to?: string | null | undefined;
  /** The contact of the other side. */
  contact?: EventContact | null | undefined;
  /** Who placed the call: `inbound` is the other side, `web` a browser. */
  direction?: Open<"inbound" | "outbound" | "web"> | null | undefined;
  /** How it ended. */
  status?: Open<"completed" | "failed" | "busy" | "no-answer"> | null | undefined;
  /** When it began, ISO 8601. */
  startedAt?: string | null | undefined;
  /** When it ended, ISO 8601. */
  endedAt?: string | null | undefined;
  /** How long it lasted, in seconds, also fractions of one. */
  durationSeconds?: number | null | undefined;
  /** Why it ended. */
  disconnectionReason?: Open<"user_hangup" | "agent_hangup"> | null | undefined;
  /** What was said, turn by turn; may be empty. Of a text, its lines; their role is `unknown` if it names no speaker. */
  transcript: CallEndedTurn[];
  /** What was said, as received, if that was one text. */
  transcriptText?: string | undefined;
  /** What it was about. */
  summary?: string | null | undefined;
  /** How the caller felt. */
  userSentiment?: Open<"Positive" | "Negative" | "Neutral"> | null | undefined;
  /** Whether it reached its purpose. */
  callSuccessful?: boolean | null | undefined;
}

/** A turn of a finished call. */
export interface CallEndedTurn {
  /** Who spoke. */
  role: Open<"agent" | "user">;
  /** What was said. */
  content: string;
}

/** Exists only as a type; there is no such value. */
declare enum EventOfTomorrow {
  Unknown = "any name that this version of the package does not know",
}

/** A text was received. */
export interface TextMessageEvent extends WebhookEnvelope {
  event: "agent.message";
  /** The service that carried the text. */
  channel: "sms" | "mms" | "imessage" | "whatsapp" | "rcs" | EventOfTomorrow;
  /** The text, its sender and its attachments. */
  data: TextMessageData;
}

/** A caller has spoken and is waiting: respond with one of `voice`. */
export interface VoiceMessageEvent extends WebhookEnvelope {
  event: "agent.message";
  channel: "voice";
  /** What the caller said. */
  data: VoiceMessageData;
}

/** Someone reacted to a message. */
export interface ReactionEvent extends WebhookEnvelope {
  event: "agent.reaction";
  /** The service that carried it. */
  channel: Open<"imessage">;
  /** The reaction and the message that it is about. */
  data: ReactionData;
}

/** A call is over. It is delivered once, and the response is ignored. */
export interface CallEndedEvent extends WebhookEnvelope {
  event: "agent.call_ended";
  channel: Open<"voice">;
  /** The call, its transcript and its summary. */
  data: CallEndedData;
}

/** An event that this version of the package does not know. What all events have is repaired; its data is as received. */
export interface UnknownEvent extends WebhookEnvelope {
  /** The name as received. */
  event: EventOfTomorrow;
  /** The service of the event, if it names one. */
  channel?: string | undefined;
  /** The data as received. */
  data?: unknown | undefined;
}

/** An event. Narrow it by `event`, and `agent.message` by `channel`. */
export type WebhookEvent = TextMessageEvent | VoiceMessageEvent | ReactionEvent | CallEndedEvent | UnknownEvent;

/** Where the filter of duplicates keeps what it has seen: Redis, a table, a Durable Object. */
export interface DeduplicationStore {
  /**
   * Claims a key for `ttl` seconds if it is free, in one step: true (or anything truthy) for exactly
   * one of those who ask at once. In Redis: `SET key 1 NX EX ttl`.
   */
  claim(key: string, ttl: number): unknown;
  /** Gives a key back. */
  release(key: string): unknown;
}

/** Options of `webhooks.deduplicate`. */
export interface DeduplicateOptions {
  /** Where it is kept. Default: in the memory of this process. */
  store?: DeduplicationStore | undefined;
  /** Seconds that a delivery is remembered. Default: 86 400, because retries continue for 21 hours. */
  ttl?: number | undefined;
  /** How many deliveries the store in memory keeps; the oldest are dropped. Default: 10 000. */
  max?: number | undefined;
}

/** Tells whether a delivery was seen before, and remembers it: of several at once, one is new. */
export interface DeduplicationFilter {
  /**
   * True if it was seen. Takes an event of `webhooks.verify`, or an id that you trust, such as a `messageId`; an event
   * and its id are not each other's duplicates.
   */
  (event: WebhookEvent | string): Promise<boolean>;
  /** Gives it back, so that a retry counts as new: call it when the handler has failed. */
  release(event: WebhookEvent | string): Promise<void>;
}

/** Incoming webhooks: verified, typed, once. */
export interface Webhooks {
  /**
   * Checks that a delivery is from AgentPhone, unchanged and fresh, and reads its event. Synchronous.
   *
   * Throws `WebhookVerificationError` (respond with 400; `reason` says why) for what cannot be trusted, and
   * `InvalidArgumentError` for a mistake in the call, such as a body that is parsed already.
   *
   * Quirks of the API are mended: the text `None` for empty values, numbers as text, lists that are absent, and the two
   * forms of `recentHistory`. Fields and events that this version does not know stay as they are.
   *
   * ```ts
   * const event = webhooks.verify({ body, headers, secret });
   * if (event.event === "agent.call_ended") console.log(event.data.summary);
   * if (event.event === "agent.message" && event.channel !== "voice") console.log(event.data.message);
   * ```
   */
  verify(options: VerifyOptions): WebhookEvent;
  /**
   * The headers that AgentPhone would send with a body: for tests of your own endpoint.
   *
   * ```ts
   * const headers = webhooks.sign({ body, secret });
   * const delivery = new Request("http://127.0.0.1/webhook", { method: "POST", headers, body });
   * ```
   */
  sign(options: SignOptions): SignedHeaders;
  /**
   * Makes a filter of repeated deliveries. AgentPhone delivers again until it gets a 2xx.
   *
   * Retries have the same `X-Webhook-ID`. That header is not signed, so the filter also compares what was signed: a delivery
   * that is replayed under another id counts as seen, and does not make a duplicate of the one that the id belongs to.
   *
   * ```ts
   * const seen = webhooks.deduplicate();
   * if (!(await seen(event))) {
   *   try {
   *     console.log("work on", event.delivery.id);
   *   } catch (error) {
   *     await seen.release(event); // and respond with 500, so that it is delivered again
   *     throw error;
   *   }
   * }
   * ```
   */
  deduplicate(options?: DeduplicateOptions): DeduplicationFilter;
}

/** Incoming webhooks: verified, typed, once. */
export const webhooks: Webhooks;
