// Every program of docs/recipes.md holds against the types of the library that it is for.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { files } from "./page.mjs";
import { project } from "./recipes.mjs";

/** Workers have globals of their own, which those of Node would contradict. */
const OF_WORKERS = ["effects.ts", "worker.ts"];

const check = (/** @type {string} */ folder, /** @type {object} */ config) => {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  try {
    execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", folder], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return "";
  } catch (error) {
    return String(/** @type {{ stdout?: string }} */ (error).stdout);
  }
};
const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: "es2022",
  module: "nodenext",
  moduleResolution: "nodenext",
};

test("the page has a program for each engine", () => {
  const expected = "client dbos restate inngest activities workflows effects worker"
    .split(" ")
    .map((name) => `${name}.ts`);
  assert.deepEqual(Object.keys(files), [...expected, "wrangler.json"]);
});

test("the steps type-check with their engines' types", (t) => {
  const { folder, remove } = project();
  t.after(remove);
  const compilerOptions = { ...OPTIONS, lib: ["es2023", "dom", "dom.iterable"], types: ["node"] };
  assert.equal(check(folder, { compilerOptions, include: ["*.ts"], exclude: OF_WORKERS }), "");
});

test("the Worker and its Durable Object type-check with Cloudflare's types", (t) => {
  const { folder, remove } = project();
  t.after(remove);
  const compilerOptions = { ...OPTIONS, lib: ["es2023"], types: ["@cloudflare/workers-types"] };
  assert.equal(check(folder, { compilerOptions, files: OF_WORKERS }), "");
});
