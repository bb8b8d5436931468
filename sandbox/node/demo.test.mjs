// The demo: two consistent weeks, and live activity that starts and stops.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { demo } from "../js/demo/index.mjs";
import { problemsOfResponse } from "./contract-check.mjs";
import { createSandbox, serveSandbox } from "./index.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const START = Date.UTC(2026, 10, 24, 18);
const HEADERS = { authorization: "Bearer sk_test_1", "content-type": "application/json" };
const CENTS_A_MINUTE = { hosted: 22, webhook: 13 };
/** @type {import("../js/types.js").Sandbox[]} */
const open = [];

const begin = (options = {}, choices = {}) => {
  const sandbox = createSandbox({ clock: "manual", start: START, demo: demo(choices), limits: false, ...options });
  open.push(sandbox);
  return sandbox;
};
afterEach(() => {
  for (const sandbox of open.splice(0)) sandbox.close();
});

const get = async (/** @type {import("../js/types.js").Sandbox} */ sandbox, /** @type {string} */ path) =>
  (await sandbox.fetch(path, { headers: HEADERS })).json();
const all = async (/** @type {import("../js/types.js").Sandbox} */ sandbox, /** @type {string} */ path) => {
  const items = [];
  for (;;) {
    const page = await get(sandbox, `${path}?limit=100&offset=${items.length}`);
    items.push(...page.data);
    if (page.data.length === 0 || page.hasMore === false) return items;
  }
};

test("the same seed and time give the same past, and another seed another", () => {
  const [one, same, other] = [begin(), begin(), begin({}, { seed: 2 })].map((sandbox) => sandbox.state.save());
  assert.equal(one, same);
  assert.notEqual(one, other);
});

test("with no seed does the demo send requests that the documented limits reject", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const sandbox = begin({ seed, limits: true });
    const refused = sandbox.requests().filter(({ status }) => Number(status) >= 400);
    assert.deepEqual(refused, [], `seed ${seed}`);
  }
});

test("lists, usage, ledger and wallet agree", async () => {
  const sandbox = begin({}, { live: false });
  await sandbox.clock.advance(600_000);
  const [calls, agents, ledger, { stats }] = [
    await all(sandbox, "/v1/calls"),
    await all(sandbox, "/v1/agents"),
    sandbox.ledger(),
    await get(sandbox, "/v1/usage"),
  ];
  assert.equal(calls.length, stats.totalCalls);
  assert.equal(calls.filter(({ direction }) => direction === "outbound").length, ledger.callsPlaced);
  const rate = Object.fromEntries(
    agents.map(({ id, voiceMode }) => [id, /** @type {Record<string, Foreign>} */ (CENTS_A_MINUTE)[voiceMode]]),
  );
  const talked = calls.reduce((sum, call) => sum + Math.ceil((call.durationSeconds * rate[call.agentId]) / 60), 0);
  const texts = stats.totalMessages * 2;
  const [numbers, registration, recording] = [ledger.numbersBought * 300, 2500, 500];
  assert.equal(ledger.moneySpentCents, talked + texts + numbers + registration + recording);
  assert.equal(stats.totalWebhookDeliveries, stats.successfulWebhookDeliveries + stats.failedWebhookDeliveries);
  assert.ok(stats.failedWebhookDeliveries > 0, "a log without a failure teaches nobody anything");
});

