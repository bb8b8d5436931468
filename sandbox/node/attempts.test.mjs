// @ts-check
// The attempts of a delivery under /__sandbox/deliveries: what was sent and what came back, and one more attempt.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { AgentPhone, webhooks } from "agentphone-wasm";
import { demo } from "../js/demo/index.mjs";
import { createSandbox, serveSandbox } from "./index.mjs";

/** @typedef {{ status: number, data: any }} Told */

/** The user's server: responds as configured, and records what it receives. */
const receiver = {
  status: 500,
  body: "out of order",
  got: /** @type {{ headers: any, body: string }[]} */ ([]),
  url: "",
};
const server = createServer((request, response) => {
  let body = "";
  request
    .setEncoding("utf8")
    .on("data", (piece) => (body += piece))
    .on("end", () => {
      receiver.got.push({ headers: request.headers, body });
      response.writeHead(receiver.status, { "x-served-by": "test" }).end(receiver.body);
    });
});
before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  receiver.url = `http://127.0.0.1:${address.port}/hook`;
});
after(() => void server.close());

/** @param {() => boolean} check */
async function until(check) {
  for (let n = 0; !check(); n += 1) {
    assert.ok(n < 400, `it never came to: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** @param {string} url @param {string} path @param {string} [method] @returns {Promise<Told>} */
async function ask(url, path, method = "GET") {
  const response = await fetch(`${url}/__sandbox/deliveries/${path}`, { method });
  return { status: response.status, data: await response.json() };
}

test("each attempt shows the request byte for byte and the response, and a resend is signed anew", async () => {
  const sandbox = await serveSandbox({ limits: false });
  const client = new AgentPhone({ apiKey: "sk_test", baseUrl: sandbox.url });
  const { secret } = await client.webhooks.set({ url: receiver.url });
  await client.webhooks.test();
  const {
    data: [delivery],
  } = await client.webhooks.deliveries.list();
  assert.ok(delivery);
  const { data: first } = await ask(sandbox.url, delivery.id);
  assert.equal(first.data.length, 1);
  const [attempt] = first.data;
  assert.deepEqual([attempt.body, attempt.url], [receiver.got[0]?.body, receiver.url]);
  assert.deepEqual([attempt.status, attempt.error], [500, null]);
  assert.deepEqual([attempt.response.body, attempt.response.headers["x-served-by"]], ["out of order", "test"]);
  assert.ok(attempt.ms >= 0);

  Object.assign(receiver, { status: 200, body: "ok" });
  assert.equal((await ask(sandbox.url, `${delivery.id}/resend`, "POST")).status, 200);
  await until(() => sandbox.deliveries[1]?.ms !== null && sandbox.deliveries.length === 2);
  const again = receiver.got[1];
  assert.ok(again);
  assert.equal(again.body, receiver.got[0]?.body);
  assert.equal(webhooks.verify({ body: again.body, headers: again.headers, secret }).event, "agent.message");
  const { data: second } = await ask(sandbox.url, delivery.id);
  assert.deepEqual(
    second.data.map((/** @type {any} */ one) => one.status),
    [500, 200],
  );
  const {
    data: [now],
  } = await client.webhooks.deliveries.list();
  assert.deepEqual([now?.status, now?.attemptCount], ["success", 2]);
  assert.equal(JSON.stringify(second).includes(secret), false);
  await sandbox.close();
});

test("an unknown delivery has no attempts, is not sent again, and another method is refused", async () => {
  const sandbox = await serveSandbox({ limits: false });
  assert.deepEqual(await ask(sandbox.url, "del_0"), { status: 200, data: { data: [] } });
  assert.equal((await ask(sandbox.url, "del_0/resend", "POST")).status, 404);
  assert.equal((await ask(sandbox.url, "del_0", "DELETE")).status, 405);
  assert.equal((await ask(sandbox.url, "del_0/resend")).status, 405);
  assert.deepEqual(await ask(sandbox.url, "%E0%A4%A"), { status: 200, data: { data: [] } });
  await sandbox.close();
});

test("a sandbox in memory knows them too, with failures, and only the beginning of a long response", async () => {
  let failing = true;
  const sandbox = createSandbox({
    limits: false,
    onWebhook: () => {
      if (failing) throw new Error("refused");
      return new Response("x".repeat(40_000));
    },
  });
  const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
  await client.webhooks.set({ url: "https://example.com/hook" });
  await client.webhooks.test();
  const {
    data: [delivery],
  } = await client.webhooks.deliveries.list();
  const path = `${sandbox.url}/__sandbox/deliveries/${delivery?.id}`;
  failing = false;
  assert.equal((await sandbox.fetch(`${path}/resend`, { method: "POST" })).status, 200);
  await until(() => sandbox.deliveries.length === 2 && sandbox.deliveries[1]?.ms !== null);
  const { data } = /** @type {any} */ (await (await sandbox.fetch(path)).json());
  assert.deepEqual([data[0].error, data[0].response], ["refused", null]);
  assert.equal(data[1].response.body.length, 16 * 1024);
  sandbox.close();
});

test("the past of a demo has its requests, and a reset keeps them", async () => {
  const sandbox = createSandbox({ limits: false, demo: demo({ live: false }) });
  const client = new AgentPhone({ apiKey: "sk_test", fetch: sandbox.fetch });
  for (let round = 0; round < 2; round += 1) {
    const { data } = await client.webhooks.deliveries.list({ limit: 20 });
    assert.ok(data.length > 0);
    for (const { id, attemptCount } of data) {
      const response = await sandbox.fetch(`${sandbox.url}/__sandbox/deliveries/${id}`);
      const { data: attempts } = /** @type {any} */ (await response.json());
      assert.equal(attempts.length, attemptCount, id);
      assert.match(attempts[0].headers["x-webhook-signature"], /^sha256=/);
    }
    sandbox.reset();
  }
  sandbox.close();
});
