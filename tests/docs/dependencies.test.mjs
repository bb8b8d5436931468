// Each dependency with its reason: one that nobody remembers the reason of is never removed. And the package has none.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/tools.mjs";

const read = (/** @type {string[]} */ ...path) => readFileSync(join(root, ...path), "utf8");

/** The crates that a Cargo.toml names. */
const crates = (/** @type {string} */ text) => {
  const names = new Set();
  let within = false;
  for (const line of text.split("\n")) {
    const [, section] = /^\[(.+)\]$/.exec(line) ?? [];
    if (section !== undefined) {
      within = /(^|[.-])dependencies$/.test(section);
      const [, own] = /(?:^|[.-])dependencies\.(.+)$/.exec(section) ?? [];
      if (own) names.add(own);
    } else if (within && /^[a-z0-9_-]+ = /.test(line)) names.add(line.split(" ")[0]);
  }
  return [...names];
};

const packages = (/** @type {string} */ file) => {
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(file));
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
};

const MANIFESTS = {
  "Cargo.toml": crates(read("Cargo.toml")),
  "sandbox/Cargo.toml": crates(read("sandbox", "Cargo.toml")),
  "package.json": packages("package.json"),
  "cli/package.json": packages("cli/package.json"),
  "tests/types/package.json": packages("tests/types/package.json"),
  "tests/types/tools/package.json": packages("tests/types/tools/package.json"),
  "tests/ledger/tools/package.json": packages("tests/ledger/tools/package.json"),
  "tests/frameworks/tools/package.json": packages("tests/frameworks/tools/package.json"),
  "tests/inspector/tools/package.json": packages("tests/inspector/tools/package.json"),
  "tests/recipes/tools/package.json": packages("tests/recipes/tools/package.json"),
  "tests/package/projects/package.json": packages("tests/package/projects/package.json"),
};

/** The first cells of the tables, each under the heading that names its manifests; a range stands for all that lie in it. */
const page = read("docs", "dependencies.md");
const named = new Set(
  [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    cell.split(/ \(|, | to /).flatMap((part) => part.replaceAll(/[`)]/g, "").trim()),
  ),
);
const [lowest, highest] = [5.4, 7.0];
const isNamed = (/** @type {string} */ name) => {
  const [, version] = /^typescript-(\d\.\d)$/.exec(name) ?? [];
  return version === undefined
    ? named.has(name)
    : named.has(`typescript-${lowest}`) && Number(version) >= lowest && Number(version) <= highest;
};

test("no dependency is without a reason", () => {
  for (const [file, names] of Object.entries(MANIFESTS)) {
    assert.ok(names.length > 0, `${file} was read`);
    assert.deepEqual(
      names.filter((name) => !isNamed(name)),
      [],
      file,
    );
  }
});

/** The first cells of the tables of a section, without what is in brackets, as names. */
const listed = (/** @type {string} */ section) =>
  [...section.matchAll(/^\| ([^|]+) \|/gm)]
    .map(([, cell = ""]) => cell)
    .filter((cell) => !/^(crate|package|tool|what)\b/.test(cell))
    .map((cell) => ({
      names: cell.replaceAll(/ \([^)]*\)|`/g, "").split(/, | to /),
      manifest: /`([^`]*package\.json)`/.exec(cell)?.[1],
    }));

test("no line is about a dependency that is gone, and none is there twice", () => {
  const peers = Object.keys(JSON.parse(read("pkg", "package.json")).peerDependencies);
  const all = new Set([...Object.values(MANIFESTS).flat(), ...peers]);
  /** @type {string[]} */
  const found = [];
  for (const section of page.split(/^## /m)) {
    if (/^(The toolchain|Not taken)/.test(section)) continue;
    const fetched = section.startsWith("Fetched");
    const seen = new Set();
    for (const { names, manifest } of listed(section)) {
      // Tests and benchmarks that fetch something without a manifest are read by people alone.
      if (fetched && manifest === undefined) continue;
      const there = fetched ? new Set(MANIFESTS[/** @type {keyof typeof MANIFESTS} */ (manifest)]) : all;
      for (const name of names) {
        if (!there.has(name)) found.push(`${name}: gone`);
        if (!fetched && seen.has(name)) found.push(`${name}: twice`);
        seen.add(name);
      }
    }
    assert.ok(seen.size > 0 || !section.includes("|---|"), section.slice(0, 60));
  }
  assert.deepEqual(found, []);
});

test("a crate in each kind of section is found", () => {
  assert.deepEqual(
    crates(
      '[package]\nname = "x"\n[dependencies]\na = "1"\n[target.\'cfg(x)\'.dev-dependencies]\nb = { version = "1" }\n[dependencies.c]\nversion = "1"\nfeatures = []\n[build-dependencies]\nd = "1"\n[profile.release]\nlto = "fat"\n',
    ),
    ["a", "b", "c", "d"],
  );
});

test("the package that users install depends on nothing, and runs nothing when it is installed", () => {
  const manifest = JSON.parse(read("pkg", "package.json"));
  const none = ["dependencies", "optionalDependencies", "bundledDependencies", "bundleDependencies", "scripts"];
  assert.deepEqual(
    none.filter((field) => field in manifest),
    [],
  );
  const { peerDependencies, peerDependenciesMeta } = manifest;
  assert.deepEqual(
    Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true),
    [],
    "what an entry imports beside the client is for those who use that entry",
  );
});
