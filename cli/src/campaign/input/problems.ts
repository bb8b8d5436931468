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
    | "missing-value"
    | "wrong-number"
    | "wrong-zone";
  readonly message: string;
  /** The original line, for `--skip-invalid`. */
  readonly text?: string;
  /** Nothing after it can be read. */
  readonly fatal?: boolean;
}

/** A row of a table or an object, before it is checked. */
export interface Raw {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The position of a name's cell, counted from 1. */
  readonly columnOf: (name: string) => number;
  /** All rows have the same columns as this one. */
  readonly isTable: boolean;
}

export type Read = { readonly row: Raw } | { readonly problem: Problem };
