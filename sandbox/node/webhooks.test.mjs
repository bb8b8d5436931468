// Webhooks over real sockets: what a receiver gets, and how the sandbox handles receivers that are slow, wrong or
// gone.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, describe, test } from "node:test";
import { serveSandbox } from "./server.mjs";
import { JSON_KEY, readAll } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

const PHONE = "+14155550100";
/** @type {{ close(): Promise<unknown> }[]} */
const open = [];
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close();
});

/** A receiver that responds as it is told, and keeps what it received. */
const receiver = async (
  /** @type {(response: import("node:http").ServerResponse, received: Foreign) => unknown} */ answer,
) => {
  /** @type {Foreign[]} */
  const received = [];
  const server = createServer(async (request, response) => {
    const raw = await readAll(request.setEncoding("utf8"));
    received.push({ headers: request.headers, raw, body: JSON.parse(raw) });
    answer(response, received.at(-1));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  open.push({ close });
  return {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/hook`,
    received,
  };
};

/** A sandbox with a webhook and an agent that uses it. */
const stage = async (/** @type {string} */ url, /** @type {import("../js/types.js").ServerOptions} */ options = {}) => {
  const sandbox = await serveSandbox({ limits: false, ...options });
  open.push(sandbox);
  const post = async (/** @type {string} */ path, /** @type {unknown} */ body) =>
    (await fetch(sandbox.url + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) })).json();
  const get = async (/** @type {string} */ path) => (await fetch(sandbox.url + path, { headers: JSON_KEY })).json();
  const agent = await post("/v1/agents", { name: "Echo" });
  const number = await post("/v1/numbers", { agentId: agent.id });
  const { secret } = await post("/v1/webhooks", { url, timeout: 5 });
  return { sandbox, post, get, agent, number, secret };
};

/** Polls until it is true. */
const until = async (/** @type {Foreign} */ probe) => {
  for (;;) {
    const found = await probe();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe("webhooks over real sockets", () => {
  test("a receiver can verify what it gets, byte for byte", async () => {
    const { url, received } = await receiver((/** @type {import("node:http").ServerResponse} */ response) =>
      response.end(),
    );
    const { sandbox, number, secret } = await stage(url);
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Zoë 東京 🎉" });
    const { headers, raw, body } = await until(() => received[0]);
    const digest = createHmac("sha256", secret).update(`${headers["x-webhook-timestamp"]}.${raw}`).digest("hex");
    assert.equal(headers["x-webhook-signature"], `sha256=${digest}`);
    assert.equal(body.data.message, "Zoë 東京 🎉");
    assert.ok(Math.abs(Number(headers["x-webhook-timestamp"]) - Date.now() / 1000) < 300);
    await until(() => sandbox.deliveries[0]?.status === 200);
  });

  test("a response that arrives line by line is spoken", async () => {
    const { url } = await receiver(
      (/** @type {import("node:http").ServerResponse} */ response, /** @type {Foreign} */ { body }) => {
        if (body.channel !== "voice" || body.event !== "agent.message") return response.end();
        response.writeHead(200, { "content-type": "application/x-ndjson" });
        response.write('{"text":"One moment.","interim":true}\n{"te');
        setTimeout(() => response.end('xt":"Here it is."}\n'), 20);
      },
    );
    const { post, get, agent } = await stage(url, { speed: 20 });
    const call = await post("/v1/calls", { agentId: agent.id, toNumber: PHONE });
    await until(async () => (await get(`/v1/calls/${call.id}`)).endedAt);
    const { transcript } = await get(`/v1/calls/${call.id}/transcript`);
    const said = transcript
      .filter((/** @type {Foreign} */ { role }) => role === "agent")
      .map((/** @type {Foreign} */ { content }) => content)
      .join(" ");
    assert.match(said, /One moment\..*Here it is\./);
  });

  test("a slow server's response counts however fast the clock runs", async () => {
    const { url } = await receiver(
      (/** @type {import("node:http").ServerResponse} */ response, /** @type {Foreign} */ { body }) => {
        setTimeout(
          () =>
            response
              .writeHead(200, { "content-type": "application/json" })
              .end(body.channel === "voice" ? '{"text":"Here I am."}' : "{}"),
          100,
        );
      },
    );
    // Its 5 s are 5 ms of this clock.
    const { sandbox, post, get, agent } = await stage(url, { speed: 1000 });
    sandbox.script({ lines: [{ caller: "Hello?" }], hangup: "nobody" });
    const call = await post("/v1/calls", { agentId: agent.id, toNumber: PHONE });
    const said = await until(async () =>
      (await get(`/v1/calls/${call.id}/transcript`)).transcript?.find(
        (/** @type {Foreign} */ { role }) => role === "agent",
      ),
    );
    assert.equal(said.content, "Here I am.");
  });

  for (const [name, answer, expected] of /** @type {const} */ ([
    [
      "one that fails",
      (/** @type {import("node:http").ServerResponse} */ response) => response.writeHead(500).end("broken"),
      { httpStatus: 500 },
    ],
    [
      "one that sends elsewhere is not followed",
      (/** @type {import("node:http").ServerResponse} */ response) =>
        response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
      { httpStatus: 302 },
    ],
    [
      "one that hangs up",
      (/** @type {import("node:http").ServerResponse} */ response) => response.socket?.destroy(),
      { httpStatus: null },
    ],
    ["one that never answers", () => {}, { httpStatus: null, errorMessage: "No complete response within 5 s" }],
    [
      "one that never stops answering",
      (/** @type {import("node:http").ServerResponse} */ response) =>
        response.writeHead(200) && setInterval(() => response.write("x"), 5).unref(),
      { errorMessage: "No complete response within 5 s" },
    ],
    [
      "one that answers without measure",
      (/** @type {import("node:http").ServerResponse} */ response) => response.writeHead(200).end("x".repeat(300_000)),
      { errorMessage: "The response is too long" },
    ],
  ])) {
    test(`${name} is in the log, and the sandbox continues`, async () => {
      const { url } = await receiver(answer);
      const { sandbox, get, number } = await stage(url, { speed: 50 });
      sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
      const logged = await until(async () =>
        (await get("/v1/webhooks/deliveries")).items.find((/** @type {Foreign} */ { errorMessage }) => errorMessage),
      );
      assert.ok(logged.nextRetryAt > logged.lastAttemptAt);
      for (const [field, value] of Object.entries(expected)) assert.equal(logged[field] ?? null, value);
      assert.equal((await get("/__sandbox/health")).ok, true);
    });
  }

  test("a server that is not listening: the log says why", async () => {
    const { sandbox, get, number } = await stage("http://127.0.0.1:9/hook");
    sandbox.inbound.message({ to: number.phoneNumber, from: PHONE, body: "Hello" });
    const logged = await until(async () =>
      (await get("/v1/webhooks/deliveries")).items.find((/** @type {Foreign} */ { errorMessage }) => errorMessage),
    );
    assert.ok(logged.errorMessage.length > 0);
    assert.ok(sandbox.deliveries[0].error);
  });
});
