// The drivers that the tests of the ledgers use, and runtimes with a SQLite of their own. `tests/ledger/tools` names and locks them; they
// are fetched once into target/, because one of them has to be compiled where there is no binary of it.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const wanted = join(root, "tests", "ledger", "tools");

const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** Brings the tools of the lock file; returns their folder. */
export const ledgerTools = () => {
  const lock = readFileSync(join(wanted, "package-lock.json"));
  const target = join(root, "target", "ledger-tools");
  const place = join(target, createHash("sha256").update(lock).digest("hex").slice(0, 12));
  if (existsSync(place)) return place;
  mkdirSync(target, { recursive: true });
  const made = mkdtempSync(join(target, "new-"));
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(wanted, name), join(made, name));
  npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts"], made);
  try {
    npm(["rebuild", "better-sqlite3"], made);
  } catch {
    // Neither a binary nor a compiler: its tests are skipped.
  }
  try {
    renameSync(made, place);
  } catch {
    // Another test was faster.
    rmSync(made, { recursive: true });
  }
  return place;
};

/** Loads one of them: `load("pg")`. Without its types, which are fetched with it. @param {string} name @returns {Foreign} */
export const load = (name) => createRequire(join(ledgerTools(), "of.js"))(name);

/** The path of a runtime, if there is one for this machine. @param {string[]} path */
const runtime = (...path) => {
  const file = join(ledgerTools(), "node_modules", ...path);
  return existsSync(file) ? file : undefined;
};
export const bun = () => runtime("@oven", "bun-linux-x64-baseline", "bin", "bun");
export const node24 = () => runtime("node24", "bin", "node");

if (process.argv[1] === join(root, "tests", "ledger", "tools.mjs")) ledgerTools();
