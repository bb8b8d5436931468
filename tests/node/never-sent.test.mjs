// What surely never left is told as such, at every stage before the first byte: a call that was not placed may be placed
// again, and whoever is told that it "may have happened" has to look by hand.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { neverSent } from "../../src/js/http/connect.js";
import { runChild } from "../support/child.mjs";
import { CLASSES, clientOf, failureOf } from "../support/client.mjs";
import { refusedUrl } from "../support/dead-ports.mjs";

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

describe("other transports", { concurrency: true }, () => {
  test("a caller's fetch that throws at once has sent nothing; one that rejects may have", async () => {
    const wrong = new ReferenceError("agent is not defined");
    await refusedBy("http://127.0.0.1:9", {
      fetch: () => {
        throw wrong;
      },
    });
    const error = await failureOf(
      CLASSES.effect.call(
        clientOf("http://127.0.0.1:9", {
          maxRetries: 0,
          fetch: async () => {
            throw new ReferenceError("agent is not defined");
          },
        }),
      ),
    );
    assert.equal(error.outcomeUnknown, true);
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
  for (const [name, [thrown, want]] of Object.entries(reports)) test(name, () => assert.equal(neverSent(thrown), want));
});

test("nobody listening is no doubt either", async (t) => {
  await refusedBy(await refusedUrl(t));
});
