// What the types promise is there: every value that an entry's declarations export is exported by its code, by
// `import` and by `require`, and nothing else is. The checkers of packages compare files and module systems, but for
// ES modules not the names.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { install, load } from "../support/type-tools.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const folder = mkdtempSync(join(tmpdir(), "agentphone-promises-"));
const { exports } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url), "utf8"));
const entries = Object.keys(exports)
  .filter((entry) => !/\.(wasm|json)$/.test(entry))
  .map((entry) => entry.replace(".", "agentphone-wasm"));
/** @type {Record<string, Foreign>} */
const extensions = { import: "mts", require: "cts" };

/** @type {Foreign} */
let ts;
before(
  async () => {
    install(folder);
    // Users of the entry for OpenTelemetry bring this one along.
    const peer = join("node_modules", "@opentelemetry");
    symlinkSync(join(root, peer), join(folder, peer), "junction");
    ({ default: ts } = await load("typescript-5.9"));
  },
  { timeout: 300_000 },
);
after(() => rmSync(folder, { recursive: true, force: true }));

/** The compiler's view of a file of this text. */
const program = (/** @type {string} */ name, /** @type {string | NodeJS.ArrayBufferView} */ text) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  const made = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  });
  return { made, source: made.getSourceFile(file) };
};

/** The names that a program may use as values. */
const promised = (/** @type {string} */ way, /** @type {string} */ entry) => {
  const all = `import all = require("${entry}");\n`;
  const { made, source } = program(
    `names.${extensions[way]}`,
    way === "import" ? `export * from "${entry}";\n` : `${all}export = all;\n`,
  );
  const checker = made.getTypeChecker();
  const names = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .map((/** @type {Foreign} */ { name }) => name)
    .sort();
  // A type is no value, and neither is what is exported by `export type`: using it is the error that shows it.
  const use = way === "import" ? `import * as all from "${entry}";\n` : all;
  const uses = program(
    `uses.${extensions[way]}`,
    use + names.map((/** @type {string} */ name) => `void all.${name};\n`).join(""),
  );
  const refused = new Set(
    uses.made
      .getSemanticDiagnostics(uses.source)
      .map((/** @type {Foreign} */ { start }) => uses.source.getLineAndCharacterOfPosition(start).line),
  );
  return names.filter((/** @type {Foreign} */ _, /** @type {number} */ index) => !refused.has(index + 1));
};

/** The names that it gets. */
const given = (/** @type {string} */ way, /** @type {string} */ entry) => {
  const file = join(folder, `given.${way === "import" ? "mjs" : "cjs"}`);
  const print = (/** @type {string} */ got) => `console.log(JSON.stringify(Object.keys(${got}).sort()));\n`;
  writeFileSync(
    file,
    way === "import" ? `import * as all from "${entry}";\n${print("all")}` : print(`require("${entry}")`),
  );
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file], { cwd: folder }, (error, stdout) =>
      error ? reject(error) : resolve(JSON.parse(stdout)),
    );
  });
};

describe("no entry lacks what its types promise, or hides what it has", () => {
  for (const entry of entries) {
    for (const way of Object.keys(extensions)) {
      test(`${way} of ${entry}`, async () => {
        const names = promised(way, entry);
        assert.ok(names.length > 0, "it promises something");
        assert.deepEqual(await given(way, entry), names);
      });
    }
  }
});
