// `mediaOf` and `fetchMedia`: the attachments of messages. The code is `src/js/toolkit/media.js`.

import type { AgentPhoneError } from "../client/errors.js";
import type { ConversationMessage } from "../resources/conversation_messages.js";
import type { NumberMessage } from "../resources/number_history.js";
import type { EventReplyTo, ReactionData, TextMessageData, WebhookEvent } from "../webhooks/webhooks.js";

/** Why a file was not fetched. */
export class MediaError extends AgentPhoneError {
  readonly code: "MEDIA_ERROR";
  /**
   * `address`: it is not one of https, or leads to a network that is not public. `redirect`: more than five, or one that
   * a page cannot look at. `status`: the server did not answer 200; see `status`. `type`, `too-large`: see the options.
   * `connection`: see `cause`.
   */
  readonly reason: "address" | "redirect" | "status" | "type" | "too-large" | "timeout" | "aborted" | "connection";
}

/**
 * The addresses of a message's attachments, each once: of an event, of its data, of a message in a list. Errors:
 * `InvalidArgumentError`.
 *
 * ```ts
 * for (const url of mediaOf(event)) console.log(url);
 * ```
 */
export function mediaOf(
  message: WebhookEvent | TextMessageData | ReactionData | EventReplyTo | ConversationMessage | NumberMessage,
): string[];

/** What is accepted of a file. */
export interface FetchMediaOptions {
  /** The most bytes. Default: 10 485 760 (10 MiB). */
  maxBytes?: number | undefined;
  /**
   * Types that are accepted, `image/*` for all of a kind. SVG, which can carry a script, only by its full name,
   * `image/svg+xml`. Default: pictures, sounds, films, PDF and vCard.
   */
  types?: readonly string[] | undefined;
  /** Milliseconds for all of it. Default: 30 000. */
  timeout?: number | undefined;
  /**
   * Sends the requests, for example through a proxy. Of names it is then only checked that they do not look private, not
   * where they lead. Default: in Node (from 20.16 on) a
   * request whose connection goes to the address that was checked, elsewhere the `fetch` of the host.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Aborts it at any stage. */
  signal?: AbortSignal | null | undefined;
}

/** A file as fetched. */
export interface FetchedMedia {
  /** Its content. */
  bytes: Uint8Array;
  /** The type that the server gave it, without parameters, such as `image/jpeg`. */
  type: string;
  /** Where it was in the end, behind redirects. */
  url: string;
}

/**
 * Fetches a file whose address came from outside, such as an attachment: over https, from public addresses only, by at
 * most five redirects each of which is checked, without cookies or referrer, and no more of it than `maxBytes`. An
 * attachment can be written by anyone, and so can its address: a server that fetches it unchecked can be made to ask
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
