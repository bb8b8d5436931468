// Calls over real sockets: the user's server speaks line by line, and what was said is processed, streamed and
// recorded. A minute of sandbox time takes a second.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { serveSandbox } from "./server.mjs";
import { bodyOf, client, KEY } from "./testing.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

/** @type {import("../js/types.js").SandboxServer} */
let sandbox;
/** @type {import("node:http").Server} */
let hooks;
/** Responds to the voice turns of a call; each test sets its own. @type {Foreign} */
let speak;
/** @type {Foreign[]} */
const seen = [];
const { post, get, observe } = client(() => sandbox);

before(async () => {
  hooks = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request.setEncoding("utf8")) raw += chunk;
    seen.push({ headers: request.headers, raw, body: JSON.parse(raw) });
    if (JSON.parse(raw).event === "agent.message") await speak(response, JSON.parse(raw));
    else response.end();
  });
  await once(hooks.listen(0, "127.0.0.1"), "listening");
  sandbox = await serveSandbox({ speed: 60, limits: false });
  await post("/credits/recording/enable");
});
after(async () => {
  await sandbox.close();
  hooks.closeAllConnections();
  await new Promise((resolve) => hooks.close(resolve));
});

/** A call to a number by an agent with the test's webhook. */
async function call(toNumber = "+14155550100") {
  seen.length = 0;
  const { id: agentId } = await post("/v1/agents", { name: "Ann" });
  const number = await post("/v1/numbers", { agentId });
  const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (hooks.address()).port}/hook`;
  // Two minutes of sandbox time are two seconds for the test's server.
  const { secret } = await post(`/v1/agents/${agentId}/webhook`, { url, timeout: 120 });
  const { id } = await post("/v1/calls", { agentId, toNumber });
  return {
    id,
    agentId,
    secret,
    release: () => fetch(`${sandbox.url}/v1/numbers/${number.id}`, { method: "DELETE", headers: KEY }),
  };
}

/** The transcript, once the call has ended. */
async function ended(/** @type {string} */ id) {
  for (;;) {
    const { status } = await get(`/v1/calls/${id}`);
    if (status === "completed") break;
    await sleep(20);
  }
  const { transcript } = await get(`/v1/calls/${id}/transcript`);
  return transcript.map((/** @type {Foreign} */ { role, content }) => `${role}: ${content}`);
}

test("lines are spoken before the last one is written, and the stream sends them at once", async () => {
  let finish = () => {};
  const waiting = /** @type {Promise<void>} */ (new Promise((resolve) => (finish = resolve)));
  speak = async (/** @type {import("node:http").ServerResponse} */ response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write('{"text":"One moment.","interim":true}\n');
    await waiting;
    response.end('{"text":"Goodbye.","hangup":true}\n');
  };
  const { id, release } = await call();
  const stream = await fetch(`${sandbox.url}/v1/calls/${id}/transcript/stream`, { headers: KEY });
  assert.match(stream.headers.get("content-type") ?? "", /^text\/event-stream/);
  let told = "";
  for await (const chunk of bodyOf(stream).pipeThrough(new TextDecoderStream())) {
    told += chunk;
    if (told.includes("One moment.")) finish();
  }
  assert.match(told, /^event: connected\ndata: \{.*\}\n\n/);
  assert.match(told, /One moment\.[^]*Goodbye\.[^]*event: ended\ndata: .*"status":"completed"/);
  assert.deepEqual(await ended(id), ["user: Hello?", "agent: One moment.", "agent: Goodbye."]);
  await release();
});

test("requests are signed over the exact bytes", async () => {
  speak = (/** @type {import("node:http").ServerResponse} */ response) =>
    response.setHeader("content-type", "application/json").end('{"hangup":true}');
  const { id, secret, release } = await call();
  await ended(id);
  while (seen.length < 2) await sleep(20);
  assert.deepEqual(
    seen.map(({ body }) => body.event),
    ["agent.message", "agent.call_ended"],
  );
  for (const { headers, raw } of seen) {
    const signed = createHmac("sha256", secret).update(`${headers["x-webhook-timestamp"]}.${raw}`).digest("hex");
    assert.equal(headers["x-webhook-signature"], `sha256=${signed}`);
  }
  await release();
});

test("a server that is down or responds with nonsense is silence, and the caller hangs up in the end", async () => {
  const answers = [
    (/** @type {import("node:http").ServerResponse} */ r) => r.destroy(),
    (/** @type {Foreign} */ r) => r.end("not JSON"),
    (/** @type {import("node:http").ServerResponse} */ r) => r.writeHead(500).end("{}"),
    (/** @type {Foreign} */ r) => r.end('{"text":"At last."}'),
  ];
  speak = (/** @type {import("node:http").ServerResponse<import("node:http").IncomingMessage>} */ response) =>
    answers.shift()?.(response);
  const { id, agentId, release } = await call();
  const said = await ended(id);
  assert.deepEqual(
    said.filter((/** @type {string} */ turn) => turn.startsWith("agent")),
    ["agent: At last."],
  );
  assert.equal(said.length, 5);
  const { log } = await get(`/__sandbox/calls/${id}`);
  assert.equal(log.filter((/** @type {Foreign} */ { text }) => text.startsWith("silence")).length, 3);
  const turns = (await get(`/v1/agents/${agentId}/webhook/deliveries`)).filter(
    (/** @type {{ eventType: string }} */ d) => d.eventType === "agent.message",
  );
  // Newest first. An invalid response was delivered all the same; only the call treats it as silence.
  assert.deepEqual(
    turns.map((/** @type {Foreign} */ { status }) => status),
    ["success", "failed", "success", "failed"],
  );
  await release();
});

test("a recording can be read in full, in part, and its length by HEAD, without a key", async () => {
  speak = (/** @type {import("node:http").ServerResponse} */ response) =>
    response.end('{"text":"Goodbye.","hangup":true}');
  const { id, release } = await call();
  await ended(id);
  const { recordingUrl, durationSeconds } = await get(`/v1/calls/${id}`);
  assert.ok(recordingUrl.startsWith(sandbox.url), recordingUrl);
  const whole = new Uint8Array(await (await fetch(recordingUrl)).arrayBuffer());
  assert.equal(Math.ceil((whole.length - 44) / 8000), durationSeconds);
  const part = await fetch(recordingUrl, { headers: { range: "bytes=8-15" } });
  assert.deepEqual([part.status, await part.text()], [206, "WAVEfmt "]);
  const head = await observe(`/v1/calls/${id}/recording`, { method: "HEAD", headers: {} });
  assert.deepEqual([head.status, head.headers["content-length"], head.body], [200, String(whole.length), ""]);
  await release();
});

test("the webhook test responds when the user's server has", async () => {
  let asked = false;
  speak = async (
    /** @type {import("node:http").ServerResponse} */ response,
    /** @type {{ test: unknown }} */ event,
  ) => {
    assert.equal(event.test, true);
    await sleep(50);
    asked = true;
    response.writeHead(418).end("teapot");
  };
  await post("/v1/webhooks", {
    url: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (hooks.address()).port}/hook`,
    timeout: 120,
  });
  const { responseMs, ...result } = await post("/v1/webhooks/test");
  assert.equal(asked, true);
  assert.ok(responseMs > 0);
  assert.deepEqual(result, {
    success: false,
    httpStatus: 418,
    errorMessage: "HTTP 418",
    statusCode: 418,
    error: "HTTP 418",
  });
});
