// A call crosses the boundary of the module only so often: each crossing is small, but they add up unnoticed, one getter at a
// time. Counted and not timed, so that a busy machine changes nothing. A budget is only raised on purpose.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { measure } from "../../benches/crossings.mjs";

/** The most crossings of a good call, by the names of `benches/crossings.mjs`. @type {Record<string, number>} */
const BUDGET = {
  "a list": 13,
  "a list with a query": 13,
  "get by id": 13,
  create: 13,
  "update by id": 13,
  "create with options": 17,
  "create with an idempotency key": 50,
  "… to a person who was called before": 60,
};

describe("a good call crosses the boundary no more often than its budget allows", () => {
  /** @type {Awaited<ReturnType<typeof measure>>} */
  let figures;
  before(async () => {
    figures = await measure();
  });
  test("every case has a budget", () => assert.deepEqual(Object.keys(figures), Object.keys(BUDGET)));
  for (const [name, most] of Object.entries(BUDGET))
    test(name, () => {
      const { into = Number.NaN, out = Number.NaN, functions = [] } = figures[name] ?? {};
      const list = functions.map(([of, count]) => `${of} ${count}`).join(", ");
      assert.ok(into + out <= most, `${into + out} crossings, and the budget is ${most}: ${list}`);
    });
});
