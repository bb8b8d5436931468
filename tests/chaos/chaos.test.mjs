// The short form of `npm run chaos`: workers that are killed, a store that is restarted, and a third of the answers lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chaos } from "./run.mjs";
import { stores } from "./stores.mjs";

const KEYS = 200;
/** Another one each day: a run that breaks a promise says which. */
const SEED = Math.floor(Date.now() / 86_400_000);

describe("a third of the answers lost, workers killed", { concurrency: true }, () => {
  for (const [name, { title, missing, start }] of Object.entries(stores)) {
    test(`${name}: one call for each key, and all are settled`, { skip: missing, timeout: 300_000 }, async () => {
      const store = await start();
      try {
        const size = { keys: KEYS, seed: SEED, kills: 4, restarts: 2, store };
        const { figures, result, breaches } = await chaos(size);
        assert.deepEqual(breaches, [], `${title}, seed ${SEED}`);
        assert.equal(result.duplicates, 0);
        assert.ok(result.calls <= KEYS && result.settled >= 0.99 * KEYS);
        // Else nothing was tried.
        assert.ok(figures.killed > 0);
        assert.equal(figures.died, 0);
        assert.equal(figures.restarted, store.restart ? 2 : 0);
      } finally {
        await store.remove();
      }
    });
  }
});
