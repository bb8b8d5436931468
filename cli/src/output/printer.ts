// What a command prints. On a terminal it is for people. On a pipe, or with `--output json`, standard output holds the
// result and nothing else, and each line of standard error is a JSON object: notes, and at the end the error, if any.

import colors from "picocolors";
import { CommandError, EXIT, type Failure } from "../failure.js";
import { json, line, safe } from "./text.js";

export type Format = "table" | "json" | "jsonl";

/** Rows that are measured together for a table; a longer list is printed as several tables. */
const SCREEN = 100;
/** Columns of a terminal that does not tell its size. */
const WIDTH = 120;

export class Printer {
  readonly format: Format;
  readonly #chosen: boolean;
  #broken: NodeJS.ErrnoException | undefined;

  /** @param chosen The value of `--output`. */
  constructor(chosen: Format | undefined) {
    this.#chosen = chosen !== undefined;
    this.format = chosen ?? (process.stdout.isTTY ? "table" : "json");
  }

  /** Whether the output is for programs. */
  get forPrograms(): boolean {
    return this.format !== "table";
  }

  /** Why standard output cannot be written: its reader is gone, or the disk is full. */
  get outputError(): CommandError | undefined {
    if (this.#broken === undefined) return undefined;
    const message = `the result could not be written to standard output (${this.#broken.code})`;
    return new CommandError("OUTPUT_FAILED", message, { exit: EXIT.refused });
  }

  /** Whether the reader has closed the pipe, as `head` does when it has what it needs. */
  get isReaderGone(): boolean {
    return this.#broken?.code === "EPIPE";
  }

  /** Remembers the first error of standard output. */
  outputFailed(error: NodeJS.ErrnoException): void {
    this.#broken ??= error;
  }

  /** Writes, and waits for a slow reader: a list may not fit into memory. */
  async write(text: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (!error) return resolve();
        this.outputFailed(error);
        reject(this.outputError);
      });
    });
  }

  /** A note in addition to the result: `text` for people, `data` for programs. */
  note(text: string, data: Record<string, unknown>): void {
    process.stderr.write(this.forPrograms ? `${json(data)}\n` : `${colors.dim(safe(text))}\n`);
  }

  /** One result. */
  async value(value: unknown): Promise<void> {
    if (this.format === "table") {
      const { object } = await import("./table.js");
      await this.write(value === undefined ? colors.green("Done.\n") : object(value));
    } else await this.write(`${json(value ?? null, this.format === "json" && process.stdout.isTTY ? 2 : 0)}\n`);
  }

  /** A list, printed as its rows arrive. JSON lines unless `--output json` asks for one array. */
  async list(items: AsyncIterable<unknown> | Iterable<unknown>, columns: readonly string[]): Promise<number> {
    let count = 0;
    if (this.format === "table") {
      const { table } = await import("./table.js");
      let rows: Record<string, unknown>[] = [];
      const flush = async () => {
        if (rows.length > 0) await this.write(table(rows, columns, process.stdout.columns || WIDTH));
        rows = [];
      };
      for await (const item of items) {
        rows.push(item as Record<string, unknown>);
        count += 1;
        if (rows.length === SCREEN) await flush();
      }
      await flush();
      if (count === 0) this.note("No results.", {});
      return count;
    }
    const asArray = this.format === "json" && this.#chosen;
    if (asArray) await this.write("[");
    for await (const item of items) {
      await this.write(asArray ? `${count === 0 ? "" : ","}\n${json(item)}` : `${json(item)}\n`);
      count += 1;
    }
    if (asArray) await this.write(count === 0 ? "]\n" : "\n]\n");
    return count;
  }

  /** Prints an error to standard error. */
  failure({ exit: _, hint, ...failure }: Failure, key: string | undefined): void {
    if (this.forPrograms) {
      process.stderr.write(`${json({ error: { ...failure, ...(hint && { hint }), ...(key && { key }) } })}\n`);
      return;
    }
    const rows = [
      `${colors.red(failure.outcomeUnknown ? "Outcome unknown:" : "Error:")} ${line(failure.message)}`,
      ...(hint ? [colors.dim(`  ${line(hint)}`)] : []),
      ...(failure.outcomeUnknown && key
        ? [
            `  It may have happened. Run it again with ${colors.bold(`--key ${line(key)}`)}: it never takes effect twice.`,
          ]
        : []),
      ...(typeof failure.requestId === "string" ? [colors.dim(`  request ${line(failure.requestId)}`)] : []),
    ];
    process.stderr.write(`${rows.join("\n")}\n`);
  }
}
