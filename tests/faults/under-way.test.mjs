// The module breaks while calls are under way: none of them stays pending, each is told the truth, nothing is thrown
// at the host, nothing is left open, and the same clients go on with a fresh instance. The module is one that can
// be broken (tests/support/breakable.mjs); a rejection or an exception that nobody catches fails these tests.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { breakable } from "../support/breakable.mjs";
import { CLASSES, failureOf, KEY, sleep } from "../support/client.mjs";
import { CONNECTED, turn } from "../support/event-stream.mjs";
import { answer, good, hostileServer, stall } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** How many instances of the module there have been. */
let instances = 0;
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(/** @type {ConstructorParameters<typeof WebAssembly.Instance>} */ ...given) {
    super(...given);
    instances += 1;
  }
};

/** Timers that the client has set and that neither rang nor were cleared. */
const timers = new Set();
const [set, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
const watchTimers = () => {
  const watched = (
    /** @type {(...given: unknown[]) => void} */ ring,
    /** @type {number} */ ms,
    /** @type {unknown[]} */ ...given
  ) => {
    const timer = set(() => {
      timers.delete(timer);
      ring(...given);
    }, ms);
    // Node's own `fetch` sets some as well.
    if (new Error().stack?.includes("core.cjs")) timers.add(timer);
    return timer;
  };
  globalThis.setTimeout = /** @type {Foreign} */ (watched);
  globalThis.clearTimeout = (timer) => {
    timers.delete(timer);
    clear(timer);
  };
};

const { AgentPhone, arm } = await breakable();
watchTimers();

/** A stream whose next chunk the test sends. */
const told = (/** @type {import("node:http").ServerResponse} */ response, /** @type {Foreign} */ request) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(CONNECTED);
  request.say = (/** @type {string} */ text) => response.write(text);
  talking.push(request);
};
/** @type {Foreign[]} */
let talking = [];

/** @type {Record<string, Foreign>} */
const PLACES = {
  "/v1/agents": answer(429, {}, { "retry-after": "30" }),
  "/v1/numbers": answer(503, {}, { "retry-after": "30" }),
  "/v1/calls/call_1": good,
  "/v1/calls/body": stall("body"),
  "/v1/calls/call_1/transcript/stream": { performs: false, run: told },
};
const script = (/** @type {Foreign} */ { path }) => PLACES[path] ?? stall("headers");

