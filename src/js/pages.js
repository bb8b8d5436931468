// @ts-check
// Pages of a list: one object that is both the promise of the first page and an iterable of them all.
// JavaScript, because Rust cannot express `class … extends Promise` or an async iterator.

import { attempt, fieldsOf } from "./fields.js";
import { ApiPromise, named } from "./promise.js";
import { Turns } from "./turns.js";

/** Pages in a row that hold nothing new: a list that grows while it is read may tell a page again. */
const FRUITLESS = 3;
const DONE = { value: undefined, done: /** @type {const} */ (true) };

/**
 * @typedef {{ data: any[], total?: number, hasMore: boolean, next?: object }} Raw As list.js makes it
 * @typedef {object} Source Where a list comes from
 * @property {AbortSignal | null | undefined} signal The caller's
 * @property {(next: object, signal: AbortSignal | null | undefined) => PagePromise} ask
 * @property {(code: string, note: string, cause?: unknown) => unknown} error
 * @property {{ stack?: string } | undefined} site Where the list was asked for
 */

/** @param {Source} source */
const stuck = ({ error }) => error("INVALID_RESPONSE", "the list says that more follows, but it does not move");

/** @param {Source} source */
const aborted = ({ error, signal }) => error("ABORTED", "aborted by its signal", signal?.reason);

class Page {
  /** @type {Source} */ #source;
  /** @type {object | undefined} */ #next;

  /** @param {Raw} raw @param {Source} source */
  constructor({ data, total, hasMore, next }, source) {
    this.data = data;
    if (total !== undefined) this.total = total;
    this.hasMore = hasMore;
    this.#next = next;
    this.#source = source;
  }

  /** @param {AbortSignal | null} [signal] */
  next(signal = this.#source.signal) {
    const next = this.#next;
    if (!next) return null;
    if (Object.keys(next).length > 0) return this.#source.ask(next, signal);
    const promise = new PagePromise(this.#source);
    ApiPromise.fail(promise, stuck(this.#source));
    return promise;
  }
}

named("Page", Page);

export class PagePromise extends ApiPromise {
  /** @type {Source} */ #source;

  /** @param {Source} source */
  constructor(source) {
    super(undefined, (raw) => new Page(raw, source), source.site);
    this.#source = source;
  }

  pages() {
    return walk(this, this.#source);
  }

  [Symbol.asyncIterator]() {
    return items(walk(this, this.#source), this.#source);
  }

  /** @param {{ limit?: number }} [options] */
  async toArray(options = {}) {
    const { limit = Infinity, ...others } = attempt(() => fieldsOf(options, "options", "option")) ?? { limit: Number.NaN };
    if (Object.keys(others).length > 0 || !(limit === Infinity || (Number.isInteger(limit) && limit >= 0))) {
      this.catch(() => {});
      throw this.#source.error("INVALID_ARGUMENT", "toArray takes { limit }, a whole number, 0 or more");
    }
    /** @type {any[]} */
    const all = [];
    for await (const { data } of walk(this, this.#source, limit)) {
      for (const item of data) if (all.length < limit) all.push(item);
    }
    return all;
  }
}

named("PagePromise", PagePromise);

/** What the last two pages gave: enough for a list that moves while it is read, and bounded. */
class Seen {
  /** The ids of the last page, and of the one before. @type {Set<unknown>} */ #last = new Set();
  /** @type {Set<unknown>} */ #earlier = new Set();
  /** The last page as text, where its items have no ids. */
  #text = "";

  /** What of a page is new, and whether it is the last page again. @param {any[]} data */
  look(data) {
    const ids = new Set();
    const fresh = [];
    let ofLast = 0;
    for (const item of data) {
      const id = item?.id;
      if (id === undefined || id === null) {
        fresh.push(item);
        continue;
      }
      ids.add(id);
      if (this.#last.has(id)) ofLast += 1;
      else if (!this.#earlier.has(id)) fresh.push(item);
    }
    const text = ids.size === 0 && data.length > 0 ? JSON.stringify(data) : "";
    const again = text === "" ? ofLast > 0 && ofLast === data.length && ids.size === this.#last.size : text === this.#text;
    this.#earlier = this.#last;
    this.#last = ids;
    this.#text = text;
    return { fresh: again ? [] : fresh, again };
  }
}

/**
 * Walks the pages, one ahead of the caller, until `wanted` items have been given.
 * @param {PagePromise} first @param {Source} source @param {number} wanted
 */
const walk = (first, source, wanted = Infinity) => {
  // A signal of our own for what is fetched ahead, because `break` must cancel it.
  const own = new AbortController();
  const abort = () => own.abort(source.signal?.reason);
  /** @type {PagePromise | null} */
  let ahead = first;
  let [linked, left, barren] = [false, false, 0];
  const seen = new Seen();
  const turns = new Turns();

  /** Not before the first page has come: until then nobody has checked that it is a signal. */
  const link = () => {
    if (linked) return;
    linked = true;
    source.signal?.addEventListener("abort", abort, { once: true });
  };
  const end = () => {
    ahead = null;
    if (linked) source.signal?.removeEventListener("abort", abort);
  };

  /** The next page that has something to give. @param {PagePromise} asked */
  const page = async (asked) => {
    const page = await asked;
    if (left) return undefined;
    if (source.signal?.aborted) throw aborted(source);
    const { fresh, again } = seen.look(page.data);
    barren = fresh.length > 0 ? 0 : barren + 1;
    const useless = page.data.length === 0 || barren === FRUITLESS;
    // The same page again: a server that takes no notice of what was asked.
    if (page.hasMore ? useless : again) throw stuck(source);
    wanted -= fresh.length;
    ahead = null;
    if (page.hasMore && wanted > 0) {
      link();
      ahead = page.next(own.signal);
      // Its failure is told when it is asked for.
      ahead?.catch(() => {});
    } else end();
    if (fresh.length < page.data.length) page.data = fresh;
    return fresh.length === 0 && ahead ? undefined : page;
  };

  const step = async () => {
    try {
      while (ahead) {
        const value = await page(ahead);
        if (value) return { value, done: false };
      }
    } catch (error) {
      end();
      // What `return` has cancelled is no failure.
      if (!left) throw error;
    }
    return DONE;
  };

  return {
    next: () => turns.take(step),
    return: async () => {
      left = true;
      ahead?.catch(() => {});
      end();
      own.abort();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

/**
 * The items of the pages, one by one.
 * @param {ReturnType<typeof walk>} pages @param {Source} source
 */
const items = (pages, source) => {
  /** @type {any[]} */
  let held = [];
  let at = 0;
  const turns = new Turns();
  const step = async () => {
    while (at >= held.length) {
      const { value, done } = await pages.next();
      if (done) return DONE;
      held = value.data;
      at = 0;
    }
    if (!source.signal?.aborted) return { value: held[at++], done: false };
    held = [];
    await pages.return();
    throw aborted(source);
  };
  return {
    next: () => {
      const atHand = turns.free && at < held.length && !source.signal?.aborted;
      return atHand ? Promise.resolve({ value: held[at++], done: false }) : turns.take(step);
    },
    return: () => {
      held = [];
      return pages.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
