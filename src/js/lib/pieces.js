// @ts-check
// Finds pieces of many texts in another text. It takes two passes, one over each side, regardless of the content and of how often
// a piece repeats: pieces are found by a rolling hash, and compared if the hash is equal.

/** Base of the hash, different in each process, so that texts whose hashes collide cannot be prepared. */
let [seed, base] = [0, 0];

/** A 32-bit number for a unit of a text. @param {number} unit */
const mixed = (unit) => {
  const once = Math.imul(unit ^ seed, 0x9e3779b1);
  return Math.imul(once ^ (once >>> 15), 0x85ebca6b);
};

/** This many pieces are searched one by one: an index would cost more. */
const FEW = 6;

/** Units of the short runs by which nearly all texts are ruled out before anything is indexed. */
const GRAM = 3;

/** Which short runs of units a text has; several runs may share a bit. */
class Grams {
  #bits;
  #shift;

  /** @param {string} text */
  constructor(text) {
    let bits = 9;
    while (2 ** bits < 8 * text.length) bits += 1;
    this.#shift = 32 - bits;
    this.#bits = new Uint8Array(2 ** bits);
    let gram = 0;
    for (let at = 0; at < text.length; at += 1) {
      gram = this.#next(gram, text.charCodeAt(at));
      if (at >= GRAM - 1) this.#bits[this.#place(gram)] = 1;
    }
  }

  /** The number of a run that begins one unit later. @param {number} gram @param {number} unit */
  #next(gram, unit) {
    // Each unit is shifted out after GRAM steps of ten bits.
    return ((gram << 10) ^ unit) & 0x3fffffff;
  }

  /** @param {number} gram */
  #place(gram) {
    return Math.imul(gram, 0x9e3779b1) >>> this.#shift;
  }

  /** Whether the other text could have a piece of this length in common. False is certain. @param {string} text @param {number} length */
  mayShare(text, length) {
    if (length < GRAM) return true;
    let [gram, together] = [0, 0];
    for (let at = 0; at < text.length; at += 1) {
      gram = this.#next(gram, text.charCodeAt(at));
      if (at < GRAM - 1) continue;
      together = this.#bits[this.#place(gram)] ? together + 1 : 0;
      if (together + GRAM - 1 >= length) return true;
    }
    return false;
  }
}

export class Haystack {
  #text;
  #grams;
  /** @type {Uint16Array | undefined} */
  #units;
  /** @type {Int32Array | undefined} */
  #mixed;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    this.#grams = new Grams(text);
  }

  /** The units of the text, and a number for each. */
  #numbers() {
    // Not when the file is loaded: some hosts have no randomness then.
    if (base === 0) [seed, base] = [Math.floor(Math.random() * 2 ** 32), 1 + 2 * Math.floor(Math.random() * 2 ** 31)];
    const text = this.#text;
    if (this.#units && this.#mixed) return { units: this.#units, own: this.#mixed };
    const units = (this.#units = new Uint16Array(text.length));
    const own = (this.#mixed = new Int32Array(text.length));
    for (let at = 0; at < text.length; at += 1) own[at] = mixed((units[at] = text.charCodeAt(at)));
    return { units, own };
  }

  /**
   * Calls `hit` once with each place where a piece of this length of any of the texts begins.
   * @param {number} length @param {string[]} given @param {(place: number) => void} hit
   */
  find(length, given, hit) {
    if (length <= 0 || length > this.#text.length) return;
    const texts = given.filter((text) => this.#grams.mayShare(text, length));
    if (texts.length === 0) return;
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
    const { units, own } = this.#numbers();
    const count = units.length - length + 1;
    let power = 1;
    for (let at = 1; at < length; at += 1) power = Math.imul(power, base);
    let bits = 1;
    while (2 ** bits < 2 * count) bits += 1;
    const [mask, shift] = [2 ** bits - 1, 32 - bits];
    // By hash, the last place of each piece; `before` leads from there to the others. Places are counted from 1; -1
    // marks a piece whose places have all been reported.
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
        // No match, as for nearly all.
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
