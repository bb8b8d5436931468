// What a lost response can mean, in memory and over real sockets: it happened, it will happen, somebody else did
// it, nothing shows it. sandbox/src/tests has the tests of the rules; these show what a client sees.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox, serveSandbox } from "./index.mjs";
import { client, JSON_KEY, observe } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const PHONE = "+14155550100";
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** @type {import("../js/types.js").SandboxServer} */
let server;
before(async () => {
  server = await serveSandbox({ clock: "manual", idempotencyKeys: true });
});
after(() => server.close());
afterEach(() => server.reset());

const { post, get } = client(() => server);
/** Advances the clock the way a program in another language does. @param {number} advanceMs */
const pass = (advanceMs) => post("/__sandbox/clock", { advanceMs });

async function staff() {
  const agent = await post("/v1/agents", { name: "Support" });
  const number = await post("/v1/numbers", { agentId: agent.id });
  return { agentId: agent.id, numberId: number.id };
}

/** Sends a request whose response gets lost. @param {string} path @param {object} body @param {Record<string, string>} [headers] */
async function lose(path, body, headers = {}) {
  const init = { method: "POST", body: JSON.stringify(body), base: server.url, headers: { ...JSON_KEY, ...headers } };
  const seen = await observe(path, init);
  assert.equal(seen.broken, true, `${path} ${seen.status}`);
  assert.equal(seen.status, undefined);
}

describe("a lost response over sockets", () => {
  test("is followed by the effect when the rule says late", async () => {
    const { agentId } = await staff();
    await post("/__sandbox/faults", { match: { operation: "calls.create" }, late: { afterMs: 85_000 } });
    await lose("/v1/calls", { agentId, toNumber: PHONE });
    await pass(84_999);
    assert.equal((await get("/v1/calls")).total, 0);
    await pass(1);
    const { data } = await get("/v1/calls");
    const [{ at, requestedAt, id, foreign }] = server.effects().filter(({ operation }) => operation === "calls.create");
    assert.deepEqual([data.length, data[0].id, at - requestedAt, foreign], [1, id, 85_000, false]);
  });

  test("can be a 504 after a stall, with the call placed even later", async () => {
    const { agentId } = await staff();
    server.faults.add({ late: true, status: 504, shape: "html", delayMs: 20, times: 1 });
    const seen = await observe("/v1/calls", {
      method: "POST",
      base: server.url,
      body: JSON.stringify({ agentId, toNumber: PHONE }),
    });
    assert.deepEqual([seen.status, server.ledger().callsPlaced], [504, 0]);
    await pass(5000);
    assert.equal(server.ledger().callsPlaced, 1);
  });

  test("hides a text from every list, but it is billed", async () => {
    const { numberId } = await staff();
    server.faults.add({ cut: "before-headers", unlisted: { forMs: 60_000 }, times: 1 });
    await lose("/v1/messages", { number_id: numberId, to_number: PHONE, body: "Your table is ready." });
    const lists = [`/v1/numbers/${numberId}/messages`, "/v1/conversations"];
    for (const list of lists) assert.deepEqual((await get(list)).data, [], list);
    assert.equal((await get("/v1/usage")).stats.totalMessages, 1);
    await pass(60_000);
    for (const list of lists) assert.equal((await get(list)).data.length, 1, list);
  });

  test("leaves open whether the purchased number is ours or another client's", async () => {
    await staff();
    server.faults.add({ match: { operation: "numbers.buy" }, cut: "before-effect", foreign: true, times: 1 });
    await lose("/v1/numbers", { externalId: "order-7" });
    await pass(1000);
    const { data } = await get("/v1/numbers");
    assert.deepEqual([data.length, data[0].externalId], [2, null]);
    const { numbersBought, foreign, moneySpentCents } = server.ledger();
    assert.deepEqual([numbersBought, foreign.numbersBought, moneySpentCents], [1, 1, 600]);
  });

  test("is followed by lists that lag and have another order", async () => {
    const { agentId } = await staff();
    server.faults.add({ match: { operation: "calls.list" }, lagMs: 10_000, order: "oldest" });
    const first = await post("/v1/calls", { agentId, toNumber: PHONE });
    await pass(5000);
    const second = await post("/v1/calls", { agentId, toNumber: PHONE });
    await pass(5000);
    assert.deepEqual(
      (await get("/v1/calls")).data.map((/** @type {Foreign} */ call) => call.id),
      [first.id],
    );
    await pass(5000);
    assert.deepEqual(
      (await get("/v1/calls")).data.map((/** @type {Foreign} */ call) => call.id),
      [first.id, second.id],
    );
  });
});

