// The user's `fetch` may throw, reject, lie or never settle, and what goes over the wire is exactly
// what was asked for: whatever a transport does, the caller gets an AgentPhoneError.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CLASSES, clientOf, failureOf, KEY } from "../support/client.mjs";
import { answer, good, hostileServer, redirect } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const NOWHERE = "http://127.0.0.1:9";
/** Where errors of its connections say they were going. */
const TARGET = { address: "127.0.0.1", port: 9 };
const once = { maxRetries: 0 };

describe("a user's fetch that fails", { concurrency: true }, () => {
  for (const thrown of [
    "a string",
    undefined,
    null,
    7,
    0n,
    Symbol("s"),
    { code: "ECONNRESET" },
    new Error("own"),
    () => {},
  ]) {
    const ways = {
      throws: () => {
        throw thrown;
      },
      "throws later": async () => {
        await null;
        throw thrown;
      },
    };
    for (const [way, fetch] of Object.entries(ways)) {
      test(`${way} ${typeof thrown} ${String(thrown)}`, async () => {
        const client = clientOf(NOWHERE, { ...once, fetch });
        for (const [kind, { call }] of Object.entries(CLASSES)) {
          const error = await failureOf(call(client));
          assert.deepEqual([error.code, error.attempts], ["CONNECTION_ERROR", 1]);
          // One that throws at once has made no request.
          assert.equal(error.outcomeUnknown, kind === "effect" && way === "throws later");
          assert.equal(error.cause, thrown);
        }
      });
    }
  }

  test("with what proves that nothing was sent is believed", async () => {
    for (const cause of [
      Object.assign(new Error("refused"), { code: "ECONNREFUSED", syscall: "connect", ...TARGET }),
      new AggregateError([
        Object.assign(new Error("a"), { syscall: "connect", ...TARGET }),
        Object.assign(new Error("b"), { syscall: "connect", ...TARGET }),
      ]),
    ]) {
      const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
      const error = await failureOf(CLASSES.effect.call(clientOf(NOWHERE, { ...once, fetch })));
      assert.deepEqual([error.code, error.outcomeUnknown], ["CONNECTION_ERROR", false]);
    }
  });

  test("with a mixture of proofs is not believed", async () => {
    const cause = new AggregateError([
      Object.assign(new Error("a"), { syscall: "connect" }),
      Object.assign(new Error("b"), { syscall: "read" }),
    ]);
    for (const proof of [cause, new AggregateError([])]) {
      const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: proof }));
      const error = await failureOf(CLASSES.effect.call(clientOf(NOWHERE, { ...once, fetch })));
      assert.equal(error.outcomeUnknown, true);
    }
  });

  test("with an error whose getters throw", async () => {
    const trap = new Proxy(
      {},
      {
        get: (_, name) => {
          if (name !== "then") throw new Error("trap");
        },
      },
    );
    const error = await failureOf(
      CLASSES.effect.call(clientOf(NOWHERE, { ...once, fetch: () => Promise.reject(trap) })),
    );
    assert.deepEqual([error.code, error.outcomeUnknown], ["CONNECTION_ERROR", true]);
  });
});

describe("a user's fetch that gives no Response", { concurrency: true }, () => {
  const trap = (/** @type {string} */ what) => ({
    get [what]() {
      throw new Error("trap");
    },
  });
  const NONSENSE = {
    undefined: undefined,
    null: null,
    "a string": "ok",
    "a number": 200,
    "an empty object": {},
    "an object without text": { status: 200 },
    "a status that is a string": { status: "200", text: async () => "{}" },
    "a status of NaN": { status: NaN, text: async () => "{}" },
    "a status out of range": { status: 70_000, text: async () => "{}" },
    "a getter that throws": trap("status"),
    "an array": [],
  };
  for (const [name, value] of Object.entries(NONSENSE)) {
    for (const [way, fetch] of Object.entries({ "at once": () => value, "as a promise": async () => value })) {
      test(`${name}, ${way}`, async () => {
        const error = await failureOf(
          CLASSES.effect.call(clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) })),
        );
        assert.deepEqual([error.code, error.attempts, error.outcomeUnknown], ["INVALID_RESPONSE", 1, true]);
        const read = await failureOf(CLASSES.read.call(clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) })));
        assert.equal(read.outcomeUnknown, false);
      });
    }
  }

  const TEXTS = {
    "text that throws": () => {
      throw "broken";
    },
    "text that rejects": async () => {
      throw undefined;
    },
    "text that gives undefined": () => undefined,
    "text that gives an object": async () => ({}),
  };
  for (const [name, text] of Object.entries(TEXTS)) {
    test(`${name} is an answer that did not come`, async () => {
      const fetch = () => ({ status: 200, headers: new Headers(), text });
      const error = await failureOf(
        CLASSES.effect.call(clientOf(NOWHERE, { ...once, fetch: /** @type {Foreign} */ (fetch) })),
      );
      assert.ok(["CONNECTION_ERROR", "INVALID_RESPONSE"].includes(error.code), error.code);
      assert.equal(error.outcomeUnknown, true);
    });
  }

  test("but a double without headers is good enough", async () => {
    const fetch = () => ({ status: 200, text: () => '{"id":"double"}' });
    const { data, requestId } = await clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) })
      .calls.get("a")
      .withResponse();
    assert.deepEqual([data.id, requestId], ["double", undefined]);
    const refusing = () => ({ status: 404, text: () => "" });
    assert.equal(
      (await failureOf(clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (refusing) }).calls.get("a"))).code,
      "NOT_FOUND",
    );
  });
});

