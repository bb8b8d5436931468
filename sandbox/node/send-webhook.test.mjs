// Where webhooks may go: to the user's own server, and never where only the sandbox itself has access.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { createSender } from "./send-webhook.mjs";
import { serveSandbox } from "./server.mjs";
import { bodyOf, hookReceiver, JSON_KEY } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

/** @type {Awaited<ReturnType<typeof hookReceiver>>} */
let hook;
before(async () => (hook = await hookReceiver()));
after(() => hook.close());

/** @type {import("../js/types.js").SandboxServer} */
let server;
afterEach(() => server?.close());

const INIT = { headers: { "content-type": "application/json", "x-webhook-id": "del_1" }, body: '{"ü":1}' };
const sent = (
  /** @type {boolean} */ local,
  /** @type {string} */ url,
  /** @type {typeof INIT & { signal?: AbortSignal }} */ init = INIT,
) => createSender(local)(url, init);
const why = (/** @type {Promise<Response>} */ promise) =>
  promise.then(
    (answer) => `answered ${answer.status}`,
    (/** @type {Foreign} */ error) => error.cause?.code ?? error.cause?.message ?? error.message,
  );

/** Every notation for this machine. */
const port = () => new URL(hook.url).port;
const HERE = () =>
  [
    "127.0.0.1",
    "127.9.9.9",
    "localhost",
    "0.0.0.0",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
  ].map((host) => `http://${host}:${port()}/hook`);

describe("a sandbox that only this machine can reach", () => {
  test("sends webhooks to this machine", async () => {
    const answer = await sent(true, hook.url);
    assert.equal(answer.status, 200);
    const { raw, headers } = hook.received.at(-1) ?? assert.fail("nothing came");
    assert.deepEqual([raw, headers["x-webhook-id"], headers["content-length"]], ['{"ü":1}', "del_1", "8"]);
  });

  test("sends none to link-local addresses, where clouds give out credentials", async () => {
    for (const host of [
      "169.254.169.254",
      "0xa9.0xfe.0xa9.0xfe",
      "2852039166",
      "[fe80::1]",
      "[::ffff:169.254.169.254]",
      "[fd00:ec2::254]",
    ]) {
      assert.match(
        await why(sent(true, `http://${host}/latest/meta-data`)),
        /link-local addresses get no webhooks/,
        host,
      );
    }
  });

  test("reports errors as fetch does", async () => {
    assert.equal(await why(sent(true, "http://127.0.0.1:1/")), "ECONNREFUSED");
    assert.match(await why(sent(true, "http://absent.invalid/")), /ENOTFOUND|EAI_AGAIN/);
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(sent(true, hook.url, { ...INIT, signal: abort.signal }));
  });

  test("passes on head, chunks and errors of a response as they arrive, and follows no redirect", async () => {
    const odd = createServer((request, response) => {
      if (request.url === "/moved") return void response.writeHead(302, { location: hook.url }).end();
      response.writeHead(200, { "x-a": ["1", "2"] });
      response.write("first");
      setTimeout(() => response.destroy(), 20);
    });
    await once(odd.listen(0, "127.0.0.1"), "listening");
    const base = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (odd.address()).port}`;
    const before = hook.received.length;
    assert.equal((await sent(true, `${base}/moved`)).status, 302);
    assert.equal(hook.received.length, before);
    const answer = await sent(true, `${base}/`);
    assert.deepEqual(
      [...answer.headers].filter(([name]) => name === "x-a"),
      [
        ["x-a", "1"],
        ["x-a", "2"],
      ],
    );
    const reader = bodyOf(answer).getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "first");
    await assert.rejects(reader.read());
    odd.close();
  });
});

describe("a sandbox that other machines can reach", () => {
  test("sends none to this machine, however its address is written", async () => {
    const before = hook.received.length;
    for (const url of HERE())
      assert.match(await why(sent(false, url)), /its own machine gets no webhooks.*--local-webhooks/, url);
    assert.equal(hook.received.length, before);
  });

  test("says so in the delivery log, and sends them where allowed", async () => {
    for (const [options, expected] of /** @type {const} */ ([
      [{}, 0],
      [{ localWebhooks: true }, 1],
    ])) {
      server = await serveSandbox({ host: "0.0.0.0", ...options });
      const base = `http://127.0.0.1:${server.port}`;
      const post = async (/** @type {string} */ path, /** @type {unknown} */ body) =>
        (await fetch(base + path, { method: "POST", headers: JSON_KEY, body: JSON.stringify(body) })).json();
      await post("/v1/webhooks", { url: hook.url });
      const before = hook.received.length;
      const tested = await post("/v1/webhooks/test", {});
      assert.equal(hook.received.length - before, expected);
      if (expected === 0) assert.match(tested.errorMessage, /--local-webhooks/);
      await server.close();
    }
  });
});
