// The rule of docs/architecture.md on who may import whom in src/js. No compiler sees to it, and after a few imports in the
// wrong direction no file could be read without all the others.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const folder = join(root, "src", "js");
const files = readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => name.replace(/\.js$/, ""));

/** The rows of the table: the names of their files, from the base up; the last is that of webhooks. */
const rows = () => {
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const [, table] = page.split(/^## The JavaScript half$/m);
  return [...table.split(/^## /m)[0].matchAll(/^\| (?:\d [^|]*|webhooks) \| ([^|]+) \|/gm)].map(([, names]) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
};

/** What a file imports from the others. Types cost nothing and bind nobody. */
const imports = (source) => [...source.matchAll(/^(?:import|export)\b[^;]*?\bfrom "\.\/([^"]+)\.js";/gm)].map(([, name]) => name);

/** What is wrong with who imports whom. */
const offences = (layers, importsOf) => {
  const layer = new Map(layers.flatMap((names, row) => names.map((name) => [name, row])));
  const webhooks = layers.length - 1;
  const allowed = (from, to) => (layer.get(from) === webhooks ? [0, webhooks].includes(layer.get(to)) || to === "error" : layer.get(to) <= layer.get(from) && layer.get(to) !== webhooks);
  const found = [...layer.keys()].flatMap((from) => importsOf(from).filter((to) => !allowed(from, to)).map((to) => `${from} imports ${to}`));
  const state = new Map();
  const visit = (name, path) => {
    if (state.get(name) === "done") return;
    if (path.includes(name)) return void found.push(`a cycle: ${[...path.slice(path.indexOf(name)), name].join(" > ")}`);
    for (const next of importsOf(name)) visit(next, [...path, name]);
    state.set(name, "done");
  };
  for (const name of layer.keys()) visit(name, []);
  return found;
};

test("each file of src/js stands in one row of the table", () => {
  assert.deepEqual(rows().flat().sort(), [...files].sort());
});

test("no file of src/js imports from a later row, and there are no cycles", () => {
  assert.ok(files.flatMap((name) => imports(readFileSync(join(folder, `${name}.js`), "utf8"))).length > 60, "the imports were read");
  assert.deepEqual(offences(rows(), (name) => imports(readFileSync(join(folder, `${name}.js`), "utf8"))), []);
});

test("an import from a later row, one out of the webhooks and a cycle are found", () => {
  const graph = { base: ["top"], error: [], top: ["base"], hooks: ["error", "top"] };
  assert.deepEqual(offences([["base"], ["error", "top"], ["hooks"]], (name) => graph[name]), [
    "base imports top", "hooks imports top", "a cycle: base > top > base",
  ]);
});
