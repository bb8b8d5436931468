// @ts-check
// The events of a live transcript as objects. `core::transcript::stream` writes them as lines of a name, a space and JSON.

/** @type {TextDecoder | undefined} */
let decoder;

/**
 * The events of some lines, up to the first whose data is not JSON.
 * @param {Uint8Array} lines
 */
export const eventsOf = (lines) => {
  /** @type {{ event: string, data: unknown }[]} */
  const events = [];
  try {
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    const text = decoder.decode(lines);
    for (let start = 0, end = 0; end < text.length; start = end + 1) {
      const space = text.indexOf(" ", start);
      end = text.indexOf("\n", space);
      if (end < 0) end = text.length;
      events.push({ event: text.slice(start, space), data: JSON.parse(text.slice(space + 1, end)) });
    }
  } catch {
    // The events before it are returned; the module says what is wrong.
  }
  return events;
};
