// Many requests, for long, and then the end: all are answered, memory stays where it was, and a process
// whose work is done ends at once because no timer, socket or listener of the client holds it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { clientOf } from "../support/client.mjs";
import { refusedUrl } from "../support/dead-ports.mjs";
import { answer, cut, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

test("two thousand concurrent requests are all answered, each with its own data", async (t) => {
  const server = await hostileServer(t, {
    performs: true,
    run: (response, request) => setTimeout(() => response.end(JSON.stringify({ id: request.url })), 5),
  });
  const client = clientOf(server);
  const calls = Array.from({ length: 2000 }, (_, i) => client.calls.get(`call_${i}`));
  const answers = await Promise.all(calls);
  assert.deepEqual(
    answers.map(({ id }) => id),
    Array.from({ length: 2000 }, (_, i) => `/v1/calls/call_${i}`),
  );
  assert.equal(server.count(), 2000);
});

test("two thousand concurrent failures are all told", async (t) => {
  const server = await hostileServer(t, ({ number }) => (number % 2 ? answer(404) : answer(402)));
  const client = clientOf(server);
  const outcomes = await Promise.allSettled(Array.from({ length: 2000 }, (_, i) => client.calls.get(`call_${i}`)));
  const codes = outcomes.map((/** @type {Foreign} */ { reason }) => reason.code);
  assert.deepEqual(
    [codes.filter((c) => c === "NOT_FOUND").length, codes.filter((c) => c === "PAYMENT_REQUIRED").length],
    [1000, 1000],
  );
});

describe("memory does not grow with the number of requests", { concurrency: true }, () => {
  const GROWTH = `
    import { AgentPhone } from "agentphone-wasm";
    const KINDS = {
      success: async () => new Response('{"id":"call_1"}'),
      failure: async () => new Response('{"detail":"no"}', { status: 404 }),
      abort: () => new Promise(() => {}),
    };
    const kind = process.argv[1];
    const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: "http://127.0.0.1:9", fetch: KINDS[kind] });
    const shared = new AbortController().signal;
    const one = async (i) => {
      if (kind !== "abort") return client.calls.get("call_" + i, { signal: shared, timeout: 30_000 }).catch(() => {});
      const controller = new AbortController();
      const call = client.calls.get("call_" + i, { signal: controller.signal }).catch(() => {});
      controller.abort();
      await call;
    };
    const measured = async (from, to) => {
      for (let i = from; i < to; i += 1) await one(i);
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc();
      return process.memoryUsage();
    };
    const early = await measured(0, 5_000);
    const late = await measured(5_000, 20_000);
    // A wasm memory never shrinks, so that it shows in arrayBuffers or external whatever leaked inside.
    const bytes = (m) => m.heapUsed + m.external;
    console.log(Math.round((bytes(late) - bytes(early)) / 15_000));`;
  for (const kind of ["success", "failure", "abort"]) {
    test(`15000 more of ${kind} leave less than 100 bytes each`, async () => {
      const { stdout, stderr } = await runChild(GROWTH, { args: [kind], flags: ["--expose-gc"] });
      assert.equal(stderr, "");
      assert.ok(Number.isInteger(parseInt(stdout, 10)), stdout);
      assert.ok(Number(stdout) < 100, `${stdout.trim()} bytes a request`);
    });
  }
});

describe("a process ends when its work is done", { concurrency: true }, () => {
  // The request's own limits are far longer than the bound, so that a timer left over would show.
  const program = (/** @type {string} */ work) => `
    import { AgentPhone } from "agentphone-wasm";
    const [baseUrl] = process.argv.slice(1);
    const options = { timeout: 60_000, totalTimeout: 60_000 };
    const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl, logLevel: "off", ...options });
    ${work}`;
  const endsAtOnce = async (/** @type {Foreign} */ where, /** @type {string} */ work, /** @type {string} */ said) => {
    const { stdout, stderr, code, signal, took } = await runChild(program(work), {
      args: [where.url ?? where],
      limit: 20_000,
    });
    assert.equal(stderr, "");
    assert.deepEqual([code, signal], [0, null]);
    assert.equal(stdout.trim(), said);
    assert.ok(took < 10_000, `ended after ${Math.round(took)} ms`);
  };
  const report = "(error) => console.log(error.code)";

  test("after a success", async (t) => {
    await endsAtOnce(await hostileServer(t), `console.log((await client.calls.get("a")).id);`, "call_1");
  });

  test("when a client was made and never used", async (t) => {
    await endsAtOnce(await hostileServer(t), `console.log("made");`, "made");
  });

  test("after an error", async (t) => {
    await endsAtOnce(await hostileServer(t, answer(404)), `await client.calls.get("a").catch(${report});`, "NOT_FOUND");
  });

  test("after a retry", async (t) => {
    const server = await hostileServer(t, [cut("before-headers"), answer(503, {}, { "retry-after-ms": "10" }), good]);
    await endsAtOnce(server, `console.log((await client.calls.get("a")).id);`, "call_1");
  });

  test("after a refused connection", async (t) => {
    await endsAtOnce(
      await refusedUrl(t),
      `await client.calls.get("a", { maxRetries: 0 }).catch(${report});`,
      "CONNECTION_ERROR",
    );
  });

  test("after a timeout while the server holds on", async (t) => {
    const server = await hostileServer(t, stall("body"));
    await endsAtOnce(
      server,
      `await client.calls.get("a", { timeout: 100, maxRetries: 0 }).catch(${report});`,
      "TIMEOUT",
    );
  });

  test("after an abort while the server holds on", async (t) => {
    const server = await hostileServer(t, stall("headers"));
    const work = `const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      await client.calls.get("a", { signal: controller.signal }).catch(${report});`;
    await endsAtOnce(server, work, "ABORTED");
  });

  test("after an abort in the wait before a retry", async (t) => {
    const server = await hostileServer(t, answer(503, {}, { "retry-after": "30" }));
    const work = `const controller = new AbortController();
      const hooks = { onRetry: () => setTimeout(() => controller.abort(), 20) };
      await client.calls.get("a", { signal: controller.signal, hooks }).catch(${report});`;
    await endsAtOnce(server, work, "ABORTED");
  });

  test("after an abort of all calls that wait at a rate limiter", async (t) => {
    const server = await hostileServer(t, answer(429, {}, { "retry-after": "30" }));
    const work = `const controller = new AbortController();
      const { signal } = controller;
      const hooks = { onRetry: () => setTimeout(() => controller.abort(), 50) };
      const calls = [client.calls.get("a", { signal, hooks }), client.calls.get("b", { signal }), client.calls.get("c", { signal })];
      for (const { reason } of await Promise.allSettled(calls)) console.log(reason.code);`;
    await endsAtOnce(server, work, "ABORTED\nABORTED\nABORTED");
  });

  test("after a refused argument and a wrong option", async (t) => {
    const work = `await client.calls.get("").catch(${report});
      await client.calls.get("a", { nonsense: 1 }).catch(${report});`;
    await endsAtOnce(await hostileServer(t), work, "INVALID_ARGUMENT\nCONFIGURATION_ERROR");
  });

  test("without an unhandled rejection when nobody looks at withResponse", async (t) => {
    const work = `const promise = client.calls.get("a");
      promise.withResponse().catch(${report});
      await promise.catch(() => {});`;
    await endsAtOnce(await hostileServer(t, answer(404)), work, "NOT_FOUND");
  });
});
