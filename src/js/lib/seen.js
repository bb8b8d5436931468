// @ts-check
// What a walk over a list has seen, in bounded memory: so that an item that moves from one page to the next is given
// once, and a list that tells the same again and again ends, in whatever order it does so.

import { fingerprint, MOST } from "./fingerprint.js";

/** Ids that are remembered, so that none is given twice. */
const REMEMBERED = 10_000;
/** Items that are remembered to find out whether a list still tells anything new. */
const SAMPLED = 4_096;
/** Pages in a row that may tell nothing new, however short the list, and how often one may come again among them. */
const FRUITLESS = 3;
/** Characters of an id that is remembered as it is. */
const LONGEST = 64;
/** How much a repetition counts where the walk goes back: that some of what it reads is known is no wonder. */
const BACK = 0.1;
/** Items without ids that may be the same as others before the list is one that repeats itself. */
const ALIKE = 10_000;

/** What an item is known by; undefined where it has no id. @param {any} item */
const keyOf = (item) => {
  const id = item?.id;
  if (typeof id === "string") return id.length > LONGEST ? `#${fingerprint(id)}` : id;
  return typeof id === "number" ? id : undefined;
};

/** @param {Set<unknown>} one @param {Set<unknown>} other */
const equal = (one, other) => one.size === other.size && [...one].every((key) => other.has(key));

/** A number whose bits depend on all of another's. @param {number} value */
const stirred = (value) => {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (once ^ (once >>> 13)) >>> 0;
};

/**
 * A fair sample of the different things that have come, however many there are: those whose hash ends in so many zeros.
 * When all that is in it has come again since the last new thing, and some of it twice, nothing new is to be expected.
 */
class Sample {
  /** @type {Set<number>} */ #kept = new Set();
  #zeros = 0;
  /** Repetitions since the last new one. */
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

  /** Whether nothing new has come for long. A list that grows while it is read may tell all that it has told, but once. @param {number} patience More repetitions than that */
  isOver(patience) {
    return this.#repeats > this.#kept.size + patience;
  }

  /** @param {number} hash */
  #drops(hash) {
    return (hash & (2 ** this.#zeros - 1)) !== 0;
  }
}

export class Seen {
  /** The ids that have come, the oldest first. @type {Set<unknown>} */ #known = new Set();
  /** The keys of the last page. @type {Set<unknown>} */ #last = new Set();
  #items = new Sample();
  /** Pages that told something new. */
  #fruitful = 0;
  /** Pages since then, what is on them, in whatever order, and how many of them came more than once. */
  #barren = 0;
  /** @type {Set<number>} */ #row = new Set();
  #repeats = 0;

  /**
   * What of a page is new, by itself and by its places, whether it is the last page again, and whether the list goes round in a circle.
   * @param {any[]} data @param {boolean} [back] The walk goes back: that some of what it reads is known is no wonder
   */
  look(data, back = false) {
    const keys = new Set();
    const fresh = [];
    const places = [];
    let withId = 0;
    let [page, fruitful] = [0, false];
    for (const [place, item] of data.entries()) {
      const key = keyOf(item);
      const hash = stirred(fingerprint(key ?? item, Math.ceil(MOST / data.length)));
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
    for (const key of keys) this.#known.add(key);
    for (const key of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(key);
    }
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
    // A list that grows while it is read may tell every page again that it has told, but once.
    return this.#repeats >= FRUITLESS || this.#barren >= Math.max(FRUITLESS, Math.min(this.#fruitful, REMEMBERED) + 1);
  }
}
