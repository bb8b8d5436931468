// @ts-check
// A number that identifies a JSON value without storing it. It detects accidental repeats: a caller who
// constructs values with the same fingerprint only harms their own requests.

/** Values that are read at most: a page of a server may have millions. */
export const MOST = 300_000;

const START = 0x811c9dc5;

/** The fingerprint of a text, which is not that of `fingerprint`. @param {string} text */
export const fingerprintOfText = (text) => {
  let hash = START;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/**
 * The fingerprint of a value (FNV-1a), or of its beginning if it is very large. Without recursion, which JSON.stringify
 * uses: a value nested thousands of levels deep, which JSON.parse reads without trouble, would overflow the stack.
 * @param {unknown} value @param {number} [most] Values that are read at most
 */
export const fingerprint = (value, most = MOST) => {
  let hash = START;
  const rest = [value];
  for (let left = most; rest.length > 0 && left > 0; left -= 1) {
    const one = rest.pop();
    let text;
    // Lengths separate the contents of an object from what follows it.
    if (Array.isArray(one)) {
      text = `true${one.length}`;
      for (let at = 0; at < one.length && at < left; at += 1) rest.push(one[at]);
    } else if (typeof one === "object" && one !== null) {
      const keys = Object.keys(one);
      text = `false${keys.length}`;
      for (let at = 0; at < keys.length && at < left; at += 1)
        rest.push(keys[at], /** @type {any} */ (one)[/** @type {string} */ (keys[at])]);
    } else text = `${typeof one}${one}`;
    for (let i = -1; i < text.length; i += 1)
      hash = Math.imul(hash ^ (i < 0 ? text.length : text.charCodeAt(i)), 0x01000193);
  }
  return hash >>> 0;
};
