// The programs of docs/recipes.md.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/tools.mjs";

const page = readFileSync(join(root, "docs", "recipes.md"), "utf8");

/** By the names of their files. @type {Record<string, string>} */
export const files = Object.fromEntries(
  [...page.matchAll(/^```(?:ts|json) (\S+)\n(.*?)^```$/gms)].map(([, name, code]) => [name, code]),
);
