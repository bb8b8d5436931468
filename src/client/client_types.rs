//! The TypeScript of the client itself and of pages. The classes are in `src/js`; the resources add
//! their members to `AgentPhone` in their own files.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The key of `using`, where the library that you compile with has it (`esnext.disposable`). */
type DisposeKey = SymbolConstructor extends { readonly dispose: infer Key extends symbol } ? Key : never;

/**
 * The AgentPhone client.
 *
 * One client keeps a retry budget and rate limits for each key that it uses; share it. It is ready at
 * once: there is nothing to await after `new`. Methods may be taken off their objects. Should its WebAssembly module
 * break down, all calls under way reject with `INTERNAL_ERROR`, and the next one gets a fresh module.
 *
 * ```ts
 * const client = new AgentPhone({ apiKey: process.env.AGENTPHONE_API_KEY });
 * const { data } = await client.agents.list({ limit: 20 });
 * ```
 */
export class AgentPhone {
  /**
   * Makes a client and checks its options.
   *
   * Throws `ConfigurationError`, naming the option, for a missing key, a wrong value or an unknown
   * name.
   */
  constructor(options?: ClientOptions);
  /**
   * The same client for a sub-account, or with null for the master account: every request carries its
   * id in `X-Sub-Account-Id`. Retry budget and rate limits are shared, as the key is.
   */
  withSubAccount(id: string | null): AgentPhone;
  /**
   * Gives up what the client holds. Calls, lists' pages and transcripts under way go on to their end; each later
   * call rejects with `ConfigurationError`. Not needed: a client that nobody refers to is freed by the garbage
   * collector. `using client = new AgentPhone()` does it at the end of the block.
   */
  dispose(): void;
}
export interface AgentPhone extends Record<DisposeKey, () => void> {}

/** One page of a list. */
export interface Page<T> extends AsyncIterable<T> {
  /** The items of this page. */
  readonly data: T[];
  /** How many items the whole list has, where the API tells it. */
  readonly total?: number;
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
  pages(): AsyncIterableIterator<Page<T>>;
  /** The items in one array, at most `limit` of them. Default: all. */
  toArray(options?: {
    /** How many items at most; a whole number, 0 or more. */
    limit?: number;
  }): Promise<T[]>;
}
"#;
