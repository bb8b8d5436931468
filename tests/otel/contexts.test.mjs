// Each call's spans are under the span of whoever made the call, however many are under way; with undici's instrumentation, without a
// context manager, and where the caller's own telemetry throws.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, describe, test } from "node:test";
import { context, propagation, trace } from "@opentelemetry/api";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { AgentPhone } from "agentphone-wasm";
import { openTelemetry } from "agentphone-wasm/otel";
import { KEY, sleep } from "../support/client.mjs";
import { meters, only, sdk, tracedClient, under } from "../support/otel.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @import { ReadableSpan } from "@opentelemetry/sdk-trace-node" */

const { spans, tracer, provider } = sdk();
// Loads Node's undici, which then holds its channels: one that has lost its last listener, and that nobody holds, may be collected, and
// Node 20 then loses the next one of that name.
await fetch("data:,");
beforeEach(() => spans.reset());
const all = () => spans.getFinishedSpans();

/** Every span that has this one above it. @param {ReadableSpan} root @returns {ReadableSpan[]} */
const below = (root) => under(all(), root).flatMap((span) => [span, ...below(span)]);

/** Fails each caller's first request, after a while that differs. */
const flaky = () => {
  const failed = new Set();
  return async (/** @type {string} */ url) => {
    const caller = new URL(url).searchParams.get("search");
    await sleep(Number(caller?.split("-")[1]) % 7);
    // The span that is active while `fetch` runs is this caller's.
    tracer.startSpan(`inside ${caller}`).end();
    if (failed.has(caller)) return Response.json({ data: [], total: 0 });
    failed.add(caller);
    return new Response("{}", { status: 503 });
  };
};

test("a hundred interleaved calls keep their parents, through retries and a rate limit", async () => {
  const fetch = flaky();
  let limited = false;
  const client = tracedClient(
    async (url) => {
      const answer = fetch(url);
      if (limited) return answer;
      limited = true;
      return answer.then(() => new Response("{}", { status: 429, headers: { "retry-after-ms": "20" } }));
    },
    { maxRetryDelay: 50 },
  );
  await Promise.all(
    Array.from({ length: 100 }, (_, number) =>
      tracer.startActiveSpan(`caller ${number}`, async (span) => {
        await client.contacts.list({ search: `caller-${number}` });
        tracer.startSpan(`after ${number}`).end();
        span.end();
      }),
    ),
  );
  const request = ["GET /v1/contacts", "inside caller-"];
  const shape = (/** @type {number} */ number) =>
    [...request, ...request, "contacts.list", "after "]
      .map((name) => (name.endsWith("-") || name.endsWith(" ") ? `${name}${number}` : name))
      .sort();
  for (let number = 0; number < 100; number += 1) {
    const root = only(all(), `caller ${number}`);
    assert.deepEqual(
      below(root)
        .map(({ name }) => name)
        .sort(),
      shape(number),
    );
    for (const sent of below(root).filter(({ kind }) => kind === 2))
      assert.deepEqual(
        under(all(), sent).map(({ name }) => name),
        [`inside caller-${number}`],
      );
  }
});

test("what the key supplier, hooks and the log make is under the operation of their own caller, also after a wait", async () => {
  const note = (/** @type {string} */ what) => tracer.startSpan(what).end();
  const logger = Object.fromEntries(["error", "warn", "info", "debug"].map((level) => [level, () => note("log")]));
  const client = tracedClient(flaky(), {
    maxRetryDelay: 20,
    apiKey: async () => (note("key"), KEY),
    logger: /** @type {Foreign} */ (logger),
    logLevel: "info",
    hooks: { onRequest: () => note("request"), onRetry: () => note("retry") },
  });
  await Promise.all(
    Array.from({ length: 20 }, (_, number) =>
      tracer.startActiveSpan(`caller ${number}`, (span) =>
        client.contacts.list({ search: `caller-${number}` }).finally(() => span.end()),
      ),
    ),
  );
  for (let number = 0; number < 20; number += 1) {
    const [operation] = under(all(), only(all(), `caller ${number}`));
    assert.deepEqual(
      under(all(), /** @type {ReadableSpan} */ (operation))
        .filter(({ kind }) => kind === 0)
        .map(({ name }) => name)
        .sort(),
      ["key", "key", "log", "request", "request", "retry"],
    );
  }
});

