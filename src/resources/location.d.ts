// Where a number was last located.

import type { ApiPromise, RequestOptions } from "../client/options.js";

/** Where a number was last located. */
export interface Location {
  /** E.164. */
  phoneNumber: string;
  /** Degrees north. */
  latitude?: number | null | undefined;
  /** Degrees east. */
  longitude?: number | null | undefined;
  /** Whether it was located. */
  status: string;
  /** Unix time; unit not stated. */
  lastUpdated: number;
}

/** What became of the request. */
export interface LocationRefresh {
  /** True when it was done. */
  success: boolean;
  /** Seconds after which to read again. Default: `20`. */
  pollAfterSeconds?: number | undefined;
}

/** Where numbers are. */
export interface LocationResource {
  /**
   * Tells where a number was last located. `phoneNumber` is E.164.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   *
   * ```ts
   * const { pollAfterSeconds } = await client.location.refresh();
   * const { latitude, longitude } = await client.location.get(number.phoneNumber);
   * console.log(latitude, longitude, pollAfterSeconds);
   * ```
   */
  get(phoneNumber: string, options?: RequestOptions): ApiPromise<Location>;

  /**
   * Asks for fresh locations of all numbers; read them with `location.get` after `pollAfterSeconds`.
   *
   * Effect class: idempotent. Free. Errors: those of every request.
   */
  refresh(options?: RequestOptions): ApiPromise<LocationRefresh>;
}
