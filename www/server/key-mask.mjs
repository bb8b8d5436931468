// @ts-check
// Overwrites the key where an answer repeats it, as debug pages and echo servers do: then the page, and whatever else
// reads along there, would have it after all. The length stays, so that Content-Length stays true.

import { Transform } from "node:stream";

export class KeyMask extends Transform {
  #key;
  /** The end of what has come so far, where it may be the beginning of the key. */
  #held = Buffer.alloc(0);

  /** @param {string} key */
  constructor(key) {
    super();
    this.#key = Buffer.from(key);
  }

  /** @override @param {Buffer} chunk @param {BufferEncoding} _ @param {import("node:stream").TransformCallback} done */
  _transform(chunk, _, done) {
    const bytes = Buffer.concat([this.#held, chunk]);
    for (let at = bytes.indexOf(this.#key); at !== -1; at = bytes.indexOf(this.#key, at)) bytes.fill("*", at, at + this.#key.length);
    const end = bytes.length - this.#begun(bytes);
    this.#held = bytes.subarray(end);
    done(null, bytes.subarray(0, end));
  }

  /** @override @param {import("node:stream").TransformCallback} done */
  _flush(done) {
    done(null, this.#held);
  }

  /** How many bytes at the end are the beginning of the key. @param {Buffer} bytes */
  #begun(bytes) {
    let length = Math.min(this.#key.length - 1, bytes.length);
    while (length > 0 && !bytes.subarray(-length).equals(this.#key.subarray(0, length))) length -= 1;
    return length;
  }
}
