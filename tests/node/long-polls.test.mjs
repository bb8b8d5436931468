// Requests that the API answers only when a call has ended: the client must not give up before the API does, and a
// caller who sets limits of their own for the request keeps them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "../../sandbox/node/server.mjs";
import { clientOf, failureOf, PHONE } from "../support/client.mjs";
import { cut, hostileServer } from "../support/hostile-server.mjs";

/** @import { AgentPhone, RequestOptions } from "agentphone-wasm" */
/** @import { Foreign } from "../support/foreign.js" */

/** Answers after a while that is longer than the client's own limits. */
const late = {
  performs: true,
  run: (/** @type {import("node:http").ServerResponse} */ response) =>
    setTimeout(
      () => response.setHeader("content-type", "application/json").end('{"id":"call_1","status":"completed"}'),
      300,
    ),
};
const IMPATIENT = { timeout: 40, totalTimeout: 50, maxRetries: 0 };
const BODY = { agentId: "agt_1", toNumber: PHONE };

/** Both ways to wait, with and without a time of the caller's. @type {Record<"calls.get" | "calls.get with a time" | "calls.create" | "calls.create with a time", (client: AgentPhone, options?: RequestOptions) => PromiseLike<{ status: string }>>} */
const WAITS = {
  "calls.get": (client, options) => client.calls.get("call_1", { wait: true }, options),
  "calls.get with a time": (client, options) => client.calls.get("call_1", { wait: true, timeout: 1 }, options),
  "calls.create": (client, options) => client.calls.create({ ...BODY, waitForCompletion: true }, options),
  "calls.create with a time": (client, options) =>
    client.calls.create({ ...BODY, waitForCompletion: true, maxWaitSeconds: 10 }, options),
};

describe("a request that waits for a call", { concurrency: true }, () => {
  for (const [name, wait] of Object.entries(WAITS)) {
    test(`is not given up by limits of the client that are shorter than the wait: ${name}`, async (t) => {
      const server = await hostileServer(t, late);
      assert.equal((await wait(clientOf(server, IMPATIENT))).status, "completed");
      assert.equal(server.count(), 1);
    });

    test(`keeps limits that are its own: ${name}`, async (t) => {
      for (const own of [{ timeout: 40 }, { totalTimeout: 40 }]) {
        const server = await hostileServer(t, late);
        const error = await failureOf(wait(clientOf(server, { maxRetries: 0 }), own));
        assert.equal(error.code, "TIMEOUT");
        assert.ok(error.message.includes("40 ms"), error.message);
      }
    });
  }

  test("is the only one that has the time: one that does not wait keeps the client's limits", async (t) => {
    const client = clientOf(await hostileServer(t, late), IMPATIENT);
    const ways = [
      client.calls.get("call_1"),
      client.calls.get("call_1", { wait: false }),
      client.calls.create(BODY),
      client.calls.create({ ...BODY, maxWaitSeconds: 10 }),
    ];
    for (const call of ways) assert.equal((await failureOf(call)).code, "TIMEOUT");
  });

  test("leaves a placed call unknown when the connection breaks during the wait, and does not place it again", async (t) => {
    const server = await hostileServer(t, cut("before-headers"));
    const error = await failureOf(WAITS["calls.create"](clientOf(server)));
    assert.deepEqual([error.code, error.outcomeUnknown, server.count()], ["CONNECTION_ERROR", true, 1]);
  });

  test("is asked again when it only reads", async (t) => {
    const server = await hostileServer(t, [cut("before-headers"), late]);
    assert.equal((await WAITS["calls.get"](clientOf(server))).status, "completed");
    assert.deepEqual(
      server.received.map(({ url }) => url),
      ["/v1/calls/call_1?wait=true", "/v1/calls/call_1?wait=true"],
    );
  });
});

describe("calls.get tells its query from options", { concurrency: true }, () => {
  const asked = async (/** @type {import("node:test").TestContext} */ t, /** @type {Foreign[]} */ ...args) => {
    const server = await hostileServer(t);
    await /** @type {Foreign} */ (clientOf(server)).calls.get("call_1", ...args);
    return /** @type {Foreign} */ (server.received[0]);
  };

  test("by `wait`, or by being the second of three", async (t) => {
    for (const [args, query] of /** @type {[Foreign[], string][]} */ ([
      [[{ wait: true, timeout: 60 }], "?wait=true&timeout=60"],
      [[{ wait: false }], "?wait=false"],
      [[{ timeout: 60 }, {}], "?timeout=60"],
      [[{ timeout: 60 }, undefined], "?timeout=60"],
      [[{ tomorrow: "yes" }, undefined], "?tomorrow=yes"],
      [[], ""],
      [[undefined, { timeout: 5_000 }], ""],
      [[null], ""],
    ])) {
      assert.equal((await asked(t, ...args)).url, `/v1/calls/call_1${query}`, JSON.stringify(args));
    }
  });

  test("an object without `wait` stays options, with its milliseconds", async (t) => {
    const { url, headers } = await asked(t, { timeout: 60_000, headers: { "x-own": "1" } });
    assert.deepEqual([url, headers["x-own"]], ["/v1/calls/call_1", "1"]);
    const error = await failureOf(
      /** @type {Foreign} */ (clientOf("http://127.0.0.1:9")).calls.get("call_1", { timeOut: 5 }),
    );
    assert.equal(error.code, "CONFIGURATION_ERROR");
  });

  test("milliseconds in the place of seconds are refused", async () => {
    const error = await failureOf(clientOf("http://127.0.0.1:9").calls.get("call_1", { wait: true, timeout: 60_000 }));
    assert.equal(error.code, "INVALID_ARGUMENT");
    assert.match(error.message, /timeout must be a whole number, 1 to 300/);
  });
});

describe("the sandbox", () => {
  /** @type {Awaited<ReturnType<typeof serveSandbox>>} */
  let sandbox;
  before(async () => (sandbox = await serveSandbox({ speed: 20, limits: false })));
  after(() => sandbox.close());

  test("answers either request when the call has ended, with what was said", async () => {
    const client = clientOf(sandbox, IMPATIENT);
    const agent = await client.agents.create(
      { name: "Ann", beginMessage: "Bakery, hello!" },
      { timeout: 5_000, totalTimeout: null },
    );
    await client.numbers.buy({ agentId: agent.id }, { timeout: 5_000, totalTimeout: null });
    const placed = await client.calls.create({ agentId: agent.id, toNumber: PHONE, waitForCompletion: true });
    assert.deepEqual([placed.status, placed.transcripts?.[0]?.response], ["completed", "Bakery, hello!"]);
    const { id } = await client.calls.create(
      { agentId: agent.id, toNumber: PHONE },
      { timeout: 5_000, totalTimeout: null },
    );
    assert.equal((await client.calls.get(id, { wait: true })).status, "completed");
  });
});
