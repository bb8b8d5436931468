// Programs and drivers that tests need beside the project: too large or too many to be its dependencies. A folder of the tests
// names and locks them, and they are fetched once into target/.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";

/** @import { Foreign } from "./foreign.js" */

/** Milliseconds for npm: a registry that does not answer must fail a test run, and not hold it up. */
const PATIENCE = 900_000;

/** @param {string[]} args @param {string} cwd */
export const npm = (args, cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE });

/**
 * What the lock file in `tests/<area>/tools` names. `finish`: what is left to do in the folder once it is all there.
 * @param {string} area @param {(folder: string) => void} [finish]
 */
export const locked = (area, finish = () => {}) => {
  const wanted = join(root, "tests", area, "tools");
  /**
   * Fetches it, unless it is there; returns the folder. It is filled elsewhere and then moved to its place, because several tests may want it at
   * once, and none may find half of it.
   */
  const folder = () => {
    const lock = readFileSync(join(wanted, "package-lock.json"));
    const target = join(root, "target", `${area}-tools`);
    const place = join(target, createHash("sha256").update(lock).digest("hex").slice(0, 12));
    if (existsSync(place)) return place;
    mkdirSync(target, { recursive: true });
    const made = mkdtempSync(join(target, "new-"));
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(wanted, name), join(made, name));
    npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts"], made);
    finish(made);
    try {
      renameSync(made, place);
    } catch {
      // Another test was faster.
      rmSync(made, { recursive: true });
    }
    return place;
  };
  return {
    folder,
    /** The path of a module of it. @param {string} name */
    resolve: (name) => createRequire(join(folder(), "of.js")).resolve(name),
    /** Loads a CommonJS module of it, without its types, which are fetched with it. @param {string} name @returns {Foreign} */
    load: (name) => createRequire(join(folder(), "of.js"))(name),
    /** A file of it, if it is there: what is optional may be missing for this machine. @param {string[]} path */
    file: (...path) => {
      const file = join(folder(), "node_modules", ...path);
      return existsSync(file) ? file : undefined;
    },
  };
};
