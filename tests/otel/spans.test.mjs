// The spans of a call: one for the operation, with what it waited for and how it ended, and one for each of its attempts.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { openTelemetry } from "agentphone-wasm/otel";
import { createSandbox } from "agentphone-wasm/sandbox";
import { failureOf, KEY, PHONE, sleep } from "../support/client.mjs";
import { only, sdk, shown, tracedClient, under } from "../support/otel.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { spans, tracer } = sdk();
beforeEach(() => spans.reset());
const all = () => spans.getFinishedSpans();

const [INTERNAL, CLIENT] = [0, 2];
const HTTP = { "server.address": "api.test", "server.port": 80 };
/** Answers in turn, the last one for ever. @param {(() => Response | Promise<Response>)[]} answers */
const answering = (...answers) => {
  let at = 0;
  return async () => /** @type {() => Response} */ (answers[Math.min(at++, answers.length - 1)])();
};
const status =
  (/** @type {number} */ code, headers = {}) =>
  () =>
    new Response("{}", { status: code, headers });
const call = () => Response.json({ id: "call_1", status: "queued", agentId: "agt_1", toNumber: PHONE });

test("a call that succeeds is an operation with one request", async () => {
  const client = tracedClient(answering(call));
  await tracer.startActiveSpan("mine", async (mine) => {
    await client.calls.create({ agentId: "agt_1", toNumber: PHONE });
    mine.end();
  });
  const [request, operation, mine] = all();
  assert.deepEqual(shown(/** @type {Foreign} */ (operation)), {
    name: "calls.create",
    kind: INTERNAL,
    attributes: {
      "agentphone.operation": "calls.create",
      "agentphone.attempts": 1,
      "agentphone.outcome_unknown": false,
    },
    failed: false,
    events: [],
  });
  assert.deepEqual(shown(/** @type {Foreign} */ (request)), {
    name: "POST /v1/calls",
    kind: CLIENT,
    attributes: {
      ...HTTP,
      "http.request.method": "POST",
      "url.template": "/v1/calls",
      "http.response.status_code": 200,
    },
    failed: false,
    events: [],
  });
  assert.deepEqual(under(all(), /** @type {Foreign} */ (operation)), [request]);
  assert.deepEqual(under(all(), /** @type {Foreign} */ (mine)), [operation]);
});

test("each retry is a request of its own, and the wait before it an event", async () => {
  const client = tracedClient(
    answering(status(503), status(503), () => Response.json({ data: [], total: 0 })),
    {
      maxRetryDelay: 30,
    },
  );
  await client.agents.list();
  const operation = only(all(), "agents.list");
  const requests = under(all(), operation);
  assert.deepEqual(
    requests.map(({ attributes, status: { code } }) => [
      attributes["http.response.status_code"],
      attributes["http.request.resend_count"],
      attributes["error.type"],
      code,
    ]),
    [
      [503, undefined, "503", 2],
      [503, 1, "503", 2],
      [200, 2, undefined, 0],
    ],
  );
  assert.deepEqual(shown(operation).events, ["retry", "wait", "retry", "wait"]);
  assert.deepEqual(operation.events[1]?.attributes?.["agentphone.wait.reason"], "backoff");
  assert.ok(Number(operation.events[1]?.attributes?.["agentphone.wait.duration"]) < 1, "seconds");
  assert.equal(operation.attributes["agentphone.attempts"], 3);
  assert.equal(shown(operation).failed, false);
});

test("a call that another one's rate limit holds back says so", async () => {
  const empty = () => Response.json({ data: [], total: 0 });
  const client = tracedClient(answering(status(429, { "retry-after-ms": "500" }), empty));
  // When the first is told to wait, the second is made.
  const second = await new Promise((made) => {
    const first = client.agents.list({}, { hooks: { onRetry: () => made([first, client.agents.list()]) } });
  });
  await Promise.all(second);
  const waits = all()
    .filter(({ name }) => name === "agents.list")
    .map(({ events }) => events.filter(({ name }) => name === "agentphone.wait"))
    .map((events) => events.map(({ attributes }) => attributes?.["agentphone.wait.reason"]));
  assert.deepEqual(waits, [["rate_limit"], ["rate_limit"]]);
});

test("the wait for a key is one", async () => {
  const client = tracedClient(answering(call), { apiKey: async () => (await sleep(10), KEY) });
  await client.calls.get("call_1");
  const [event] = only(all(), "calls.get").events;
  assert.equal(event?.attributes?.["agentphone.wait.reason"], "key");
  assert.ok(Number(event?.attributes?.["agentphone.wait.duration"]) >= 0.008);
});

