// The owner of the key.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** The owner of the key. */
export interface AccountResource {
  /**
   * Tells who owns the token. Seen in the official MCP server alone, for session tokens; whether it
   * takes keys is not known. No source tells the fields of the answer.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const me = await client.account.me();
   * console.log(JSON.stringify(me));
   * ```
   */
  me(options?: RequestOptions): ApiPromise<unknown>;
}
