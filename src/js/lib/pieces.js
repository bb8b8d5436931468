// @ts-check
// Finds pieces of many texts in one other text. Two passes, one over each side, whatever the two hold and however often
// a piece repeats: pieces are known by a rolling hash, and compared where that is the same.

/** Of the hash, different in each process: nobody can prepare texts whose hashes collide. */
let [seed, base] = [0, 0];

/** A number of 32 bits for a unit of a text. @param {number} unit */
const mixed = (unit) => {
  const once = Math.imul(unit ^ seed, 0x9e3779b1);
  return Math.imul(once ^ (once >>> 15), 0x85ebca6b);
};

/** So few pieces are looked for one by one: an index would cost more. */
const FEW = 6;

export class Haystack {
  #text;
  #units;
  #mixed;

  /** @param {string} text */
  constructor(text) {
    // Not when the file is loaded: some hosts have no chance then.
    if (base === 0) [seed, base] = [Math.floor(Math.random() * 2 ** 32), 1 + 2 * Math.floor(Math.random() * 2 ** 31)];
    const { length } = text;
    this.#text = text;
    this.#units = new Uint16Array(length);
    this.#mixed = new Int32Array(length);
    for (let at = 0; at < length; at += 1) this.#mixed[at] = mixed((this.#units[at] = text.charCodeAt(at)));
  }

  /**
   * Tells `hit` each place where a piece of this length of any of the texts begins, once.
   * @param {number} length @param {string[]} texts @param {(place: number) => void} hit
   */
  find(length, texts, hit) {
    if (length <= 0 || length > this.#text.length) return;
    if (texts.length <= FEW) {
      const pieces = texts.reduce((count, text) => count + Math.max(0, text.length - length + 1), 0);
      if (pieces <= FEW) return this.#findFew(length, texts, hit);
    }
    this.#findMany(length, texts, hit);
  }

  /** @param {number} length @param {string[]} texts @param {(place: number) => void} hit */
  #findFew(length, texts, hit) {
    const pieces = new Set();
    for (const text of texts)
      for (let at = 0; at + length <= text.length; at += 1) pieces.add(text.slice(at, at + length));
    for (const piece of pieces)
      for (let at = this.#text.indexOf(piece); at >= 0; at = this.#text.indexOf(piece, at + 1)) hit(at);
  }

  /** @param {number} length @param {string[]} texts @param {(place: number) => void} hit */
  #findMany(length, texts, hit) {
    const units = this.#units;
    const own = this.#mixed;
    const count = units.length - length + 1;
    let power = 1;
    for (let at = 1; at < length; at += 1) power = Math.imul(power, base);
    let bits = 1;
    while (2 ** bits < 2 * count) bits += 1;
    const [mask, shift] = [2 ** bits - 1, 32 - bits];
    // By its hash, the last place of each piece; from there `before` leads to the others. Places are counted from 1; -1
    // stands for a piece whose places have all been told.
    const hashes = new Int32Array(2 ** bits);
    const last = new Int32Array(2 ** bits);
    const before = new Int32Array(count + 1);
    /** Where the places of a hash are, or would be. @param {number} hash */
    const slotOf = (hash) => {
      let slot = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> shift;
      while (last[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & mask;
      return slot;
    };
    let hash = 0;
    for (let at = 0; at < units.length; at += 1) {
      if (at >= length) hash -= Math.imul(/** @type {number} */ (own[at - length]), power);
      hash = (Math.imul(hash, base) + /** @type {number} */ (own[at])) | 0;
      const place = at - length + 2;
      if (place < 1) continue;
      const slot = slotOf(hash);
      hashes[slot] = hash;
      before[place] = /** @type {number} */ (last[slot]);
      last[slot] = place;
    }

    /** Whether a piece of a text is here. @param {string} text @param {number} from @param {number} place */
    const same = (text, from, place) => {
      let at = 0;
      while (at < length && units[place - 1 + at] === text.charCodeAt(from + at)) at += 1;
      return at === length;
    };
    for (const text of texts) {
      hash = 0;
      for (let at = 0; at < text.length; at += 1) {
        if (at >= length) hash -= Math.imul(mixed(text.charCodeAt(at - length)), power);
        hash = (Math.imul(hash, base) + mixed(text.charCodeAt(at))) | 0;
        const from = at - length + 1;
        if (from < 0) continue;
        const slot = slotOf(hash);
        let place = /** @type {number} */ (last[slot]);
        // Nothing of it is here: true of nearly all.
        if (place <= 0) continue;
        let rest = -1;
        while (place > 0) {
          const next = /** @type {number} */ (before[place]);
          if (same(text, from, place)) hit(place - 1);
          else {
            before[place] = rest;
            rest = place;
          }
          place = next;
        }
        last[slot] = rest;
      }
    }
  }
}
