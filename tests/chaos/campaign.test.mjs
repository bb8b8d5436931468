// The short form of `npm run chaos -- campaign`: each person is called once, over workers that are killed and a database that is
// restarted, while a third of the answers is lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { campaignChaos } from "./campaign.mjs";
import { addressOf, campaignStores } from "./campaign-stores.mjs";

const PEOPLE = 150;
/** Another one each day: a run that breaks a promise says which. */
const SEED = Math.floor(Date.now() / 86_400_000);

describe("a campaign whose workers are killed", () => {
  for (const [name, { title, missing, start }] of Object.entries(campaignStores)) {
    test(`${name}: everybody is called once, and nobody is forgotten`, {
      skip: missing,
      timeout: 300_000,
    }, async () => {
      const store = await start();
      try {
        const { result, breaches, figures } = await campaignChaos({
          people: PEOPLE,
          seed: SEED,
          workers: 2,
          killEvery: 2_000,
          restarts: 1,
          address: addressOf(store),
          store,
        });
        assert.deepEqual(breaches, [], `${title}, seed ${SEED}`);
        assert.deepEqual([result.twice, result.wrong, result.forgotten], [0, 0, 0]);
        assert.equal(result.finished + result.inDoubt, PEOPLE);
        // Else nothing was tried.
        assert.ok(figures.killed > 0 && result.finished > PEOPLE / 2);
        assert.equal(figures.died, 0);
        assert.equal(figures.restarted, store.restart ? 1 : 0);
      } finally {
        await store.remove();
      }
    });
  }
});
