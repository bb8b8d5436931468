// @ts-check
// Overwrites the key where an answer repeats it, as debug pages and echo servers do: then the page, and whatever else
// reads along there, would have it after all. The length stays, so that Content-Length stays true.

import { Transform } from "node:stream";
import { BEGUN, endOfKey, spellingsOf } from "./key-spellings.mjs";

export class KeyMask extends Transform {
  #spellings;
  /** By its number, whether a byte may be the first of the key: most are not, and answers are long. */
  #first = new Uint8Array(256);
  /** The end of what has come so far, where it may be the beginning of the key. */
  #held = Buffer.alloc(0);

  /** @param {string} key */
  constructor(key) {
    super();
    this.#spellings = spellingsOf(key);
    for (let byte = 0; byte < 256; byte += 1)
      this.#first[byte] = Number(endOfKey(Uint8Array.of(byte), 0, this.#spellings) !== 0);
  }

  /** @override @param {Buffer} chunk @param {BufferEncoding} _ @param {import("node:stream").TransformCallback} done */
  _transform(chunk, _, done) {
    const bytes = Buffer.concat([this.#held, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const end = this.#first[/** @type {number} */ (bytes[at])] ? endOfKey(bytes, at, this.#spellings) : 0;
      if (end === BEGUN) break;
      if (end > 0) bytes.fill("*", at, end);
      at = Math.max(at + 1, end);
    }
    this.#held = bytes.subarray(at);
    done(null, bytes.subarray(0, at));
  }

  /** @override @param {import("node:stream").TransformCallback} done */
  _flush(done) {
    done(null, this.#held);
  }
}
