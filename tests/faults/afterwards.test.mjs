// What a broken module leaves behind: the next call of the same turn works, clients keep what they were made with, an
// instance that cannot be replaced says so at each call, and inputs that are larger than its memory end nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakable, dist, MEMORY } from "../support/breakable.mjs";
import { runChild } from "../support/child.mjs";
import { CLASSES, failureOf, KEY, sleep } from "../support/client.mjs";
import { CONNECTED, turn } from "../support/event-stream.mjs";
import { good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const { AgentPhone, arm, webhooks } = await breakable();

/** @param {{ url: string }} where @param {Foreign} [options] */
const clientOf = ({ url }, options) => new AgentPhone({ apiKey: KEY, baseUrl: url, logLevel: "off", ...options });

describe("after a fault", () => {
  test("the next call of the same turn works", async (t) => {
    const client = clientOf(await hostileServer(t));
    arm("start", "trap");
    const broken = failureOf(client.calls.get("a"));
    const next = client.calls.get("b");
    assert.equal((await broken).code, "INTERNAL_ERROR");
    assert.equal((await next).id, "call_1");
  });

  test("clients keep the options that they were made with, whatever has become of the caller's objects", async (t) => {
    const server = await hostileServer(t);
    const options = { apiKey: KEY, baseUrl: server.url, logLevel: "off", headers: { "x-own": "first" } };
    process.env.AGENTPHONE_BASE_URL = server.url;
    const client = new AgentPhone(options);
    const { baseUrl: _, ...rest } = options;
    const ofEnvironment = new AgentPhone(rest);
    Object.assign(options, { apiKey: "sk_other", baseUrl: "http://127.0.0.1:9", nonsense: true });
    options.headers["x-own"] = "second";
    process.env.AGENTPHONE_BASE_URL = "http://127.0.0.1:9";
    t.after(() => delete process.env.AGENTPHONE_BASE_URL);
    arm("start", "trap");
    await failureOf(client.calls.get("a"));
    await client.calls.get("b");
    await ofEnvironment.calls.get("c");
    for (const { headers } of server.received)
      assert.deepEqual([headers.authorization, headers["x-own"]], [`Bearer ${KEY}`, "first"]);
    assert.equal(server.count(), 2);
  });

  test("a recording that is being read goes on", async (t) => {
    let more = () => {};
    const audio = {
      performs: false,
      run: (/** @type {import("node:http").ServerResponse} */ response) => {
        response.writeHead(200, { "content-type": "audio/mpeg", "content-length": "10" });
        response.write("hello");
        more = () => void response.end("world");
      },
    };
    const client = clientOf(await hostileServer(t, ({ path }) => (path.endsWith("recording") ? audio : good)));
    const recording = await client.calls.recording.get("call_1");
    const bytes = recording.bytes();
    arm("start", "trap");
    await failureOf(client.calls.get("a"));
    more();
    assert.equal(Buffer.from(await bytes).toString(), "helloworld");
  });

  test("an instance that cannot be replaced says so at every call, and is tried again at the next", async (t) => {
    const server = await hostileServer(t, ({ path }) => (path.endsWith("/a") ? stall("headers") : good));
    const client = clientOf(server);
    const waiting = failureOf(client.calls.get("a"));
    await server.arrival();
    const { Instance } = WebAssembly;
    let tries = 0;
    // biome-ignore lint/complexity/useArrowFunction: it is constructed
    const refusing = function () {
      tries += 1;
      throw new RangeError("no memory");
    };
    WebAssembly.Instance = /** @type {Foreign} */ (refusing);
    t.after(() => (WebAssembly.Instance = Instance));
    arm("start", "trap");
    const { signal } = new AbortController();
    for (const call of [
      () => client.calls.get("b"),
      () => client.calls.get("c", { signal }),
      () => client.withSubAccount("s").calls.get("d"),
      async () => clientOf(server),
      async () => webhooks.sign({ body: "x", secret: "whsec_x" }),
      () => client.calls.transcript.stream("e").next(),
    ]) {
      assert.equal((await failureOf(Promise.resolve().then(call))).code, "INTERNAL_ERROR");
    }
    assert.equal((await waiting).code, "INTERNAL_ERROR");
    await sleep(50);
    assert.ok(tries >= 5 && tries <= 8, `${tries} tries for six calls`);
    WebAssembly.Instance = Instance;
    assert.equal((await client.calls.get("f")).id, "call_1");
  });

  test("a stream that nobody reads any more keeps nothing, and one read later tells of the fault", async (t) => {
    const chunks = {
      performs: false,
      run: (/** @type {import("node:http").ServerResponse} */ response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(CONNECTED + turn("one"));
      },
    };
    const server = await hostileServer(t, ({ path }) => (path.endsWith("stream") ? chunks : good));
    const client = clientOf(server);
    const stream = client.calls.transcript.stream("call_1");
    assert.equal((await stream.next()).value.event, "connected");
    arm("start", "trap");
    await failureOf(client.calls.get("a"));
    await server.closed(server.received[0]);
    // What had come is given first.
    /** @type {Foreign[]} */
    const said = [];
    const error = await failureOf(
      (async () => {
        for (;;) said.push((await stream.next()).value.event);
      })(),
    );
    assert.deepEqual([said, error.code, error.operation], [["turn"], "INTERNAL_ERROR", "calls.transcript.stream"]);
    assert.equal((await stream.next()).done, true);
  });
});

describe("what is larger than the module's memory is an error or passes it by, and is no end", () => {
  test("a chunk of a stream is read piece by piece, and breaks nobody's call", async (t) => {
    const huge = new Uint8Array(2 * MEMORY).fill(32);
    const stream = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(huge) }), {
        headers: { "content-type": "text/event-stream" },
      });
    const server = await hostileServer(t, good);
    const client = clientOf(server, {
      fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) =>
        url.endsWith("stream") ? stream() : fetch(url, init),
    });
    const others = client.messages.send({ agent_id: "a", to_number: "+14155550100", body: "b" });
    const error = await failureOf(client.calls.transcript.stream("call_1").next());
    assert.deepEqual([error.code, error.operation], ["INVALID_RESPONSE", "calls.transcript.stream"]);
    assert.equal((await others).id, "call_1");
  });

  test("a webhook's body does not fill it: it goes through in pieces", () => {
    const body = JSON.stringify({ event: "agent.message", data: "x".repeat(2 * MEMORY) });
    const headers = webhooks.sign({ body, secret: "whsec_x" });
    assert.equal(webhooks.verify({ body, headers, secret: "whsec_x", maxBytes: null }).event, "agent.message");
    assert.throws(() => webhooks.verify({ body: body.replace("x", "y"), headers, secret: "whsec_x", maxBytes: null }), {
      code: "WEBHOOK_SIGNATURE_INVALID",
    });
  });

  test("a body that is answered passes by the module's memory", async (t) => {
    const client = clientOf(await hostileServer(t), {
      fetch: async () => new Response(JSON.stringify({ id: "x".repeat(2 * MEMORY) })),
    });
    assert.equal((await client.calls.get("a")).id.length, 2 * MEMORY);
  });
});

