// The client writes values to its own ledger in memory as texts, without checks and copies. That must be no way around a
// ledger that extends it, and no way into what it keeps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readEntries, writeLedger } from "../../src/js/effects/ledger.js";
import { memoryLedger } from "../../src/js/ledger/memory.js";

/** @import { Ledger, LedgerChange } from "agentphone-wasm/ledger" */

const VALUE = '{"format":1,"ids":["call_1"]}';
const CHANGES = JSON.stringify([{ key: "key", was: null, entry: { stamp: "1", open: true, at: 5 } }]);

test("a ledger that extends the one in memory is asked itself", async () => {
  const inner = memoryLedger();
  /** @type {(readonly LedgerChange[])[]} */
  const written = [];
  const write = (/** @type {readonly LedgerChange[]} */ changes) => {
    written.push(changes);
    return inner.write(changes);
  };
  /** @type {Ledger[]} */
  const extended = [{ ...inner, write }, Object.create(inner, { write: { value: write } })];
  for (const ledger of extended) {
    assert.equal(await writeLedger(ledger, CHANGES, VALUE), ledger === extended[0]);
    assert.deepEqual(written.pop()?.[0]?.entry, { stamp: "1", open: true, at: 5, value: JSON.parse(VALUE) });
  }
  assert.equal(await readEntries(inner, "key", "lane"), `[["1",${VALUE}],null]`);
});

test("what is written as a text is an entry like any other", async () => {
  const ledger = memoryLedger();
  assert.equal(writeLedger(ledger, CHANGES, VALUE), true);
  assert.equal(writeLedger(ledger, CHANGES, VALUE), false);
  const entry = { key: "key", stamp: "1", open: true, at: 5, value: JSON.parse(VALUE) };
  assert.deepEqual(await ledger.read(["key", "lane"]), [entry, undefined]);
  assert.deepEqual(await ledger.open({ limit: 9 }), [entry]);
  const gone = JSON.stringify([
    { key: "key", was: "1", entry: null },
    { key: "other", was: null, entry: { stamp: "2", open: false, at: 6 } },
  ]);
  assert.equal(writeLedger(ledger, gone, '"the only value"'), true);
  assert.deepEqual(await ledger.open({ limit: 9 }), []);
  assert.equal((await ledger.read(["other"]))[0]?.value, "the only value");
});

test("changing what was read or written changes nothing in the ledger", async () => {
  const ledger = memoryLedger();
  const value = { ids: ["call_1"] };
  await ledger.write([{ key: "key", was: null, entry: { stamp: "1", open: true, at: 5, value } }]);
  value.ids.push("call_2");
  const read = /** @type {{ ids: string[] }[]} */ (
    [...(await ledger.read(["key"])), ...(await ledger.open({ limit: 1 }))].map((entry) => entry?.value)
  );
  for (const one of read) one.ids.length = 0;
  assert.equal(await readEntries(ledger, "key"), '[["1",{"ids":["call_1"]}]]');
});
