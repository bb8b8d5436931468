// `mediaOf` and `fetchMedia`: the attachments of messages. The code is `src/js/toolkit/media.js`.

import type { AgentPhoneError } from "../client/errors.js";
import type { ConversationMessage } from "../resources/conversation_messages.js";
import type { NumberMessage } from "../resources/number_history.js";
import type { EventReplyTo, ReactionData, TextMessageData, WebhookEvent } from "../webhooks/webhooks.js";

/** Why a file was not fetched. */
export class MediaError extends AgentPhoneError {
  readonly code: "MEDIA_ERROR";
  /**
   * `address`: not an https URL, or one that leads to a non-public network. `redirect`: more than five, or one that
   * a page cannot inspect. `status`: the server did not respond with 200; see `status`. `type`, `too-large`: see the options;
   * `type` also for a file compressed in a way that is not known here. `connection`: see `cause`.
   */
  readonly reason: "address" | "redirect" | "status" | "type" | "too-large" | "timeout" | "aborted" | "connection";
}

/**
 * The URLs of a message's attachments, each once; for an event, its data, or a message in a list. Errors:
 * `InvalidArgumentError`.
 *
 * ```ts
 * for (const url of mediaOf(event)) console.log(url);
 * ```
 */
export function mediaOf(
  message: WebhookEvent | TextMessageData | ReactionData | EventReplyTo | ConversationMessage | NumberMessage,
): string[];

/** Which files are accepted. */
export interface FetchMediaOptions {
  /** The largest size in bytes, after decompression. Default: 10 485 760 (10 MiB). */
  maxBytes?: number | undefined;
  /**
   * Accepted media types; `image/*` accepts all images except SVG, which can contain scripts and must be named in full,
   * `image/svg+xml`. Default: images, audio, video, PDF and vCard.
   */
  types?: readonly string[] | undefined;
  /** Milliseconds for the whole transfer. Default: 30 000. */
  timeout?: number | undefined;
  /**
   * Sends the requests, for example through a proxy. Host names are then checked only by their spelling, not by the address
   * that they resolve to. Default: in Node (20.16 or later) a
   * request whose connection goes to the checked address, elsewhere the host's `fetch`.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Aborts the transfer at any stage. */
  signal?: AbortSignal | null | undefined;
}

/** A fetched file. */
export interface FetchedMedia {
  /** Its content. */
  bytes: Uint8Array;
  /** The media type that the server sent, without parameters, such as `image/jpeg`. */
  type: string;
  /** Its final URL, after redirects. */
  url: string;
}

/**
 * Fetches a file whose URL came from outside, such as an attachment: over https, from public addresses only, with at
 * most five redirects, each of which is checked, without cookies or referrer, and at most `maxBytes`. Anyone can send an
 * attachment with any URL: a server that fetches it unchecked can be made to send requests to
 * machines of its own network.
 *
 * Errors: `MediaError`; `InvalidArgumentError` for wrong options.
 *
 * ```ts
 * const url = "https://169.254.169.254/latest/meta-data"; // of an attachment
 * await fetchMedia(url, { maxBytes: 5 * 2 ** 20, types: ["image/*"] }).catch((error) => {
 *   if (!(error instanceof MediaError)) throw error;
 *   console.warn("not fetched:", error.reason); // address
 * });
 * ```
 */
export function fetchMedia(url: string | URL, options?: FetchMediaOptions): Promise<FetchedMedia>;
