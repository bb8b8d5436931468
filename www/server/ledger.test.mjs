// @ts-check
// The ledger behind the page: a store that outlives the run, which shows nothing to requests without the secret of the
// run, and which no request can make do anything but what the client does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryLedger } from "agentphone-wasm/ledger";
import { startProxy } from "./testing.mjs";

const PATH = "/__sandbox/ledger";
const ENTRY = { stamp: "1", open: true, at: 5, value: { state: "unknown" } };

/** @param {import("node:test").TestContext} t @param {import("agentphone-wasm").Ledger} [ledger] */
async function start(t, ledger = memoryLedger()) {
  const proxy = await startProxy("http://127.0.0.1:9", { ledger });
  t.after(() => proxy.close());
  /** @param {unknown} asked */
  const ask = async (asked) => {
    const { status, body } = await proxy.ask(PATH, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof asked === "string" ? asked : JSON.stringify(asked),
    });
    return { status, ...JSON.parse(body) };
  };
  return { proxy, ask, ledger };
}

test("what is in doubt is there in the next run", async (t) => {
  const ledger = memoryLedger();
  const first = await start(t, ledger);
  const write = { method: "write", changes: [{ key: "k", was: null, entry: ENTRY }] };
  assert.deepEqual(await first.ask(write), { status: 200, result: true });
  assert.deepEqual(await first.ask(write), { status: 200, result: false });
  const { ask } = await start(t, ledger);
  assert.deepEqual(await ask({ method: "read", keys: ["none", "k"] }), {
    status: 200,
    result: [null, { key: "k", ...ENTRY }],
  });
  assert.deepEqual((await ask({ method: "open", limit: 10 })).result, [{ key: "k", ...ENTRY }]);
  assert.deepEqual((await ask({ method: "open", limit: 10, after: { at: 5, key: "k" } })).result, []);
  const gone = { method: "write", changes: [{ key: "k", was: "1", entry: null }] };
  assert.deepEqual(await ask(gone), { status: 200, result: true });
});

test("a request that no client makes changes nothing", async (t) => {
  const { ask, proxy, ledger } = await start(t);
  for (const asked of [
    "{",
    "null",
    "[]",
    {},
    { method: "prune", olderThan: Number.MAX_SAFE_INTEGER },
    { method: "constructor" },
    { method: "read" },
    { method: "read", keys: [1] },
    { method: "open", limit: 0 },
    { method: "open", limit: 1e9 },
    { method: "open", limit: 1, after: { at: "x", key: "k" } },
    { method: "write", changes: [{ key: "k", was: null }] },
    { method: "write", changes: [{ key: "k", was: 1, entry: null }] },
    { method: "write", changes: [{ key: "", was: null, entry: ENTRY }] },
    { method: "write", changes: [{ key: "k", was: null, entry: { ...ENTRY, at: "x" } }] },
  ])
    assert.equal((await ask(asked)).status, 400, JSON.stringify(asked));
  assert.equal((await proxy.ask(PATH)).status, 405);
  assert.equal((await proxy.ask(PATH, { method: "POST", body: " ".repeat(70_000) })).status, 413);
  assert.deepEqual(await ledger.open({ limit: 10 }), []);
});

test("nobody without the secret of the run reads or writes the ledger", async (t) => {
  const { proxy, ledger } = await start(t);
  await ledger.write([{ key: "k", was: null, entry: ENTRY }]);
  const body = JSON.stringify({ method: "open", limit: 10 });
  const bare = await proxy.askBare(PATH, { method: "POST", body });
  assert.deepEqual([bare.status, bare.body.includes("unknown")], [401, false]);
  const origin = `http://127.0.0.1:${proxy.port}`;
  assert.equal((await proxy.ask(PATH, { method: "POST", body, headers: { origin } })).status, 403);
});

test("a ledger that fails says so, without the words of its store", async (t) => {
  const fails = () => Promise.reject(new Error("/home/somebody/state is full"));
  const { ask } = await start(t, { read: fails, write: fails, open: fails, prune: fails });
  assert.deepEqual(await ask({ method: "read", keys: ["k"] }), { status: 503, detail: "The ledger is unavailable." });
});

test("a proxy without a ledger says so, and has none", async (t) => {
  const proxy = await startProxy("http://127.0.0.1:9/root");
  t.after(() => proxy.close());
  assert.deepEqual(JSON.parse((await proxy.ask("/__sandbox/health")).body), {
    ok: true,
    mode: "live",
    api: "http://127.0.0.1:9/root",
    hasLedger: false,
  });
  assert.equal((await proxy.ask(PATH, { method: "POST", body: "{}" })).status, 405);
});
