// How long a key counts as under way: a lease that ends before its request does could let a second process act, and one that
// lasts much longer would keep the key of a process that died.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
import { createSandbox } from "agentphone-wasm/sandbox";
import { KEY, PHONE } from "../support/client.mjs";

/** @import { Ledger } from "agentphone-wasm" */

/** Milliseconds: the call's own limit, and what its lease is. @type {[total: number | null, lease: number][]} */
const LEASES = [
  [1_000, 6_000],
  [6_000, 12_000],
  [60_000, 120_000],
  [120_000, 180_000],
  [3_600_000, 960_000],
  [null, 960_000],
];

for (const [totalTimeout, lease] of LEASES) {
  test(`a key is under way for ${lease} ms where totalTimeout is ${totalTimeout}`, { timeout: 30_000 }, async () => {
    const inner = memoryLedger();
    /** @type {number[]} */
    const ends = [];
    /** @type {Ledger} */
    const ledger = {
      ...inner,
      write: (changes) => {
        for (const { entry } of changes) {
          const value = /** @type {{ state?: string, until: number } | undefined} */ (entry?.value);
          if (value?.state === "sending") ends.push(value.until);
        }
        return inner.write(changes);
      },
    };
    const client = new AgentPhone({ apiKey: KEY, fetch: createSandbox().fetch, logLevel: "off", ledger, totalTimeout });
    const { id: agentId } = await client.agents.create({ name: "Desk" });
    await client.numbers.buy({ agentId });
    const before = Date.now();
    await client.calls.create({ agentId, toNumber: PHONE }, { idempotencyKey: "order-42" });
    assert.equal(ends.length, 1);
    const [end = 0] = ends;
    assert.ok(end >= before + lease && end <= Date.now() + lease, `${end - before}`);
  });
}