describe("a failure", () => {
  test("of the API has its code, and the request its status", async () => {
    const client = tracedClient(async () =>
      Response.json({ error: { code: "INSUFFICIENT_BALANCE", message: "no" } }, { status: 402 }),
    );
    await failureOf(client.calls.create({ agentId: "agt_1", toNumber: PHONE }));
    const operation = only(all(), "calls.create");
    assert.deepEqual(operation.attributes, {
      "agentphone.operation": "calls.create",
      "agentphone.attempts": 1,
      "agentphone.outcome_unknown": false,
      "agentphone.code": "INSUFFICIENT_BALANCE",
      "error.type": "INSUFFICIENT_BALANCE",
    });
    assert.equal(shown(operation).failed, true);
    assert.equal(under(all(), operation)[0]?.attributes["error.type"], "402");
  });

  test("whose outcome is unknown says so", async () => {
    const client = tracedClient(async () => Promise.reject(new TypeError("fetch failed")));
    await failureOf(client.calls.create({ agentId: "agt_1", toNumber: PHONE }));
    const operation = only(all(), "calls.create");
    assert.equal(operation.attributes["agentphone.outcome_unknown"], true);
    assert.equal(operation.attributes["agentphone.code"], "CONNECTION_ERROR");
    assert.deepEqual(shown(/** @type {Foreign} */ (under(all(), operation)[0])).attributes, {
      ...HTTP,
      "http.request.method": "POST",
      "url.template": "/v1/calls",
      "error.type": "CONNECTION_ERROR",
    });
  });

  test("by time or signal ends the request's span", async () => {
    const never = () => new Promise((/** @type {(value: never) => void} */ _) => {});
    const client = tracedClient(never, { maxRetries: 0 });
    await failureOf(client.calls.get("call_1", { timeout: 20 }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    await failureOf(client.calls.end("call_1", { signal: controller.signal }));
    for (const [name, code] of [
      ["calls.get", "TIMEOUT"],
      ["calls.end", "ABORTED"],
    ]) {
      const operation = only(all(), /** @type {string} */ (name));
      assert.equal(operation.attributes["error.type"], code);
      assert.deepEqual(
        under(all(), operation).map(({ attributes }) => attributes["error.type"]),
        [code],
      );
    }
  });

  test("of a wrong argument has no request", async () => {
    await failureOf(tracedClient(answering(call)).calls.get(""));
    assert.deepEqual(all().map(shown), [
      {
        name: "calls.get",
        kind: INTERNAL,
        attributes: {
          "agentphone.operation": "calls.get",
          "agentphone.attempts": 0,
          "agentphone.outcome_unknown": false,
          "agentphone.code": "INVALID_ARGUMENT",
          "error.type": "INVALID_ARGUMENT",
        },
        failed: true,
        events: [],
      },
    ]);
  });

  test("with a code that no catalogue has is told by its status", async () => {
    const client = tracedClient(async () =>
      Response.json({ error: { code: "CODE_OF_14155550100", message: "no" } }, { status: 418 }),
    );
    await failureOf(client.calls.get("call_1"));
    assert.equal(only(all(), "calls.get").attributes["agentphone.code"], "HTTP_418");
  });

  test("of an answer that cannot be read is one of the request too", async () => {
    const client = tracedClient(async () => new Response("<html>"), { maxRetries: 0 });
    await failureOf(client.calls.get("call_1"));
    const [request] = under(all(), only(all(), "calls.get"));
    assert.deepEqual(
      [request?.attributes["http.response.status_code"], request?.attributes["error.type"]],
      [200, "INVALID_RESPONSE"],
    );
    assert.equal(request?.status.code, 2);
  });
});

describe("what is made of several requests", () => {
  test("a list is an operation per page", async () => {
    const client = tracedClient(async (url) => {
      const offset = Number(new URL(url).searchParams.get("offset") ?? 0);
      return Response.json({ data: [{ id: `i${offset}` }], total: 2, hasMore: offset === 0 });
    });
    assert.equal((await client.contacts.list().toArray()).length, 2);
    assert.deepEqual(
      all().map(({ name }) => name),
      ["GET /v1/contacts", "contacts.list", "GET /v1/contacts", "contacts.list"],
    );
  });

  test("calls.wait is one operation with all its requests", async () => {
    const ended = () => Response.json({ id: "call_1", status: "completed", endedAt: "2026-11-29T10:00:00Z" });
    const client = tracedClient(async (url) =>
      url.includes("transcript")
        ? new Response("event: ended\ndata: {}\n\n", { headers: { "content-type": "text/event-stream" } })
        : all().length > 1
          ? ended()
          : call(),
    );
    await client.calls.wait("call_1");
    const operation = only(all(), "calls.wait");
    assert.deepEqual(
      under(all(), operation).map(({ name }) => name),
      ["GET /v1/calls/{call_id}", "GET /v1/calls/{call_id}/transcript/stream", "GET /v1/calls/{call_id}"],
    );
    assert.equal(operation.attributes["agentphone.attempts"], 3);
  });

  test("a transcript is one operation until it is left", async () => {
    const frames = 'event: connected\ndata: {"callId":"1"}\n\nevent: turn\ndata: {"role":"user","content":"x"}\n\n';
    const body = () =>
      new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(frames)) });
    const client = tracedClient(async () => new Response(body(), { headers: { "content-type": "text/event-stream" } }));
    for await (const { event } of client.calls.transcript.stream("call_1")) {
      if (event !== "turn") continue;
      assert.deepEqual(
        all().map(({ name }) => name),
        ["GET /v1/calls/{call_id}/transcript/stream"],
        "the operation is not over",
      );
      break;
    }
    await sleep(1);
    assert.equal(only(all(), "calls.transcript.stream").status.code, 0);
  });

  test("a transcript that fails has its code", async () => {
    const client = tracedClient(async () => new Response("{}", { status: 404 }));
    await failureOf(client.calls.transcript.stream("call_1").next());
    assert.equal(only(all(), "calls.transcript.stream").attributes["agentphone.code"], "NOT_FOUND");
  });

  test("a request to any path is named without it, because its caller wrote it", async () => {
    await tracedClient(async () => Response.json({})).request("GET", "/v1/secret-word/call_1");
    const operation = only(all(), "request");
    const [request] = under(all(), operation);
    assert.equal(request?.name, "GET");
    assert.equal(request?.attributes["url.template"], undefined);
  });
});