describe("a user's fetch that never settles", { concurrency: true }, () => {
  const HANGS = {
    "never answers and ignores its signal": () => new Promise(() => {}),
    "never gives the body": async () => ({ status: 200, headers: new Headers(), text: () => new Promise(() => {}) }),
    "returns a thenable that never calls back": () => ({ then() {} }),
  };
  for (const [name, fetch] of Object.entries(HANGS)) {
    test(`${name}: the timeout ends it all the same`, async () => {
      const error = await failureOf(
        CLASSES.effect.call(clientOf(NOWHERE, { ...once, fetch: /** @type {Foreign} */ (fetch), timeout: 100 })),
      );
      assert.deepEqual([error.code, error.outcomeUnknown], ["TIMEOUT", true]);
    });

    test(`${name}: so does an abort`, async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      const client = clientOf(NOWHERE, { fetch: /** @type {Foreign} */ (fetch) });
      const error = await failureOf(CLASSES.effect.call(client, { signal: controller.signal }));
      assert.deepEqual([error.code, error.outcomeUnknown], ["ABORTED", true]);
    });
  }

  test("one that settles late, after the timeout, disturbs nobody", async () => {
    /** @type {((arg0: Error) => void)[][]} */
    const late = [];
    const fetch = () => new Promise((resolve, reject) => late.push([resolve, reject]));
    const client = clientOf(NOWHERE, { ...once, fetch, timeout: 50 });
    await Promise.all([failureOf(client.calls.get("a")), failureOf(client.calls.get("b"))]);
    late[0][0](/** @type {Foreign} */ (new Response('{"id":"late"}')));
    late[1][1](new Error("late"));
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe("how fetch is called", { concurrency: true }, () => {
  test("with this undefined, a string and a plain init, once an attempt", async (t) => {
    const server = await hostileServer(t, [answer(503, {}, { "retry-after-ms": "1" }), good]);
    /** @type {Foreign[]} */
    const calls = [];
    /** @this {unknown} */
    function seen(/** @type {Parameters<typeof fetch>} */ ...args) {
      calls.push({ self: this, args });
      return fetch(...args);
    }
    await CLASSES.effect.call(clientOf(server, { fetch: seen }));
    assert.equal(calls.length, 2);
    for (const { self, args } of calls) {
      const [url, init] = args;
      assert.equal(self, undefined);
      assert.equal(args.length, 2);
      assert.equal(url, `${server.url}/v1/calls`);
      assert.equal(Object.getPrototypeOf(init), Object.prototype);
      assert.deepEqual([init.method, init.redirect], ["POST", "manual"]);
      assert.ok(init.signal instanceof AbortSignal && !init.signal.aborted);
    }
    assert.notEqual(calls[0].args[1].signal, calls[1].args[1].signal, "each attempt has its own signal");
    assert.notEqual(calls[0].args[1].headers, calls[1].args[1].headers, "and its own headers");
  });

  test("a fetch that changes its headers changes no other request", async (t) => {
    const server = await hostileServer(t);
    const meddling = (/** @type {string | Request | URL} */ url, /** @type {RequestInit} */ init) => {
      const { headers } = /** @type {Foreign} */ (init);
      const result = fetch(url, { ...init, headers: { ...headers } });
      for (const name of Object.keys(headers)) headers[name] = "meddled";
      return result;
    };
    const client = clientOf(server, { fetch: meddling });
    await client.calls.get("a");
    await client.calls.get("b");
    assert.deepEqual(
      server.received.map((r) => r.headers.authorization),
      [`Bearer ${KEY}`, `Bearer ${KEY}`],
    );
  });
});

test("a fetch put in place of the global one after construction is the one used", async (t) => {
  const server = await hostileServer(t);
  const client = clientOf(server);
  const original = globalThis.fetch;
  t.after(() => (globalThis.fetch = original));
  globalThis.fetch = async () => new Response('{"id":"replaced"}');
  assert.equal((await client.calls.get("a")).id, "replaced");
  globalThis.fetch = original;
  assert.equal((await client.calls.get("a")).id, "call_1");
  globalThis.fetch = /** @type {Foreign} */ (undefined);
  assert.equal((await failureOf(client.calls.get("a", once))).code, "CONFIGURATION_ERROR");
  assert.equal(server.count(), 1);
});

describe("a redirect", { concurrency: true }, () => {
  for (const status of [301, 302, 303, 307, 308]) {
    test(`${status} is not followed: the key goes nowhere else`, async (t) => {
      const thief = await hostileServer(t);
      const server = await hostileServer(t, redirect(`${thief.url}/v1/calls`, status));
      const error = await failureOf(CLASSES.effect.call(clientOf(server)));
      assert.deepEqual([error.status, error.code], [status, `HTTP_${status}`]);
      assert.equal(error.retryable, false);
      assert.ok(error.message.includes("Redirects are not followed"), error.message);
      assert.deepEqual([server.count(), thief.count()], [1, 0]);
    });
  }
});
