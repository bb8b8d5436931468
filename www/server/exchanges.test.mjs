// @ts-check
// The log of what went through the proxy to a real account: whole, without the key, and for the page of the run alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KEY, startProxy, startUpstream } from "./testing.mjs";

/** @type {Awaited<ReturnType<typeof startUpstream>>} */
let api;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;
before(async () => {
  api = await startUpstream();
  proxy = await startProxy(api.url);
});
after(async () => {
  await proxy.close();
  await api.close();
});

const PATH = "/__sandbox/exchanges";

/** @param {string} [path] */
const read = async (path = PATH) => JSON.parse((await proxy.ask(path)).body);

/** @param {string} [target] */
async function last(target = "/v1/agents?limit=5") {
  await proxy.ask(target, { method: "GET", headers: { accept: "application/json" } });
  for (;;) {
    const one = (await read()).data.at(-1);
    if (one?.done === true) return one;
  }
}

test("what went through is kept with both sides, and without the key and the secret of the run", async () => {
  const one = await last();
  assert.deepEqual([one.method, one.target, one.status, one.outcome], ["GET", "/v1/agents?limit=5", 200, "normal"]);
  const whole = await read(`${PATH}/${one.id}`);
  assert.equal(whole.response.body.text, '{"data":[],"total": 0}');
  assert.deepEqual(whole.request.headers, { accept: "application/json", authorization: "Bearer ***" });
  const text = JSON.stringify([whole, await read()]);
  assert.ok(!text.includes(KEY) && !text.includes(proxy.secret));
});

test("a key that the API repeats is masked in what is kept", async () => {
  const before = api.answer;
  const body = `{"you":"${KEY}"}`;
  api.answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const one = await last();
  api.answer = before;
  assert.ok(!JSON.stringify(await read(`${PATH}/${one.id}`)).includes(KEY));
});

test("what the proxy answers by itself is kept as such", async () => {
  const before = api.answer;
  api.answer = (socket) => socket.destroy();
  const one = await last();
  api.answer = before;
  assert.equal(one.status, 502);
  assert.match((await read(`${PATH}/${one.id}`)).response.body.text, /connection to the API broke/);
});

test("nobody reads it without the secret of the run", async () => {
  await last();
  for (const path of [PATH, `${PATH}/1`]) {
    const { status, body } = await proxy.askBare(path);
    assert.equal(status, 401);
    assert.ok(!body.includes("/v1/agents"));
  }
});

test("a long response reaches the page whole, and the log keeps its beginning", async () => {
  const before = api.answer;
  const body = `"${"x".repeat(200_000)}"`;
  api.answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  assert.equal((await proxy.ask("/v1/calls")).body, body);
  const one = await last();
  api.answer = before;
  const { response } = await read(`${PATH}/${one.id}`);
  assert.deepEqual([response.body.size, response.body.cut, response.body.text.length], [200_002, true, 65_536]);
});