test("a process in which the module breaks again and again ends by itself, in order", async (t) => {
  const server = await hostileServer(t, ({ path }) => (path.endsWith("/a") ? stall("headers") : good));
  const { stdout, stderr, code, signal } = await runChild(
    `
    import { createRequire } from "node:module";
    const { AgentPhone, arm } = createRequire(import.meta.url)(process.argv[2]);
    const client = new AgentPhone({ apiKey: "sk_test_x", baseUrl: process.argv[1], logLevel: "off" });
    const told = [];
    for (const point of ["start", "await", "reaction", "start", "await", "reaction"]) {
      const waiting = client.calls.get("a").catch(({ code }) => code);
      arm(point, "trap");
      told.push(await client.calls.get("b").catch(({ code }) => code), await waiting);
    }
    // Nobody has a hold of these: they must not end the process.
    client.calls.create({ agentId: "a", toNumber: "+14155550100" }).catch(() => {});
    console.log([...new Set(told)].join(), (await client.calls.get("c")).id);`,
    { args: [server.url, `${dist}/index.cjs`] },
  );
  assert.deepEqual([stdout.trim(), stderr, code, signal], ["INTERNAL_ERROR call_1", "", 0, null]);
});

test("instances that broke are collected, with their memory", async () => {
  const { stdout, stderr, code } = await runChild(
    `
    import { createRequire } from "node:module";
    const memories = [];
    WebAssembly.Instance = class extends WebAssembly.Instance {
      constructor(...given) {
        super(...given);
        memories.push(new WeakRef(Object.values(this.exports).find((one) => one instanceof WebAssembly.Memory)));
      }
    };
    const { AgentPhone, arm } = createRequire(import.meta.url)(process.argv[1]);
    const client = new AgentPhone({ apiKey: "sk_test_x", logLevel: "off", fetch: async () => new Response("{}") });
    for (let i = 0; i < 50; i++) {
      arm(["start", "await", "reaction"][i % 3], "trap");
      await client.calls.get("a", { signal: new AbortController().signal, totalTimeout: 60_000 }).catch(() => {});
    }
    await client.calls.get("a");
    for (let i = 0; i < 5; i++) {
      gc();
      await new Promise((done) => setTimeout(done, 10));
    }
    console.log(memories.length, memories.filter((memory) => memory.deref()).length);`,
    { args: [`${dist}/index.cjs`], flags: ["--expose-gc"] },
  );
  assert.equal(code, 0, stderr);
  const [all, left] = stdout.trim().split(" ").map(Number);
  assert.equal(all, 51);
  assert.ok(left <= 2, `${left} of ${all} are left`);
});

test("a fault in a call of effect that waits for its answer is told as unknown, once", async (t) => {
  const server = await hostileServer(t, ({ method }) => (method === "POST" ? stall("headers") : good));
  const client = clientOf(server);
  const promise = failureOf(CLASSES.effect.call(client));
  await server.arrival();
  arm("await", "trap");
  await failureOf(client.calls.get("a"));
  const error = await promise;
  assert.deepEqual(
    [error.outcomeUnknown, error.retryable, error.attempts, server.effects("POST /v1/calls")],
    [true, false, 1, 1],
  );
  assert.match(error.message, /^calls\.create: .*\(INTERNAL_ERROR\).*It may have happened anyway/);
});
