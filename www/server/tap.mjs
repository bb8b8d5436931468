// @ts-check
// Keeps the beginning of a body that passes through, for the log of requests.

import { Transform } from "node:stream";
import { LONGEST } from "../../sandbox/node/exchanges.mjs";

/** What passes stays as it is, and is not held back. */
export class Tap extends Transform {
  /** @type {Buffer[]} */
  #kept = [];
  #length = 0;
  #size = 0;
  #tell;

  /** @param {(beginning: Buffer, size: number) => void} tell Told at once, and at the end. */
  constructor(tell) {
    super();
    this.#tell = tell;
    tell(Buffer.alloc(0), 0);
  }

  /** @override @param {Buffer} chunk @param {string} _ @param {(error: null, chunk: Buffer) => void} done */
  _transform(chunk, _, done) {
    this.#size += chunk.length;
    if (this.#length < LONGEST) {
      this.#kept.push(chunk.subarray(0, LONGEST - this.#length));
      this.#length += chunk.length;
    }
    done(null, chunk);
  }

  /** Also of a body that broke off. @override @param {Error | null} error @param {(error: Error | null) => void} done */
  _destroy(error, done) {
    this.#tell(Buffer.concat(this.#kept), this.#size);
    done(error);
  }
}
