// Some seconds of the fuzz tests in each run; `npm run fuzz` gives them longer.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as requests from "../../tests/fuzz/sandbox-requests.mjs";
import * as states from "../../tests/fuzz/state-files.mjs";

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("for some seconds", () => {
  for (const [target, hazard] of [
    [requests, "no request of any operation traps, and each is answered in the form of the API"],
    [states, "no damaged state file ends the start, and what is understood can be lived with"],
  ]) {
    test(`${target.name}: ${hazard}`, async (t) => {
      const seed = 20_260_101;
      const { cases } = await target.run({ seed, seconds: 2, random: seeded(seed) });
      t.diagnostic(`${cases} cases`);
      assert.ok(cases > 10, `${cases} cases`);
    });
  }
});
