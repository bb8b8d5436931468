// No number, text, id or key in any span, event, attribute or metric: planted in whatever callers pass and the API answers, they are
// looked for in all that an exporter gets.
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { openTelemetry } from "agentphone-wasm/otel";
import { argumentsOf, call, inputOf, operations, sample, takesInput } from "../support/contract.mjs";
import { meters, sdk } from "../support/otel.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { spans } = sdk();
beforeEach(() => spans.reset());
const metrics = meters();

const KEY = "sk_live_zebra_key";
const IDEMPOTENCY = "zebra-idempotency-key";
const NUMBER = "+14155550177";
/** Every planted text contains it, or is the number. */
const MARK = /zebra|4155550177|555-?0177/i;
/** Times of a span, which may happen to contain such digits. */
const TIMES = new Set(["startTime", "endTime", "_duration", "time", "duration"]);

/** Everything that an exporter can read of a span. */
const textOf = (/** @type {Foreign} */ value) =>
  JSON.stringify(value, (name, one) => (TIMES.has(name) || name === "_spanProcessor" ? undefined : one));
const exported = () =>
  spans
    .getFinishedSpans()
    .map((/** @type {Foreign} */ { name, attributes, events, links, status, kind, resource }) =>
      textOf({ name, attributes, events, links, status, kind, resource: resource.attributes }),
    );

/** The same input with a planted text wherever the contract allows one. @param {Foreign} schema @param {Foreign} value @returns {Foreign} */
const planted = (schema, value) => {
  if (typeof value === "string") {
    if (/^\+1415555/.test(value)) return NUMBER;
    const free = schema && !schema.enum && !schema.pattern && schema.const === undefined && !schema["x-rule"];
    return free && (schema.maxLength ?? 99) >= 12 ? `zebra ${value}` : value;
  }
  if (Array.isArray(value)) return value.map((one) => planted(schema?.items, one));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, planted(schema?.properties?.[name], one)]),
  );
};

/** All that an input may have. @param {Foreign} schema */
const full = (schema) => {
  const every = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(/** @type {Foreign} */ (one))]),
  );
  for (const group of schema["x-exactly-one"] ?? []) for (const other of group.slice(1)) delete every[other];
  delete every.media_urls;
  return planted(schema, every);
};

const answers = {
  "a success that repeats all of it": () =>
    Response.json({ id: "zebra-id", data: [{ id: "zebra-id", toNumber: NUMBER }], total: 1 }),
  "a refusal that repeats all of it": () =>
    Response.json(
      {
        error: {
          code: "ZEBRA_CODE",
          type: "zebra_type",
          message: `zebra ${NUMBER} ${KEY}`,
          details: [{ field: "zebra", message: NUMBER }],
        },
      },
      { status: 422, headers: { "x-request-id": `zebra-${NUMBER}`, "retry-after": NUMBER } },
    ),
  "a failure that names all of it": () => {
    throw Object.assign(new TypeError(`zebra ${NUMBER}`), { code: "ZEBRA", cause: { code: "ZEBRA_4155550177" } });
  },
  "what is no answer": () => new Response(`zebra ${NUMBER}`),
};

let seen = 0;
for (const [what, answer] of Object.entries(answers)) {
  describe(what, () => {
    for (const operation of operations) {
      test(operation.id, async () => {
        const client = new AgentPhone({
          apiKey: KEY,
          baseUrl: "http://api.test/zebra",
          subAccount: "zebra-account",
          headers: { "x-zebra": NUMBER },
          fetch: async () => answer(),
          logLevel: "off",
          maxRetries: 1,
          maxRetryDelay: 1,
          telemetry: openTelemetry({ meterProvider: metrics.provider }),
        });
        const args = argumentsOf(operation, takesInput(operation) ? full(inputOf(operation)) : undefined).map(
          (/** @type {Foreign} */ one) => (typeof one === "string" ? `zebra/${NUMBER}` : one),
        );
        const options = { idempotencyKey: IDEMPOTENCY, settle: { within: 0 } };
        await Promise.resolve(call(client, operation, args, /** @type {Foreign} */ (options))).catch((error) => error);
        const all = exported();
        assert.ok(
          all.some((text) => text.includes(operation.id)),
          `no span of ${operation.id}`,
        );
        seen += all.length;
        for (const text of all) assert.doesNotMatch(text, MARK);
      });
    }
  });
}

