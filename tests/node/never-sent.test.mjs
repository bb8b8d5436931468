// What surely never left is told as such, at every stage before the first byte: a call that was not placed may be placed
// again, and whoever is told that it "may have happened" has to look by hand.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { neverSent, rejected } from "../../src/js/http/connect.js";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf } from "../support/client.mjs";
import { refusedUrl } from "../support/dead-ports.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** The error of a call to `url` that must not have been placed. */
const refusedBy = async (/** @type {string | { url: string }} */ url, options = {}) => {
  const error = await failureOf(CLASSES.effect.call(clientOf(url, { maxRetries: 0, timeout: 5_000, ...options })));
  assert.deepEqual(
    [error.code, error.outcomeUnknown],
    ["CONNECTION_ERROR", false],
    `${/** @type {Foreign} */ (error.cause)?.cause?.code} ${/** @type {Foreign} */ (error.cause)?.cause?.message}`,
  );
  return error;
};

/** A server that does this with each connection. */
const server = async (/** @type {test.TestContext} */ t, /** @type {Foreign} */ serve) => {
  const listening = createServer((socket) => serve(socket.on("error", () => {})));
  await once(listening.listen(0, "127.0.0.1"), "listening");
  t.after(() => listening.close());
  return /** @type {import("node:net").AddressInfo} */ (listening.address()).port;
};

