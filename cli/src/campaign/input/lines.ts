// Splits the bytes of a file into lines of UTF-8, with or without a byte order mark. Each line in another encoding is reported
// with its place.

import { isUtf8 } from "node:buffer";
import type { Problem } from "./problems.js";

/** Maximum bytes of a line. */
const LONGEST = 1024 * 1024;
const LF = 10;
const CR = 13;

export interface Line {
  readonly number: number;
  readonly text: string;
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

const wrongEncoding = (line: number, column: number, found?: string): Problem => ({
  line,
  column,
  code: "not-utf8",
  message: found ? `the file is ${found}: save it as UTF-8` : "not UTF-8: save the file as UTF-8",
  ...(found && { fatal: true }),
});

/** The lines of a stream, without line breaks. */
export const linesOf = async function* (
  source: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Line | { readonly problem: Problem }> {
  let rest: Buffer[] = [];
  let length = 0;
  let number = 0;
  let isHead = true;
  let tooLong = false;
  const take = (): Line | { readonly problem: Problem } => {
    let bytes = rest.length === 1 ? (rest[0] as Buffer) : Buffer.concat(rest);
    [rest, length] = [[], 0];
    number += 1;
    if (tooLong) {
      tooLong = false;
      return {
        problem: { line: number, column: 1, code: "too-long", message: `the line is longer than ${LONGEST} bytes` },
      };
    }
    if (number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    if (bytes.at(-1) === CR) bytes = bytes.subarray(0, -1);
    if (!isUtf8(bytes)) return { problem: wrongEncoding(number, firstWrong(bytes)) };
    return { number, text: bytes.toString("utf8") };
  };
  const push = (part: Buffer): void => {
    length += part.length;
    if (length > LONGEST) {
      tooLong = true;
      rest = [];
    } else rest.push(part);
  };
  for await (const chunk of source) {
    const bytes =
      typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (isHead && bytes.length > 0) {
      isHead = false;
      const found = otherEncoding(bytes);
      if (found !== undefined) {
        yield { problem: wrongEncoding(1, 1, found) };
        return;
      }
    }
    let from = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, from)) {
      push(bytes.subarray(from, at));
      from = at + 1;
      yield take();
    }
    if (from < bytes.length) push(bytes.subarray(from));
  }
  if (length > 0) yield take();
};
