// @ts-check
// A number that stands for a JSON value, to know it again without keeping it. It is for accidental repeats: whoever
// makes up values that share a fingerprint only spoils what he himself sends.

/** Values that are looked at: a page of a server's may have millions. */
export const MOST = 300_000;

/**
 * The fingerprint of a value (FNV-1a), of its beginning where it is very large. Without recursion, as JSON.stringify has
 * it: a value nested some thousand levels deep, which JSON.parse reads without trouble, would overflow the stack.
 * @param {unknown} value @param {number} [most] Values of it that are looked at
 */
export const fingerprint = (value, most = MOST) => {
  let hash = 0x811c9dc5;
  const rest = [value];
  for (let left = most; rest.length > 0 && left > 0; left -= 1) {
    const one = rest.pop();
    let text;
    // Lengths, so that what stands in one object is not taken for what stands beside it.
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
