// @ts-check
// Pages of a list: one object that is both the promise of the first page and an iterable of them all.
// JavaScript, because Rust cannot express `class … extends Promise` or an async iterator.

import { ApiPromise, named } from "./promise.js";

/** How many earlier pages an item is looked for in: enough for a list that moves, and bounded. */
const REMEMBERED = 2;

/**
 * @typedef {{ data: any[], total?: number, hasMore: boolean, next?: object }} Raw As `client::pages` makes it
 * @typedef {object} Source Where a list comes from
 * @property {AbortSignal | undefined} signal The caller's
 * @property {(next: object, signal: AbortSignal | undefined) => PagePromise} ask
 * @property {(code: string, note: string) => unknown} error
 */

/** @param {Source} source */
const stuck = ({ error }) => error("INVALID_RESPONSE", "the list says that more follows, but it does not move");

class Page {
  /** @type {Source} */ #source;
  /** @type {object | undefined} */ #next;

  /** @param {Raw} raw @param {Source} source */
  constructor({ next, ...seen }, source) {
    Object.assign(this, seen);
    this.#next = next;
    this.#source = source;
  }

  /** @param {AbortSignal} [signal] */
  next(signal = this.#source.signal) {
    const next = this.#next;
    if (!next) return null;
    if (Object.keys(next).length > 0) return this.#source.ask(next, signal);
    return Promise.reject(stuck(this.#source));
  }
}

named("Page", Page);

export class PagePromise extends ApiPromise {
  /** @type {Source} */ #source;

  /** @param {Source} source */
  constructor(source) {
    super(undefined, (raw) => new Page(raw, source));
    this.#source = source;
  }

  pages() {
    return walk(this, this.#source);
  }

  [Symbol.asyncIterator]() {
    const pages = walk(this, this.#source);
    /** @type {any[]} */
    let items = [];
    let at = 0;
    return {
      async next() {
        while (at >= items.length) {
          const { value, done } = await pages.next();
          if (done) return { value: undefined, done: true };
          items = value.data;
          at = 0;
        }
        return { value: items[at++], done: false };
      },
      return: () => {
        items = [];
        return pages.return();
      },
    };
  }

  /** @param {{ limit?: number }} [options] */
  async toArray({ limit = Infinity } = {}) {
    if (!(limit >= 0) || (limit !== Infinity && !Number.isInteger(limit))) {
      this.catch(() => {});
      throw this.#source.error("INVALID_ARGUMENT", "limit of toArray must be a whole number, 0 or more");
    }
    /** @type {any[]} */
    const all = [];
    for await (const { data } of this.pages()) {
      all.push(...data.slice(0, limit - all.length));
      if (all.length >= limit) break;
    }
    return all;
  }
}

named("PagePromise", PagePromise);

/**
 * Walks the pages, one ahead of the caller.
 * @param {PagePromise} first @param {Source} source
 */
const walk = (first, source) => {
  const { signal } = source;
  // A signal of our own for what is fetched ahead, because `break` must cancel it.
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  if (signal?.aborted) abort();
  /** @type {Promise<any> | null} */
  let ahead = first;
  /** @type {Set<unknown>[]} */
  const seen = [];

  const end = () => {
    ahead = null;
    signal?.removeEventListener("abort", abort);
  };

  const step = async () => {
    if (!ahead) return { value: undefined, done: true };
    try {
      const page = await ahead;
      if (!ahead) return { value: undefined, done: true };
      const fresh = page.data.filter((/** @type {any} */ item) => item?.id === undefined || !seen.some((ids) => ids.has(item.id)));
      // The same page again: a server that takes no notice of what was asked.
      if (page.hasMore && fresh.length === 0) throw stuck(source);
      seen.push(new Set(page.data.map((/** @type {any} */ item) => item?.id)));
      if (seen.length > REMEMBERED) seen.shift();
      ahead = page.next(own.signal);
      // Its failure is told when it is asked for.
      ahead?.catch(() => {});
      if (!ahead) end();
      if (fresh.length < page.data.length) page.data = fresh;
      return { value: page, done: false };
    } catch (error) {
      end();
      throw error;
    }
  };

  /** Calls of `next` that overlap are answered in their order. @type {Promise<unknown>} */
  let turn = Promise.resolve();
  return {
    next: () => {
      const result = turn.then(step);
      turn = result.catch(() => {});
      return result;
    },
    return: async () => {
      end();
      own.abort();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
