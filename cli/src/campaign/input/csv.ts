// People as CSV, with column names in the first line.

import { wrongCharacter } from "./characters.js";
import { linesOf } from "./lines.js";
import { isNumberColumn } from "./number-column.js";
import type { Problem, Read } from "./problems.js";
import { recordsOf } from "./records.js";

/** A column that is named like a phone number: the file has no line with names. */
const isLikeNumber = (name: string): boolean =>
  /^\+?[\d\s().-]+$/.test(name) && /^\d{10,15}$/.test(name.replaceAll(/\D/g, ""));

/** The names in the first line, and their problems. */
const headerOf = (
  cells: readonly string[],
  line: number,
): { readonly names: readonly string[]; readonly problems: readonly Problem[] } => {
  const names = cells.map((name) => name.trim());
  const problems: Problem[] = [];
  const number = names.some(isNumberColumn) ? -1 : names.findIndex(isLikeNumber);
  if (number >= 0) {
    const message = "the first line must name the columns, but has a phone number";
    return { names, problems: [{ line, column: number + 1, code: "missing-column", message, fatal: true }] };
  }
  names.forEach((name, at) => {
    const place = { line, column: at + 1, fatal: true };
    const wrong = wrongCharacter(name);
    if (name === "") problems.push({ ...place, code: "missing-column", message: "the column has no name" });
    else if (wrong !== undefined)
      problems.push({ ...place, code: "control-character", message: `the name of the column contains ${wrong}` });
    else if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at)
      problems.push({ ...place, code: "double-column", message: `two columns are named ${name}` });
  });
  return { names, problems };
};

export const csvRows = async function* (source: AsyncIterable<Uint8Array | string>): AsyncGenerator<Read> {
  let header: { readonly names: readonly string[]; readonly line: number } | undefined;
  for await (const record of recordsOf(linesOf(source))) {
    if ("problem" in record) {
      // Without its names, nothing in a table has a meaning.
      yield header === undefined ? { problem: { ...record.problem, fatal: true } } : record;
      if (header === undefined || record.problem.fatal) return;
      continue;
    }
    const { line, cells, text } = record;
    if (header === undefined) {
      const { names, problems } = headerOf(cells, line);
      for (const problem of problems) yield { problem };
      if (problems.length > 0) return;
      header = { names, line };
      continue;
    }
    const { names } = header;
    if (cells.length !== names.length) {
      const column = Math.min(cells.length, names.length) + 1;
      const message = `${cells.length} cells, but the first line has ${names.length}`;
      yield { problem: { line, column, code: "wrong-columns", message, text } };
      continue;
    }
    const values = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
    yield { row: { line, values, text, columnOf: (name) => names.indexOf(name) + 1, header: header.line } };
  }
  if (header === undefined)
    yield { problem: { line: 1, column: 1, code: "missing-column", message: "the file is empty", fatal: true } };
};
