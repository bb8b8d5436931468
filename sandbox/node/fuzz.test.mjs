// A few seconds of fuzzing in each run; `npm run fuzz` runs longer.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { seeded } from "../../tests/fuzz/chance.mjs";
import * as requests from "../../tests/fuzz/sandbox-requests.mjs";
import * as states from "../../tests/fuzz/state-files.mjs";

describe("for a few seconds", () => {
  for (const [target, hazard] of /** @type {const} */ ([
    [requests, "no request of any operation traps, and each is answered in the form of the API"],
    [states, "no damaged state file ends the start, and what is understood can be lived with"],
  ])) {
    test(`${target.name}: ${hazard}`, async (t) => {
      const seed = 20_260_101;
      const { cases } = await target.run({ seed, seconds: 2, random: seeded(seed) });
      t.diagnostic(`${cases} cases`);
      assert.ok(cases > 10, `${cases} cases`);
    });
  }
});