describe("Node's own fetch", { concurrency: true }, () => {
  test("a port that the fetch standard blocks", async () => void (await refusedBy("http://127.0.0.1:6000")));
  test("https to a server that speaks plain HTTP", async (t) => {
    const port = await server(t, (/** @type {import("node:net").Socket} */ socket) =>
      socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    await refusedBy(`https://127.0.0.1:${port}`);
  });
  test("a connection that is cut in the handshake", async (t) => {
    await refusedBy(
      `https://127.0.0.1:${await server(t, (/** @type {import("node:http").ServerResponse} */ socket) => socket.once("data", () => socket.destroy()))}`,
    );
  });
  test("a server that hangs up as soon as it is called, over https", async (t) => {
    await refusedBy(
      `https://127.0.0.1:${await server(t, (/** @type {import("node:http").ServerResponse} */ socket) => socket.destroy())}`,
    );
  });
  test("… but not over http: the request may have been read", async (t) => {
    const port = await server(t, (/** @type {import("node:http").ServerResponse} */ socket) =>
      socket.once("data", () => socket.destroy()),
    );
    const error = await failureOf(CLASSES.effect.call(clientOf(`http://127.0.0.1:${port}`, { maxRetries: 0 })));
    assert.equal(error.outcomeUnknown, true);
  });
});

/** As undici reports it. */
const refusal = (/** @type {string} */ address, /** @type {number} */ port) => ({
  message: "fetch failed",
  cause: { code: "ECONNREFUSED", syscall: "connect", address, port },
});

describe("other transports", { concurrency: true }, () => {
  test("a caller's fetch that is told nothing of the request sends nothing", async () => {
    await refusedBy("http://127.0.0.1:9", {
      fetch: () => {
        throw new ReferenceError("agent is not defined");
      },
    });
  });

  test("no fetch at all is a mistake in the set-up, told at once and once", async () => {
    const { stdout } = await runChild(`
      import { AgentPhone } from "agentphone-wasm";
      delete globalThis.fetch;
      const client = new AgentPhone({ apiKey: "sk_test", logLevel: "off" });
      for (const call of [() => client.calls.create({ agentId: "a", toNumber: "+14155550100" }), () => client.agents.list(), () => client.calls.transcript.stream("a").next()]) {
        const { code, outcomeUnknown, attempts, message } = await call().catch((error) => error);
        console.log(code, outcomeUnknown, attempts, /option fetch/.test(message));
      }
      const own = new AgentPhone({ apiKey: "sk_test", fetch: async () => ({ status: 200, headers: new Map(), text: async () => '{"data":[],"total":0}' }) });
      console.log((await own.agents.list()).data.length);`);
    assert.deepEqual(stdout.trim().split("\n"), [...Array(3).fill("CONFIGURATION_ERROR false 0 true"), "0"]);
  });

  // As they report themselves; their sources are named in src/js/http/connect.js.
  const url = "http://127.0.0.1:9/v1/calls";
  const reports = {
    "node-fetch 2 and cross-fetch, refused": [{ type: "system", errno: "ECONNREFUSED", code: "ECONNREFUSED" }, true],
    "node-fetch 3, refused": [{ type: "system", code: "ECONNREFUSED", erroredSysCall: "connect" }, true],
    "node-fetch, reset": [{ type: "system", errno: "ECONNRESET", code: "ECONNRESET" }, false],
    "node-fetch 3, a read": [{ type: "system", code: "ETIMEDOUT", erroredSysCall: "read" }, false],
    "undici's ProxyAgent, 407": [
      {
        message: "fetch failed",
        cause: { code: "UND_ERR_ABORTED", message: "Proxy response (407) !== 200 when HTTP Tunneling" },
      },
      true,
    ],
    "undici, aborted otherwise": [
      { message: "fetch failed", cause: { code: "UND_ERR_ABORTED", message: "aborted" } },
      false,
    ],
    "undici, a header that it does not send": [
      { message: "fetch failed", cause: { code: "UND_ERR_NOT_SUPPORTED", message: "expect header not supported" } },
      true,
    ],
    "Deno, refused": [
      { message: "error sending request for url (http://127.0.0.1:9/): client error (Connect): tcp connect error" },
      true,
    ],
    "Deno, cut": [
      {
        message:
          "error sending request for url (http://127.0.0.1:9/): client error (SendRequest): connection closed before message completed",
      },
      false,
    ],
    "Bun, refused": [{ code: "ConnectionRefused" }, true],
    "Bun, closed": [{ code: "ConnectionClosed" }, false],
    "an alert that a server may send after the request": [
      { message: "fetch failed", cause: { code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" } },
      false,
    ],
  };
  for (const [name, [thrown, want]] of Object.entries(reports))
    test(name, () => assert.equal(neverSent(rejected(thrown, fetch, url)), want));

  // A caller's `fetch` may have sent the request and then have failed at something of its own.
  const wrapped = {
    "node-fetch 2 and cross-fetch, to the API": [
      {
        message: `request to ${url} failed, reason: connect ECONNREFUSED 127.0.0.1:9`,
        type: "system",
        code: "ECONNREFUSED",
      },
      true,
    ],
    "node-fetch, to a log": [
      {
        message: "request to http://127.0.0.1:10/log failed, reason: connect ECONNREFUSED 127.0.0.1:10",
        type: "system",
        code: "ECONNREFUSED",
      },
      false,
    ],
    "undici, to the API": [refusal("127.0.0.1", 9), true],
    "undici, to another port": [refusal("127.0.0.1", 10), false],
    "undici, to another host": [refusal("10.0.0.1", 9), false],
    "undici, one address of two": [
      { cause: { errors: [refusal("127.0.0.1", 9).cause, refusal("10.0.0.1", 9).cause] } },
      false,
    ],
    "undici, no connection in time": [
      {
        cause: {
          code: "UND_ERR_CONNECT_TIMEOUT",
          message: "Connect Timeout Error (attempted address: 127.0.0.1:9, timeout: 10000ms)",
        },
      },
      true,
    ],
    "undici, no connection to a log in time": [
      {
        cause: {
          code: "UND_ERR_CONNECT_TIMEOUT",
          message: "Connect Timeout Error (attempted address: 127.0.0.1:10, timeout: 10000ms)",
        },
      },
      false,
    ],
    "a name of another host that is not found": [
      { cause: { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: "log.invalid" } },
      false,
    ],
    "a driver of a database": [
      { code: "ECONNREFUSED", syscall: "connect", address: "127.0.0.1", port: 6379, message: "connect ECONNREFUSED" },
      false,
    ],
    "an error that does not say where": [{ code: "ECONNREFUSED", syscall: "connect" }, false],
    "a port that the standard blocks": [{ message: "fetch failed", cause: { message: "bad port" } }, false],
    "Deno, to the API": [{ message: `error sending request for url (${url}): client error (Connect): refused` }, true],
    "Deno, to a log": [
      { message: "error sending request for url (http://127.0.0.1:10/): client error (Connect): refused" },
      false,
    ],
  };
  const own = (/** @type {string} */ to, /** @type {RequestInit} */ init) => fetch(to, init);
  for (const [name, [thrown, want]] of Object.entries(wrapped))
    test(`inside a caller's fetch: ${name}`, () => assert.equal(neverSent(rejected(thrown, own, url)), want));
});

test("nobody listening is no doubt either", async (t) => {
  await refusedBy(await refusedUrl(t));
});

describe("a caller's fetch that fails after it has sent", { concurrency: true }, () => {
  const real = fetch;
  /** @type {Record<string, Foreign>} */
  const wrappers = {
    "throws at once": (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      // It takes no notice of being aborted.
      real(url, { ...init, signal: null }).catch(() => {});
      throw new TypeError("metrics.increment is not a function");
    },
    "rejects because its database refuses": async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      await real(url, init);
      throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6379"), {
        code: "ECONNREFUSED",
        syscall: "connect",
        address: "127.0.0.1",
        port: 6379,
      });
    },
    "rejects because its log is at a blocked port": async (
      /** @type {string} */ url,
      /** @type {RequestInit} */ init,
    ) => {
      await real(url, init);
      await real("http://127.0.0.1:1/log");
    },
  };
  for (const [name, fetch] of Object.entries(wrappers)) {
    test(`sends one text, and says that it may have been sent: ${name}`, async (t) => {
      const server = await hostileServer(t, answer(200, { id: "m" }));
      const error = await failureOf(CLASSES.effect.call(clientOf(server, { fetch, maxRetries: 2, maxRetryDelay: 10 })));
      assert.deepEqual([error.code, error.outcomeUnknown, error.attempts], ["CONNECTION_ERROR", true, 1]);
      assert.ok(server.received.length <= 1, `${server.received.length} requests`);
    });
  }

  test("is told apart from the host's own also where it takes the global's place", async (t) => {
    const server = await hostileServer(t, answer(200, { id: "m" }));
    const dead = await refusedUrl(t);
    t.after(() => void (globalThis.fetch = real));
    globalThis.fetch = async (url, init) => {
      const sent = await real(url, init);
      await real(dead);
      return sent;
    };
    const error = await failureOf(CLASSES.effect.call(clientOf(server, { maxRetries: 2, maxRetryDelay: 10 })));
    assert.deepEqual([error.outcomeUnknown, error.attempts, server.received.length], [true, 1, 1]);
  });

  test("is believed where its own transport was refused by the API", async (t) => {
    await refusedBy(await refusedUrl(t), {
      fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => real(url, init),
    });
  });
});
