// @ts-check
// The idempotency keys of the console: each says for what it is. The ledger keeps no number and no text, so that this is
// all that a reload, or another tab, can tell of an intent; therefore a key has no number in full and no text either.

/** What a key says. @typedef {{ print: string, note: string }} KeyParts */

const BEGIN = "console";
/** Characters of a note, of the 255 that a key may have. */
const LONGEST = 80;
/** 64-bit FNV-1a. */
const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/**
 * A short print of a JSON value: equal for what is the same. It need not be safe against anybody: two values with one
 * print would only make the client refuse the second.
 * @param {unknown} value
 */
export function printOf(value) {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(JSON.stringify(value) ?? ""))
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash.toString(16).padStart(16, "0");
}

/** Random letters, also where a page has no secure context and so no `randomUUID`. */
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("");

/**
 * A new key.
 * @param {string} print Of what is the same thing to a person.
 * @param {string} note For a list of intents, e.g. `to a number ending in 0100`.
 */
export function makeKey(print, note) {
  const clean = Array.from(note.replaceAll(/\p{C}+/gu, " ").trim())
    .slice(0, LONGEST)
    .join("");
  return `${BEGIN}/${print}/${random()}/${clean}`;
}

/** What a key says; undefined for one that the console did not make. @param {string} key @returns {KeyParts | undefined} */
export function partsOf(key) {
  const [begin, print, unique, ...note] = key.split("/");
  if (begin !== BEGIN || print === undefined || unique === undefined) return undefined;
  return { print, note: note.join("/") };
}

/**
 * Which number, without the number; which address, without the address.
 * @param {string} recipient
 */
export function endOf(recipient) {
  const digits = recipient.replaceAll(/\D/g, "");
  return digits.length < 7 || recipient.includes("@") ? "" : `a number ending in ${digits.slice(-4)}`;
}
