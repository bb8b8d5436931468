// The ledger in memory: the conformance suite, and that it does not grow for ever.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoryLedger } from "agentphone-wasm/ledger";
import { refusesBadInput } from "./bad-input.mjs";
import { cases } from "./conformance.mjs";

describe("in memory", () => {
  /** @type {Map<string, import("agentphone-wasm/ledger").Ledger>} */
  const ledgers = new Map();
  const open = (/** @type {string} */ namespace) => {
    const ledger = ledgers.get(namespace) ?? memoryLedger();
    ledgers.set(namespace, ledger);
    return ledger;
  };
  for (const { name, run } of cases) test(name, () => run(open));
  test("bad input is refused", () => refusesBadInput(memoryLedger()));
});

const HOUR = 3_600_000;
const settled = (/** @type {number} */ at, open = false) => ({ stamp: `${at}`, open, at, value: {} });

/** Which keys of the first so many hours there are. */
const remaining = async (/** @type {import("agentphone-wasm/ledger").Ledger} */ ledger, /** @type {number} */ hours) =>
  (await ledger.read(Array.from({ length: hours }, (_, at) => `${at}`))).flatMap((entry) => entry?.key ?? []);

test("settled entries are forgotten a day after, measured by the newest; open ones never", async () => {
  const ledger = memoryLedger();
  for (let hour = 0; hour < 30; hour += 1)
    await ledger.write([{ key: `${hour}`, was: null, entry: settled(hour * HOUR, hour === 2) }]);
  assert.deepEqual(await remaining(ledger, 30), ["2", ...Array.from({ length: 25 }, (_, at) => `${at + 5}`)]);
});

test("the retention is the caller's choice, from a day on", async () => {
  for (const [retention, kept] of /** @type {const} */ ([
    [26 * HOUR, 27],
    [Number.POSITIVE_INFINITY, 50],
  ])) {
    const ledger = memoryLedger({ retention });
    for (let hour = 0; hour < 50; hour += 1)
      await ledger.write([{ key: `${hour}`, was: null, entry: settled(hour * HOUR) }]);
    assert.equal((await remaining(ledger, 50)).length, kept, `${retention}`);
  }
});

test("options that there are not, and wrong ones, are refused", () => {
  for (const options of [{ retention: -1 }, { retention: 23 * HOUR }, { retention: "1h" }, { namespace: "a" }, null, 7])
    assert.throws(() => memoryLedger(/** @type {any} */ (options)), { name: "LedgerError", code: "INVALID_ARGUMENT" });
});
