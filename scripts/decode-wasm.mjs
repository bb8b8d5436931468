// Decodes a module from the text that `inline.mjs` has made of it. Bundled together with that text.

/** Quotes, characters that a literal escapes, and the start of a tag in the surrounding page. */
const LEFT_OUT = "\"'`\\<";
/** The first characters of the alphabet are not bytes: each one gives the next character another meaning. */
export const ESCAPES = 2;

/** The codes of the text's characters: printable ASCII. */
export const alphabet = () => {
  const codes = [];
  for (let code = 32; code < 127; code++) if (!LEFT_OUT.includes(String.fromCharCode(code))) codes.push(code);
  return codes;
};

/** @param {string} text @param {number} length Number of bytes in it. */
export const decode = (text, length) => {
  const codes = alphabet();
  // Three pages of characters: alone, and after each escape. An escape maps to the number of its page.
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
