// The in-memory sandbox as a unit test uses it: through the client, without a network.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { createSandbox } from "./index.mjs";
import { bodyOf } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const PHONE = "+14155550100";
const HEADERS = { authorization: "Bearer sk_test_1", "content-type": "application/json" };
/** @type {import("../js/types.js").Sandbox} */
let sandbox;

const start = (options = {}) => {
  sandbox?.close();
  sandbox = createSandbox({ clock: "manual", ...options });
  return sandbox;
};
/** @param {string} method @param {string} path @param {Foreign} [body] */
const api = async (method, path, body) => {
  const init = { method, headers: HEADERS, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return (await sandbox.fetch(`${sandbox.url}${path}`, init)).json();
};
const staff = async () => {
  const agent = await api("POST", "/v1/agents", { name: "Ada", voiceMode: "hosted", systemPrompt: "Be brief." });
  const number = await api("POST", "/v1/numbers", { agentId: agent.id });
  return { agent, number };
};
const place = (/** @type {Foreign} */ agent) => api("POST", "/v1/calls", { agentId: agent.id, toNumber: PHONE });

beforeEach(() => start());
afterEach(() => sandbox.close());

describe("fetch", () => {
  test("the client works on it unchanged", async () => {
    const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
    const agent = await client.agents.create({ name: "Ada" });
    assert.equal((await client.agents.get(agent.id)).name, "Ada");
    await assert.rejects(client.agents.get("nobody"), { code: "NOT_FOUND" });
  });

  test("it accepts a request in every form that fetch accepts", async () => {
    const body = JSON.stringify({ name: "Zoë" });
    const url = `${sandbox.url}/v1/agents`;
    const post = { method: "POST", headers: HEADERS };
    /** @type {Parameters<typeof sandbox.fetch>[]} */
    const forms = [
      [url, { ...post, body }],
      [new URL(url), { ...post, headers: new Headers(HEADERS), body: new TextEncoder().encode(body) }],
      [url, { ...post, headers: Object.entries(HEADERS), body: new Blob([body]) }],
      [new Request(url, { ...post, body })],
      [url, /** @type {RequestInit} */ ({ ...post, method: "post", body: new Response(body).body, duplex: "half" })],
      ["/v1/agents", { ...post, body }],
    ];
    for (const form of forms) {
      const answer = await sandbox.fetch(...form);
      assert.deepEqual([answer.status, (await answer.json()).name], [200, "Zoë"]);
    }
  });

  test("HEAD and 204 have no body", async () => {
    const head = await sandbox.fetch(`${sandbox.url}/v1/agents`, { method: "HEAD", headers: HEADERS });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    const contact = await api("POST", "/v1/contacts", { phoneNumber: PHONE, name: "Ada" });
    const gone = await sandbox.fetch(`${sandbox.url}/v1/contacts/${contact.id}`, {
      method: "DELETE",
      headers: HEADERS,
    });
    assert.deepEqual([gone.status, gone.body], [204, null]);
  });

  test("an abort before the response has no effect in the sandbox and rejects with its reason", async () => {
    const signal = AbortSignal.abort(new Error("mine"));
    await assert.rejects(
      sandbox.fetch("/v1/agents", { method: "POST", headers: HEADERS, body: '{"name":"A"}', signal }),
      /mine/,
    );
    assert.equal((await api("GET", "/v1/agents")).total, 0);
  });

  test("two sandboxes share nothing, and the same seed gives the same ids", async () => {
    const run = async (/** @type {number} */ seed) => {
      const own = createSandbox({ seed, clock: "manual", start: 1_790_000_000_000 });
      const answer = await own.fetch("/v1/agents", { method: "POST", headers: HEADERS, body: '{"name":"A"}' });
      own.close();
      return answer.text();
    };
    assert.equal(await run(7), await run(7));
    assert.notEqual(await run(7), await run(8));
    assert.equal((await api("GET", "/v1/agents")).total, 0);
  });
});

describe("faults as fetch shows them", () => {
  const ask = (init = {}) => sandbox.fetch("/v1/agents", { headers: HEADERS, ...init });

  test("a lost response rejects, but its effect took place", async () => {
    sandbox.faults.add({ match: { operation: "agents.create" }, cut: "before-headers", times: 1 });
    await assert.rejects(ask({ method: "POST", body: '{"name":"A"}' }), TypeError);
    assert.equal((await api("GET", "/v1/agents")).total, 1);
    assert.equal(sandbox.ledger().byOperation["agents.create"].performed ?? 1, 1);
  });

  test("a cut in mid-body delivers half of it, then breaks", async () => {
    sandbox.faults.add({ cut: "mid-body" });
    const reader = bodyOf(await ask()).getReader();
    const first = new TextDecoder().decode((await reader.read()).value);
    assert.equal(first, '{"data":[]');
    await assert.rejects(reader.read(), TypeError);
  });

  test("a cut after the headers delivers the status and no byte", async () => {
    sandbox.faults.add({ cut: "after-headers" });
    const answer = await ask();
    assert.equal(answer.status, 200);
    await assert.rejects(answer.text(), TypeError);
  });

  for (const stall of /** @type {const} */ (["headers", "body"])) {
    test(`a stall in the ${stall} ends with an abort, with its reason`, async () => {
      sandbox.faults.add({ stall });
      const controller = new AbortController();
      const answer = ask({ signal: controller.signal }).then((response) => response.text());
      setTimeout(() => controller.abort(new Error("mine")), 20);
      await assert.rejects(answer, /mine/);
    });
  }

  test("a slow body arrives complete and in pieces", async () => {
    sandbox.faults.add({ slow: { bytes: 5, everyMs: 1 } });
    const sizes = [];
    for await (const piece of bodyOf(await ask())) sizes.push(piece.length);
    assert.deepEqual(sizes, [5, 5, 5, 5, 1]);
  });

  test("a delayed response arrives, and an abort during the delay takes effect", async () => {
    sandbox.faults.add({ delayMs: 5, times: 1 });
    assert.equal((await ask()).status, 200);
    sandbox.faults.add({ delayMs: 600_000 });
    const controller = new AbortController();
    const waiting = ask({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("mine")), 5);
    await assert.rejects(waiting, /mine/);
  });

  test("an invalid rule is rejected with the name of the field", () => {
    assert.throws(() => sandbox.faults.add(/** @type {Foreign} */ ({ stall: "sideways" })), /stall/);
    assert.deepEqual(sandbox.faults.list(), []);
  });

  test("rules are listed, removed and cleared", () => {
    const id = sandbox.faults.add({ status: 500 });
    sandbox.faults.add({ status: 503 });
    assert.equal(sandbox.faults.list().length, 2);
    sandbox.faults.remove(id);
    assert.equal(sandbox.faults.list().length, 1);
    sandbox.faults.clear();
    assert.deepEqual(sandbox.faults.list(), []);
  });
});

describe("time", () => {
  test("a manual clock stands still, and a call proceeds only when it is advanced", async () => {
    const { agent } = await staff();
    const call = await place(agent);
    assert.equal((await api("GET", `/v1/calls/${call.id}`)).status, "queued");
    await sandbox.clock.advance(60_000);
    assert.equal((await api("GET", `/v1/calls/${call.id}`)).status, "completed");
  });

  test("one long step gives the same history as many short ones", async () => {
    const story = async (/** @type {number} */ steps) => {
      start({ seed: 3, start: 1_790_000_000_000 });
      const { agent } = await staff();
      const call = await place(agent);
      for (let i = 0; i < steps; i++) await sandbox.clock.advance(120_000 / steps);
      return api("GET", `/v1/calls/${call.id}/transcript`);
    };
    assert.deepEqual(await story(1), await story(100));
  });

  test("a running clock refuses to be advanced, and so does its control path", async () => {
    start({ clock: "real" });
    assert.throws(() => sandbox.clock.advance(1), TypeError);
    const answer = await sandbox.fetch("/__sandbox/clock", { method: "POST", body: '{"advanceMs":1}' });
    assert.equal(answer.status, 409);
  });

  test("the clock catches up after sleep, and setting the system clock back does not stop time", (t) => {
    start({ clock: "real" });
    const before = sandbox.clock.now();
    const real = Date.now.bind(Date);
    t.mock.method(Date, "now", () => real() + 3_600_000);
    assert.ok(sandbox.clock.now() >= before + 3_600_000);
    t.mock.method(Date, "now", () => real() - 3_600_000);
    assert.ok(sandbox.clock.now() >= before + 3_600_000);
  });

  test("time does not run back, and invalid options are rejected", async () => {
    assert.throws(() => sandbox.clock.advance(-1), RangeError);
    for (const options of [
      { speed: 0 },
      { speed: -1 },
      { clock: "fast" },
      { clock: "manual", speed: 2 },
      { start: "now" },
      { seed: -1 },
    ]) {
      assert.throws(() => createSandbox(/** @type {Foreign} */ (options)), Error, JSON.stringify(options));
    }
  });

  test("an accelerated clock ends a call by itself", async () => {
    start({ clock: "real", speed: 1000 });
    const { agent } = await staff();
    const call = await place(agent);
    const stream = await sandbox.fetch(`/v1/calls/${call.id}/transcript/stream`, { headers: HEADERS });
    assert.match(await stream.text(), /event: ended/);
  });

  test("a time beyond the year 2100 is rejected without side effects, however it is reached", async () => {
    const before = sandbox.clock.now();
    const far = Date.UTC(2101, 0) - before;
    assert.throws(() => sandbox.clock.advance(9e15), RangeError);
    const answer = await sandbox.fetch("/__sandbox/clock", { method: "POST", body: '{"advanceMs":9000000000000000}' });
    assert.deepEqual([answer.status, /2100/.test((await answer.json()).detail)], [400, true]);
    const first = sandbox.clock.advance(far - 10);
    assert.throws(() => sandbox.clock.advance(10), RangeError, "the first has not been made yet");
    await first;
    assert.equal((await api("GET", "/v1/agents")).total, 0);
    assert.throws(() => createSandbox({ start: Date.UTC(2101, 0) }), RangeError);
  });

  test("a jump over a year with an open stream yields to other work, and does not fill the stream with heartbeats", async () => {
    start({ balanceCents: 10_000_000 });
    const { agent } = await staff();
    const call = await api("POST", "/v1/calls", { agentId: agent.id, toNumber: "+15005550004" });
    const stream = await sandbox.fetch(`/v1/calls/${call.id}/transcript/stream`, { headers: HEADERS });
    const text = stream.text();
    await sandbox.clock.advance(365 * 86_400_000);
    await api("POST", `/v1/calls/${call.id}/end`);
    // One for each renewal of the number in between.
    assert.ok((await text).split(": heartbeat").length <= 20);
  });

  test("the control path moves a manual clock too", async () => {
    const before = sandbox.clock.now();
    const answer = await sandbox.fetch("/__sandbox/clock", { method: "POST", body: '{"advanceMs":1500}' });
    assert.deepEqual([answer.status, (await answer.json()).now], [200, before + 1500]);
  });
});

describe("live streams", () => {
  const open = async (init = {}) => {
    const { agent } = await staff();
    const call = await place(agent);
    return sandbox.fetch(`/v1/calls/${call.id}/transcript/stream`, { headers: HEADERS, ...init });
  };

  test("a transcript arrives event by event and closes at its end", async () => {
    const answer = await open();
    assert.equal(answer.headers.get("content-type")?.split(";")[0], "text/event-stream");
    const text = answer.text();
    await sandbox.clock.advance(120_000);
    const events = [...(await text).matchAll(/^event: (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual([events[0], events.at(-1)], ["connected", "ended"]);
    assert.ok(events.includes("turn"));
  });

  test("a reader that cancels is forgotten, and an abort ends the stream with its reason", async () => {
    const controller = new AbortController();
    const answer = await open({ signal: controller.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    controller.abort(new Error("mine"));
    await assert.rejects(async () => {
      for (;;) if ((await reader?.read())?.done) return;
    }, /mine/);
    await (await open()).body?.cancel();
    await sandbox.clock.advance(120_000);
  });

  test("close() ends a stream that is being read", async () => {
    const answer = await open();
    const text = answer.text();
    sandbox.close();
    await text;
    await assert.rejects(sandbox.fetch("/v1/agents"), /closed/);
  });
});

describe("webhooks", () => {
  test("they are passed to the function, signed, and recorded", async () => {
    /** @type {Foreign[]} */
    const seen = [];
    start({
      onWebhook: async (/** @type {Foreign} */ request) =>
        void seen.push([request.headers.get("x-webhook-event"), await request.json()]),
    });
    const { number } = await staff();
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook" });
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    await sandbox.clock.advance(0);
    assert.equal(seen.length, 1);
    assert.deepEqual([seen[0][0], seen[0][1].data.message], ["agent.message", "Hello"]);
    const [delivery] = sandbox.deliveries;
    assert.deepEqual([delivery.status, delivery.error], [200, null]);
    assert.match(delivery.headers["x-webhook-signature"], /^sha256=[0-9a-f]{64}$/);
  });

  test("an inbound text needs no arguments", async () => {
    await staff();
    const { id, from } = sandbox.inbound.message();
    assert.ok(id.length > 0);
    assert.equal(from, PHONE);
  });

  test("a failed one is retried on the documented schedule without real waiting", async () => {
    let tries = 0;
    start({ onWebhook: () => new Response(null, { status: ++tries < 3 ? 500 : 200 }) });
    const { number } = await staff();
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook" });
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    await sandbox.clock.advance(24 * 3_600_000);
    assert.deepEqual(
      sandbox.deliveries.map(({ status }) => status),
      [500, 500, 200],
    );
  });

  test("a function that throws is a failed delivery, not a broken sandbox", async () => {
    start({
      onWebhook: () => {
        throw new Error("mine");
      },
    });
    const { number } = await staff();
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook" });
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    await sandbox.clock.advance(0);
    assert.equal(sandbox.deliveries[0].error, "mine");
  });

  test("a slow function is waited for, and the clock stands still meanwhile", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    start({ onWebhook: async () => new Promise((resolve) => setTimeout(() => resolve(new Response("late")), 29_000)) });
    const { number } = await staff();
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook" });
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    const before = sandbox.clock.now();
    const advanced = sandbox.clock.advance(60_000);
    await new Promise(setImmediate);
    t.mock.timers.tick(28_000);
    await new Promise(setImmediate);
    assert.equal(sandbox.clock.now(), before);
    t.mock.timers.tick(1000);
    await advanced;
    assert.deepEqual([sandbox.deliveries[0].status, sandbox.clock.now()], [200, before + 60_000]);
  });

  test("a function that never settles stops the clock for the webhook's own timeout and no longer", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    start({ onWebhook: () => new Promise(() => {}) });
    const { number } = await staff();
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook", timeout: 5 });
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    const advanced = sandbox.clock.advance(1000);
    await new Promise(setImmediate);
    t.mock.timers.tick(5000);
    await advanced;
    const [logged] = (await api("GET", "/v1/webhooks/deliveries")).items;
    assert.equal(logged.errorMessage, "No complete response within 5 s");
    assert.deepEqual(
      sandbox.deliveries.map(({ status, error }) => [status, error]),
      [[null, "timeout"]],
    );
  });

  test("a webhook agent speaks through the function", async () => {
    start({
      onWebhook: async (/** @type {Foreign} */ request) =>
        Response.json({ text: `You said: ${(await request.json()).data.transcript}` }),
    });
    const agent = await api("POST", "/v1/agents", { name: "Echo" });
    await api("POST", "/v1/numbers", { agentId: agent.id });
    await api("POST", "/v1/webhooks", { url: "https://example.com/hook" });
    const call = await place(agent);
    await sandbox.clock.advance(120_000);
    const { transcript } = await api("GET", `/v1/calls/${call.id}/transcript`);
    assert.ok(
      transcript.some(
        (/** @type {Foreign} */ { role, content }) => role === "agent" && content.startsWith("You said: "),
      ),
      JSON.stringify(transcript),
    );
  });
});

describe("state", () => {
  test("a saved state is restored, and time continues from it", async () => {
    const { agent } = await staff();
    const call = await place(agent);
    await sandbox.clock.advance(1000);
    const [saved, now] = [sandbox.state.save(), sandbox.clock.now()];
    start({ start: 0 });
    sandbox.state.load(saved);
    assert.equal(sandbox.clock.now(), now);
    assert.equal((await api("GET", `/v1/agents/${agent.id}`)).name, "Ada");
    await sandbox.clock.advance(120_000);
    assert.equal((await api("GET", `/v1/calls/${call.id}`)).status, "completed");
  });

  test("an invalid state is rejected and changes nothing", async () => {
    await staff();
    for (const wrong of ["", "{}", "[]", sandbox.state.save().slice(0, -10)]) {
      assert.throws(() => sandbox.state.load(wrong), Error, wrong.slice(0, 20));
    }
    assert.equal((await api("GET", "/v1/agents")).total, 1);
  });

  test("reset clears everything, including deliveries and rules", async () => {
    await staff();
    sandbox.faults.add({ status: 500 });
    sandbox.reset();
    assert.deepEqual([sandbox.ledger().requests, sandbox.faults.list(), sandbox.deliveries], [0, [], []]);
    assert.equal((await api("GET", "/v1/agents")).total, 0);
  });
});