test("the words of an input are looked at, and were in the requests", async () => {
  /** @type {string[]} */
  const sent = [];
  const client = new AgentPhone({
    apiKey: KEY,
    baseUrl: "http://api.test",
    logLevel: "off",
    telemetry: openTelemetry(),
    fetch: async (url, init) => (sent.push(url, String(init.body)), Response.json({ id: "zebra-id" })),
  });
  for (const operation of operations)
    await call(
      client,
      operation,
      argumentsOf(operation, takesInput(operation) ? full(inputOf(operation)) : undefined),
    ).catch((/** @type {unknown} */ error) => error);
  assert.ok(sent.filter((text) => MARK.test(text)).length > 20, `${sent.length} texts were sent`);
});

test("client.request, client.effects, client.settle and a disposed client show nothing either", async () => {
  const client = new AgentPhone({
    apiKey: KEY,
    baseUrl: "http://api.test",
    logLevel: "off",
    maxRetries: 0,
    telemetry: openTelemetry(),
    fetch: async () => Promise.reject(new TypeError(`zebra ${NUMBER}`)),
  });
  const lost = await client.calls.create({ agentId: "zebra", toNumber: NUMBER }).catch((error) => error);
  await client.settle(lost, { totalTimeout: 50 }).catch(() => {});
  await client.calls
    .create({ agentId: "zebra", toNumber: NUMBER }, { idempotencyKey: IDEMPOTENCY, settle: { within: 0 } })
    .catch(() => {});
  await client.request("POST", "/v1/zebra/zebra-id", { body: { zebra: NUMBER } }).catch(() => {});
  await client.effects.get(IDEMPOTENCY);
  for await (const intent of client.effects.pending()) assert.equal(intent.key, IDEMPOTENCY);
  await client.effects.settle();
  await client.effects.resolve(IDEMPOTENCY, { happened: "zebra-id" }).catch(() => {});
  await client.calls.wait("zebra-id", { totalTimeout: 30, until: () => true }).catch(() => {});
  const all = exported();
  for (const name of [
    "settle",
    "request",
    "effects.get",
    "effects.pending",
    "effects.settle",
    "effects.resolve",
    "calls.wait",
  ])
    assert.ok(
      all.some((text) => text.includes(`"name":"${name}"`)),
      `no span of ${name}`,
    );
  for (const text of all) assert.doesNotMatch(text, MARK);
});

test("what a webhook and its handler say is in no span", async () => {
  const telemetry = openTelemetry({ meterProvider: metrics.provider });
  class ZebraError extends Error {
    code = "ZEBRA";
  }
  /** @type {Foreign} */
  const event = {
    event: `zebra.${NUMBER}`,
    channel: "zebra",
    data: { callId: "zebra", from: NUMBER, transcript: "zebra" },
  };
  await assert.rejects(
    telemetry.webhook(event, () => {
      throw Object.assign(new ZebraError(`zebra ${NUMBER}`), { name: "Zebra" });
    }),
  );
  const all = exported();
  assert.equal(all.length, 1);
  assert.match(all[0] ?? "", /"name":"webhook _OTHER"/);
  // The name of a class is code, and says what failed.
  assert.doesNotMatch((all[0] ?? "").replace("ZebraError", ""), MARK);
});

after(async () => {
  assert.ok(seen > 4 * operations.length, `${seen} spans were looked at`);
  const all = await metrics.read();
  assert.ok(Object.keys(all).length >= 4, Object.keys(all).join());
  for (const { points } of Object.values(all))
    for (const { attributes } of points) assert.doesNotMatch(textOf(attributes).replace("ZebraError", ""), MARK);
});
