// `npm start`, `npm test` and `npm run build` begin on a fresh clone, in which no package is installed yet: what their scripts import
// statically must be in the repository or in Node.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

/** What a file imports statically, and what that imports, if it is not of the repository. @param {string} file @param {Set<string>} seen @returns {string[]} */
const packages = (file, seen = new Set()) => {
  if (seen.has(file)) return [];
  seen.add(file);
  const found = readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];/gms);
  return [...found].flatMap(([, name = ""]) => {
    if (name.startsWith(".")) return packages(join(dirname(file), name), seen);
    return name.startsWith("node:") ? [] : [`${name} in ${file.slice(root.length + 1)}`];
  });
};

test("what begins on a fresh clone imports no package before the set-up", () => {
  for (const script of ["build", "start", "test"])
    assert.deepEqual(packages(join(root, "scripts", `${script}.mjs`)), [], script);
});

test("a package behind another file is found", () => {
  assert.ok(packages(join(root, "scripts", "reference.mjs")).some((name) => name.startsWith("yaml in ")));
});
