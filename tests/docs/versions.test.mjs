// Versions that documents claim: they are those of the lock files that the tests install from, or they are a promise that no test keeps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const read = (/** @type {string[]} */ ...path) => readFileSync(join(root, ...path), "utf8");

/** The version of a package that a folder's lock file names. */
const locked = (/** @type {string} */ folder) => {
  const { packages } = JSON.parse(read(folder, "package-lock.json"));
  return (/** @type {string} */ name) => /** @type {string} */ (packages[`node_modules/${name}`].version);
};
const short = (/** @type {string} */ version) => version.split(".").slice(0, 2).join(".");

/** The cells of the row of a table that begins with this. */
const row = (/** @type {string} */ page, /** @type {string} */ first) => {
  const line = page.split("\n").find((text) => text.startsWith(`| ${first} |`)) ?? "";
  return line.split("|").map((cell) => cell.trim());
};

test("the README claims the versions that are installed into projects of users", () => {
  const page = read("README.md");
  const version = locked("tests/package/projects");
  const names = ["vite", "webpack", "rollup"].map((name) => short(version(name)));
  const [, , bundlers] = row(page, "Vite, webpack, Rollup, esbuild");
  assert.equal(bundlers, [...names, short(locked("")("esbuild"))].join(", "));
  assert.match(row(page, "Next.js")[2] ?? "", new RegExp(`^${short(version("next"))},`));
  assert.equal(row(page, "Deno")[2], short(version("@deno/linux-x64-glibc")));
  assert.equal(row(page, "Bun")[2], short(version("@oven/bun-linux-x64-baseline")));
  assert.equal(row(page, "jest, vitest")[2], ["jest", "vitest"].map((name) => short(version(name))).join(", "));
  const day = version("workerd").replace(/^1\.(\d{4})(\d\d)(\d\d)\..*$/, "$1-$2-$3");
  assert.equal(row(page, "Cloudflare Workers")[2], `workerd ${day}`);
  const runtimes = Object.keys(JSON.parse(read("tests/package/projects/package.json")).dependencies);
  const nodes = runtimes.flatMap((name) => name.match(/^node(\d+)$/)?.[1] ?? []).sort();
  assert.equal(row(page, "Node")[2], nodes.join(", "));
  const compilers = Object.keys(JSON.parse(read("tests/types/tools/package.json")).dependencies)
    .flatMap((name) => name.match(/^typescript-(.*)$/)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b));
  assert.equal(row(page, "TypeScript")[2], `${compilers[0]} to ${compilers.at(-1)}`);
});

test("docs/tools.md claims the versions of the frameworks in which the tools run", () => {
  const { dependencies } = JSON.parse(read("tests/frameworks/tools/package.json"));
  const [, section = ""] = read("docs/tools.md").split(/^## In frameworks$/m);
  const claimed = [...section.matchAll(/((?:@[\w-]+\/)?[\w-]+) (\d+\.\d+\.\d+)\b/g)].map(([, name, version]) => [
    name,
    version,
  ]);
  assert.ok(claimed.length >= 6, claimed.join());
  assert.deepEqual(
    claimed.filter(([name = "", version]) => dependencies[name] !== version),
    [],
  );
});
