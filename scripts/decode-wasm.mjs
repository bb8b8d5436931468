// Reads a module back out of the text that `inline.mjs` makes of it. Bundled with that text.

/** Ends of string literals, what a literal escapes, and what may begin a tag of the page around it. */
const LEFT_OUT = "\"'`\\<";
/** The first characters that stand for something are no byte: each gives the one behind it another meaning. */
export const ESCAPES = 2;

/** The codes of the characters that the text is made of: ASCII, and no control characters. */
export const alphabet = () => {
  const codes = [];
  for (let code = 32; code < 127; code++) if (!LEFT_OUT.includes(String.fromCharCode(code))) codes.push(code);
  return codes;
};

/** @param {string} text @param {number} length How many bytes it holds. */
export const decode = (text, length) => {
  const codes = alphabet();
  // Three pages of characters: alone, and behind each escape. An escape is found as the number of its page.
  const table = new Uint16Array(512);
  const bytes = new Uint8Array(length);
  const ones = codes.slice(ESCAPES);
  const twos = [];
  for (let lead = 0; lead < ESCAPES; lead++) {
    const page = 256 + 128 * lead;
    table[codes[lead]] = page;
    for (const code of codes) twos.push(page + code);
  }
  let [one, two] = [0, 0];
  for (let byte = 0; byte < 256; byte++) table[text[byte] === "1" ? ones[one++] : twos[two++]] = byte;
  const read = new TextEncoder().encode(text);
  for (let at = 0, next = 256; at < length; at++) {
    let value = table[read[next++]];
    if (value > 255) value = table[value + read[next++]];
    bytes[at] = value;
  }
  return bytes;
};
