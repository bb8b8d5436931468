// @ts-check
// A number that stands for a JSON value, to know it again without keeping it. It is for accidental repeats: whoever
// makes up values that share a fingerprint only spoils what he himself sends.

/**
 * The fingerprint of a value, 53 bits. Without recursion, as JSON.stringify has it: a value nested some thousand levels
 * deep, which JSON.parse reads without trouble, would overflow the stack.
 * @param {unknown} value
 */
export const fingerprint = (value) => {
  let [high, low] = [0x41c6ce57, 0xdeadbeef];
  const mix = (/** @type {string} */ text) => {
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    // Where the text ends: `ab` and `c` are not `a` and `bc`.
    high = Math.imul(high ^ (high >>> 16) ^ text.length, 2246822507);
    low = Math.imul(low ^ (low >>> 13) ^ text.length, 3266489909);
  };
  const rest = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    if (typeof one !== "object" || one === null) mix(`${typeof one} ${String(one)}`);
    else {
      const entries = Object.entries(one);
      mix(`${Array.isArray(one) ? "array" : "object"} ${entries.length}`);
      for (const [key, member] of entries) {
        mix(key);
        rest.push(member);
      }
    }
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
};
