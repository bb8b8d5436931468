// The package stays as small as it was: what a change adds must be meant. Who means it writes the new
// weights down with `npm run build -- --budget`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { compilerInUse, weights } from "../../scripts/build.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { compiler, parts: budget } = JSON.parse(
  readFileSync(new URL("../../scripts/size.json", import.meta.url), "utf8"),
);
/**
 * By so much a part may grow unnoticed: as much as another release of a tool or of zlib makes. Another build of
 * the compiler brings another build of the standard library, and that is no growth of ours.
 */
const SLACK = compilerInUse() === compiler ? 1.02 : 1.15;

describe(`no part grows by more than ${Math.round((SLACK - 1) * 100)} % over its budget`, () => {
  const built = weights();
  test("every part has a budget", () => assert.deepEqual(Object.keys(built), Object.keys(budget)));
  for (const [part, allowed] of Object.entries(budget)) {
    for (const [form, bytes] of Object.entries(allowed)) {
      test(`${part}, ${form}`, () => {
        const weighs = /** @type {Record<string, Foreign>} */ (built[part])?.[form];
        assert.ok(weighs <= bytes * SLACK, `weighs ${weighs} bytes, and the budget is ${bytes}`);
      });
    }
  }
});
