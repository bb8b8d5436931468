// @ts-check
// Pages of a list: one object that is both the promise of the first page and an iterable of all items.
// JavaScript, because Rust cannot express `class … extends Promise` or an async iterator.

import { attempt, fieldsOf, quietly } from "../lib/fields.js";
import { iterator } from "../lib/iterator.js";
import { Pace } from "../lib/pace.js";
import { Seen } from "../lib/seen.js";
import { findable, throughProxies } from "../lib/self.js";
import { Turns } from "../lib/turns.js";
import { ApiPromise, named } from "../state/promise.js";
import { leave, newController, onAbort } from "../state/signal.js";

const DONE = { value: undefined, done: /** @type {const} */ (true) };

/**
 * @typedef {{ data: any[], total?: number, hasMore: boolean, next?: { offset?: number } }} Raw From list.js
 * @typedef {object} Source Where pages come from
 * @property {AbortSignal | null | undefined} signal The caller's
 * @property {(next: object, signal: AbortSignal | null | undefined) => PagePromise} ask
 * @property {(code: string, note: string, cause?: unknown) => unknown} error
 * @property {{ stack?: string } | undefined} site Where the list was asked for
 */

/** @param {Source} source */
const stuck = ({ error }) => error("INVALID_RESPONSE", "the list claims to have more pages but does not advance");

/** @param {Source} source */
const isAborted = ({ signal }) => attempt(() => signal?.aborted) === true;

/** @param {Source} source */
const aborted = ({ error, signal }) =>
  error(
    "ABORTED",
    "aborted by its signal",
    attempt(() => signal?.reason),
  );

/**
 * How a page was requested: `total` is the total on the page before it, `reach` is how far the list has been read without a
 * gap, and `back` is true if the walk has gone back.
 * @typedef {{ offset?: number, total?: number, reach?: number, back?: boolean }} Asked
 */

class Page {
  /** @type {Source} */ #source;
  /** @type {Asked | undefined} */ #next;

  /** @param {Raw} raw @param {Source} source @param {Asked} asked */
  constructor(
    { data, total, hasMore, next },
    source,
    { offset = 0, total: before = 0, reach = Infinity, back = false },
  ) {
    findable(this);
    this.data = data;
    if (total !== undefined) this.total = total;
    this.#source = source;
    // What the list has lost since the page before may have been in front of this one, and then what follows has
    // moved up, over the place where this one begins.
    const lost = Math.max(0, before - (total ?? before));
    const known = Math.max(0, reach - lost);
    const gap = offset > known;
    this.hasMore = hasMore || gap;
    // If it keeps losing items, some known ones are read once more, to be faster.
    if (gap)
      this.#next = {
        offset: Math.max(0, known - (back ? Math.min(lost, data.length >> 1) : 0)),
        total,
        reach: known,
        back: true,
      };
    else if (next?.offset === undefined) this.#next = next;
    else {
      const end = reach === Infinity ? next.offset : Math.max(known, next.offset);
      this.#next = { offset: end, total, reach: end };
    }
  }

  /** @param {Page} page */
  static goesBack(page) {
    return page.#next?.back === true;
  }

  /** @param {AbortSignal | null} [signal] */
  next(signal = this.#source.signal) {
    const next = this.#next;
    if (!next) return null;
    const { total, reach, back, ...query } = next;
    if (Object.keys(query).length > 0) return PagePromise.after(this.#source.ask(query, signal), next);
    const promise = new PagePromise(this.#source);
    ApiPromise.fail(promise, stuck(this.#source));
    return promise;
  }

  /** The items of this page and of those that follow, because a list stays iterable after an async function has awaited it. */
  [Symbol.asyncIterator]() {
    return items(walk(Promise.resolve(this), this.#source), this.#source);
  }
}

throughProxies(Page);
named("Page", Page);

export class PagePromise extends ApiPromise {
  /** @type {Source} */ #source;
  /** @type {Asked} */ #asked = {};

  /** @param {Source} source */
  constructor(source) {
    super(undefined, (raw) => new Page(raw, source, this.#asked), source.site);
    this.#source = source;
    // A caller that iterates later gets the error then; until then a failed read is not an unhandled rejection.
    this.catch(() => {});
  }

  /** The page follows another one. @param {PagePromise} promise @param {Asked} asked */
  static after(promise, asked) {
    promise.#asked = asked;
    return promise;
  }

  pages() {
    return walk(this, this.#source);
  }

  [Symbol.asyncIterator]() {
    return items(walk(this, this.#source), this.#source);
  }

  /** @param {{ limit?: number }} [options] */
  async toArray(options = {}) {
    const { limit = Infinity, ...others } = attempt(() => fieldsOf(options, "options", "option")) ?? {
      limit: Number.NaN,
    };
    if (Object.keys(others).length > 0 || !(limit === Infinity || (Number.isInteger(limit) && limit >= 0))) {
      throw this.#source.error("INVALID_ARGUMENT", "toArray accepts { limit }, a whole number, 0 or more");
    }
    /** @type {any[]} */
    const all = [];
    for await (const { data } of walk(this, this.#source, limit)) {
      for (const item of data) if (all.length < limit) all.push(item);
    }
    return all;
  }
}

throughProxies(PagePromise);
named("PagePromise", PagePromise);

/**
 * Walks the pages, one ahead of the caller, until `wanted` items have been yielded.
 * @param {Promise<Page>} first @param {Source} source @param {number} wanted
 */
const walk = (first, source, wanted = Infinity) => {
  // A signal of our own for the page that is prefetched, because `break` must cancel it.
  const own = newController();
  const abort = () => attempt(() => own.abort(source.signal?.reason));
  /** @type {Promise<Page> | null} */
  let ahead = first;
  let [linked, left, wentBack] = [false, false, false];
  const seen = new Seen();
  const pace = new Pace();
  const turns = new Turns();

  /** Not before the first page has arrived: until then nothing has checked that it is a signal. */
  const link = () => {
    if (linked) return;
    linked = true;
    onAbort(source.signal ?? undefined, own, abort);
  };
  const end = () => {
    ahead = null;
    if (linked) leave(source.signal ?? undefined, own);
  };

  /** The next page that has items. @param {Promise<Page>} asked */
  const page = async (asked) => {
    const page = await asked;
    const pause = pace.step();
    if (pause) await pause;
    const back = Page.goesBack(page);
    if (left) return undefined;
    if (isAborted(source)) throw aborted(source);
    const { fresh, again, circles } = seen.look(page.data, back);
    // If none follows, the same page again comes from a server that ignores the query.
    const useless = page.hasMore ? circles || (page.data.length === 0 && !back) : again && !wentBack;
    if (useless) throw stuck(source);
    wentBack = back;
    wanted -= fresh.length;
    ahead = null;
    if (page.hasMore && wanted > 0) {
      link();
      ahead = page.next(own.signal);
      // Its failure is reported when it is requested.
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
      // What `return` has cancelled is not a failure.
      if (!left) throw error;
    }
    return DONE;
  };

  const close = async () => {
    left = true;
    ahead?.catch(() => {});
    end();
    quietly(() => own.abort());
  };
  return iterator(() => turns.take(step), close);
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
    if (!isAborted(source)) return { value: held[at++], done: false };
    held = [];
    await pages.return();
    throw aborted(source);
  };
  const next = () => {
    const atHand = turns.free && at < held.length && !isAborted(source);
    return atHand ? Promise.resolve({ value: held[at++], done: false }) : turns.take(step);
  };
  return iterator(next, () => {
    held = [];
    return pages.return();
  });
};
