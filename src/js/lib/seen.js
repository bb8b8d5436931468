// @ts-check
// What a walk over a list has seen, in bounded memory. An item that moves from one page to the next is returned
// only once, and a list that repeats itself ends, in whatever order it repeats.

import { fingerprint, fingerprintOfText, MOST } from "./fingerprint.js";

/** Number of ids that are remembered at least, so that none is returned twice; at most twice as many. */
const REMEMBERED = 10_000;
/** Number of items that are remembered to detect whether a list still contains anything new. */
const SAMPLED = 4_096;
/** Consecutive pages that may contain nothing new, however short the list, and how often one of them may repeat. */
const FRUITLESS = 3;
/** Characters up to which an id is remembered literally. */
const LONGEST = 64;
/** How much a repetition counts when the walk goes back, where some repetition is expected. */
const BACK = 0.1;
/** Items without ids that may equal others before the list counts as repeating itself. */
const ALIKE = 10_000;

/** What identifies an item; undefined if it has no id. @param {any} item */
const keyOf = (item) => {
  const id = item?.id;
  if (typeof id === "string") return id.length > LONGEST ? `#${fingerprint(id)}` : id;
  return typeof id === "number" ? id : undefined;
};

/** @param {Set<unknown>} one @param {Set<unknown>} other */
const equal = (one, other) => {
  if (one.size !== other.size) return false;
  for (const key of one) if (!other.has(key)) return false;
  return true;
};

/** A number for an item of a page with so many. @param {any} item @param {unknown} key @param {number} count */
const hashOf = (item, key, count) =>
  stirred(typeof key === "string" ? fingerprintOfText(key) : fingerprint(key ?? item, Math.ceil(MOST / count)));

/** The latest keys. Whole generations are forgotten: deleting one by one would visit the deleted ones again and again. */
class Latest {
  /** @type {Set<unknown>} */ #young = new Set();
  /** @type {Set<unknown>} */ #old = new Set();

  /** @param {unknown} key */
  has(key) {
    return this.#young.has(key) || this.#old.has(key);
  }

  /** @param {Iterable<unknown>} keys */
  add(keys) {
    for (const key of keys) this.#young.add(key);
    if (this.#young.size < REMEMBERED) return;
    this.#old = this.#young;
    this.#young = new Set();
  }
}

/** A number whose bits depend on all of another's. @param {number} value */
const stirred = (value) => {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (once ^ (once >>> 13)) >>> 0;
};

/**
 * A fair sample of the distinct items seen, however many there are: those whose hash ends in a number of zeros.
 * When everything in it has repeated since the last new item, and some of it twice, nothing new is to be expected.
 */
class Sample {
  /** @type {Set<number>} */ #kept = new Set();
  #zeros = 0;
  /** Repetitions since the last new item. */
  #repeats = 0;

  /** @param {number} hash @param {number} weight Of a repetition */
  add(hash, weight) {
    if (this.#drops(hash)) return;
    if (this.#kept.has(hash)) return void (this.#repeats += weight);
    this.#repeats = 0;
    this.#kept.add(hash);
    while (this.#kept.size > SAMPLED) {
      this.#zeros += 1;
      for (const one of this.#kept) if (this.#drops(one)) this.#kept.delete(one);
    }
  }

  /** Whether nothing new has come for a long time. A list that grows while it is read may repeat everything once. @param {number} patience Repetitions allowed beyond that */
  isOver(patience) {
    return this.#repeats > this.#kept.size + patience;
  }

  /** @param {number} hash */
  #drops(hash) {
    return (hash & (2 ** this.#zeros - 1)) !== 0;
  }
}

export class Seen {
  #known = new Latest();
  /** The keys of the last page. @type {Set<unknown>} */ #last = new Set();
  #items = new Sample();
  /** Pages that contained something new. */
  #fruitful = 0;
  /** Pages since then, a sum of their contents regardless of order, and how many of them repeated. */
  #barren = 0;
  /** @type {Set<number>} */ #row = new Set();
  #repeats = 0;

  /**
   * Which items of a page are new, and at which places, whether it is the last page again, and whether the list goes round in a circle.
   * @param {any[]} data @param {boolean} [back] The walk goes back, so some repetition is expected
   */
  look(data, back = false) {
    const keys = new Set();
    const fresh = [];
    const places = [];
    let withId = 0;
    let [page, fruitful] = [0, false];
    for (let place = 0; place < data.length; place += 1) {
      const item = data[place];
      const key = keyOf(item);
      const hash = hashOf(item, key, data.length);
      // A sum, so that the order does not matter.
      page = (page + hash) >>> 0;
      if (key === undefined || !keys.has(key)) this.#items.add(hash, back ? BACK : 1);
      if (key !== undefined) {
        withId += 1;
        keys.add(key);
        if (this.#known.has(key)) continue;
        fruitful = true;
      }
      fresh.push(item);
      places.push(place);
    }
    if (withId === 0 && data.length > 0) {
      const key = `#${page}`;
      keys.add(key);
      fruitful = !this.#known.has(key);
    }
    const again = keys.size > 0 && (withId === 0 || withId === data.length) && equal(keys, this.#last);
    const circles =
      this.#circles(page, fruitful, back) ||
      (data.length > 0 && this.#items.isOver(withId === data.length ? 0 : ALIKE));
    this.#last = keys;
    this.#known.add(keys);
    return again ? { fresh: [], places: [], again, circles } : { fresh, places, again, circles };
  }

  /** Whether the same pages come again. @param {number} page @param {boolean} fruitful @param {boolean} back */
  #circles(page, fruitful, back) {
    if (fruitful) {
      this.#fruitful += 1;
      this.#barren = this.#repeats = 0;
      this.#row.clear();
      return false;
    }
    this.#barren += back ? BACK : 1;
    if (this.#row.has(page) && !back) this.#repeats += 1;
    this.#row.add(page);
    // A list that grows while it is read may repeat every page once.
    return this.#repeats >= FRUITLESS || this.#barren >= Math.max(FRUITLESS, Math.min(this.#fruitful, REMEMBERED) + 1);
  }
}
