// People as CSV, with column names in the first line.

import { wrongCharacter } from "./characters.js";
import { linesOf } from "./lines.js";
import { isNumberColumn } from "./number-column.js";
import type { Problem, Read } from "./problems.js";
import { type CsvRecord, recordsOf } from "./records.js";

/** A name of a column, or a line in a cell, that is a phone number. */
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
    if (name === "")
      problems.push({ ...place, code: "missing-column", message: "the column has no name: name it, or delete it" });
    else if (wrong !== undefined)
      problems.push({ ...place, code: "control-character", message: `the name of the column contains ${wrong}` });
    else if (names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at)
      problems.push({ ...place, code: "double-column", message: `two columns are named ${name}` });
  });
  return { names, problems };
};

/**
 * Whether a cell contains the line of another person. Two unclosed quotes can make one correct record of all the lines
 * between them; those people would be lost, and their numbers said to the first one as a name.
 */
const swallows = ({ text, separator }: CsvRecord, names: readonly string[]): boolean => {
  const at = names.findIndex(isNumberColumn);
  return text
    .split("\n")
    .slice(1)
    .some((line) => {
      const cells = line.split(separator).map((cell) => cell.replaceAll('"', "").trim());
      return cells.length === names.length && (at < 0 ? cells.some(isLikeNumber) : isLikeNumber(cells[at] ?? ""));
    });
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
    if (swallows(record, names)) {
      const message = "a quoted cell contains a line that looks like another person: is a quote unclosed?";
      const column = cells.findIndex((cell) => cell.includes("\n")) + 1;
      yield { problem: { line, column, code: "broken-quotes", message, text } };
      continue;
    }
    const values = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
    yield { row: { line, values, text, columnOf: (name) => names.indexOf(name) + 1, header: header.line } };
  }
  if (header === undefined)
    yield { problem: { line: 1, column: 1, code: "missing-column", message: "the file is empty", fatal: true } };
};
