// The metrics: names, units and buckets as the conventions have them, and a counter that can be alerted on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, PHONE } from "../support/client.mjs";
import { meters, sdk, tracedClient } from "../support/otel.mjs";

/** @import { Foreign } from "../support/foreign.js" */

sdk();

test("requests and operations are counted and timed, by outcome", async () => {
  const { provider: meterProvider, read } = meters();
  let at = 0;
  const client = tracedClient(
    async () => {
      at += 1;
      if (at === 3) throw new TypeError("fetch failed");
      return at === 1 ? new Response("{}", { status: 503 }) : Response.json({ id: "call_1" });
    },
    { maxRetryDelay: 1 },
    { meterProvider },
  );
  await client.calls.get("call_1");
  await failureOf(client.calls.create({ agentId: "a", toNumber: PHONE }));
  await failureOf(client.calls.get(""));
  const found = /** @type {Foreign} */ (await read());

  const requests = found["http.client.request.duration"];
  assert.equal(requests.descriptor.unit, "s");
  assert.deepEqual(
    requests.points[0].value.buckets.boundaries,
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  );
  const server = { "server.address": "api.test", "server.port": 80 };
  const get = { ...server, "http.request.method": "GET", "url.template": "/v1/calls/{call_id}" };
  assert.deepEqual(
    requests.points.map((/** @type {Foreign} */ { attributes, value }) => [attributes, value.count]),
    [
      [{ ...get, "http.response.status_code": 503, "error.type": "503" }, 1],
      [{ ...get, "http.response.status_code": 200 }, 1],
      [{ ...server, "http.request.method": "POST", "url.template": "/v1/calls", "error.type": "CONNECTION_ERROR" }, 1],
    ],
  );

  const { points, descriptor } = found["agentphone.client.operations"];
  assert.equal(descriptor.unit, "{operation}");
  assert.deepEqual(
    points.map((/** @type {Foreign} */ { attributes, value }) => [
      attributes["agentphone.operation"],
      attributes["agentphone.outcome"],
      attributes["agentphone.outcome_unknown"],
      attributes["error.type"],
      value,
    ]),
    [
      ["calls.get", "success", false, undefined, 1],
      ["calls.create", "unknown", true, "CONNECTION_ERROR", 1],
      ["calls.get", "error", false, "INVALID_ARGUMENT", 1],
    ],
  );
  const durations = found["agentphone.client.operation.duration"];
  assert.equal(durations.descriptor.unit, "s");
  assert.equal(durations.points.length, 3);
  assert.ok(durations.points[0].value.sum < 5, "seconds, and not milliseconds");
});

test("without an SDK for metrics, and with none at all, calls are made all the same", async () => {
  const client = tracedClient(async () => Response.json({ id: "call_1" }));
  assert.equal((await client.calls.get("call_1")).id, "call_1");
});
