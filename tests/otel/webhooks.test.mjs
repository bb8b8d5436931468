// A webhook's span is connected with that of the call or text that led to it, in this process or, through a store, in another.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import FakeTimers from "@sinonjs/fake-timers";
import { AgentPhone, voice } from "agentphone-wasm";
import { memoryLinks, openTelemetry } from "agentphone-wasm/otel";
import { createSandbox } from "agentphone-wasm/sandbox";
import { voice as patience } from "agentphone-wasm/toolkit";
import { KEY, PHONE, sleep } from "../support/client.mjs";
import { meters, only, sdk } from "../support/otel.mjs";

/** @import { Foreign } from "../support/foreign.js" */
/** @import { OpenTelemetryOptions } from "agentphone-wasm/otel" */

const { spans, tracer } = sdk();
beforeEach(() => spans.reset());
const all = () => spans.getFinishedSpans();

/** A sandbox that delivers to this process, and a client of it. @param {OpenTelemetryOptions} [options] */
const stage = async (options = {}) => {
  const telemetry = openTelemetry(options);
  const sandbox = createSandbox({ balanceCents: 1_000_000, limits: false });
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, logLevel: "off", telemetry });
  const { id: agentId } = await client.agents.create({ name: "Desk" });
  await client.numbers.buy({ agentId, type: "imessage" });
  spans.reset();
  return { telemetry, client, agentId };
};

/** Events of a call and of a text as the API sends them. @returns {Foreign} */
const turnOf = (/** @type {string} */ callId) => ({
  event: "agent.message",
  channel: "voice",
  data: { callId, transcript: "Hello?", from: PHONE },
  recentHistory: [],
});

test("with no span active, a webhook's span goes on in the trace of the call", async () => {
  const { telemetry, client, agentId } = await stage();
  const { id } = await tracer.startActiveSpan("tool", async (tool) => {
    const call = await client.calls.create({ agentId, toNumber: PHONE });
    tool.end();
    return call;
  });
  const said = await telemetry.webhook(turnOf(id), async (event) => {
    await sleep(1);
    tracer.startSpan("model").end();
    return `${event.event} answered`;
  });
  assert.equal(said, "agent.message answered");
  const [operation, webhook, model] = ["calls.create", "webhook agent.message", "model"].map((name) =>
    only(all(), name),
  );
  assert.equal(webhook?.parentSpanContext?.spanId, operation?.spanContext().spanId);
  assert.equal(webhook?.spanContext().traceId, only(all(), "tool").spanContext().traceId);
  assert.equal(model?.parentSpanContext?.spanId, webhook?.spanContext().spanId);
  assert.equal(webhook?.kind, 4);
  assert.deepEqual(webhook?.attributes, {
    "agentphone.webhook.event": "agent.message",
    "agentphone.webhook.channel": "voice",
  });
});

test("under the span of a server it is a child of that and linked to the call, or the other way round", async () => {
  for (const webhookParent of /** @type {const} */ (["active", "call"])) {
    const { telemetry, client, agentId } = await stage({ webhookParent });
    const { id } = await client.calls.create({ agentId, toNumber: PHONE });
    await tracer.startActiveSpan("POST /webhook", async (server) => {
      await telemetry.webhook(turnOf(id), () => {});
      server.end();
    });
    const [operation, webhook, server] = ["calls.create", "webhook agent.message", "POST /webhook"].map((name) =>
      only(all(), name).spanContext(),
    );
    const { parentSpanContext, links } = only(all(), "webhook agent.message");
    const [parent, linked] = webhookParent === "active" ? [server, operation] : [operation, server];
    assert.deepEqual(
      [parentSpanContext?.spanId, links.map(({ context }) => context.spanId)],
      [parent?.spanId, [linked?.spanId]],
    );
    assert.equal(webhook?.traceId, parent?.traceId);
  }
});

test("the answer to a text is linked to the text, by its conversation or the message that it replies to", async () => {
  const { telemetry, client, agentId } = await stage();
  const sent = await client.messages.send({ agent_id: agentId, to_number: PHONE, body: "Hi" });
  const operation = only(all(), "messages.send").spanContext();
  const event = { event: "agent.message", channel: "sms", recentHistory: [] };
  for (const data of [
    { conversationId: sent.conversation_id, message: "Hello" },
    { conversationId: "another", replyTo: { messageId: sent.id }, message: "Hello" },
  ]) {
    spans.reset();
    await telemetry.webhook(/** @type {Foreign} */ ({ ...event, data }), () => {});
    assert.equal(
      only(all(), "webhook agent.message").parentSpanContext?.spanId,
      operation.spanId,
      JSON.stringify(data),
    );
  }
});

test("a webhook of a call that nobody here has placed has a span of its own", async () => {
  const { telemetry } = await stage();
  await telemetry.webhook(turnOf("call_of_somebody_else"), () => {});
  const { parentSpanContext, links } = only(all(), "webhook agent.message");
  assert.deepEqual([parentSpanContext, links], [undefined, []]);
});

test("another process finds the call through a store that both share, which sees no attribute", async () => {
  /** @type {Map<string, string>} */
  const shared = new Map();
  const links = {
    get: async (/** @type {string} */ key) => (await sleep(1), shared.get(key) ?? null),
    set: async (/** @type {string} */ key, /** @type {string} */ value) => void shared.set(key, value),
  };
  const { client, agentId } = await stage({ links });
  const { id } = await client.calls.create({ agentId, toNumber: PHONE });
  assert.deepEqual([...shared.keys()], [`call:${id}`]);
  assert.match(shared.get(`call:${id}`) ?? "", /^00-[\da-f]{32}-[\da-f]{16}-01$/);
  await openTelemetry({ links }).webhook(turnOf(id), () => {});
  const operation = only(all(), "calls.create").spanContext();
  assert.equal(only(all(), "webhook agent.message").parentSpanContext?.spanId, operation.spanId);
});

