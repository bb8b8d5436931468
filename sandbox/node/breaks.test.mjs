// A sandbox survives its engine: running out of memory, whoever used it up, gives an error response and does not
// end the sandbox.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, mock, test } from "node:test";
import { createSandbox, serveSandbox } from "./index.mjs";
import { JSON_KEY } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const folder = mkdtempSync(join(tmpdir(), "sandbox-breaks-"));
after(() => rmSync(folder, { recursive: true }));

/** A body whose values take more memory than any module may have. */
const TOO_MUCH = Buffer.from(`{"name":"A","customTools":[${"0,".repeat(70_000_000)}0]}`);

/** Sends a request to a server or a sandbox. @typedef {(path: string, init?: RequestInit) => Promise<Response>} Ask */

const send = (
  /** @type {Ask} */ ask,
  /** @type {string} */ method,
  /** @type {string} */ path,
  /** @type {Foreign} */ body,
) => ask(path, { method, headers: JSON_KEY, body: body && JSON.stringify(body) });
const json = async (/** @type {Promise<Response>} */ answer) => (await answer).json();
const names = async (/** @type {Ask} */ ask) =>
  (await json(ask("/v1/agents", { headers: JSON_KEY }))).data.map((/** @type {Foreign} */ { name }) => name);
const overload = (/** @type {Ask} */ ask) => ask("/v1/agents", { method: "POST", headers: JSON_KEY, body: TOO_MUCH });
/** After this time, the next change starts with a snapshot. */
const snapshotIsDue = () => new Promise((resolve) => setTimeout(resolve, 1100));

const log = mock.method(console, "error", () => {});
beforeEach(() => log.mock.resetCalls());
const logged = () => log.mock.calls.map(({ arguments: [line] }) => String(line));

describe("an engine whose memory is full", () => {
  test("continues from its last snapshot, and says so in the response and in the log", async () => {
    const sandbox = createSandbox({ limits: false });
    await send(sandbox.fetch, "POST", "/v1/agents", { name: "Ada" });
    await snapshotIsDue();
    await send(sandbox.fetch, "POST", "/v1/agents", { name: "Late" });
    const answer = await overload(sandbox.fetch);
    assert.equal(answer.status, 500);
    const { error } = await answer.json();
    assert.deepEqual([error.code, error.type, error.details], ["SANDBOX_RESTARTED", "server_error", []]);
    assert.match(error.message, /broke \(.+\), and it went on from its state of \d{4}-\d\d-\d\dT/);
    assert.deepEqual(logged(), [`agentphone-sandbox: ${error.message}.`]);
    assert.deepEqual(await names(sandbox.fetch), ["Ada"]);
    await send(sandbox.fetch, "POST", "/v1/agents", { name: "Next" });
    assert.deepEqual(await names(sandbox.fetch), ["Next", "Ada"]);
    sandbox.close();
  });

  test("says so in the configured error shape", async () => {
    const sandbox = createSandbox({ limits: false, errors: "detail" });
    const { detail } = await (await overload(sandbox.fetch)).json();
    assert.match(detail, /^The sandbox broke /);
    sandbox.close();
  });

  test("does not affect the other sandboxes of the process", async () => {
    const [one, other] = [createSandbox({ limits: false }), createSandbox({ limits: false })];
    await send(other.fetch, "POST", "/v1/agents", { name: "Bystander" });
    await overload(one.fetch);
    assert.deepEqual(await names(other.fetch), ["Bystander"], "rescued to the last change, however young");
    assert.equal((await send(other.fetch, "POST", "/v1/agents", { name: "Next" })).status, 200);
    one.close();
    other.close();
  });

  test("can be reset, whatever the request's body, and a reset drops the snapshot", async () => {
    const sandbox = createSandbox({ limits: false });
    await send(sandbox.fetch, "POST", "/v1/agents", { name: "Ada" });
    await snapshotIsDue();
    await sandbox.fetch("/v1/agents", { headers: JSON_KEY });
    sandbox.reset();
    await overload(sandbox.fetch);
    assert.deepEqual(await names(sandbox.fetch), []);
    const answer = await sandbox.fetch("/__sandbox/reset", { method: "POST", body: Buffer.alloc(600_000_000) });
    assert.equal(answer.status, 200);
    assert.deepEqual(await names(sandbox.fetch), []);
    sandbox.close();
  });

  test("ends the streams and webhooks of the previous engine", async () => {
    const held = Promise.withResolvers?.() ?? { promise: new Promise(() => {}) };
    const sandbox = createSandbox({ limits: false, clock: "manual", onWebhook: () => held.promise });
    const agent = await json(send(sandbox.fetch, "POST", "/v1/agents", { name: "Ada" }));
    await send(sandbox.fetch, "POST", "/v1/numbers", { agentId: agent.id });
    await send(sandbox.fetch, "POST", "/v1/webhooks", { url: "https://example.com/hook" });
    const call = await json(send(sandbox.fetch, "POST", "/v1/calls", { agentId: agent.id, toNumber: "+14155550100" }));
    const stream = await sandbox.fetch(`/v1/calls/${call.id}/transcript/stream`, { headers: JSON_KEY });
    sandbox.inbound.message({ body: "Hi" });
    await overload(sandbox.fetch);
    assert.doesNotMatch(await stream.text(), /event: ended/);
    await sandbox.clock.advance(1000);
    sandbox.close();
  });

  test("over HTTP: the process survives, the file keeps the state, and the next request is answered", async () => {
    const stateFile = join(folder, "state.json");
    const server = await serveSandbox({ limits: false, stateFile, maxBody: 200_000_000 });
    /** @type {Ask} */
    const ask = (path, init) => fetch(server.url + path, init);
    await send(ask, "POST", "/v1/agents", { name: "Ada" });
    await snapshotIsDue();
    const answer = await overload(ask);
    assert.deepEqual([answer.status, (await answer.json()).error.code], [500, "SANDBOX_RESTARTED"]);
    assert.equal((await ask("/__sandbox/health")).status, 200);
    assert.deepEqual(await names(ask), ["Ada"]);
    await server.close();
    assert.match(readFileSync(stateFile, "utf8"), /"Ada"/);
  });
});

