// The owner of the key.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** The owner of the key. */
export interface AccountResource {
  /**
   * Tells who owns the token. Seen in the official MCP server alone, for session tokens; whether it
   * accepts keys is not known. The fields of the response are not documented.
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
