// @ts-check
// SHA-256 (FIPS 180-4), synchronous: the engine's own returns a promise, which takes much longer for the short texts that are
// digested here. Signatures of approvals use the engine's.

/** The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const constants = () => {
  const [k, h] = [new Int32Array(64), new Int32Array(8)];
  const fraction = (/** @type {number} */ root) => (root - Math.floor(root)) * 2 ** 32;
  for (let number = 2, found = 0; found < 64; number += 1) {
    let divisor = 2;
    while (number % divisor !== 0) divisor += 1;
    if (divisor < number) continue;
    k[found] = fraction(Math.cbrt(number));
    if (found < 8) h[found] = fraction(Math.sqrt(number));
    found += 1;
  }
  return { k, h, w: new Int32Array(64) };
};

/** Made when it is first used. @type {ReturnType<typeof constants> | undefined} */
let made;

const rotated = (/** @type {number} */ word, /** @type {number} */ by) => (word >>> by) | (word << (32 - by));

/** A word of an array that has it. @param {Int32Array} words @param {number} at */
const word = (words, at) => /** @type {number} */ (words[at]);

/** Without an array per round, which would be most of the work. @param {DataView} view @param {number} start @param {Int32Array} hash @param {ReturnType<typeof constants>} constant */
const addBlock = (view, start, hash, { k, w }) => {
  for (let at = 0; at < 16; at += 1) w[at] = view.getInt32(start + 4 * at);
  for (let at = 16; at < 64; at += 1) {
    const [low, high] = [word(w, at - 15), word(w, at - 2)];
    const one = rotated(low, 7) ^ rotated(low, 18) ^ (low >>> 3);
    const two = rotated(high, 17) ^ rotated(high, 19) ^ (high >>> 10);
    w[at] = word(w, at - 16) + one + word(w, at - 7) + two;
  }
  let [a, b, c, d] = [word(hash, 0), word(hash, 1), word(hash, 2), word(hash, 3)];
  let [e, f, g, h] = [word(hash, 4), word(hash, 5), word(hash, 6), word(hash, 7)];
  for (let at = 0; at < 64; at += 1) {
    const one = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + one + ((e & f) ^ (~e & g)) + word(k, at) + word(w, at)) | 0;
    const two = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const second = (two + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  hash[0] = word(hash, 0) + a;
  hash[1] = word(hash, 1) + b;
  hash[2] = word(hash, 2) + c;
  hash[3] = word(hash, 3) + d;
  hash[4] = word(hash, 4) + e;
  hash[5] = word(hash, 5) + f;
  hash[6] = word(hash, 6) + g;
  hash[7] = word(hash, 7) + h;
};

/** @param {Uint8Array} bytes @returns {Uint8Array} */
export const sha256 = (bytes) => {
  made ??= constants();
  const padded = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64));
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const hash = made.h.slice();
  for (let start = 0; start < padded.length; start += 64) addBlock(view, start, hash, made);
  for (let at = 0; at < 8; at += 1) view.setInt32(4 * at, word(hash, at));
  return padded.subarray(0, 32);
};
