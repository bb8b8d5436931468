// Problems with the given people, each with its line and column. The text of a line appears only in the file that the user
// requested.

export interface Problem {
  readonly line: number;
  /** Counted from 1: characters of a line of text, cells of a table. */
  readonly column: number;
  readonly code:
    | "not-utf8"
    | "broken-quotes"
    | "broken-json"
    | "too-long"
    | "wrong-columns"
    | "missing-column"
    | "double-column"
    | "ambiguous-column"
    | "control-character"
    | "missing-value"
    | "unfilled"
    | "long-text"
    | "wrong-number"
    | "wrong-zone";
  readonly message: string;
  /** The original line or lines, for `--skip-invalid`: bytes, if they cannot be decoded. */
  readonly text?: string | Uint8Array;
  /** Nothing can be planned, even with `--skip-invalid`. */
  readonly fatal?: boolean;
}

/** A row of a table or an object, before it is checked. */
export interface Raw {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The position of a name's cell, counted from 1. */
  readonly columnOf: (name: string) => number;
  /** The line with the names of the columns, which all rows have. Objects have none. */
  readonly header?: number;
}

export type Read = { readonly row: Raw } | { readonly problem: Problem };
