// Lists: one page, the promise that every list returns, and the query that most lists take. The code is
// `src/js/results/pages.js`.

import type { AsyncDisposeKey } from "./disposal.js";
import type { ApiPromise } from "./options.js";

/** Which page of a list. */
export interface PageQuery {
  /** Items per page, 1 to 100. Default: 20. */
  limit?: number | undefined;
  /** Items to skip. Default: 0. */
  offset?: number | undefined;
}

/** One page of a list. */
export interface Page<T> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** How many items the whole list has, if the API says so. */
  readonly total?: number | undefined;
  /** True when another page follows. */
  readonly hasMore: boolean;
  /**
   * Requests the next page, with the same options; null after the last one. If the list has lost items since the
   * previous page, it goes back by as many, so that items that moved up are not skipped; items may then repeat. It
   * rejects with `InvalidResponseError` if the list claims to have more pages but does not advance.
   */
  next(): PagePromise<T> | null;
  /** The items of this page and of all that follow, one by one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined>;
}

/**
 * What every list returns: a promise of its first page, and an iterable of all its items.
 *
 * The request is sent at once. While you process one page the next is fetched ahead, never more than one; `break` and an
 * abort cancel it. An item that repeats, because the list changed while it was read, is dropped by its `id`. If items are
 * deleted meanwhile, by you or by others, and `total` shows it, the iteration goes back for those that moved up: to
 * delete all items of a list, delete each one as you iterate.
 *
 * A list that is requested but never used fails silently. Errors: those of the operation, and
 * `InvalidResponseError` for a list that goes in circles, or claims to have more pages but does not advance.
 *
 * ```ts
 * const page = await client.agents.list({ limit: 50 }); // one page
 * for await (const agent of client.agents.list()) console.log(agent.name); // all of them
 * const some = await client.contacts.list().toArray({ limit: 1000 });
 * ```
 */
export interface PagePromise<T> extends ApiPromise<Page<T>>, AsyncIterable<T> {
  /** All items from here on, one by one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined>;
  /** All pages from here on. */
  pages(): AsyncIterableIterator<Page<T>> & Record<AsyncDisposeKey, () => Promise<void>>;
  /** The items in one array, at most `limit` of them. Default: all. */
  toArray(options?: {
    /** How many items at most; a whole number, 0 or more. */
    limit?: number | undefined;
  }): Promise<T[]>;
}