describe("an idempotency key", () => {
  const stage = async () => {
    const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
    const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off", telemetry: openTelemetry() });
    const { id: agentId } = await client.agents.create({ name: "Desk" });
    await client.numbers.buy({ agentId });
    spans.reset();
    const place = (options = {}) =>
      client.calls.create({ agentId, toNumber: PHONE }, { idempotencyKey: "order-42", ...options });
    return { sandbox, client, place };
  };
  const cut = (/** @type {Foreign} */ sandbox, /** @type {string} */ where) =>
    sandbox.faults.add({ match: { operation: "calls.create" }, cut: where, times: 1 });

  test("of a lost answer: the requests that find it are the operation's, and how it was settled", async () => {
    const { sandbox, place } = await stage();
    cut(sandbox, "before-headers");
    await place();
    const operation = only(all(), "calls.create");
    const { attributes } = operation;
    assert.equal(attributes["agentphone.attempts"], 1);
    assert.ok(Number(attributes["agentphone.lookups"]) >= 1);
    assert.deepEqual(
      [
        attributes["agentphone.settled"],
        attributes["agentphone.settled.how"],
        attributes["agentphone.outcome_unknown"],
      ],
      ["placed", "likely", false],
    );
    assert.ok(shown(operation).events.includes("look"));
    const names = under(all(), operation).map(({ name }) => name);
    assert.deepEqual(names.slice(0, 2), ["POST /v1/calls", "GET /v1/calls"]);
    assert.ok(!all().some(({ name }) => name === "calls.list"), "what it asks is no operation of the caller's");
  });

  test("used again is a replay, and sends nothing that has an effect", async () => {
    const { place } = await stage();
    await place();
    spans.reset();
    await place();
    const operation = only(all(), "calls.create");
    assert.equal(operation.attributes["agentphone.replayed"], true);
    assert.equal(operation.attributes["agentphone.attempts"], 0);
    assert.ok(!all().some(({ name }) => name.startsWith("POST")));
  });

  test("in doubt: the outcome is unknown, and effects.settle is an operation with the requests that it makes", async () => {
    const { sandbox, client, place } = await stage();
    cut(sandbox, "before-effect");
    await failureOf(place({ settle: { within: 0 } }));
    const { attributes } = only(all(), "calls.create");
    assert.deepEqual(
      [attributes["agentphone.outcome_unknown"], attributes["agentphone.settled"], attributes["agentphone.code"]],
      [true, "absent_so_far", "CONNECTION_ERROR"],
    );
    spans.reset();
    await client.effects.settle();
    const operation = only(all(), "effects.settle");
    assert.equal(operation.attributes["agentphone.attempts"], 0);
    assert.deepEqual(
      under(all(), operation).map(({ name }) => name),
      ["GET /v1/calls"],
    );
    await client.effects.get("order-42");
    only(all(), "effects.get");
  });
});
