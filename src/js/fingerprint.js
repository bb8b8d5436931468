// @ts-check
// A number that stands for a JSON value, to know it again without keeping it. It is for accidental repeats: whoever
// makes up values that share a fingerprint only spoils what he himself sends.

/**
 * The fingerprint of a value (FNV-1a). Without recursion, as JSON.stringify has it: a value nested some thousand levels
 * deep, which JSON.parse reads without trouble, would overflow the stack.
 * @param {unknown} value
 */
export const fingerprint = (value) => {
  let hash = 0x811c9dc5;
  const rest = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    const members = Object(one) === one ? Object.entries(/** @type {object} */ (one)) : [];
    for (const [key, member] of members) rest.push(key, member);
    // Lengths, so that what stands in one object is not taken for what stands beside it.
    const text = Object(one) === one ? `${Array.isArray(one)}${members.length}` : `${typeof one}${one}`;
    for (let i = -1; i < text.length; i += 1) hash = Math.imul(hash ^ (i < 0 ? text.length : text.charCodeAt(i)), 0x01000193);
  }
  return hash >>> 0;
};
