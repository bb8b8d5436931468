// The options that commands have in common. None has the name of a field of the API (cli/test/commands.test.mjs), because
// both are options of the same command.

import type { Format } from "./output/printer.js";

export interface Settings {
  readonly output?: Format;
  /** The input as JSON. */
  readonly json?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** Idempotency key. */
  readonly key?: string;
  /** A file with the options of a policy. */
  readonly policy?: string;
  readonly sandbox?: boolean;
  readonly subAccount?: string;
  /** All pages of a list. */
  readonly all?: boolean;
  /** Where a file is written. */
  readonly out?: string;
  /** Seconds; time limit for all attempts and waits. */
  readonly maxTime?: number;
  readonly verbose?: boolean;
}

/** What a command runs in. */
export interface Context {
  readonly settings: Settings;
  readonly printer: import("./output/printer.js").Printer;
  /** Aborted by Ctrl-C and by the end of the terminal. */
  readonly signal: AbortSignal;
  /** The idempotency key in use, for the error that may follow. */
  key?: string;
}

/** Names of the options above, as they are typed. */
export const OPTION_NAMES = [
  "output",
  "json",
  "dry-run",
  "yes",
  "key",
  "policy",
  "sandbox",
  "sub-account",
  "all",
  "out",
  "max-time",
  "verbose",
  "help",
] as const;