test("calls of all kinds over fourteen days, with texts that arrived, failed, brought pictures and were tapped on", async () => {
  const sandbox = begin();
  const calls = await all(sandbox, "/v1/calls");
  const kinds = new Set(calls.map(({ direction, status }) => `${direction} ${status}`));
  for (const kind of [
    "inbound completed",
    "outbound completed",
    "outbound busy",
    "outbound no-answer",
    "outbound failed",
    "inbound in-progress",
  ]) {
    assert.ok(kinds.has(kind), kind);
  }
  assert.ok(calls.length >= 510 && new Set(calls.map(({ agentId }) => agentId)).size === 4);
  assert.equal(new Set(calls.map(({ startedAt }) => startedAt.slice(0, 10))).size, 15);
  const numbers = await all(sandbox, "/v1/numbers");
  const texts = (await Promise.all(numbers.map(({ id }) => all(sandbox, `/v1/numbers/${id}/messages`)))).flat();
  for (const [what, fits] of Object.entries({
    delivered: (/** @type {Foreign} */ { status }) => status === "delivered",
    failed: (/** @type {Foreign} */ { status }) => status === "failed",
    received: (/** @type {Foreign} */ { status }) => status === "received",
    "with a picture": (/** @type {Foreign} */ { mediaUrls }) => mediaUrls?.length > 0,
  })) {
    assert.ok(texts.some(fits), what);
  }
  assert.equal((await get(sandbox, "/v1/sub-accounts")).data.length, 2);
  assert.equal((await get(sandbox, "/v1/register/status")).campaign_status, "pending");
});

test("every list matches the contract", async () => {
  const sandbox = begin();
  const [[number], [thread], [call]] = [
    await all(sandbox, "/v1/numbers"),
    await all(sandbox, "/v1/conversations"),
    await all(sandbox, "/v1/calls"),
  ];
  const fill = { "{number_id}": number.id, "{conversation_id}": thread.id, "{call_id}": call.id };
  for (const path of [
    "/v1/agents",
    "/v1/numbers",
    "/v1/calls",
    "/v1/conversations",
    "/v1/contacts",
    "/v1/sub-accounts",
    "/v1/webhooks",
    "/v1/webhooks/deliveries",
    "/v1/usage",
    "/v1/usage/daily",
    "/v1/register",
    "/v1/numbers/{number_id}/messages",
    "/v1/conversations/{conversation_id}/messages",
    "/v1/calls/{call_id}",
    "/v1/calls/{call_id}/transcript",
  ]) {
    const answer = await get(
      sandbox,
      path.replace(/\{\w+\}/, (name) => /** @type {Record<string, Foreign>} */ (fill)[name]),
    );
    assert.deepEqual(problemsOfResponse(path, answer), [], path);
  }
});

test("it contains no real phone number and no real address", () => {
  const text = begin().state.save();
  const numbers = new Set(text.match(/\+\d{8,}/g));
  assert.deepEqual(
    [...numbers].filter((number) => !/^\+1\d{3}55501\d\d$/.test(number) && !number.startsWith("+1500555")),
    [],
  );
  const hosts = new Set([...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host));
  assert.deepEqual(
    [...hosts].filter((host) => !host.endsWith(".example")),
    [],
  );
});

test("live activity follows the sandbox's clock, with at most three concurrent calls and none after close", async () => {
  const sandbox = begin();
  const count = async () => ({
    calls: (await get(sandbox, "/v1/calls?limit=1")).total,
    texts: (await get(sandbox, "/v1/usage")).stats.totalMessages,
  });
  const before = await count();
  for (let minute = 0; minute < 60; minute++) {
    await sandbox.clock.advance(60_000);
    const live = ["ringing", "in-progress"].map(
      async (status) => (await get(sandbox, `/v1/calls?status=${status}`)).data.length,
    );
    assert.ok(
      (await Promise.all(live)).reduce((sum, n) => sum + n) <= 3 + 1,
      "three, and the one that was up at the beginning",
    );
  }
  const after = await count();
  assert.ok(after.calls - before.calls >= 10 && after.texts - before.texts >= 20, JSON.stringify({ before, after }));
  const arrivals = after.calls - before.calls + (after.texts - before.texts) / 2;
  assert.ok(arrivals >= 88 && arrivals <= 182, `${arrivals} in an hour, of which every 20 to 40 s one is due`);
  sandbox.close();
  // The engine has been freed: any call to it would throw.
  await sandbox.clock.advance(60_000);
});

