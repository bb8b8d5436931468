// What the tests and measurements of the types need beside the project: compilers from the oldest TypeScript that is
// promised to the newest, checkers of packages, a reporter of APIs. 280 MB, so they are no dependency of the project:
// `tests/types/tools` names and locks them, and they are fetched once into target/.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";
import { locked, npm } from "./locked.mjs";

const { dependencies } = JSON.parse(readFileSync(join(root, "tests", "types", "tools", "package.json"), "utf8"));
const tools = locked("types");

/** The versions of TypeScript, oldest first: `["5.4", …]`. */
export const compilers = Object.keys(dependencies).flatMap((name) => /^typescript-(.*)$/.exec(name)?.[1] ?? []);

/** The folder that they are in. */
export const typeTools = tools.folder;

/**
 * Loads one of the tools: `load("publint")`. Without its types, which are fetched with it.
 * @param {string} name @returns {Promise<any>}
 */
export const load = (name) => import(tools.resolve(name));

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
