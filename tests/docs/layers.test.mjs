// The rule of docs/architecture.md on which folder of src/js may import which: after a few imports in the wrong direction no
// file could be read without all the others. The linter refuses them in an editor already; here its rules are compared
// with the table, and the files are looked at once more, in case a rule of it matches nothing.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const folder = join(root, "src", "js");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".js"))
  .sort();

/** The folders in the order of the table. */
const folders = () => {
  const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
  const [, section = ""] = page.split(/^## The JavaScript half$/m);
  return [...(section.split(/^## /m)[0] ?? "").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
};

const SHARED = ["lib/", "errors/error.js", "errors/refuse.js"];
/** Entries of the package without the client, and parts of them: besides their own folder they may import only these. @type {Record<string, string[]>} */
const ALONE = {
  webhooks: SHARED,
  toolkit: SHARED,
  otel: SHARED,
  policy: [...SHARED, "toolkit/phone.js"],
  adapters: SHARED,
  tools: [...SHARED, "policy/", "adapters/", "toolkit/phone.js"],
};
const alone = Object.keys(ALONE);

/** As biome.jsonc has it. @typedef {{ level?: string, options?: { patterns: { group: string[] }[] } }} Rule */

/** What a file imports from the others, in any form. Imports of types are comments: they are erased, and may point anywhere. */
const imports = (/** @type {string} */ file, /** @type {string} */ source) =>
  [...source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "").matchAll(/\b(?:from|import)[\s(]*["'](\.[^"']*)["']/g)].map(
    ([, path]) => posix.join(posix.dirname(file), path),
  );

/** What is wrong with who imports whom. `graph`: what each file imports. */
const offences = (/** @type {string[]} */ order, /** @type {Map<string, string[]>} */ graph) => {
  const placeOf = (/** @type {string} */ file) => order.indexOf(file.slice(0, Math.max(file.indexOf("/"), 0)));
  const allowed = (/** @type {string} */ from, /** @type {string} */ to) => {
    const [own, other] = [placeOf(from), placeOf(to)];
    if (own < 0 || other < 0) return false;
    if (own === other) return true;
    const few = ALONE[order[own] ?? ""];
    return few ? few.some((start) => to.startsWith(start)) : other < own;
  };
  const found = [...graph].flatMap(([from, all]) =>
    all.filter((to) => !allowed(from, to)).map((to) => `${from} imports ${to}`),
  );
  const done = new Set();
  const visit = (/** @type {string} */ name, /** @type {string[]} */ path) => {
    if (done.has(name)) return;
    if (path.includes(name))
      return void found.push(`a cycle: ${[...path.slice(path.indexOf(name)), name].join(" > ")}`);
    for (const next of graph.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
  return found;
};

test("each file of src/js is in a folder of the table, and the entries without the client are the last ones", () => {
  const order = folders();
  assert.deepEqual(order.slice(-alone.length), alone);
  assert.deepEqual([...order].sort(), [...new Set(files.map((name) => posix.dirname(name)))].sort());
});

test("the linter refuses what the table does not allow", () => {
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.jsonc"), "utf8").replaceAll(/^\s*\/\/.*$/gm, ""));
  const rules = overrides.flatMap(
    (
      /** @type {{ includes: string[], linter: { rules: { style?: { noRestrictedImports?: Rule } } } }} */ {
        includes,
        linter,
      },
    ) => {
      const { level, options } = linter.rules.style?.noRestrictedImports ?? {};
      return level === undefined ? [] : [[includes.join(), level, options?.patterns.flatMap(({ group }) => group)]];
    },
  );
  const order = folders();
  const refused = (/** @type {string} */ name, /** @type {number} */ at) =>
    ALONE[name]
      ? ["../**", ...ALONE[name].map((start) => `!../${start.replace(/\/$/, "/**")}`)]
      : order.slice(at + 1).map((later) => `../${later}/**`);
  assert.deepEqual(
    rules,
    order.map((name, at) => [`src/js/${name}/**`, "error", refused(name, at)]),
  );
});

test("no file of src/js imports from a later folder, and there are no cycles", () => {
  const graph = new Map(files.map((name) => [name, imports(name, readFileSync(join(folder, name), "utf8"))]));
  assert.ok([...graph.values()].flat().length > 60, "the imports were read");
  assert.deepEqual(
    [...graph.values()].flat().filter((name) => !graph.has(name)),
    [],
    "each import is one of the files",
  );
  assert.deepEqual(offences(folders(), graph), []);
});

test("an import from a later folder, one out of the webhooks, a file in no folder and a cycle are found", () => {
  const graph = new Map([
    ["lib/base.js", ["client/top.js"]],
    ["errors/error.js", []],
    ["errors/more.js", []],
    ["client/top.js", ["lib/base.js", "webhooks/hook.js", "loose.js"]],
    ["webhooks/hook.js", ["lib/base.js", "errors/error.js", "errors/more.js"]],
    ["toolkit/tool.js", ["errors/refuse.js", "webhooks/hook.js"]],
    ["policy/rule.js", ["toolkit/tool.js"]],
    ["tools/one.js", ["policy/rule.js", "toolkit/tool.js"]],
    ["errors/refuse.js", []],
  ]);
  assert.deepEqual(offences(["lib", "errors", "client", "webhooks", "toolkit", "policy", "tools"], graph), [
    "lib/base.js imports client/top.js",
    "client/top.js imports webhooks/hook.js",
    "client/top.js imports loose.js",
    "webhooks/hook.js imports errors/more.js",
    "toolkit/tool.js imports webhooks/hook.js",
    "policy/rule.js imports toolkit/tool.js",
    "tools/one.js imports toolkit/tool.js",
    "a cycle: lib/base.js > client/top.js > lib/base.js",
    "a cycle: lib/base.js > client/top.js > webhooks/hook.js > lib/base.js",
  ]);
});

test("imports are found in every form, and those of types are not", () => {
  const source = `// import x from "./comment.js";\n/** @typedef {import("./type.js").Type} Type */\nimport {\n  a,\n} from "./a.js";\nimport "../lib/b.js";\nexport * from './c.js';\nconst d = await import("./d.js");\n`;
  assert.deepEqual(imports("client/x.js", source), ["client/a.js", "lib/b.js", "client/c.js", "client/d.js"]);
});