describe("the stored state", () => {
  test("has a limit; beyond it an error says what to do, and a reset frees space", async () => {
    const sandbox = createSandbox({ limits: false, maxStateBytes: 2_000_000 });
    const big = { name: "x".repeat(100_000) };
    let answer;
    for (let count = 0; count < 100 && answer?.status !== 400; count++)
      answer = await send(sandbox.fetch, "POST", "/v1/agents", big);
    const { error } = await (answer ?? assert.fail("nothing was sent")).json();
    assert.equal(error.code, "SANDBOX_FULL");
    assert.match(error.message, /Delete something.*\/__sandbox\/reset.*maxStateBytes/);
    sandbox.reset();
    assert.equal((await send(sandbox.fetch, "POST", "/v1/agents", big)).status, 200);
    sandbox.close();
  });

  test("can be filled to half by a page of another origin, and the rest is its owner's", async () => {
    const server = await serveSandbox({ limits: false, maxStateBytes: 4_000_000 });
    const big = JSON.stringify({ name: "x".repeat(100_000) });
    const post = (/** @type {HeadersInit} */ headers) =>
      fetch(`${server.url}/v1/agents`, { method: "POST", headers: { ...JSON_KEY, ...headers }, body: big });
    const flood = async (/** @type {{ origin?: string }} */ headers) => {
      for (let count = 0; count < 200; count++) {
        const answer = await post(headers);
        if (answer.status !== 200) return { count, error: (await answer.json()).error };
      }
      return assert.fail("it is never full");
    };
    const page = await flood({ origin: "https://evil.example" });
    assert.equal(page.error.code, "SANDBOX_FULL");
    assert.match(page.error.message, /--allow-origin/);
    for (const origin of ["http://localhost:5173", server.url, undefined]) {
      assert.equal((await post(origin ? { origin } : {})).status, 200, origin);
    }
    assert.ok((await flood({})).count > 5);
    await server.close();
  });

  test("has only the latest webhooks, and no more of their bodies than the limit", async () => {
    const sandbox = createSandbox({ limits: false, clock: "manual", balanceCents: 1_000_000, onWebhook: () => {} });
    const agent = await json(send(sandbox.fetch, "POST", "/v1/agents", { name: "Ada" }));
    await send(sandbox.fetch, "POST", "/v1/numbers", { agentId: agent.id });
    await send(sandbox.fetch, "POST", "/v1/webhooks", { url: "https://example.com/hook", contextLimit: 0 });
    for (let count = 0; count < 40; count++) sandbox.inbound.message({ body: `${count}:${"x".repeat(1_000_000)}` });
    await sandbox.clock.advance(10);
    const bodies = sandbox.deliveries.map(({ body }) => body);
    assert.ok(bodies.length >= 10 && bodies.length < 20, `${bodies.length}`);
    assert.match(bodies.at(-1) ?? "", /"39:x/);
    sandbox.close();
  });
});

test("concurrent bodies have a common limit, and the others get a retryable error", async (t) => {
  const server = await serveSandbox({ limits: false, maxBody: 100_000, maxBodies: 1_000_000 });
  t.after(() => server.close());
  const { request } = await import("node:http");
  const headers = { ...JSON_KEY, "content-length": 100_000 };
  /** @type {string[]} */
  const refused = [];
  const all = Array.from({ length: 20 }, () => {
    const asked = request(`${server.url}/v1/agents`, { method: "POST", headers, agent: false }, (answer) => {
      answer.resume();
      refused.push(`${answer.statusCode} ${answer.headers["retry-after"]}`);
    });
    asked.on("error", () => {});
    // All but the last byte: the server keeps it and waits.
    asked.write("x".repeat(99_999));
    return asked;
  });
  const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let waited = 0; refused.length < 10 && waited < 20_000; waited += 20) await pause(20);
  await pause(300);
  assert.deepEqual(new Set(refused), new Set(["503 1"]));
  assert.ok(refused.length >= 10 && refused.length < 15, `${refused.length}`);
  for (const asked of all) asked.destroy();
  const ask = () => fetch(`${server.url}/v1/agents`, { method: "POST", headers: JSON_KEY, body: '{"name":"A"}' });
  // The server notices in its own time that they are gone.
  let { status } = await ask();
  for (let waited = 0; status === 503 && waited < 20_000; waited += 50) {
    await pause(50);
    ({ status } = await ask());
  }
  assert.equal(status, 200);
});
