// What the tests and measurements of the types need beside the project: compilers from the oldest TypeScript that is
// promised to the newest, checkers of packages, a reporter of APIs. 280 MB, so they are no dependency of the project:
// `tests/types/tools` names and locks them, and they are fetched once into target/.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const wanted = join(root, "tests", "types", "tools");
const { dependencies } = JSON.parse(readFileSync(join(wanted, "package.json"), "utf8"));

/** The versions of TypeScript, oldest first: `["5.4", …]`. */
export const compilers = Object.keys(dependencies).flatMap((name) => /^typescript-(.*)$/.exec(name)?.[1] ?? []);

const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/**
 * Brings the tools of the lock file; gives their folder. Made aside and then put in its place, because several
 * tests may want them at once, and none may find half of them.
 */
export const typeTools = () => {
  const lock = readFileSync(join(wanted, "package-lock.json"));
  const target = join(root, "target", "type-tools");
  const place = join(target, createHash("sha256").update(lock).digest("hex").slice(0, 12));
  if (existsSync(place)) return place;
  mkdirSync(target, { recursive: true });
  const made = mkdtempSync(join(target, "new-"));
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(wanted, name), join(made, name));
  npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts"], made);
  try {
    renameSync(made, place);
  } catch {
    rmSync(made, { recursive: true });
  }
  return place;
};

/**
 * Loads one of the tools: `load("publint")`. Without its types, which are fetched with it.
 * @param {string} name @returns {Promise<any>}
 */
export const load = (name) => import(createRequire(join(typeTools(), "of.js")).resolve(name));

/** The command line of a TypeScript, for Node. */
export const tsc = (/** @type {string} */ version) =>
  join(typeTools(), "node_modules", `typescript-${version}`, "bin", "tsc");

/** Packs the package into `folder`; gives the tarball. @param {string} folder */
export const pack = (folder) => {
  const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], join(root, "pkg")));
  return join(folder, filename);
};

/** Makes `folder` a project that has the packed package, and nothing else. @param {string} folder */
export const install = (folder, tarball = pack(folder)) => {
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], folder);
};
