// The pictures of messages.

import type { ApiPromise, RequestOptions } from "../client/options.js";
import type { Recording } from "./calls.js";

/** The picture of a message, whose bytes are read when they are asked for; once. */
export interface MessageMedia extends Recording {}

/** How much of a picture is read, beside the options of its request. */
export interface MessageMediaOptions extends RequestOptions {
  /**
   * The most bytes that are read of it, by `bytes`, `blob` and `stream`; `null` for no limit. A longer file is an
   * `InvalidResponseError` when it is read, at once if the API says its length. Default: 268 435 456 (256 MiB).
   */
  maxBytes?: number | null | undefined;
}

/** Pictures of messages. */
export interface MessageMediaResource {
  /**
   * Downloads the picture of a message. For a message without one, the API returns a placeholder, an `image/svg+xml`. An SVG can
   * carry a script: show one in a page only as the source of an `img`.
   *
   * Effect class: read. Free. Sent without the key: anyone who knows the id of a message can see its media. Errors:
   * `NotFoundError`, and those of every request.
   *
   * ```ts
   * const picture = await client.messages.media.get(sent.id, { maxBytes: 10 * 2 ** 20 });
   * console.log(picture.contentType, (await picture.bytes()).length);
   * ```
   */
  get(messageId: string, options?: MessageMediaOptions): ApiPromise<MessageMedia>;
}
