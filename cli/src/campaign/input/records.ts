// Cuts lines into the records of CSV. It is stricter than RFC 4180 programs usually are, and never guesses: a record whose
// quotes are broken costs its first line only, and reading resumes at the next one. A parser that stays inside the quote, or
// that drops what it has read of it, loses people without a word.

import { CsvError, parse } from "csv-parse/sync";
import { type Line, LONGEST } from "./lines.js";
import type { Problem } from "./problems.js";

export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly text: string;
  readonly separator: string;
}

type Cut = { readonly cells: string[] } | { readonly column: number; readonly isOpen: boolean };

/** The cells of a record, or the cell with the broken quote. `isOpen`: the record may continue on the next line. */
export const cellsOf = (text: string, separator: string): Cut => {
  // Most lines have no quote, and a parser for each of them would take most of the time.
  if (!text.includes('"')) return { cells: text.split(separator) };
  try {
    const [cells = []] = parse(text, { delimiter: separator, relaxColumnCount: true }) as string[][];
    return { cells };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const column = typeof error.column === "number" ? error.column : 0;
    return { column: column + 1, isOpen: error.code === "CSV_QUOTE_NOT_CLOSED" };
  }
};

const hasOddQuotes = (text: string): boolean => {
  let isOdd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
};

/** The lines as they were: bytes, if one of them cannot be decoded. */
const originalOf = (lines: readonly Line[]): string | Uint8Array =>
  lines.some(({ wrong }) => wrong !== undefined)
    ? Buffer.concat(
        lines.flatMap(({ text, wrong }, at) => [Buffer.from(at === 0 ? "" : "\n"), wrong?.text ?? Buffer.from(text)]),
      )
    : lines.map(({ text }) => text).join("\n");

/** The records of the lines. Every line that is not empty is part of exactly one record or problem. */
export const recordsOf = async function* (
  lines: AsyncIterable<Line>,
): AsyncGenerator<CsvRecord | { readonly problem: Problem }> {
  /** The most frequent separator in the first line. */
  let separator: string | undefined;
  /** Lines of a record with an open quote. */
  let open: Line[] = [];
  let length = 0;

  const broken = (line: Line, column: number, message: string): { readonly problem: Problem } => ({
    problem: line.wrong ?? { line: line.number, column, code: "broken-quotes", message, text: line.text },
  });
  const whole = (all: readonly Line[], cells: readonly string[]): CsvRecord | { readonly problem: Problem } => {
    const text = originalOf(all);
    const wrong = all.find((each) => each.wrong !== undefined)?.wrong;
    return typeof text === "string"
      ? { line: all[0]?.number ?? 1, cells, text, separator: separator as string }
      : { problem: { ...(wrong as Problem), text } };
  };
  /** Gives up the open record: its first line is broken, and the others are read on their own. */
  const giveUp = function* (): Generator<CsvRecord | { readonly problem: Problem }> {
    const [first, ...others] = open;
    open = [];
    if (first === undefined) return;
    const cut = cellsOf(first.text, separator as string);
    yield broken(first, "column" in cut ? cut.column : 1, "unclosed quote");
    // They hold at most one odd number of quotes, in the last of them, so this does not go deeper.
    for (const line of others) yield* add(line);
  };
  const add = function* (line: Line): Generator<CsvRecord | { readonly problem: Problem }> {
    if (line.wrong?.code === "too-long" || line.wrong?.fatal) {
      yield* giveUp();
      yield { problem: line.wrong };
      return;
    }
    separator ??= separatorOf(line.text);
    if (open.length === 0) {
      if (line.text === "") return;
      const cut = cellsOf(line.text, separator);
      if ("cells" in cut) yield whole([line], cut.cells);
      else if (cut.isOpen) [open, length] = [[line], line.text.length];
      else yield broken(line, cut.column, "unexpected quote");
      return;
    }
    open.push(line);
    length += line.text.length + 1;
    // Only an odd number of quotes can close a quote.
    if (hasOddQuotes(line.text)) {
      const cut = cellsOf(open.map(({ text }) => text).join("\n"), separator);
      if ("cells" in cut) {
        const all = open;
        open = [];
        yield whole(all, cut.cells);
      } else yield* giveUp();
    } else if (length > LONGEST) yield* giveUp();
  };

  for await (const line of lines) yield* add(line);
  yield* giveUp();
};

const separatorOf = (line: string): string => {
  const plain = line.replaceAll(/"[^"]*"/g, "");
  const count = (character: string): number => plain.split(character).length - 1;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
};
