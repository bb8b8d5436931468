// Every fuzz target for a few seconds, always with the same seed, so that a failure comes from a change; and every input of the
// corpus again. `npm run fuzz` goes on from other seeds for as long as one likes.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fuzz, fuzzTargets } from "../../scripts/fuzz.mjs";

/** For all targets together. */
const SECONDS = 20;
const SEED = 1;

const targets = await fuzzTargets();
const corpusOf = (/** @type {string} */ name) => new URL(`corpus/${name}.json`, import.meta.url);

for (const target of targets) {
  const { name, check } = target;
  test(`${name}: made-up inputs find no fault`, async () => {
    const { cases } = await fuzz(target, { seed: SEED, seconds: SECONDS / targets.length });
    assert.ok(cases > 0);
  });

  if (existsSync(corpusOf(name))) {
    for (const [at, { why, input }] of JSON.parse(readFileSync(corpusOf(name), "utf8")).entries()) {
      test(`${name}: corpus ${at}, ${why}`, async () => void (await check?.(input)));
    }
  }
}

test("hostile objects are handed to every method of the client", async () => {
  const { methods } = await import("./hostile-objects.mjs");
  for (const name of ["request", "agents.list", "agents.webhook.deliveries.list", "calls.wait", "messages.media.get"])
    assert.ok(name in methods, name);
  assert.ok(Object.keys(methods).length > 90, `${Object.keys(methods).length} methods`);
});

test("every corpus belongs to a target that can replay it", () => {
  const known = targets.filter(({ check }) => typeof check === "function").map(({ name }) => `${name}.json`);
  for (const file of readdirSync(new URL("corpus/", import.meta.url)).filter((file) => file.endsWith(".json")))
    assert.ok(known.includes(file), file);
});