describe("with undici's instrumentation", () => {
  const undici = new UndiciInstrumentation();
  // It is on as soon as it is there, and would make the requests' spans in all tests of this file.
  undici.disable();
  /** @type {import("node:http").Server} */
  let server;
  let url = "";
  /** @type {(string | undefined)[]} */
  let received = [];
  before(async () => {
    undici.setTracerProvider(provider);
    undici.enable();
    const failed = new Set();
    server = createServer((request, response) => {
      const caller = request.url ?? "";
      received.push(/** @type {string | undefined} */ (request.headers.traceparent));
      const first = !failed.has(caller);
      failed.add(caller);
      response.writeHead(first ? 503 : 200, { "content-type": "application/json" });
      setTimeout(() => response.end(first ? "{}" : '{"data":[],"total":0}'), Math.random() * 5);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
    url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  });
  after(() => {
    undici.disable();
    server.closeAllConnections();
    server.close();
  });
  const clientOf = (/** @type {Foreign} */ options = {}) =>
    new AgentPhone({
      apiKey: KEY,
      baseUrl: url,
      logLevel: "off",
      maxRetryDelay: 30,
      telemetry: openTelemetry(options),
    });
  const clients = () => all().filter(({ kind }) => kind === 2);

  test("its spans are the requests', under the operation, and ours are not made", async () => {
    const { provider: meterProvider, read } = meters();
    const client = clientOf({ meterProvider });
    await Promise.all(
      Array.from({ length: 100 }, (_, number) =>
        tracer.startActiveSpan(`caller ${number}`, async (span) => {
          await client.contacts.list({ search: `undici-${number}` });
          span.end();
        }),
      ),
    );
    await sleep(20);
    assert.equal(clients().length, 200);
    assert.deepEqual(
      [...new Set(clients().map(({ instrumentationScope }) => instrumentationScope.name))],
      ["@opentelemetry/instrumentation-undici"],
    );
    for (let number = 0; number < 100; number += 1) {
      const [operation] = under(all(), only(all(), `caller ${number}`));
      assert.equal(operation?.name, "contacts.list");
      const requests = under(all(), /** @type {ReadableSpan} */ (operation));
      assert.deepEqual(
        requests.map(
          ({ attributes }) =>
            String(attributes["url.full"]).includes(`undici-${number}`) && attributes["http.response.status_code"],
        ),
        [503, 200],
        `caller ${number}`,
      );
      assert.deepEqual(
        operation?.events.map(({ name }) => name),
        ["agentphone.attempt", "agentphone.retry", "agentphone.wait", "agentphone.attempt"],
      );
    }
    const points = await read();
    assert.equal(points["http.client.request.duration"], undefined, "it has a metric of its own");
    assert.equal(points["agentphone.client.operations"]?.points[0]?.value, 100);
  });

  test("http: true makes ours and suppresses its", async () => {
    await clientOf({ http: true }).contacts.list({ search: "ours" });
    await sleep(20);
    assert.deepEqual(
      [...new Set(clients().map(({ instrumentationScope }) => instrumentationScope.name))],
      ["agentphone-wasm"],
    );
    assert.equal(clients().length, 2);
  });

  test("once it is off, ours are made again", async () => {
    undici.disable();
    await clientOf().contacts.list({ search: "off" });
    undici.enable();
    assert.equal(clients().length, 2);
    assert.equal(clients()[0]?.name, "GET /v1/contacts");
  });

  test("propagate sends the trace context of the attempt, and without it none is sent", async () => {
    undici.disable();
    received = [];
    await clientOf().contacts.list({ search: "quiet" });
    assert.deepEqual(received, [undefined, undefined]);
    received = [];
    spans.reset();
    await clientOf({ propagate: true }).contacts.list({ search: "told" });
    undici.enable();
    assert.deepEqual(
      received,
      clients().map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`),
    );
  });
});

test("http: false makes no span of a request and no metric of one", async () => {
  const { provider: meterProvider, read } = meters();
  await tracedClient(
    async () => Response.json({ data: [], total: 0 }),
    {},
    { http: false, meterProvider },
  ).agents.list();
  assert.deepEqual(
    all().map(({ name }) => name),
    ["agents.list"],
  );
  assert.deepEqual(Object.keys(await read()).sort(), [
    "agentphone.client.operation.duration",
    "agentphone.client.operations",
  ]);
});

test("without a context manager the requests are under their operation all the same", async () => {
  context.disable();
  try {
    const client = tracedClient(async () => Response.json({ data: [], total: 0 }));
    await Promise.all([client.agents.list(), client.contacts.list()]);
    for (const [operation, request] of [
      ["agents.list", "GET /v1/agents"],
      ["contacts.list", "GET /v1/contacts"],
    ])
      assert.deepEqual(
        under(all(), only(all(), /** @type {string} */ (operation))).map(({ name }) => name),
        [request],
      );
  } finally {
    trace.disable();
    propagation.disable();
    provider.register();
  }
});

test("telemetry that throws, or does not do what it must, costs nothing but what it would have shown", async () => {
  const fail = () => {
    throw new Error("broken telemetry");
  };
  const broken = { run: fail, send: fail, received: fail, retrying: fail, waited: fail, looked: fail, ended: fail };
  const twice = {
    run: (/** @type {() => void} */ begin) => (begin(), begin()),
    send: (/** @type {unknown} */ _, /** @type {() => void} */ send) => (send(), send()),
  };
  for (const start of [
    fail,
    () => undefined,
    () => ({}),
    () => broken,
    () => ({ run: () => {}, send: () => {} }),
    () => twice,
  ]) {
    let sent = 0;
    const client = new AgentPhone({
      apiKey: KEY,
      baseUrl: "http://api.test",
      logLevel: "off",
      maxRetryDelay: 1,
      telemetry: /** @type {Foreign} */ ({ start }),
      fetch: async () => (
        (sent += 1), sent === 1 ? new Response("{}", { status: 503 }) : Response.json({ id: "call_1" })
      ),
    });
    assert.equal((await client.calls.get("call_1")).id, "call_1");
    assert.equal(sent, 2);
    await assert.rejects(client.calls.get(""), { code: "INVALID_ARGUMENT" });
  }
});

test("telemetry that is none is refused when the client is made", () => {
  for (const telemetry of [7, {}, "x", { start: 1 }])
    assert.throws(
      () => tracedClient(fetch, { telemetry: /** @type {Foreign} */ (telemetry) }),
      /option telemetry must have the method start/,
    );
  assert.throws(
    () => openTelemetry(/** @type {Foreign} */ ({ http: "no" })),
    /openTelemetry: http must be "auto" or true or false/,
  );
  assert.throws(() => openTelemetry(/** @type {Foreign} */ ({ tracer: 1 })), /there is no option tracer/);
  assert.throws(
    () => openTelemetry({ links: /** @type {Foreign} */ (true) }),
    /links must have the methods get and set/,
  );
});