test("the demo's servers speak for its agents, and other webhooks still go to the user", async () => {
  /** @type {string[]} */
  const heard = [];
  const sandbox = begin({ onWebhook: async (/** @type {Request} */ request) => void heard.push(request.url) });
  await sandbox.clock.advance(300_000);
  assert.ok(
    sandbox.deliveries.length > 0 && sandbox.deliveries.every(({ url }) => new URL(url).host.endsWith(".example")),
  );
  assert.equal(heard.length, 0);
  await sandbox.fetch("/v1/webhooks", {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify({ url: "http://127.0.0.1:9/mine" }),
  });
  const [{ phoneNumber }] = await all(sandbox, "/v1/numbers");
  sandbox.inbound.message({ to: phoneNumber, body: "Hello" });
  await sandbox.clock.advance(1000);
  assert.ok(heard.includes("http://127.0.0.1:9/mine"));
});

test("a reset returns to the past, and live activity restarts", async () => {
  const sandbox = begin({}, { live: true });
  const agents = await all(sandbox, "/v1/agents");
  await sandbox.fetch(`/v1/agents/${agents[0].id}`, { method: "DELETE", headers: HEADERS });
  sandbox.faults.add({ match: { operation: "calls.list" }, status: 500 });
  sandbox.reset();
  assert.deepEqual(await all(sandbox, "/v1/agents"), agents);
  const before = (await all(sandbox, "/v1/calls")).length;
  await sandbox.clock.advance(600_000);
  assert.ok((await all(sandbox, "/v1/calls")).length > before);
});

test("a saved past continues: it is not replaced, and live activity restarts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-demo-"));
  const options = { stateFile: join(folder, "state.json"), demo: true, speed: 60, start: START };
  const calls = async (/** @type {import("../js/types.js").SandboxServer} */ server) =>
    (await (await fetch(`${server.url}/v1/calls?limit=1`, { headers: HEADERS })).json()).total;
  try {
    const first = await serveSandbox(options);
    await first.close();
    const second = await serveSandbox(options);
    const before = await calls(second);
    assert.ok(before >= 511 && before < 540, `${before} calls are one past and not two`);
    for (let left = 100; left > 0 && (await calls(second)) <= before; left--)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok((await calls(second)) > before);
    await second.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a server starts with the past, unless there is a saved state", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-demo-"));
  const stateFile = join(folder, "state.json");
  const agents = async (/** @type {import("../js/types.js").ServerOptions} */ options) => {
    const server = await serveSandbox(options);
    const { total } = await (await fetch(`${server.url}/v1/agents`, { headers: HEADERS })).json();
    await server.close();
    return total;
  };
  try {
    assert.equal(await agents({ stateFile }), 0);
    assert.equal(await agents({ stateFile, demo: true }), 0);
    assert.equal(await agents({ demo: true }), 4);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a running sandbox can start the demo, continues it, and is empty after a reset", async () => {
  const server = await serveSandbox({ limits: false, speed: 60 });
  const ask = async (/** @type {string} */ method, /** @type {string} */ path) =>
    (await fetch(server.url + path, { method, headers: HEADERS })).json();
  assert.equal((await ask("GET", "/v1/calls")).total, 0);
  await fetch(`${server.url}/v1/agents`, { method: "POST", headers: HEADERS, body: '{"name":"Mine"}' });
  assert.deepEqual(await ask("POST", "/__sandbox/demo"), { ok: true });
  const { total, data } = await ask("GET", "/v1/calls");
  assert.ok(total >= 510, `${total} calls`);
  // The calls belong to the weeks that have just ended.
  assert.ok(Math.abs(Date.now() - Date.parse(data[0].startedAt)) < 86_400_000, data[0].startedAt);
  const names = (await ask("GET", "/v1/agents")).data.map((/** @type {Foreign} */ { name }) => name);
  assert.ok(!names.includes("Mine"));
  assert.equal(server.ledger().balanceCents > 0, true);
  while ((await ask("GET", "/v1/calls")).total === total) await new Promise((resolve) => setTimeout(resolve, 50));
  await ask("POST", "/__sandbox/reset");
  assert.equal((await ask("GET", "/v1/calls")).total, 0);
  await server.close();
});

test("a strict sandbox rejects the demo, and says why", async () => {
  const server = await serveSandbox({ strict: true });
  const response = await fetch(`${server.url}/__sandbox/demo`, { method: "POST" });
  assert.equal(response.status, 409);
  assert.match((await response.json()).detail, /strict/);
  await server.close();
});
