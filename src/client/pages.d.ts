// Lists: one page, the promise that every list returns, and the query that most lists take. The code is
// `src/js/results/pages.js`.

import type { AsyncDisposeKey } from "./disposal.js";
import type { ApiPromise } from "./options.js";

/** Which page of a list. */
export interface PageQuery {
  /** Items a page, 1 to 100. Default: 20. */
  limit?: number | undefined;
  /** Items to skip. Default: 0. */
  offset?: number | undefined;
}

/** One page of a list. */
export interface Page<T> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** How many items the whole list has, where the API tells it. */
  readonly total?: number | undefined;
  /** True when another page follows. */
  readonly hasMore: boolean;
  /**
   * Asks for the next page, with the same options; null after the last one. Where the list has lost items since the
   * page before, it goes back by as many, so that what has moved up is not passed over; items may then come again. It
   * rejects with `InvalidResponseError` when the list claims to go on but does not move.
   */
  next(): PagePromise<T> | null;
  /** The items of this page and of all that follow, one by one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined, undefined>;
}

/**
 * What every list gives: a promise of its first page, and an iterable of all its items.
 *
 * The request leaves at once. While you work on one page the next is fetched ahead, never more than
 * one; `break` and an abort cancel it. An item that comes again, because the list moved while it was
 * read, is dropped by its `id`. Where items are deleted meanwhile, by you or by others, and `total` tells it, the walk
 * goes back for those that have moved up: to delete all of a list, delete each item as it comes.
 *
 * A list that is asked for and never looked at fails in silence. Errors: those of the operation, and
 * `InvalidResponseError` for a list that goes round in a circle, or claims to go on but does not move.
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
