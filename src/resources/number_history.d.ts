// What a number received and sent: its messages and its calls.

import type { Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { CallSummary } from "./calls.js";

/**
 * A message of a number. The sender is in the first present of `from_`, `fromNumber` and `from`,
 * the recipient in `to` or `toNumber`.
 */
export interface NumberMessage {
  /** Id; opaque. */
  id: string;
  /** Sender. Mind the underscore, the published spelling. */
  from_?: string;
  /** Sender, in the spelling of the documentation. */
  from?: string;
  /** Sender, in a third spelling. */
  fromNumber?: string;
  /** Recipient. */
  to?: string;
  /** Recipient, in another spelling. */
  toNumber?: string;
  /** The text. */
  body: string;
  /** `inbound` comes from the other side, `outbound` from us. */
  direction?: Open<"inbound" | "outbound">;
  /** The service that carries it. */
  channel?: Open<"sms" | "mms" | "imessage" | "whatsapp" | "rcs" | "voice"> | null;
  /** When it came or went, ISO 8601. */
  receivedAt: string;
  /** How far delivery has got. */
  status?: string | null;
  /** Why it was not delivered. */
  failureReason?: string | null;
  /** First attachment. */
  mediaUrl?: string | null;
  /** Attachments. */
  mediaUrls?: string[] | null;
  /** The thread it belongs to. */
  conversationId?: string | null;
}

/** Which messages, and which page of them. */
export interface MessagesQuery {
  /** Items a page, 1 to 200. Default: 50. */
  limit?: number;
  /** Only messages older than this time, ISO 8601 or a Date. */
  before?: string | Date | null;
  /** Only messages newer than this time, ISO 8601 or a Date. */
  after?: string | Date | null;
}

/** Which messages of a number, and which page of them. */
export interface NumberMessagesQuery extends MessagesQuery {
  /** Items to skip, counted from `before`. Default: 0. Pages that follow go on by time. */
  offset?: number;
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