describe("in memory", () => {
  test("the client reports an unknown outcome, and the call appears later", async () => {
    const sandbox = createSandbox({ clock: "manual" });
    const phone = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
    const agent = await phone.agents.create({ name: "Support" });
    await phone.numbers.buy({ agentId: agent.id });
    sandbox.faults.add({ match: { operation: "calls.create" }, late: true, times: 1 });
    const call = phone.calls.create({ agentId: agent.id, toNumber: PHONE });
    await assert.rejects(call, { code: "CONNECTION_ERROR", outcomeUnknown: true });
    assert.equal((await phone.calls.list()).data.length, 0);
    await sandbox.clock.advance(5000);
    assert.equal((await phone.calls.list()).data.length, 1);
    sandbox.close();
  });

  test("a late effect happens by itself with a running clock", async () => {
    const sandbox = createSandbox({ speed: 100 });
    const post = (/** @type {string} */ path, /** @type {object} */ body) =>
      sandbox.fetch(path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) });
    sandbox.faults.add({ match: { operation: "agents.create" }, late: { afterMs: 5000 } });
    await assert.rejects(post("/v1/agents", { name: "A" }), TypeError);
    while (sandbox.effects().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [{ at, requestedAt }] = sandbox.effects();
    assert.ok(at - requestedAt >= 5000, `${at - requestedAt}`);
    sandbox.close();
  });

  test("a saved state keeps deferred requests", async () => {
    const [one, two] = [createSandbox({ clock: "manual" }), createSandbox({ clock: "manual" })];
    one.faults.add({ match: { operation: "agents.create" }, late: true, foreign: true });
    const agent = { method: "POST", headers: JSON_KEY, body: '{"name":"A"}' };
    await assert.rejects(one.fetch("/v1/agents", agent), TypeError);
    two.state.load(one.state.save());
    await two.clock.advance(5000);
    assert.deepEqual(
      two.effects().map(({ foreign }) => foreign),
      [true, false],
    );
    one.close();
    two.close();
  });

  test("a status without a body can be read", async () => {
    const sandbox = createSandbox({ clock: "manual" });
    for (const ask of [sandbox.fetch, (/** @type {string} */ path) => fetch(server.url + path)]) {
      for (const status of [204, 205, 304]) {
        for (const { faults } of [sandbox, server]) faults.add({ status, times: 1 });
        const answer = await ask("/v1/agents");
        assert.deepEqual([answer.status, await answer.text()], [status, ""]);
        for (const { faults } of [sandbox, server]) faults.clear();
      }
    }
    sandbox.close();
  });

  test("a delayed body in one piece is cut as well", async () => {
    const sandbox = createSandbox({ clock: "manual" });
    for (const [one, ask] of /** @type {const} */ ([
      [sandbox, sandbox.fetch],
      [server, (/** @type {string} */ path, /** @type {RequestInit} */ init) => fetch(server.url + path, init)],
    ])) {
      const post = (/** @type {string} */ path, /** @type {object} */ body) =>
        ask(path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) });
      const agentId = /** @type {Foreign} */ (await (await post("/v1/agents", { name: "A" })).json()).id;
      await post("/v1/numbers", { agentId });
      const call = /** @type {Foreign} */ (await (await post("/v1/calls", { agentId, toNumber: PHONE })).json());
      await one.clock.advance(60_000);
      one.faults.add({ match: { operation: "calls.transcript.stream" }, cut: "mid-body" });
      const stream = await ask(`/v1/calls/${call.id}/transcript/stream`, { headers: JSON_KEY });
      await assert.rejects(stream.text());
    }
    sandbox.close();
  });
});

describe("idempotency keys", () => {
  test("return the first response again over sockets, and reject a different request", async () => {
    const { agentId } = await staff();
    const send = async (/** @type {string} */ toNumber) => {
      const headers = { ...JSON_KEY, "Idempotency-Key": "reminder:order-7" };
      const body = JSON.stringify({ agentId, toNumber });
      const response = await fetch(`${server.url}/v1/calls`, { method: "POST", headers, body });
      return { response, body: /** @type {Foreign} */ (await response.json()) };
    };
    server.faults.add({ match: { operation: "calls.create" }, cut: "before-headers", times: 1 });
    await lose("/v1/calls", { agentId, toNumber: PHONE }, { "Idempotency-Key": "reminder:order-7" });
    const again = await send(PHONE);
    assert.deepEqual([again.response.status, again.response.headers.get("idempotent-replayed")], [200, "true"]);
    const other = await send("+14155550101");
    assert.deepEqual([other.response.status, other.body.error.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
    const placed = server.effects().filter(({ operation }) => operation === "calls.create");
    assert.deepEqual(
      placed.map(({ id, idempotencyKey }) => [id, idempotencyKey]),
      [[again.body.id, "reminder:order-7"]],
    );
  });

  test("can be turned on from the command line", async () => {
    const cli = fileURLToPath(new URL("cli.mjs", import.meta.url));
    const child = spawn(process.execPath, [cli, "--port", "0", "--quiet", "--idempotency-keys"]);
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    while (!out.includes("/__sandbox/health")) await once(child.stdout, "data");
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(out) ?? [];
    const make = async () => {
      const headers = { ...JSON_KEY, "idempotency-key": "k" };
      const answer = await fetch(`${url}/v1/agents`, { method: "POST", headers, body: '{"name":"A"}' });
      return /** @type {Foreign} */ (await answer.json()).id;
    };
    assert.equal(await make(), await make());
    child.kill("SIGTERM");
    await once(child, "close");
  });

  test("are rejected as an option of the wrong type", () => {
    assert.throws(() => createSandbox(/** @type {Foreign} */ ({ idempotencyKeys: "yes" })), {
      name: "TypeError",
      message: "idempotencyKeys must be true or false",
    });
  });
});

describe("the README", () => {
  test("has an example of a race that works as described", async () => {
    const [, code = ""] = /```js races\n([^]*?)```/.exec(readme) ?? [];
    // console.assert only prints.
    const checked = code.replaceAll("console.assert(", "(await import('node:assert')).ok(");
    // Inside the project, so that it finds the package.
    const folder = fileURLToPath(new URL("../../target/examples-of-readme/", import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}races.mjs`, checked.replaceAll(".catch((error) =>", ".catch(async (error) =>"));
    const child = spawn(process.execPath, [`${folder}races.mjs`]);
    let told = "";
    child.stderr.on("data", (chunk) => (told += chunk));
    assert.deepEqual(await once(child, "close"), [0, null], `${told} ${pathToFileURL(folder)}`);
  });
});
