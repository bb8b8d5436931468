// The drivers that the tests of the ledgers use, and runtimes with a SQLite of their own.

import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";
import { locked, npm } from "../support/locked.mjs";

const tools = locked("ledger", (folder) => {
  try {
    npm(["rebuild", "better-sqlite3"], folder);
  } catch {
    // Neither a binary nor a compiler: its tests are skipped.
  }
});

export const ledgerTools = tools.folder;
/** Loads one of them: `load("pg")`. */
export const load = tools.load;
/** The paths of runtimes, if there are any for this machine. */
export const bun = () => tools.file("@oven", "bun-linux-x64-baseline", "bin", "bun");
export const node24 = () => tools.file("node24", "bin", "node");

if (process.argv[1] === join(root, "tests", "ledger", "tools.mjs")) ledgerTools();
