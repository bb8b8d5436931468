// @ts-check
// What a walk over a list has seen, in bounded memory: so that an item that moves from one page to the next is given
// once, and a list that goes round in a circle ends.

import { fingerprint } from "./fingerprint.js";

/** Keys that are remembered: items by their ids, and pages whose items have none. */
const REMEMBERED = 10_000;
/** Pages in a row that may tell nothing new, however short the list. */
const FRUITLESS = 3;
/** Characters of an id that is remembered as it is. */
const LONGEST = 64;

/** What an item is known by; undefined where it has no id. @param {any} item */
const keyOf = (item) => {
  const id = item?.id;
  if (typeof id === "string") return id.length > LONGEST ? `#${fingerprint(id)}` : id;
  return typeof id === "number" ? id : undefined;
};

/** @param {Set<unknown>} one @param {Set<unknown>} other */
const equal = (one, other) => one.size === other.size && [...one].every((key) => other.has(key));

export class Seen {
  /** The oldest first. @type {Set<unknown>} */ #known = new Set();
  /** The keys of the last page. @type {Set<unknown>} */ #last = new Set();
  /** Pages that told something new. */
  #fruitful = 0;
  /** Pages since then, their fingerprints, and how many of them came more than once. */
  #barren = 0;
  /** @type {Set<number>} */ #row = new Set();
  #repeats = 0;
  /** A page to compare with, of which the walk is so many pages ahead, and when it is to be another. @type {number | undefined} */ #mark;
  #ahead = 0;
  #reach = 1;

  /**
   * What of a page is new, whether it is the last page again, and whether the list goes round in a circle.
   * @param {any[]} data @param {boolean} [back] The walk goes back: that some of what it reads is known is no wonder
   */
  look(data, back = false) {
    const keys = new Set();
    const fresh = [];
    let withId = 0;
    for (const item of data) {
      const key = keyOf(item);
      if (key !== undefined) {
        withId += 1;
        keys.add(key);
      }
      if (key === undefined || !this.#known.has(key)) fresh.push(item);
    }
    if (withId === 0 && data.length > 0) keys.add(`#${fingerprint(data)}`);
    const again = keys.size > 0 && (withId === 0 || withId === data.length) && equal(keys, this.#last);
    const circles = this.#circles(keys, back);
    this.#last = keys;
    for (const key of keys) this.#known.add(key);
    for (const key of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(key);
    }
    return { fresh: again ? [] : fresh, again, circles };
  }

  /** @param {Set<unknown>} keys @param {boolean} back */
  #circles(keys, back) {
    const page = fingerprint([...keys]);
    if ([...keys].some((key) => !this.#known.has(key))) {
      this.#fruitful += 1;
      this.#barren = this.#repeats = 0;
      this.#row.clear();
      // By Brent's algorithm, for circles so long that their beginning is forgotten before they close.
      if (page === this.#mark) return true;
      if (++this.#ahead === this.#reach) [this.#mark, this.#ahead, this.#reach] = [page, 0, 2 * this.#reach];
      return false;
    }
    this.#barren += back ? 0.1 : 1;
    if (this.#row.has(page) && !back) this.#repeats += 1;
    this.#row.add(page);
    // A list that grows while it is read may tell every page again that it has told, but once.
    return this.#repeats >= FRUITLESS || this.#barren >= Math.max(FRUITLESS, Math.min(this.#fruitful, REMEMBERED) + 1);
  }
}
