// The frameworks whose adapters are tested, and a Node that all of them run in, as `tests/frameworks/tools` names and locks them.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { locked } from "../support/locked.mjs";

/** @import { Foreign } from "../support/foreign.js" */

// Most of them are ES modules, which are found from where they are imported.
const tools = locked("frameworks", (folder) =>
  writeFileSync(join(folder, "of.mjs"), "export const load = (name) => import(name);\n"),
);
export const frameworkTools = tools.folder;

/** Loads one of them, without its types, which are fetched with it. @param {string} name @returns {Promise<Foreign>} */
export const load = async (name) => {
  const { load: imported } = await import(pathToFileURL(join(tools.folder(), "of.mjs")).href);
  return imported(name);
};

/** The Node that all of them run in; this one where there is none for this machine. */
export const node24 = () => tools.file("node24", "bin", "node") ?? process.execPath;
