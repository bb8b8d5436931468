// People as CSV, with column names in the first line. csv-parse reads the records; this adds names and the place of problems.

import { type CsvError, type Parser, parse } from "csv-parse";
import { linesOf } from "./lines.js";
import type { Problem, Read } from "./problems.js";

/** Maximum characters of a record: otherwise an unclosed quote would read the whole file into memory. */
const LONGEST = 1024 * 1024;

interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** The separator: the most frequent one in the first line. */
const separatorOf = (line: string): string => {
  const plain = line.replaceAll(/"[^"]*"/g, "");
  const count = (character: string): number => plain.split(character).length - 1;
  return [",", ";", "\t"].reduce((best, each) => (count(each) > count(best) ? each : best));
};

const problemOf = (error: CsvError & { readonly column?: unknown; readonly lines?: unknown }): Problem => {
  const line = Number(error.lines) || 1;
  const column = typeof error.column === "number" ? error.column + 1 : 1;
  if (error.code === "CSV_MAX_RECORD_SIZE" || error.code === "CSV_QUOTE_NOT_CLOSED")
    return { line, column, code: "broken-quotes", message: "unclosed quote", fatal: true };
  return { line, column, code: "broken-quotes", message: "unexpected quote" };
};

/** The names in the first line, and their problems. */
const headerOf = (
  names: readonly string[],
): { readonly names: readonly string[]; readonly problems: readonly Problem[] } => {
  const trimmed = names.map((name) => name.trim());
  const problems: Problem[] = [];
  trimmed.forEach((name, at) => {
    const place = { line: 1, column: at + 1, fatal: true };
    if (name === "") problems.push({ ...place, code: "missing-column", message: "the column has no name" });
    else if (trimmed.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at)
      problems.push({ ...place, code: "double-column", message: `two columns are named ${name}` });
  });
  return { names: trimmed, problems };
};

/** Passes the lines to the parser. A line that is not UTF-8 is replaced by an empty one, so that line numbers stay correct. */
const feed = async (
  source: AsyncIterable<Uint8Array | string>,
  parser: (separator: string) => Parser,
  problems: Problem[],
): Promise<void> => {
  let running: Parser | undefined;
  for await (const line of linesOf(source)) {
    if ("problem" in line) problems.push(line.problem);
    const text = "problem" in line ? "" : line.text;
    running ??= parser(separatorOf(text));
    // Nothing after it can be read.
    if (problems.some(({ fatal }) => fatal)) break;
    if (!running.write(`${text}\n`)) await new Promise((resolve) => running?.once("drain", resolve));
    if (running.destroyed) return;
  }
  (running ?? parser(",")).end();
};

export const csvRows = async function* (source: AsyncIterable<Uint8Array | string>): AsyncGenerator<Read> {
  const problems: Problem[] = [];
  let started: (parser: Parser) => void;
  const starting = new Promise<Parser>((resolve) => (started = resolve));
  const feeding = feed(
    source,
    (separator) => {
      const parser = parse({
        delimiter: separator,
        info: true,
        raw: true,
        relax_column_count: true,
        skip_empty_lines: true,
        skip_records_with_error: true,
        max_record_size: LONGEST,
        on_skip: (error) => {
          if (error) problems.push(problemOf(error));
          return undefined;
        },
      });
      started(parser);
      return parser;
    },
    problems,
  );
  const failing = feeding.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const parser = await Promise.race([
    starting,
    failing.then((failed) => (failed ? Promise.reject(failed.error) : starting)),
  ]);
  let isFatal = false;
  /** The last line of the previous record. */
  let lastLine = 0;
  const said = function* (isEnd = false): Generator<Read> {
    for (const problem of problems.splice(0)) {
      const isOpenQuote = problem.code === "broken-quotes" && problem.fatal === true;
      if (isOpenQuote && !isEnd) {
        // The parser is ahead: return the records before the problem first.
        problems.push(problem);
        return;
      }
      isFatal ||= problem.fatal === true;
      // The quote was opened in the record after the last readable one.
      yield { problem: isOpenQuote ? { ...problem, line: lastLine + 1 } : problem };
    }
  };
  let names: readonly string[] | undefined;
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<Parsed>) {
      yield* said();
      lastLine = info.lines;
      if (names === undefined) {
        const header = headerOf(record);
        for (const problem of header.problems) yield { problem };
        if (header.problems.length > 0) return;
        names = header.names;
        continue;
      }
      const text = raw.replace(/^[\r\n]+/, "").replace(/\r?\n$/, "");
      // A record may have line breaks in quotes: report its first line.
      const line = info.lines - (text.split("\n").length - 1);
      const known = names;
      if (record.length !== names.length) {
        const column = Math.min(record.length, names.length) + 1;
        const message = `${record.length} cells, but the first line has ${names.length}`;
        yield { problem: { line, column, code: "wrong-columns", message, text } };
        continue;
      }
      const values = Object.fromEntries(known.map((name, at) => [name, record[at] ?? ""]));
      yield { row: { line, values, text, columnOf: (name) => known.indexOf(name) + 1, isTable: true } };
    }
  } catch (error) {
    if (!String((error as CsvError).code).startsWith("CSV_")) throw error;
    problems.push(problemOf(error as CsvError));
  } finally {
    parser.destroy();
  }
  yield* said(true);
  const failed = await Promise.race([failing, Promise.resolve(undefined)]);
  if (failed) throw failed.error;
  if (names === undefined && !isFatal)
    yield { problem: { line: 1, column: 1, code: "missing-column", message: "the file is empty", fatal: true } };
};
