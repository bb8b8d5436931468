// An answer whose body nobody reads lets its connection go: kept, it would hold the process, and one more each time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf } from "../support/client.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** Begins a body and does not end it. */
const dripping = (/** @type {number} */ status, /** @type {string} */ type) => ({
  performs: false,
  /** @param {import("node:http").ServerResponse} response */
  run(response) {
    response.writeHead(status, { "content-type": type });
    const timer = setInterval(() => response.write("<p>wait</p>"), 20);
    response.on("close", () => clearInterval(timer));
  },
});
const page = dripping(200, "text/html");
/** @param {import("agentphone-wasm").AgentPhone} client @param {undefined} [options] */
const follow = async (client, options) => {
  for await (const _ of client.calls.transcript.stream("call_1", options));
};

describe("the connection is closed", { concurrency: true }, () => {
  test("of a page in the place of a recording, or of JSON", async (t) => {
    for (const type of ["text/html", "application/json"]) {
      const server = await hostileServer(t, dripping(200, type));
      assert.equal((await failureOf(clientOf(server).calls.recording.get("call_1"))).code, "INVALID_RESPONSE");
      await server.closed(server.received[0]);
    }
  });

  test("of a page in the place of a transcript, on every connection", async (t) => {
    const server = await hostileServer(t, page);
    assert.equal((await failureOf(follow(clientOf(server)))).code, "INVALID_RESPONSE");
    for (const request of server.received) await server.closed(request);
  });

  test("of a page in the place of the stream that calls.wait follows", async (t) => {
    let asked = 0;
    const server = await hostileServer(t, ({ path }) =>
      path.endsWith("/stream")
        ? page
        : answer(200, { id: "call_1", status: (asked += 1) > 1 ? "completed" : "ringing" }),
    );
    assert.equal((await clientOf(server).calls.wait("call_1")).status, "completed");
    await server.closed(/** @type {Foreign} */ (server.received.find(({ path }) => path.endsWith("/stream"))));
  });

  test("of a recording that is longer than it may be, before any of it is read", async (t) => {
    const run = (/** @type {import("node:http").ServerResponse} */ response) =>
      response.writeHead(200, { "content-type": "audio/wav", "content-length": 1 << 30 }).write("RIFF");
    for (const read of ["bytes", "blob", "stream"]) {
      const server = await hostileServer(t, { performs: false, run });
      /** @type {Record<string, Foreign>} */
      const recording = await clientOf(server).calls.recording.get("call_1");
      assert.equal(recording.size, 1 << 30);
      assert.equal(
        (await failureOf(read === "stream" ? recording.stream?.getReader().read() : recording[read]())).code,
        "INVALID_RESPONSE",
      );
      await server.closed(server.received[0]);
    }
  });

  test("of what a fetch gives that is no response: it is told by the signal", async () => {
    /** @type {Foreign} */
    let signal;
    const client = clientOf("http://127.0.0.1:9", {
      fetch: /** @type {Foreign} */ (
        async (/** @type {string} */ _, /** @type {RequestInit} */ init) => ((signal = init.signal), { data: {} })
      ),
    });
    assert.equal((await failureOf(client.calls.get("call_1"))).code, "INVALID_RESPONSE");
    assert.equal(signal?.aborted, true);
  });

  test("of a body that does not listen to the signal: it is cancelled, and left alone once it was read", async () => {
    let cancelled = 0;
    let body = "";
    /** @type {Foreign} */
    let signal;
    const client = clientOf("http://127.0.0.1:9", {
      fetch: async (_, init) => {
        signal = init?.signal;
        return new Response(
          new ReadableStream({
            start: (controller) =>
              body ? (controller.enqueue(new TextEncoder().encode(body)), controller.close()) : undefined,
            cancel: () => void (cancelled += 1),
          }),
          { headers: { "content-type": "text/html" } },
        );
      },
    });
    assert.equal((await failureOf(client.calls.recording.get("call_1"))).code, "INVALID_RESPONSE");
    assert.deepEqual([cancelled, signal?.aborted], [1, true]);
    body = "{}";
    await client.calls.get("call_1");
    assert.deepEqual([cancelled, signal?.aborted], [1, false]);
  });
});

test("a process with nothing else to do ends, though the pages that it got drip on", async (t) => {
  const server = await hostileServer(t, page);
  const { code, stdout } = await runChild(
    `
    import { AgentPhone } from "agentphone-wasm";
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: ${JSON.stringify(server.url)}, logLevel: "off", maxRetries: 0 });
    for (let n = 0; n < 2; n += 1) await client.calls.recording.get("c").catch(({ code }) => console.log(code));
    try { for await (const _ of client.calls.transcript.stream("c")); } catch ({ code }) { console.log(code); }
  `,
    { limit: 15_000 },
  );
  assert.deepEqual([code, stdout.trim().split("\n")], [0, Array(3).fill("INVALID_RESPONSE")]);
});
