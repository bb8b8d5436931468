// Figures of the documents that can be counted: an operation that is added must not leave an old count behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { operations } from "../support/contract.mjs";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the README does not count more or fewer operations than the contract has", () => {
  const untyped = operations.filter(({ answer }) => answer.kind === "untyped");
  assert.match(readme, new RegExp(`^All ${operations.length} operations of the API`, "m"));
  const [, all, unknown] =
    readme.match(/operations, of them with a response of unknown type \| \*\*(\d+)\*\*, (\d+) /) ?? [];
  assert.deepEqual([Number(all), Number(unknown)], [operations.length, untyped.length]);
});

test("no other document names a count of operations", () => {
  for (const name of [
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/console.md",
    "sandbox/README.md",
    "pkg/package.json",
    "sandbox/Cargo.toml",
    "Cargo.toml",
  ]) {
    const text = readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
    assert.doesNotMatch(text, /\b\d+ (?:of the )?operations\b/, name);
  }
});
