// Feedback to the vendor.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Feedback to the vendor. */
export interface FeedbackRequest {
  /** Kind of feedback; the values are not published. */
  category: string;
  /** What you want to say. */
  note: string;
  /** Request that it is about: `requestId` of `withResponse()` or of an error. */
  request_id?: string | undefined;
  /** Page that it is about. */
  url?: string | undefined;
  /** Labels to file the feedback under. */
  tags?: string[] | undefined;
}

/** Feedback to the vendor. */
export interface FeedbackResource {
  /**
   * Sends feedback to the vendor. The fields of the response are not documented.
   *
   * Effect class: effect (a repeat is sent twice). Free. Errors: `ValidationError`, and those of every
   * request.
   *
   * ```ts
   * const { requestId } = await client.usage.get().withResponse();
   * const note = `Totals look wrong (${requestId}).`;
   * await client.feedback.create({ category: "bug", note });
   * ```
   */
  create(body: FeedbackRequest, options?: RequestOptions): ApiPromise<unknown>;
}
