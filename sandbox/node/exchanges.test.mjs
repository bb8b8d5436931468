// @ts-check
// The request log that the console shows: what a program sent and received, without keys and without the console's
// own requests.

import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { answerExchanges, createExchanges, headersOf } from "./exchanges.mjs";
import { serveSandbox } from "./server.mjs";
import { client, JSON_KEY } from "./testing.mjs";

const dir = mkdtempSync(join(tmpdir(), "agentphone-exchanges-"));
writeFileSync(join(dir, "index.html"), "<!doctype html><title>page</title>");
/** @type {import("../js/types.js").SandboxServer} */
let server;
const { get, post, observe } = client(() => server);
before(async () => (server = await serveSandbox({ limits: false, staticDir: dir })));
after(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => server.reset());

/** The log's entries, oldest first, once all of them are finished. @returns {Promise<any[]>} */
async function log() {
  for (;;) {
    const { data } = await get("/__sandbox/exchanges");
    if (data.every((/** @type {any} */ { done }) => done)) return data;
  }
}

test("a request is recorded with its operation, its response and both bodies, and without its key", async () => {
  await post("/v1/agents", { name: "Desk sk_live_in_a_text" });
  const [one, ...rest] = await log();
  assert.equal(rest.length, 0);
  assert.deepEqual(
    [one.method, one.target, one.operation, one.status, one.fault, one.outcome],
    ["POST", "/v1/agents", "agents.create", 200, null, "normal"],
  );
  assert.ok(one.ms >= 0);
  const { request, response } = await get(`/__sandbox/exchanges/${one.id}`);
  assert.equal(request.headers.authorization, "Bearer ***");
  assert.deepEqual(JSON.parse(request.body.text), { name: "Desk sk_***" });
  assert.equal(JSON.parse(response.body.text).name, "Desk sk_***");
  assert.equal(response.headers["x-request-id"], one.requestId);
});

test("the console's requests, control paths and files are not recorded", async () => {
  await observe("/v1/agents", { headers: { ...JSON_KEY, "x-agentphone-console": "1" } });
  await get("/__sandbox/ledger");
  await observe("/");
  await get("/v1/numbers");
  assert.deepEqual(
    (await log()).map(({ target }) => target),
    ["/v1/numbers"],
  );
});

test("a fault is named, and a response that was never sent has no status", async () => {
  const rule = server.faults.add({ match: { operation: "agents.list" }, cut: "before-headers", times: 1 });
  await observe("/v1/agents");
  await observe("/v1/agents");
  const [cut, whole] = await log();
  assert.deepEqual([cut.fault, cut.status, cut.outcome], [rule, null, "cut-before-headers"]);
  assert.deepEqual([whole.fault, whole.status, whole.outcome], [null, 200, "normal"]);
});

test("a repeated poll gets only what has changed", async () => {
  await get("/v1/agents");
  await log();
  const { last } = await get("/__sandbox/exchanges");
  assert.deepEqual((await get(`/__sandbox/exchanges?after=${last}`)).data, []);
  await get("/v1/numbers");
  const fresh = await get(`/__sandbox/exchanges?after=${last}`);
  assert.deepEqual(
    fresh.data.map((/** @type {any} */ { operation }) => operation),
    ["numbers.list"],
  );
});

test("a reset empties it, from outside and from inside", async () => {
  await get("/v1/agents");
  await post("/__sandbox/reset");
  assert.deepEqual(await log(), []);
  await get("/v1/agents");
  server.reset();
  assert.deepEqual(await log(), []);
});

test("a page of another origin cannot see it", async () => {
  for (const path of ["/__sandbox/exchanges", "/__sandbox/exchanges/1", "/__sandbox/%65xchanges"]) {
    const { status, body } = await observe(path, { headers: { origin: "https://evil.example" } });
    assert.equal(status, 403, path);
    assert.match(body, /may not steer the sandbox/);
  }
});

test("a server without files keeps nothing", async () => {
  const bare = await serveSandbox({ limits: false });
  const { status } = await fetch(`${bare.url}/__sandbox/exchanges`);
  assert.equal(status, 404);
  await bare.close();
});

/** A response that only signals its end. */
const ended = () => /** @type {any} */ (Object.assign(new EventEmitter(), { writableFinished: true }));
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

test("the number and the length of entries are limited", () => {
  const exchanges = createExchanges({ kept: 3 });
  for (let n = 0; n < 5; n += 1) {
    const response = ended();
    exchanges
      .begin({ method: "POST", target: `/v1/${n}`, headers: {}, body: bytes("x".repeat(100_000)) }, response)
      .answered({ status: 200, headers: {}, body: bytes("") });
    response.emit("close");
  }
  const { data, first } = exchanges.since(0);
  assert.deepEqual(
    data.map(({ target }) => target),
    ["/v1/2", "/v1/3", "/v1/4"],
  );
  assert.equal(first, 3);
  const body = exchanges.get(3)?.request.body;
  assert.deepEqual([body?.size, body?.cut, body?.text?.length], [100_000, true, 65_536]);
});

test("a client that disconnects early is marked", () => {
  const exchanges = createExchanges();
  const response = Object.assign(ended(), { writableFinished: false });
  const one = exchanges.begin({ method: "GET", target: "/v1/agents", headers: {}, body: bytes("") }, response);
  assert.equal(exchanges.since(0).data[0]?.done, false);
  response.emit("close");
  assert.deepEqual(
    [exchanges.since(0).data[0]?.done, exchanges.since(0).data[0]?.outcome, exchanges.since(0).data[0]?.status],
    [true, "closed", null],
  );
  one.answered({ status: 200, headers: {}, body: bytes("{"), size: 1 });
  assert.deepEqual([exchanges.since(0).data[0]?.outcome, exchanges.since(0).data[0]?.status], ["closed", 200]);
});

test("secrets are hidden wherever they occur", () => {
  const exchanges = createExchanges();
  const headers = headersOf([
    "Authorization",
    "sk_live_bare",
    "Cookie",
    "a=b",
    "X-Note",
    "sk_live_1",
    "X-Api-Key",
    "q",
  ]);
  exchanges
    .begin(
      { method: "POST", target: "/v1/x?key=sk_live_2", headers, body: bytes('{"secret":"whsec_AbC+/="}') },
      ended(),
    )
    .answered({ status: 200, headers: { "set-cookie": "s=1" }, body: bytes('{"key":"sk_live_3"}') });
  const kept = JSON.stringify([exchanges.get(1), exchanges.since(0)]);
  assert.doesNotMatch(kept, /sk_live|AbC|a=b|"q"|s=1/);
});

test("an invalid request is rejected with a reason", () => {
  const exchanges = createExchanges();
  for (const [method, target, status] of /** @type {const} */ ([
    ["GET", "/__sandbox/exchanges?after=x", 400],
    ["GET", "/__sandbox/exchanges?after=-1", 400],
    ["GET", "/__sandbox/exchanges/9", 404],
    ["POST", "/__sandbox/exchanges", 405],
    ["DELETE", "/__sandbox/exchanges/1", 405],
  ]))
    assert.equal(answerExchanges(exchanges, method, target)?.status, status, `${method} ${target}`);
  assert.equal(answerExchanges(exchanges, "GET", "/__sandbox/exchangesx"), undefined);
});
