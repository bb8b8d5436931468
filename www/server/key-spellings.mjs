// @ts-check
// The ways in which a server may repeat the key: in any case, with some or all of its characters percent-encoded or
// escaped as JSON, programs and HTML do it, and in hexadecimal or base64, alone or inside of something longer.

/** A spelling: for each of its places what may be there. In one that is not `exact`, letters may be of either case. @typedef {{ exact: boolean, places: Buffer[][] }} Spelling */

/** More than the key has begun, but the text ends. */
export const BEGUN = -1;

/** How a character may be written. @param {string} character */
const writings = (character) => {
  const code = character.charCodeAt(0);
  const hex = code.toString(16).padStart(2, "0");
  const all = [character.toLowerCase(), `%${hex}`, `%25${hex}`, `\\u00${hex}`, `\\x${hex}`, `&#${code};`, `&#x${hex};`];
  return all.map((one) => Buffer.from(one, "latin1"));
};

/** What a text is in base64 inside of a longer one, without the signs that depend on its neighbours. @param {string} key @param {number} before Bytes before it */
const base64Inside = (key, before) => {
  const signs = Buffer.from("\0".repeat(before) + key, "latin1")
    .toString("base64")
    .replace(/=+$/, "");
  return signs.slice([0, 2, 3][before], (before + key.length) % 3 === 0 ? undefined : -1);
};

/** @param {string} key @returns {Spelling[]} */
export const spellingsOf = (key) => {
  const inBase64 = [0, 1, 2].map((before) => base64Inside(key, before)).filter((signs) => signs.length > 5);
  /** @param {string} sign The alphabet for URLs has others. */
  const signs = (sign) =>
    [sign, ...(sign === "+" ? ["-", "%2B"] : sign === "/" ? ["_", "%2F", "\\/"] : [])].map((one) => Buffer.from(one));
  return [
    { exact: false, places: [...key].map(writings) },
    { exact: false, places: [[Buffer.from(Buffer.from(key, "latin1").toString("hex"))]] },
    ...inBase64.map((text) => ({ exact: true, places: [...text].map(signs) })),
  ];
};

/** @param {number} byte */
const lower = (byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** How many bytes of `wanted` are at a place, and whether that is all that the text has. @param {Uint8Array} bytes @param {number} at @param {Buffer} wanted @param {boolean} exact */
const matching = (bytes, at, wanted, exact) => {
  let length = 0;
  while (length < wanted.length && at + length < bytes.length) {
    const byte = /** @type {number} */ (bytes[at + length]);
    if ((exact ? byte : lower(byte)) !== wanted[length]) return 0;
    length += 1;
  }
  return length < wanted.length ? BEGUN : length;
};

/**
 * Where the key ends that begins at a place, in the first spelling in which it does: 0 where there is none, `BEGUN` where
 * it may go on behind the end.
 * @param {Uint8Array} bytes @param {number} at @param {Spelling[]} spellings
 */
export const endOfKey = (bytes, at, spellings) => {
  let begun = 0;
  for (const { exact, places } of spellings) {
    let end = at;
    for (const alternatives of places) {
      let length = 0;
      for (const wanted of alternatives) {
        length = matching(bytes, end, wanted, exact);
        if (length !== 0) break;
      }
      if (length === BEGUN) begun = BEGUN;
      if (length <= 0) {
        end = 0;
        break;
      }
      end += length;
    }
    if (end > 0) return end;
  }
  return begun;
};

/** Whether a header's value holds the key. @param {string} text @param {Spelling[]} spellings */
export const holdsKey = (text, spellings) => {
  const bytes = Buffer.from(text, "latin1");
  return bytes.some((_, at) => endOfKey(bytes, at, spellings) > 0);
};