/** A client with calls in every state that a call can be in; `lost` are their promises with what each must tell. */
const underWay = async (/** @type {test.TestContext} */ t) => {
  talking = [];
  const server = await hostileServer(t, script);
  /** @type {Foreign[]} */
  const heard = [];
  const hooks = { onError: (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => heard.push(error) };
  const client = new AgentPhone({ apiKey: KEY, baseUrl: server.url, logLevel: "off", hooks });
  const sub = client.withSubAccount("sub_1");
  const stream = client.calls.transcript.stream("call_1");
  const lost = [
    ["calls.get", false, client.calls.get("headers", { totalTimeout: 60_000 })],
    ["calls.get", false, client.calls.get("body")],
    ["calls.create", true, CLASSES.effect.call(client)],
    [
      "messages.send",
      true,
      sub.messages.send(
        { agent_id: "agt_1", to_number: "+14155550100", body: "x" },
        { signal: new AbortController().signal },
      ),
    ],
    ["numbers.list", false, client.numbers.list()],
    ["agents.list", false, client.agents.list()],
  ];
  await server.arrival(6);
  assert.equal((await stream.next()).value.event, "connected");
  // The one that was refused has closed the rate limiter by now; these wait at it and have sent nothing.
  await sleep(50);
  lost.push(["agents.list", false, client.agents.list()], ["calls.transcript.stream", false, stream.next()]);
  await sleep(10);
  const promises = lost.map(([, , promise]) => failureOf(promise));
  return { server, client, sub, heard, promises, lost, open: [...server.received] };
};

/** What sets the module off, by the point where it breaks; gives the failure of the call that did, if it is one's. @type {Record<string, Foreign>} */
const TRIGGERS = {
  "in an export": [
    "start",
    (/** @type {import("agentphone-wasm").AgentPhone} */ client) => failureOf(client.calls.get("call_1")),
  ],
  "after an await": [
    "await",
    (/** @type {import("agentphone-wasm").AgentPhone} */ client) => failureOf(client.calls.get("call_1")),
  ],
  "in a promise's reaction": [
    "reaction",
    (/** @type {import("agentphone-wasm").AgentPhone} */ client) => failureOf(client.calls.get("call_1")),
  ],
  "in a timer": [
    "timer",
    (/** @type {import("agentphone-wasm").AgentPhone} */ client) =>
      failureOf(client.calls.get("headers", { timeout: 20 })),
  ],
  "in an abort listener": [
    "abort",
    async (
      /** @type {import("agentphone-wasm").AgentPhone} */ client,
      /** @type {Awaited<ReturnType<typeof hostileServer>>} */ server,
    ) => {
      const controller = new AbortController();
      const failure = failureOf(client.calls.get("headers", { signal: controller.signal }));
      await server.arrival(server.count() + 1);
      controller.abort();
      return failure;
    },
  ],
  "in a chunk of a stream": ["chunk", () => void talking[0].say(turn("hello"))],
  "in the constructor": ["new", () => failureOf((async () => new AgentPhone({ apiKey: KEY }))())],
  "in a call that a hook makes": [
    "start",
    (
      /** @type {import("agentphone-wasm").AgentPhone} */ client,
      /** @type {Awaited<ReturnType<typeof hostileServer>>} */ server,
    ) => {
      /** @type {Promise<import("agentphone-wasm").AnyAgentPhoneError>} */
      let inner;
      const hooks = { onRequest: () => (arm("start", "trap"), (inner = failureOf(client.calls.get("call_1")))) };
      const count = server.count();
      return failureOf(CLASSES.effect.call(client, { hooks })).then(async (outer) => {
        await inner;
        await sleep(50);
        assert.deepEqual([outer.outcomeUnknown, server.count()], [false, count], "what had not left does not leave");
        return outer;
      });
    },
    "armed later",
  ],
};

const KINDS = {
  trap: Object.keys(TRIGGERS),
  memory: ["after an await", "in an export"],
  stack: ["after an await", "in a timer"],
};

describe("a broken module", () => {
  for (const [kind, places] of Object.entries(KINDS)) {
    for (const place of places) {
      test(`${kind} ${place}: all that is under way is told, and the next call works`, async (t) => {
        const { server, client, sub, heard, promises, lost, open } = await underWay(t);
        const [point, trigger, later] = TRIGGERS[place];
        const before = instances;
        if (!later) arm(point, kind);
        const culprit = await trigger(client, server);
        const errors = await Promise.all(promises);
        assert.deepEqual(
          errors.map(({ code }) => code),
          errors.map(() => "INTERNAL_ERROR"),
        );
        assert.deepEqual(
          errors.map(({ operation, outcomeUnknown }) => [operation, outcomeUnknown]),
          lost.map(([operation, unknown]) => [operation, unknown]),
        );
        for (const error of errors) {
          assert.equal(error.retryable, !error.outcomeUnknown);
          assert.ok(error.cause instanceof Error, `${error.cause}`);
          assert.equal(heard.filter((one) => one === error).length, 1, `${error.operation}: onError is told once`);
        }
        if (culprit) assert.equal(culprit.code, "INTERNAL_ERROR");
        if (culprit && place !== "in the constructor") assert.match(culprit.operation, /^calls\.(get|create)$/);
        for (const request of open.filter(({ path }) => /headers|body|stream|messages|\/calls$/.test(path)))
          await server.closed(request);
        assert.equal(timers.size, 0, "timers that are left");

        assert.equal((await client.calls.get("call_1")).id, "call_1");
        assert.equal((await sub.calls.get("call_1")).id, "call_1");
        assert.equal(server.received.at(-1)?.headers["x-sub-account-id"], "sub_1");
        assert.equal((await client.calls.transcript.stream("call_1").next()).value.event, "connected");
        assert.equal(instances, before + 1);
      });
    }
  }

  test("a call that a fault has ended is not sent again by anything that was left of it", async (t) => {
    const { server, client, promises } = await underWay(t);
    arm("start", "trap");
    await failureOf(client.calls.get("call_1"));
    await Promise.all(promises);
    const count = server.count();
    await sleep(200);
    assert.equal(server.count(), count);
  });
});