test("a store that fails, is slow or knows nonsense costs a link and no more", async () => {
  const never = () => new Promise((/** @type {(value: undefined) => void} */ _) => {});
  const fail = () => {
    throw new Error("store");
  };
  for (const links of [
    { get: fail, set: fail },
    { get: async () => fail(), set: async () => fail() },
    { get: never, set: never },
    { get: () => "00-zzz", set: () => {} },
    { get: () => /** @type {Foreign} */ (7), set: () => {} },
  ]) {
    const { telemetry, client, agentId } = await stage({ links });
    const { id } = await client.calls.create({ agentId, toNumber: PHONE });
    assert.equal(await telemetry.webhook(turnOf(id), () => "said"), "said");
    assert.equal(only(all(), "webhook agent.message").parentSpanContext, undefined);
  }
});

test("with links: false nothing is kept", async () => {
  const { telemetry, client, agentId } = await stage({ links: false });
  const { id } = await client.calls.create({ agentId, toNumber: PHONE });
  await telemetry.webhook(turnOf(id), () => {});
  assert.equal(only(all(), "webhook agent.message").parentSpanContext, undefined);
});

test("a replayed key does not take the place of the call that it replays", async () => {
  const { telemetry, client, agentId } = await stage();
  const place = () => client.calls.create({ agentId, toNumber: PHONE }, { idempotencyKey: "order-42" });
  const { id } = await place();
  const first = only(all(), "calls.create").spanContext();
  await place();
  await telemetry.webhook(turnOf(id), () => {});
  assert.equal(only(all(), "webhook agent.message").parentSpanContext?.spanId, first.spanId);
});

test("what the handler throws goes to the caller, and the span has failed; its duration is a metric", async () => {
  const { provider, read } = meters();
  const telemetry = openTelemetry({ meterProvider: provider });
  const thrown = new RangeError("a text");
  await assert.rejects(
    telemetry.webhook(turnOf("c"), () => Promise.reject(thrown)),
    (error) => error === thrown,
  );
  const { status, attributes, events } = only(all(), "webhook agent.message");
  assert.deepEqual([status, attributes["error.type"], events], [{ code: 2 }, "RangeError", []]);
  const { points, descriptor } = /** @type {Foreign} */ ((await read())["agentphone.webhook.duration"]);
  assert.deepEqual(
    [descriptor.unit, points[0].attributes["error.type"], points[0].value.count],
    ["s", "RangeError", 1],
  );
});

/** A model whose words take a while, with a span for each. */
async function* model() {
  for (const word of ["One ", "moment."]) {
    const span = tracer.startSpan("model");
    await sleep(30);
    span.end();
    yield word;
  }
}

for (const [name, answer] of Object.entries({
  "a stream": () => voice.response(model()),
  "a function": () => voice.response(() => model()),
  "a stream with a filler": () => voice.response(patience.fill(model(), { say: "Hm." })),
}))
  test(`an answer that is streamed after the handler has returned belongs to the webhook's span: ${name}`, async () => {
    const { provider, read } = meters();
    const telemetry = openTelemetry({ meterProvider: provider });
    const response = await telemetry.webhook(turnOf("c"), async () => answer());
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/x-ndjson"]);
    assert.equal(all().length, 0);
    assert.match(await response.text(), /One .*moment/s);
    const webhook = only(all(), "webhook agent.message");
    const models = all().filter((span) => span.name === "model");
    assert.deepEqual(
      models.map((span) => span.parentSpanContext?.spanId),
      [webhook.spanContext().spanId, webhook.spanContext().spanId],
    );
    const { points } = /** @type {Foreign} */ ((await read())["agentphone.webhook.duration"]);
    assert.deepEqual([points[0].value.count, points[0].value.max > 0.05], [1, true]);
  });

test("a caller who hangs up ends the webhook's span, and stops the source", async () => {
  let stopped = false;
  const response = await openTelemetry().webhook(turnOf("c"), () =>
    voice.response((signal) => {
      signal.addEventListener("abort", () => (stopped = true));
      return model();
    }),
  );
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assert.equal(only(all(), "webhook agent.message").status.code, 0);
  assert.ok(stopped);
});

test("a streamed answer that nobody reads ends its span when no webhook waits any longer", async () => {
  const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await openTelemetry().webhook(turnOf("c"), () => voice.response(model()));
    assert.equal(all().length, 0);
    clock.tick(120_000);
    assert.equal(all().length, 1);
  } finally {
    clock.uninstall();
  }
});

test("any other result is passed on as it is", async () => {
  for (const result of [voice.response("Hi."), new Response("text"), { body: 1 }, null])
    assert.equal(await openTelemetry().webhook(turnOf("c"), () => /** @type {Foreign} */ (result)), result);
  assert.equal(all().length, 4);
});

test("what is no event, and what is no handler, is refused", async () => {
  const telemetry = openTelemetry();
  await assert.rejects(
    telemetry.webhook(/** @type {Foreign} */ ("body"), () => {}),
    { code: "INVALID_ARGUMENT" },
  );
  await assert.rejects(telemetry.webhook(turnOf("c"), /** @type {Foreign} */ (undefined)), /handle must be a function/);
});

test("links in memory are forgotten by number and by age", async () => {
  const links = memoryLinks({ max: 2, retention: 30 });
  for (const key of ["a", "b", "a", "c"]) links.set(key, key);
  assert.deepEqual([links.get("a"), links.get("b"), links.get("c")], ["a", undefined, "c"]);
  await sleep(40);
  assert.equal(links.get("c"), undefined);
  assert.throws(() => memoryLinks({ max: 0 }), /max must be a number, 1 or more/);
});
