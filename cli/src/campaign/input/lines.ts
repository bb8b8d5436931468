// Splits the bytes of a file into lines of UTF-8, with or without a byte order mark. Lines end with LF, CRLF or CR. A line that
// cannot be read is reported with its place and its bytes, so that it can be written to a file unchanged.

import { isUtf8 } from "node:buffer";
import type { Problem } from "./problems.js";

/** Maximum bytes of a line, and characters of a record. */
export const LONGEST = 1024 * 1024;
/** A longer line is not kept: the file is not a list of people, and is refused as a whole. */
const HELD = 16 * LONGEST;
const LF = 10;
const CR = 13;

export interface Line {
  readonly number: number;
  /** If `wrong`: the bytes as Latin-1, in which separators and quotes have their places. */
  readonly text: string;
  /** Why the line cannot be read. */
  readonly wrong?: Problem & { readonly text?: Uint8Array };
}

/** The first character that is not UTF-8, counted from 1. */
const firstWrong = (bytes: Buffer): number => {
  let [low, high] = [0, bytes.length];
  // The longest prefix that a fatal decoder accepts.
  const reads = (length: number): boolean => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (reads(middle)) low = middle;
    else high = middle - 1;
  }
  return (
    [
      ...bytes
        .subarray(0, low)
        .toString("utf8")
        .replace(/\uFFFD$/, ""),
    ].length + 1
  );
};

/** The encoding that the first bytes indicate, if not UTF-8. */
const otherEncoding = (head: Buffer): string | undefined => {
  if (head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)))
    return "UTF-16";
  return head.subarray(0, 4).includes(0) ? "UTF-16 without a byte order mark, or not text" : undefined;
};

const unreadable = (
  number: number,
  column: number,
  code: "not-utf8" | "too-long",
  message: string,
  bytes: Buffer,
): Line => ({
  number,
  text: code === "not-utf8" ? bytes.toString("latin1") : "",
  wrong: { line: number, column, code, message, text: bytes },
});

/** Refuses the file as a whole. */
const refused = (line: number, code: "not-utf8" | "too-long", message: string): Line => ({
  number: line,
  text: "",
  wrong: { line, column: 1, code, message, fatal: true },
});

/** The lines of a stream, without line breaks. */
export const linesOf = async function* (source: AsyncIterable<Uint8Array | string>): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let length = 0;
  let number = 0;
  let isHead = true;
  /** The last chunk ended with CR: an LF at the start of the next one belongs to it. */
  let isAfterCr = false;
  const take = (): Line => {
    let bytes = rest.length === 1 ? (rest[0] as Buffer) : Buffer.concat(rest);
    [rest, length] = [[], 0];
    number += 1;
    if (bytes.length > LONGEST)
      return unreadable(number, 1, "too-long", `the line is longer than ${LONGEST} bytes`, bytes);
    if (number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    if (!isUtf8(bytes))
      return unreadable(number, firstWrong(bytes), "not-utf8", "not UTF-8: save the file as UTF-8", bytes);
    return { number, text: bytes.toString("utf8") };
  };
  for await (const chunk of source) {
    const bytes =
      typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (bytes.length === 0) continue;
    if (isHead) {
      isHead = false;
      const found = otherEncoding(bytes);
      if (found !== undefined) {
        yield refused(1, "not-utf8", `the file is ${found}: save it as UTF-8`);
        return;
      }
    }
    let from = isAfterCr && bytes[0] === LF ? 1 : 0;
    isAfterCr = bytes.at(-1) === CR;
    let [lf, cr] = [bytes.indexOf(LF, from), bytes.indexOf(CR, from)];
    while (lf >= 0 || cr >= 0) {
      const at = lf < 0 || (cr >= 0 && cr < lf) ? cr : lf;
      rest.push(bytes.subarray(from, at));
      yield take();
      from = at === cr && bytes[at + 1] === LF ? at + 2 : at + 1;
      if (lf >= 0 && lf < from) lf = bytes.indexOf(LF, from);
      if (cr >= 0 && cr < from) cr = bytes.indexOf(CR, from);
    }
    if (from >= bytes.length) continue;
    rest.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > HELD) {
      yield refused(number + 1, "too-long", `the line is longer than ${HELD} bytes: nothing from here on was read`);
      return;
    }
  }
  if (length > 0) yield take();
};
