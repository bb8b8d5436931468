// People as JSON lines: one object per line.

import { linesOf } from "./lines.js";
import type { Read } from "./problems.js";

const columnOf = (): number => 1;

export const jsonRows = async function* (source: AsyncIterable<Uint8Array | string>): AsyncGenerator<Read> {
  for await (const { number, text, wrong } of linesOf(source)) {
    if (wrong !== undefined) {
      yield { problem: wrong };
      continue;
    }
    if (text.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      // The engine's message quotes the text.
      const [, at] = /position (\d+)/.exec((error as Error).message) ?? [];
      const column = at === undefined ? text.length + 1 : Number(at) + 1;
      yield { problem: { line: number, column, code: "broken-json", message: "not a JSON object", text } };
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      yield { problem: { line: number, column: 1, code: "broken-json", message: "not a JSON object", text } };
    else yield { row: { line: number, values: value as Record<string, unknown>, text, columnOf } };
  }
};
