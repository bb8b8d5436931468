// What a number received and sent: its messages and its calls.

import type { Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { CallSummary } from "./calls.js";

/**
 * A message of a number. The API has several spellings of sender and recipient; whichever it uses, `from` and `to` are
 * filled in, and so are `fromNumber` and `toNumber`, as other messages have them.
 */
export interface NumberMessage {
  /** Id; opaque. */
  id: string;
  /**
   * Sender, in the published spelling.
   * @deprecated Use `from`, which is always filled in.
   */
  from_?: string | undefined;
  /** Sender; absent where the API does not say. */
  from?: string | undefined;
  /** The same. */
  fromNumber?: string | undefined;
  /** Recipient; absent where the API does not say. */
  to?: string | undefined;
  /** The same. */
  toNumber?: string | undefined;
  /** The text. */
  body: string;
  /** `inbound` comes from the other side, `outbound` from us. */
  direction?: Open<"inbound" | "outbound"> | undefined;
  /** The service that carries it. */
  channel?: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice"> | null | undefined;
  /** When it was received or sent, ISO 8601. */
  receivedAt: string;
  /** How far delivery has got. */
  status?: string | null | undefined;
  /** Why it was not delivered. */
  failureReason?: string | null | undefined;
  /** First attachment. */
  mediaUrl?: string | null | undefined;
  /** Attachments. */
  mediaUrls?: string[] | null | undefined;
  /** The thread it belongs to. */
  conversationId?: string | null | undefined;
}

/** Which messages, and which page of them. */
export interface MessagesQuery {
  /** Items a page, 1 to 200. Default: 50. */
  limit?: number | undefined;
  /** Only messages older than this time, ISO 8601 or a Date. */
  before?: string | Date | null | undefined;
  /** Only messages newer than this time, ISO 8601 or a Date. */
  after?: string | Date | null | undefined;
}

/** Which messages of a number, and which page of them. */
export interface NumberMessagesQuery extends MessagesQuery {
  /** Items to skip, counted from `before`. Default: 0. Further pages continue by time. */
  offset?: number | undefined;
}

/** Messages of a number. */
export interface NumberMessagesResource {
  /**
   * Lists the messages of a number, the newest first, a page at a time.
   *
   * Effect class: read. Free. Errors: `PhoneNumberNotFoundError`, and those of every request.
   *
   * ```ts
   * const lastDay = { after: new Date(Date.now() - 86_400_000) };
   * for await (const message of client.numbers.messages.list(number.id, lastDay)) {
   *   console.log(message.direction, message.receivedAt);
   * }
   * ```
   */
  list(numberId: string, query?: NumberMessagesQuery, options?: RequestOptions): PagePromise<NumberMessage>;
}

/** Calls of a number. */
export interface NumberCallsResource {
  /**
   * Lists the calls of a number, a page at a time.
   *
   * Effect class: read. Free. Errors: `PhoneNumberNotFoundError`, and those of every request.
   *
   * ```ts
   * const { total } = await client.numbers.calls.list(number.id);
   * ```
   */
  list(numberId: string, query?: PageQuery, options?: RequestOptions): PagePromise<CallSummary>;
}
